// The hand and the eyes of a person who follows a script: presses, holds, turns pages, reads.

import type { Button } from "../../src/model.ts";
import { IDLE_MS } from "../host/program.ts";
import type { Appliance } from "./appliance.ts";
import { itemOf, listOf, says, wordsOf } from "./words.ts";

/** What should have been, in words. */
export class Expected extends Error {}

/** Silence before and after a hold, and between the repeats of a key that is held; how long each hold is. */
const SILENCE_MS = 750;
const REPEAT_MS = 100;
const HOLD_MS = { ok: 1700, both: 1700, back: 3200 } as const;
/** After so long a hold of ok is complete, and a hand lets go when it sees that. */
const HELD_MS = 1500;

export class Hand {
  readonly #appliance: Appliance;
  /** It has lines for ok and back. */
  readonly #buttons: boolean;

  constructor(appliance: Appliance, buttons = false) {
    this.#appliance = appliance;
    this.#buttons = buttons;
  }

  async press(button: Button): Promise<void> {
    this.#appliance.key({ t: "press", button });
    await this.#appliance.rest();
  }

  async type(text: string): Promise<void> {
    for (const char of text) {
      this.#appliance.key({ t: "char", char });
      await this.#appliance.rest();
    }
  }

  /** Whoever holds lets go when it has worked, and waits. */
  async hold(what: "ok" | "back" | "both"): Promise<void> {
    const asked = what !== "back" && this.#appliance.picture.hold !== undefined;
    await this.pass(SILENCE_MS);
    const worked = await (this.#buttons ? this.#holdButtons(what, asked) : this.#holdKeys(what, asked));
    if (worked) await this.pass(SILENCE_MS);
  }

  /** As a terminal does it: the key comes again and again. */
  async #holdKeys(what: "ok" | "back" | "both", asked: boolean): Promise<boolean> {
    const { starts } = this.#appliance;
    for (let ms = 0; ms <= HOLD_MS[what]; ms += REPEAT_MS) {
      await this.#pressFor(what);
      if (this.#appliance.starts !== starts) return false;
      if (asked && ms >= HELD_MS && this.#appliance.picture.hold === undefined) return true;
      await this.pass(REPEAT_MS);
    }
    return false;
  }

  /** The lines are down all the time, and the glass says so once. */
  async #holdButtons(what: "ok" | "back" | "both", asked: boolean): Promise<boolean> {
    const { starts } = this.#appliance;
    await this.#touch({ ok: what !== "back", back: what !== "ok" });
    await this.#pressFor(what);
    for (let ms = 0; ms < HOLD_MS[what]; ms += REPEAT_MS) {
      await this.pass(REPEAT_MS);
      if (this.#appliance.starts !== starts) return false;
      if (asked && this.#appliance.picture.hold === undefined) break;
    }
    await this.#touch({ ok: false, back: false });
    return true;
  }

  async #pressFor(what: "ok" | "back" | "both"): Promise<void> {
    const { starts } = this.#appliance;
    if (what !== "ok") await this.press("back");
    if (what !== "back" && this.#appliance.starts === starts) await this.press("ok");
  }

  async #touch(levels: { readonly ok: boolean; readonly back: boolean }): Promise<void> {
    this.#appliance.touch(levels);
    await this.#appliance.rest();
  }

  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; ) left -= await this.#appliance.passSome(left);
  }

  async idle(): Promise<void> {
    const { starts } = this.#appliance;
    let left = IDLE_MS + 1000;
    while (left > 0 && this.#appliance.starts === starts) left -= await this.#appliance.passSome(left);
    if (this.#appliance.starts === starts) throw new Expected("the idle lock");
  }

  async pick(label: string): Promise<void> {
    const list = listOf(this.#appliance.picture);
    const wanted = list && itemOf(list, label);
    if (list === undefined || wanted === undefined)
      throw new Expected(`a list with ${quoted(label)}, or one item alone that contains it`);
    let cursor = list.cursor;
    while (cursor !== wanted) {
      await this.press(cursor < wanted ? "down" : "up");
      const moved = listOf(this.#appliance.picture)?.cursor;
      if (moved === undefined || Math.abs(moved - wanted) >= Math.abs(cursor - wanted))
        throw new Expected(`the cursor to move towards ${quoted(label)}`);
      cursor = moved;
    }
    await this.press("ok");
  }

  /** Turns to a page of the present screen. */
  async goTo(index: number): Promise<void> {
    let at = this.#appliance.picture.page?.index ?? 0;
    while (at !== index && this.#appliance.picture.page) {
      await this.press(at < index ? "down" : "up");
      const now: number = this.#appliance.picture.page?.index ?? 0;
      if (now === at) throw new Expected(`${index < at ? "up" : "down"} to turn the page`);
      at = now;
    }
  }

  /** Looks at every page, this one first, and comes back to it. */
  async somePage(text: string): Promise<boolean> {
    const here = () => says(wordsOf(this.#appliance.picture), text);
    const { page } = this.#appliance.picture;
    let found = here();
    if (!page || page.count < 2) return found;
    for (let index = page.index + 1; !found && index < page.count; index++) {
      await this.goTo(index);
      found = here();
    }
    for (let index = page.index - 1; !found && index >= 0; index--) {
      await this.goTo(index);
      found = here();
    }
    await this.goTo(page.index);
    return found;
  }
}

export function quoted(text: string): string {
  return `"${text}"`;
}
