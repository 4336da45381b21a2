// The played machine from outside: three running parts, the disk, the time, and when all of them rest.
// It outlives locks and cuts: whenever Firn has locked, three fresh parts are started.

import { createHash } from "node:crypto";
import type { Picture } from "../../src/model.ts";
import type { EyeControl } from "../eye/control.ts";
import type { FromGlass } from "../wire/lines.ts";
import { type Cast, type Ending, Stopped } from "./cast.ts";
import type { FromFirn, Rest, ToFirn } from "./control.ts";
import type { PlayedDisk } from "./disk.ts";
import type { PowerKey } from "./keys.ts";
import { serveDisk } from "./remote.ts";
import { KeySlot } from "./slot.ts";

export interface ApplianceParts {
  readonly start: () => Cast;
  readonly disk: PlayedDisk;
  readonly powerKey: PowerKey;
  readonly wallMs: number;
  /** What a clock says that ran on while the machine was off: nobody sets it. Absent: as wallMs. */
  readonly chipMs?: number;
  /** Without rest for so long, in the host's time, something hangs. */
  readonly patienceMs: number;
}

/** What is known of the parts that run now. */
interface Now {
  readonly cast: Cast;
  report: Rest | undefined;
  picture: { readonly seq: number; readonly picture: Picture } | undefined;
  toGlass: number;
  toFirn: number;
  /** Pictures and reads given to the eye, and those that it has wholly dealt with. */
  toEye: number;
  answered: number;
  /** Lines that the eye has sent to Firn. */
  fromEye: number;
}

const NOTHING: Picture = { title: "", tone: "calm", blocks: [], buttons: {} };

export class Appliance {
  /** Where security keys are plugged in. */
  readonly slot: KeySlot;
  readonly #parts: ApplianceParts;
  #now: Now | undefined;
  #starts = 0;
  #wallMs: number;
  #chipMs: number;
  /** Since power came, and what this power-on is called. */
  #monotonicMs = 0;
  #boot: string;
  #entropyHex: string | undefined;
  #passed: number | undefined;
  #stopped: Stopped | undefined;
  #off = false;
  #wake: (() => void) | undefined;
  #onPicture: ((picture: Picture) => void) | undefined;

  constructor(parts: ApplianceParts) {
    this.#parts = parts;
    this.#wallMs = parts.wallMs;
    this.#chipMs = parts.chipMs ?? parts.wallMs;
    this.#boot = this.#powerOn();
    parts.disk.onCut(() => this.cut());
    const [toGlass, moved] = [(line: FromGlass) => this.key(line), () => this.#stir()];
    this.slot = new KeySlot({ power: parts.powerKey, toGlass, moved });
  }

  /** How many times three parts were started: a lock or a cut adds one. */
  get starts(): number {
    return this.#starts;
  }

  get wallMs(): number {
    return this.#wallMs;
  }

  get chipMs(): number {
    return this.#chipMs;
  }

  /** What stands on the glass. */
  get picture(): Picture {
    return this.#now?.picture?.picture ?? NOTHING;
  }

  get watching(): boolean {
    return this.#now?.report?.watching ?? false;
  }

  /** Called with every picture that comes onto the glass. */
  onPicture(take: (picture: Picture) => void): void {
    this.#onPicture = take;
  }

  start(): void {
    this.#starts++;
    this.slot.freshGlass();
    const cast = this.#parts.start();
    const now: Now = {
      cast,
      report: undefined,
      picture: undefined,
      // The glass tells its size by itself.
      toGlass: 1,
      toFirn: 0,
      toEye: 0,
      answered: 0,
      fromEye: 0,
    };
    this.#now = now;
    this.#listen(now);
    const entropy = this.#entropy();
    this.#tellFirn({
      t: "start",
      wallMs: this.#wallMs,
      monotonicMs: this.#monotonicMs,
      chipMs: this.#chipMs,
      boot: this.#boot,
      ...(entropy ? { entropy } : {}),
    });
  }

  key(line: FromGlass): void {
    this.#now!.toGlass++;
    this.#now!.cast.glass.send(line);
  }

  see(line: EyeControl): void {
    this.#now!.toEye++;
    this.#now!.cast.eye.send(line);
  }

  /** One piece of time: at most so much, and no further than the next thing that happens by itself. */
  async passSome(mostMs: number): Promise<number> {
    this.#passed = undefined;
    const begun = this.#now;
    this.#tellFirn({ t: "pass", mostMs });
    await this.#until(() => this.#passed !== undefined || this.#now !== begun);
    const ms: number = this.#passed ?? 0;
    if (ms > 0) this.slot.pass(ms);
    await this.rest();
    return ms;
  }

  setWall(wallMs: number): void {
    this.#wallMs = wallMs;
    this.#tellFirn({ t: "wall", wallMs });
  }

  /** A finger on the lines that Firn reads itself, where the machine has them. */
  touch(levels: { readonly ok: boolean; readonly back: boolean }): void {
    this.#tellFirn({ t: "levels", ...levels });
  }

  /** From now on chance is this; before the first start, from the beginning. */
  fixChance(hex: string): void {
    this.#entropyHex = hex;
    const entropy = this.#entropy();
    if (this.#now && entropy) this.#tellFirn({ t: "entropy", entropy });
  }

  /** Power is cut now, and comes back. */
  async cut(): Promise<void> {
    const now = this.#now;
    if (!now) return;
    this.#now = undefined;
    this.#parts.disk.powerCut();
    this.#monotonicMs = 0;
    this.#boot = this.#powerOn();
    await now.cast.kill();
    await this.slot.cut(!this.#off);
    if (!this.#off) this.start();
    this.#stir();
  }

  /** Everything ends: the play is over. */
  async off(): Promise<void> {
    this.#off = true;
    await this.#now?.cast.kill();
    await this.slot.cut(false);
  }

  /** Until Firn waits, nothing is under way, and what it last showed is on the glass. Throws Stopped. */
  async rest(): Promise<void> {
    await this.#until(() => this.#rests());
  }

  /** A name for this power-on: never the one under which anything on this disk was written, and the same in each play. */
  #powerOn(): string {
    const hash = createHash("sha256").update(`${this.#starts} ${this.#wallMs} ${this.#chipMs}`);
    for (const [name, bytes] of this.#parts.disk.present()) hash.update(`\n${name}\n`).update(bytes);
    return hash.digest("hex").slice(0, 16);
  }

  #rests(): boolean {
    const now = this.#now;
    if (!now?.report) return false;
    const { report } = now;
    return (
      report.shown === (now.picture?.seq ?? 0) &&
      report.fromGlass === now.toGlass &&
      report.fromEye === now.fromEye &&
      report.fromControl === now.toFirn &&
      report.toKey === this.slot.told &&
      this.slot.rests &&
      now.answered === now.toEye &&
      now.cast.carried() >= report.toEye
    );
  }

  async #until(holds: () => boolean): Promise<void> {
    let late = false;
    const watchdog = setTimeout(() => {
      late = true;
      this.#stir();
    }, this.#parts.patienceMs);
    try {
      while (!holds()) {
        if (this.#stopped) throw this.#stopped;
        if (late)
          throw new Stopped({ code: 1, line: `nothing rested for ${this.#parts.patienceMs / 1000} s` });
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(watchdog);
    }
  }

  #stir(): void {
    this.#wake?.();
  }

  #entropy() {
    return this.#entropyHex === undefined ? undefined : { hex: this.#entropyHex, start: this.#starts };
  }

  #tellFirn(line: ToFirn): void {
    this.#now!.toFirn++;
    this.#now!.cast.firn.send(line);
  }

  #listen(now: Now): void {
    const { cast } = now;
    cast.onCarried(() => this.#stir());
    cast.glass.onMessage((line) => {
      if (this.#now !== now) return;
      if (line.t === "picture") {
        now.picture = line;
        this.#onPicture?.(line.picture);
      } else this.slot.fromGlass(line);
      this.#stir();
    });
    cast.eye.onMessage((line) => {
      now.answered++;
      now.fromEye = line.sent;
      this.#stir();
    });
    cast.firn.onMessage((line) => this.#fromFirn(now, line));
    cast.ended.then((ending) => this.#ended(now, ending));
  }

  #fromFirn(now: Now, line: FromFirn): void {
    if (this.#now !== now) return;
    if (line.t === "disk") {
      this.#disk(now, line);
      return;
    }
    if (line.t === "waiting") now.report = line;
    else {
      this.#passed = line.ms;
      this.#wallMs += line.ms;
      this.#chipMs += line.ms;
      this.#monotonicMs += line.ms;
    }
    this.#stir();
  }

  async #disk(now: Now, line: FromFirn & { readonly t: "disk" }): Promise<void> {
    const answer = await serveDisk(this.#parts.disk.operations, line);
    if (this.#now === now) this.#tellFirn(answer);
  }

  #ended(now: Now, ending: Ending): void {
    if (this.#now !== now || this.#off) return;
    if (ending.code !== 0) this.#stopped = new Stopped(ending);
    else if (now.report) this.start();
    else this.#stopped = new Stopped({ code: 1, line: "Firn stopped: it locks as soon as it starts" });
    this.#stir();
  }
}
