// What the tests of the lock share: machines that remember what they were asked, and count.

import type { Operations } from "../../device/disk/operations.ts";
import { nodeStretch } from "../../device/host/stretch.ts";
import { secretSeal } from "../../device/seal/secret.ts";
import type { DiskState } from "../../device/sim/recording.ts";
import { toHex } from "../../src/bytes.ts";
import type { Counter, Seal, Stretch } from "../../src/ports.ts";
import { Refusal } from "../../src/refusal.ts";
import { holds, homeOf, type Play, quickStretch, script, UNLOCK, WORDS } from "./stage.ts";

export const PIN = "314159";
export const DURESS = "271828";
export const WIPE = "161803";
export const SETTINGS = `${UNLOCK}pick Settings\nsee Settings\n`;

export interface TestMachine {
  readonly seal: Seal;
  /** Every call, in order. */
  readonly calls: string[];
  readonly counted: Map<string, number>;
  /** The next so many raises of a counter fail. */
  failing: number;
}

/** A machine with a part of this kind; tpm: with counters. What it is outlives plays. */
export function machine(kind: Seal["kind"] = "file", secretByte = 1): TestMachine {
  const calls: string[] = [];
  const counted = new Map<string, number>();
  let generation = 0;
  const secret = () => new Uint8Array(32).fill(secretByte + 16 * generation);
  const sealed = secretSeal({
    kind: "file",
    secret: secret(),
    async destroy() {
      generation++;
      return secret();
    },
  });
  const noted = <In extends unknown[], Out>(name: string, act: (...all: In) => Promise<Out>) => {
    return (...all: In): Promise<Out> => {
      calls.push(name);
      return act(...all);
    };
  };
  const test: TestMachine = {
    calls,
    counted,
    failing: 0,
    seal: {
      kind,
      bind: noted("bind", sealed.bind),
      release: noted("release", sealed.release),
      mark: noted("mark", sealed.mark),
      destroy: noted("destroy", sealed.destroy),
      rest: noted("rest", sealed.rest),
      ...(kind === "tpm" ? { counter: (name: string) => counterOf(name) } : {}),
    },
  };
  const counterOf = (name: string): Counter => ({
    value: async () => counted.get(name) ?? 1000,
    async raise() {
      calls.push("raise");
      if (test.failing-- > 0) throw new Refusal("seal.failed", "no answer");
      const next = (counted.get(name) ?? 1000) + 1;
      counted.set(name, next);
      return next;
    },
  });
  return test;
}

/** A stretch that counts, and remembers what it gave. */
export function watched(): Stretch & { calls: number; readonly given: Uint8Array[] } {
  const given: Uint8Array[] = [];
  return {
    ...quickStretch,
    calls: 0,
    given,
    async argon2id(...all) {
      this.calls++;
      const key = await quickStretch.argon2id(...all);
      given.push(key);
      return key;
    },
  };
}

/** A card that does some things otherwise. */
export function card(changes: (real: Operations) => Partial<Operations>): (real: Operations) => Operations {
  return (real) => ({
    names: () => real.names(),
    read: (name) => real.read(name),
    write: (name, bytes) => real.write(name, bytes),
    append: (name, bytes) => real.append(name, bytes),
    truncate: (name, length) => real.truncate(name, length),
    sync: (name) => real.sync(name),
    rename: (from, to) => real.rename(from, to),
    syncFolder: () => real.syncFolder(),
    remove: (name) => real.remove(name),
    ...changes(real),
  });
}

/** Argon2id itself, each key made once. */
export function remembered(): Stretch {
  const node = nodeStretch();
  const made = new Map<string, Promise<Uint8Array>>();
  return {
    ...node,
    async argon2id(secret, salt, cost, length) {
      const name = `${toHex(secret)} ${toHex(salt)} ${JSON.stringify(cost)}`;
      const key = made.get(name) ?? node.argon2id(secret, salt, cost, length);
      made.set(name, key);
      return (await key).slice();
    },
  };
}

/** A home that was set up on this machine. */
export async function homeOn(made: TestMachine): Promise<DiskState> {
  const set = { PIN, WORDS, NETWORK: "regtest" };
  return (await holds(script("setup"), { set, seals: [made.seal] })).disk;
}

/** What these steps leave of a home, from the unlocked settings on. */
export async function chosen(steps: string, options: Play = {}): Promise<DiskState> {
  return (await holds(`${SETTINGS}${steps}`, { disk: await homeOf(), ...options })).disk;
}

/** Asks for the present PIN and for a new one twice. */
export const pins = (pin: string, own = PIN) =>
  `see Your present PIN\ntype ${own}\npress ok\ntype ${pin}\npress ok\nsee The PIN again\ntype ${pin}\npress ok\n`;

export const CHILD = `pick A child of this key\npress ok\nsee Your key\npage\npress ok\npick Take these limits\n`;

/** From the settings. */
export const SET_DURESS = `pick Duress PIN: not set\npage\npress ok\n${pins(DURESS)}${CHILD}see The duress PIN is set\npage\npress ok\nsee PIN\n`;
export const SET_WIPE = `pick Wipe PIN: not set\npage\npress ok\n${pins(WIPE)}see The wipe PIN is set\npress ok\nsee PIN\n`;

export const unlockWith = (pin: string) => `see PIN\ntype ${pin}\npress ok\nsee Sign a transaction\n`;
