// Security keys at the glass: while one is wanted the first that is plugged in is opened, and what it says and is
// told goes through unread. node-hid is loaded only then; where its native part is missing no key is ever there.

import type { FromGlass } from "../wire/lines.ts";

/** What of node-hid is used: so that a test can stand in its place. */
export interface HidBus {
  /** Paths of the security keys that are plugged in. */
  list(): Promise<readonly string[]>;
  open(path: string): Promise<HidDevice>;
}

export interface HidDevice {
  on(event: "data", take: (report: Uint8Array) => void): void;
  on(event: "error", take: () => void): void;
  /** A report with its number, 0, in front. */
  write(report: Buffer): Promise<unknown>;
  close(): Promise<void>;
}

export interface KeyParts {
  readonly line: (line: FromGlass & { readonly t: "key" | "packet" }) => void;
  readonly bus: HidBus;
  /** Resolves after a moment: how often the bus is looked at. */
  readonly pause: () => Promise<void>;
}

interface Held {
  readonly path: string;
  readonly device: HidDevice;
}

const PACKET_BYTES = 64;
const FIDO_PAGE = 0xf1d0;
export const LOOK_MS = 700;

export class KeyPort {
  readonly #parts: KeyParts;
  /** Counts wishes: whoever waited for something and finds another number is too late. */
  #wish = 0;
  #held: Held | undefined;
  #written: Promise<unknown> = Promise.resolve();

  constructor(parts: KeyParts) {
    this.#parts = parts;
  }

  /** From now on a key is wanted, or no longer. */
  want(open: boolean): void {
    this.#wish++;
    this.#drop();
    if (open) this.#look(this.#wish);
  }

  send(packet: Uint8Array): void {
    const held = this.#held;
    if (!held) return;
    const report = Buffer.concat([Buffer.of(0), packet]);
    this.#written = this.#written.then(() => held.device.write(report)).catch(() => this.#lost(held));
  }

  async #look(wish: number): Promise<void> {
    while (wish === this.#wish) {
      const paths = await this.#parts.bus.list().catch((): readonly string[] => []);
      const held = this.#held;
      if (wish === this.#wish && held && !paths.includes(held.path)) this.#lost(held);
      if (wish === this.#wish && !this.#held && paths[0] !== undefined) await this.#take(paths[0], wish);
      await this.#parts.pause();
    }
  }

  async #take(path: string, wish: number): Promise<void> {
    const device = await this.#parts.bus.open(path).catch(() => undefined);
    if (!device) return;
    if (wish !== this.#wish) {
      await device.close().catch(() => undefined);
      return;
    }
    const held = { path, device };
    this.#held = held;
    device.on("error", () => this.#lost(held));
    device.on("data", (report) => {
      if (this.#held === held && report.length === PACKET_BYTES)
        this.#parts.line({ t: "packet", bytes: new Uint8Array(report) });
    });
    this.#parts.line({ t: "key", present: true });
  }

  #lost(held: Held): void {
    if (this.#held !== held) return;
    this.#drop();
    this.#parts.line({ t: "key", present: false });
  }

  #drop(): void {
    const held = this.#held;
    this.#held = undefined;
    held?.device.close().catch(() => undefined);
  }
}

/** This machine's own. */
export function nodeHid(): HidBus {
  const load = async () => (await import("node-hid")).default;
  return {
    async list() {
      const devices = await (await load()).devicesAsync();
      return devices.flatMap(({ usagePage, path }) => (usagePage === FIDO_PAGE && path ? [path] : []));
    },
    async open(path) {
      return (await load()).HIDAsync.open(path);
    },
  };
}

/** The keys of this machine. */
export function openKeys(line: KeyParts["line"]): KeyPort {
  const pause = () => new Promise<void>((resolve) => setTimeout(resolve, LOOK_MS).unref());
  return new KeyPort({ line, bus: nodeHid(), pause });
}
