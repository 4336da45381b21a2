// The played machine's one port for security keys: what is plugged in, and whether the glass wants it.

import type { FromGlass, GlassReport } from "../wire/lines.ts";
import type { KeyMake } from "./authenticator/state.ts";
import type { PluggedKey, PowerKey } from "./keys.ts";

type KeyLine<L> = L & { readonly t: "key" | "packet" };

export interface SlotParts {
  readonly power: PowerKey;
  /** Says a line in the place of a real bus. */
  readonly toGlass: (line: KeyLine<FromGlass>) => void;
  readonly moved: () => void;
}

export class KeySlot {
  readonly #parts: SlotParts;
  #plugged: { readonly name: string; readonly make: KeyMake; readonly key: PluggedKey } | undefined;
  #wanted = false;
  #told = 0;

  constructor(parts: SlotParts) {
    this.#parts = parts;
  }

  /** Lines for a key that came from the glass since it was started. */
  get told(): number {
    return this.#told;
  }

  get rests(): boolean {
    return this.#plugged?.key.rests ?? true;
  }

  /** A fresh glass, which wants nothing yet. */
  freshGlass(): void {
    this.#wanted = false;
    this.#told = 0;
  }

  fromGlass(line: KeyLine<GlassReport>): void {
    this.#told++;
    if (line.t === "packet") this.#plugged?.key.send(line.bytes);
    else {
      this.#wanted = line.open;
      if (line.open && this.#plugged) this.#parts.toGlass({ t: "key", present: true });
    }
  }

  /** False where one is plugged in already. */
  plug(name: string, make: KeyMake): boolean {
    if (this.#plugged) return false;
    this.#power(name, make);
    if (this.#wanted) this.#parts.toGlass({ t: "key", present: true });
    return true;
  }

  /** False where this one is not plugged in. */
  async unplug(name: string): Promise<boolean> {
    const plugged = this.#plugged;
    if (plugged?.name !== name) return false;
    this.#plugged = undefined;
    await plugged.key.close();
    if (this.#wanted) this.#parts.toGlass({ t: "key", present: false });
    return true;
  }

  /** False where no key waits for it. */
  touch(): boolean {
    if (!this.#plugged?.key.asksTouch) return false;
    this.#plugged.key.touch();
    return true;
  }

  pass(ms: number): void {
    this.#plugged?.key.pass(ms);
  }

  /** Power goes; with `back` it comes again, and the key remembers what it kept. */
  async cut(back: boolean): Promise<void> {
    const plugged = this.#plugged;
    this.#plugged = undefined;
    await plugged?.key.close();
    if (plugged && back) this.#power(plugged.name, plugged.make);
  }

  #power(name: string, make: KeyMake): void {
    const key = this.#parts.power(name, make);
    this.#plugged = { name, make, key };
    key.listen((bytes) => {
      if (this.#wanted && this.#plugged?.key === key) this.#parts.toGlass({ t: "packet", bytes });
    }, this.#parts.moved);
  }
}
