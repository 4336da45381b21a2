// What the tests of this room share: vectors as bytes, ports that are quick and the same every time, approvals.

import assert from "node:assert/strict";
import { createHash, pbkdf2Sync } from "node:crypto";
import { readFileSync } from "node:fs";
import { fromHex, toHex } from "../../src/bytes.ts";
import { loadCurve, nobleCurve, wordNumber } from "../../src/keys/index.ts";
import type { Curve, Review, Task } from "../../src/model.ts";
import type { Clock, Random, Store, Stretch } from "../../src/ports.ts";
import { type Reason, Refusal } from "../../src/refusal.ts";
import { type Approval, type Reply, Request, type Work } from "../../src/request.ts";
import type { Spend } from "../../src/rules.ts";

export const hex = (text: string): Uint8Array => fromHex(text)!;
export const unhex = toHex;
export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

export function vectors(name: string): string {
  return readFileSync(new URL(`../vectors/keys/${name}`, import.meta.url), "utf8");
}

export const fast = await loadCurve();
export const noble = nobleCurve();
export const CURVES: readonly Curve[] = [fast, noble];

/** The words of a published phrase, as numbers. */
export function numbers(phrase: string): Uint16Array {
  return Uint16Array.from(phrase.split(" "), (word) => wordNumber(word)!);
}

/** Looks like chance, is the same every time. */
export function fixedRandom(seed = "chance"): Random {
  let count = 0;
  return {
    bytes(length) {
      const out = new Uint8Array(length);
      for (let at = 0; at < length; at += 32)
        out.set(sha256(`${seed} ${count++}`).subarray(0, Math.min(32, length - at)), at);
      return out;
    },
  };
}

/** Stands in for Argon2id where the test is about something else: any change of any input changes it. */
export function quickStretch(): Stretch & { calls: number } {
  return {
    calls: 0,
    async argon2id(secret, salt, cost, length) {
      this.calls++;
      return sha256(`${toHex(secret)} ${toHex(salt)} ${JSON.stringify(cost)}`).subarray(0, length);
    },
    async pbkdf2Sha512(secret, salt, rounds, length) {
      return new Uint8Array(
        createHash("sha512").update(secret).update(salt).update(String(rounds)).digest(),
      ).slice(0, length);
    },
    async pbkdf2Sha256(secret, salt, rounds, length) {
      return new Uint8Array(pbkdf2Sync(secret, salt, rounds, length, "sha256"));
    },
    async scrypt(secret, salt, cost, length) {
      return sha256(`${toHex(secret)} ${toHex(salt)} ${JSON.stringify(cost)}`).subarray(0, length);
    },
  };
}

export function sha256(text: string | Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(text).digest());
}

export function memoryStore(): Store & { blobs: Map<string, Uint8Array>; writes: string[] } {
  const blobs = new Map<string, Uint8Array>();
  const writes: string[] = [];
  return {
    blobs,
    writes,
    names: async () => [...blobs.keys()],
    read: async (name) => blobs.get(name)?.slice(),
    replace: async (name, bytes) => {
      writes.push(name);
      blobs.set(name, bytes.slice());
    },
    append: async () => assert.fail("nothing here appends"),
    truncate: async () => assert.fail("nothing here truncates"),
    remove: async (name) => {
      blobs.delete(name);
    },
  };
}

export function handClock(): Clock & { wall: number; mono: number } {
  return {
    wall: 1_800_000_000_000,
    mono: 1000,
    wallMs() {
      return this.wall;
    },
    monotonicMs() {
      return this.mono;
    },
    boot: "by hand",
    breathe: async () => {},
  };
}

export function refusesWith(reason: Reason): (problem: unknown) => true {
  return (problem) => {
    assert.ok(problem instanceof Refusal, `expected ${reason}, got ${problem}`);
    assert.equal(problem.reason, reason);
    return true;
  };
}

/** An approval as the spine makes one: a request, judged, agreed, approved and recorded. */
export async function approved(tasks: readonly Task[]): Promise<Approval> {
  const approval = unrecorded(tasks);
  await approval.record(async () => {});
  return approval;
}

/** The same before its line is written. */
export function unrecorded(tasks: readonly Task[]): Approval {
  const request = new Request({
    review: {} as Review,
    spend: { txid: "aa" } as Spend,
    tasks,
    *agree(): Work<void> {},
    // biome-ignore lint/correctness/useYield: no step is long here
    *finish(): Work<Reply> {
      return assert.fail("nothing is finished here");
    },
  });
  for (const _ of request.agree());
  return request.approve({ txid: "aa", outcome: "allow", rules: [] }, "approve");
}

/** Runs work to its end. */
export function done<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
