// What Firn cannot do itself it wishes for: a file in its own folder, at whose coming systemd starts the one root step
// that this wish is for. The step answers in a file of its own and takes the wish away.

import { randomInt } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Reader } from "../wire/schema.ts";
import { readRooted } from "./rooted.ts";

export interface WishPlaces {
  /** Firn's own, where wishes are laid down. */
  readonly wishes: string;
  /** Root's, where they are answered. */
  readonly replies: string;
  /** Who answers, if not root: for tests. */
  readonly owner?: number;
}

/** Tells each answer from the ones before it. */
export type Id = { readonly id: number };

export const MOST_ID = 2 ** 48 - 1;
const LOOK_MS = 50;
const MOST_REPLY_BYTES = 1024 * 1024;

export class Wishes {
  readonly #places: WishPlaces;

  constructor(places: WishPlaces) {
    this.#places = places;
  }

  /** What an earlier life wished for and did not live to see must not come true in this one, nor lie here. */
  async forget(): Promise<void> {
    // Where that fails no wish can be laid down either, and then that is said.
    await rm(this.#places.wishes, { recursive: true, force: true }).catch(() => undefined);
  }

  /** Bytes that a wish speaks of: there before the wish is. */
  async enclose(name: string, bytes: Uint8Array): Promise<void> {
    await this.#lay(name, bytes);
  }

  /** A wish without an answer. */
  async wish(name: string): Promise<void> {
    await this.#lay(name, "");
  }

  async withdraw(name: string): Promise<void> {
    await rm(join(this.#places.wishes, name), { force: true });
  }

  /** Undefined where no answer comes in time: then the wish is taken back. Throws Breach where it is none. */
  async ask<Reply extends Id>(
    name: string,
    what: object,
    read: Reader<Reply>,
    patienceMs: number,
  ): Promise<Reply | undefined> {
    const id = randomInt(1, MOST_ID);
    await this.#lay(name, JSON.stringify({ id, ...what }));
    const path = join(this.#places.replies, `${name}.json`);
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += LOOK_MS) {
      const reply = readRooted(path, read, MOST_REPLY_BYTES, this.#places.owner);
      if (reply?.id === id) return reply;
      await sleep(LOOK_MS);
    }
    await this.withdraw(name);
    return undefined;
  }

  /** Whole at once, as whoever waits for the name sees it. */
  async #lay(name: string, content: string | Uint8Array): Promise<void> {
    const path = join(this.#places.wishes, name);
    const beside = join(this.#places.wishes, `.${name}.new`);
    await mkdir(this.#places.wishes, { recursive: true, mode: 0o700 });
    await writeFile(beside, content, { mode: 0o600 });
    await rename(beside, path);
  }
}
