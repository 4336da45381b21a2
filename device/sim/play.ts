// Plays a session's steps on the appliance. After each act it waits for rest; nothing sleeps.

import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Picture, Size } from "../../src/model.ts";
import { picturesAt } from "../eye/files.ts";
import { plainRows, plainText } from "../glass/plain.ts";
import type { Appliance } from "./appliance.ts";
import { Stopped } from "./cast.ts";
import type { PlayedDisk } from "./disk.ts";
import { Expected, Hand, quoted } from "./hand.ts";
import type { Step } from "./session.ts";
import { codeOf } from "./words.ts";

/** A step did not hold. */
export class Unheld extends Error {
  constructor(step: Step, expected: string, screen: string, cause?: Stopped) {
    super(`line ${step.line}: ${step.source}\nexpected: ${expected}\nthe screen:\n${screen}`, { cause });
    this.name = "Unheld";
  }
}

export interface PlayParts {
  readonly appliance: Appliance;
  readonly disk: PlayedDisk;
  readonly size: Size;
  /** The machine has lines for ok and back: a hold is held on them. */
  readonly buttons: boolean;
  readonly print: (text: string) => void;
  /** After each step. */
  readonly kept: () => Promise<void>;
}

const NO_STEP: Step = { line: 0, source: "(the script's end)", step: "page" };
/** Steps that pass many screens like each other: only the last is printed. */
const QUIET: readonly Step["step"][] = ["hold", "type", "pick", "see", "unseen", "pass", "idle"];

/** How often `camera … loop` starts over before it gives up. */
const MOST_ROUNDS = 100;

/** Throws Unheld at the first step that does not hold, or that stops Firn. */
export async function play(parts: PlayParts, steps: readonly Step[]): Promise<void> {
  // Chance that is fixed before all else is fixed from the first start on.
  let first = 0;
  for (let step = steps[0]; step?.step === "entropy"; step = steps[++first]) {
    parts.print(`> ${step.source}`);
    parts.appliance.fixChance(step.hex);
  }
  const player = new Player(parts);
  await player.begin(steps[first] ?? NO_STEP);
  await player.run(steps.slice(first));
}

/** How every played screen is printed. */
export function framed(picture: Picture, size: Size): string {
  const rule = `+${"-".repeat(size.columns)}+`;
  const lines = plainRows(picture, size);
  return [rule, ...lines.map((line) => `|${line.padEnd(size.columns)}|`), rule].join("\n");
}

type Named<K extends Step["step"]> = Extract<Step, { readonly step: K }>;
type HandStep = Named<
  "if" | "press" | "hold" | "type" | "pick" | "page" | "camera" | "scan" | "scan-hex" | "scan-file"
>;
type LookStep = Named<"see" | "unseen" | "codes" | "shot">;

class Player {
  readonly #appliance: Appliance;
  readonly #parts: PlayParts;
  readonly #hand: Hand;
  #quiet = true;
  #printed = "";

  constructor(parts: PlayParts) {
    this.#appliance = parts.appliance;
    this.#parts = parts;
    this.#hand = new Hand(parts.appliance, parts.buttons);
    parts.appliance.onPicture((picture) => {
      if (!this.#quiet) this.#print(picture);
    });
  }

  /** Power comes for the first time. */
  async begin(step: Step): Promise<void> {
    this.#appliance.start();
    await this.#checked(step, () => this.#appliance.rest());
    this.#print(this.#appliance.picture);
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (step.step === "if") {
        if (await this.#checked(step, () => this.#hand.somePage(step.text))) await this.run(step.steps);
        continue;
      }
      this.#parts.print(`\n> ${step.source}`);
      this.#quiet = QUIET.includes(step.step);
      await this.#checked(step, () => this.#do(step));
      this.#quiet = true;
      this.#print(this.#appliance.picture);
      await this.#parts.kept();
    }
  }

  /** Each screen once, however often it was drawn. */
  #print(picture: Picture): void {
    const text = framed(picture, this.#parts.size);
    if (text === this.#printed) return;
    this.#printed = text;
    this.#parts.print(text);
  }

  async #checked<T>(step: Step, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Expected || error instanceof Stopped)) throw error;
      const screen = framed(this.#appliance.picture, this.#parts.size);
      if (error instanceof Expected) throw new Unheld(step, error.message, screen);
      throw new Unheld(step, `that Firn goes on, but: ${error.message}`, screen, error);
    }
  }

  async #do(step: Exclude<Step, { readonly step: "if" }>): Promise<void> {
    switch (step.step) {
      case "press":
        for (let i = 0; i < step.times; i++) await this.#hand.press(step.button);
        return;
      case "hold":
        return this.#hand.hold(step.what);
      case "type":
        return this.#hand.type(step.text);
      case "pick":
        return this.#hand.pick(step.label);
      case "page":
        return this.#hand.goTo((this.#appliance.picture.page?.count ?? 1) - 1);
      case "camera":
        return this.#camera(step.path, step.loop);
      case "scan":
        return this.#read([{ t: "read", text: step.text }]);
      case "scan-hex":
        return this.#read([{ t: "read", hex: step.hex }]);
      case "scan-file":
        return this.#scanFile(step.path);
      default:
        return this.#look(step);
    }
  }

  async #look(step: Exclude<Step, HandStep>): Promise<void> {
    switch (step.step) {
      case "see":
        if (!(await this.#hand.somePage(step.text)))
          throw new Expected(`some page shows ${quoted(step.text)}`);
        return;
      case "unseen":
        if (await this.#hand.somePage(step.text)) throw new Expected(`no page shows ${quoted(step.text)}`);
        return;
      case "codes":
        return this.#codes(step.folder);
      case "shot":
        return this.#shot(step.file);
      default:
        return this.#doToMachine(step);
    }
  }

  async #doToMachine(step: Exclude<Step, HandStep | LookStep>): Promise<void> {
    switch (step.step) {
      case "pass":
        return this.#hand.pass(step.ms);
      case "set-clock":
        this.#appliance.setWall(step.wallMs);
        return this.#appliance.rest();
      case "entropy":
        this.#appliance.fixChance(step.hex);
        return this.#appliance.rest();
      case "idle":
        return this.#hand.idle();
      case "plug":
      case "unplug":
      case "touch":
        return this.#key(step);
      case "cut":
        if (step.after > 0) return this.#parts.disk.cutAfter(step.after);
        await this.#appliance.cut();
        return this.#appliance.rest();
    }
  }

  async #key(step: Named<"plug" | "unplug" | "touch">): Promise<void> {
    const { slot } = this.#appliance;
    if (step.step === "plug" && !slot.plug(step.name, step.make))
      throw new Expected("no other key plugged in");
    if (step.step === "unplug" && !(await slot.unplug(step.name)))
      throw new Expected(`the key ${step.name} plugged in`);
    if (step.step === "touch" && !slot.touch()) throw new Expected("a key that waits for a touch");
    return this.#appliance.rest();
  }

  async #camera(path: string, loop: boolean): Promise<void> {
    const files = await picturesAt(resolve(path));
    if (files.length === 0) throw new Expected(`pictures at ${path}`);
    for (let round = 0; round < (loop ? MOST_ROUNDS : 1); round++)
      for (const file of files) {
        if (!this.#appliance.watching) return;
        this.#appliance.see({ t: "picture", path: file });
        await this.#appliance.rest();
      }
    if (loop && this.#appliance.watching)
      throw new Expected(`the camera to have seen enough after ${MOST_ROUNDS} rounds`);
  }

  /** What a decoder would have read, one after the other, while the camera is wanted. */
  async #read(reads: readonly Parameters<Appliance["see"]>[0][]): Promise<void> {
    for (const read of reads) {
      if (!this.#appliance.watching) return;
      this.#appliance.see(read);
      await this.#appliance.rest();
    }
  }

  async #scanFile(path: string): Promise<void> {
    const text = await readFile(path, "utf8").catch(() => {
      throw new Expected(`a file of texts at ${path}`);
    });
    // As `codes` writes it: the text, and a line's end.
    if (text.startsWith("Firn ")) return this.#read([{ t: "read", text: text.replace(/\r?\n$/, "") }]);
    const lines = text.split(/\r?\n/).filter((line) => line !== "");
    return this.#read(lines.map((line) => ({ t: "read", text: line })));
  }

  async #codes(folder: string): Promise<void> {
    const code = codeOf(this.#appliance.picture);
    if (!code) throw new Expected("a code on this screen");
    await mkdir(folder, { recursive: true });
    for (const old of await readdir(folder)) if (/^\d{3,4}\.png$/.test(old)) await rm(join(folder, old));
    const { texts, mode } = code.loop;
    const line = (text: string) => (mode === "binary" ? Buffer.from(text, "latin1").toString("hex") : text);
    await writeFile(join(folder, "codes.txt"), texts.map((text) => `${line(text)}\n`).join(""));
    const { codePng } = await import("../glass/png.ts");
    for (const index of texts.keys()) {
      const name = `${String(index + 1).padStart(texts.length > 999 ? 4 : 3, "0")}.png`;
      await writeFile(join(folder, name), codePng(code.loop, index));
    }
  }

  async #shot(file: string): Promise<void> {
    const { picture } = this.#appliance;
    const { size } = this.#parts;
    if (file.endsWith(".txt")) return writeFile(file, `${plainText(picture, size)}\n`);
    const { picturePng } = await import("../glass/png.ts");
    return writeFile(file, picturePng(picture, size));
  }
}
