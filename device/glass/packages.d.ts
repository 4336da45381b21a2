// The parts of blessed that are used, which its own types leave out.

declare module "blessed/lib/widgets/screen.js" {
  import type { Readable, Writable } from "node:stream";

  export interface Key {
    readonly full: string;
    readonly ctrl?: boolean;
    readonly meta?: boolean;
  }
  /** The cells are pairs of a packed look and a character; a row that is not dirty is not drawn. */
  export interface BlessedScreen {
    readonly cols: number;
    readonly rows: number;
    readonly lines: ([number, string][] & { dirty: boolean })[];
    readonly program: {
      /** Writes what was gathered in this turn. */
      flush(): void;
      on(event: "keypress", take: (char: string | undefined, key: Key) => void): void;
    };
    readonly tput: { unicode: boolean; brokenACS: boolean; readonly colors: number };
    draw(from: number, to: number): void;
    on(event: "resize", take: () => void): void;
    destroy(): void;
  }
  export default function openScreen(options: {
    readonly terminal: string;
    readonly input: Readable;
    readonly output: Writable;
    readonly forceUnicode: boolean;
    readonly title: string;
    readonly warnings: boolean;
  }): BlessedScreen;
}

declare module "blessed/lib/tput.js" {
  const tput: { ipaths: string[] };
  export default tput;
}
