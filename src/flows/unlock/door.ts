// From a locked device to an open vault: PIN, machine, and security key where one is enrolled. Every try is on the
// medium before anything is looked at, and a wrong one takes every step that a right one takes.

import { wipe } from "../../bytes.ts";
import type { FactorAnswer, LockedHome, OpenVault, Tries } from "../../keys/index.ts";
import {
  clearTries,
  countTry,
  delayMs,
  frozenForMs,
  isWipePin,
  openWith,
  pinKeyFor,
  readTries,
  stretchPin,
  untoldBefore,
} from "../../keys/index.ts";
import type { Block } from "../../model.ts";
import type { Ports } from "../../ports.ts";
import { Refusal, refuse } from "../../refusal.ts";
import { countdown } from "../../screens/countdown.ts";
import { refused } from "../../screens/notice.ts";
import { spokenDuration, utf8 } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask, wait } from "../../ui.ts";
import { quietly } from "../or-refused.ts";
import { hasMachineMenu, lookAtMachine, machineBlocks, machineMenu, shutsKeys } from "../this-machine.ts";
import { HOME_NAMES, type HomeName } from "./homes.ts";
import { atRest, sealOf } from "./machine.ts";
import { askPin, halfOf, type PinQuestion, wordsAfter, wordsFor } from "./pin.ts";
import { refuseWrong, wipeAndEnd, wipesNow } from "./wipe.ts";

export type Homes = Readonly<Partial<Record<HomeName, LockedHome>>> & { readonly first: LockedHome };

export interface Opened {
  readonly name: HomeName;
  readonly vault: OpenVault;
  readonly failedTries: number;
  /** It was frozen, and its wait has passed: it thaws once the journal says so. */
  readonly frozen: boolean;
  /** The machine's two words, where it sealed the home just now: nothing of that is kept yet. */
  readonly words?: string;
}

export async function openDoor(desk: Desk, homes: Homes): Promise<Opened> {
  for (;;) {
    try {
      const attempt = await askAttempt(desk, homes.first);
      try {
        return await check(desk, homes, attempt);
      } finally {
        wipe(attempt.pin);
      }
    } catch (problem) {
      if (!(problem instanceof Refusal) || shutsKeys(problem)) throw problem;
      await ask(desk, refused(problem));
    } finally {
      await atRest(desk.ports);
    }
  }
}

interface Attempt {
  readonly pin: Uint8Array;
  /** Counted, this one included. */
  readonly tries: Tries;
}

/** The PIN, with its two words after the first half; the try counts from the moment at which they are asked for. */
async function askAttempt(desk: Desk, home: LockedHome): Promise<Attempt> {
  const { store, clock } = desk.ports;
  const { shuffled, wordsAfter: after, freezeS } = home.settings;
  const before = await readTries(store, clock);
  const above = [
    ...triesWords(before, home.settings.wipeAfter),
    ...frozenWords(before, freezeS, clock.monotonicMs()),
  ];
  const seal = sealOf(desk.ports, home.sealKind);
  const question = { title: "Unlock", above: [...imageBlocks(desk, above.length), ...above], shuffled };
  if (after === 0 || seal === undefined) {
    const pin = utf8(await askFirst(desk, question));
    await lookAtMachine(desk);
    return { pin, tries: await countTry(store, clock) };
  }
  const half = await askFirst(desk, { ...question, stopAt: after });
  await lookAtMachine(desk);
  const tries = await countTry(store, clock);
  // A PIN shorter than the other's half was ended by hand, and has no words.
  if (half.length !== after) return { pin: utf8(half), tries };
  const words = { kind: "fact", label: "This machine's words", value: await wordsFor(seal, half) } as const;
  await atRest(desk.ports);
  const pin = utf8(await askPin(desk, { ...question, above: [words], start: half }));
  await lookAtMachine(desk);
  return { pin, tries };
}

/** From the empty field back leads to the machine. */
async function askFirst(desk: Desk, question: PinQuestion): Promise<string> {
  if (!hasMachineMenu(desk)) return askPin(desk, question);
  for (;;) {
    const typed = await askPin(desk, { ...question, back: "machine" });
    if (typed !== "back") return typed;
    await machineMenu(desk);
  }
}

/** On the smallest screen words of tries and of a freeze together leave no room for them. */
function imageBlocks(desk: Desk, others: number): Block[] {
  return others > 1 ? [] : machineBlocks(desk);
}

async function check(desk: Desk, homes: Homes, { pin, tries }: Attempt): Promise<Opened> {
  const { store, clock } = desk.ports;
  const found = await wait(desk, "Checking the PIN", lookFor(desk.ports, homes, pin));
  if (found === "wipe") return wipeAndEnd(desk);
  const { settings } = homes.first;
  if (found === undefined) return wipesNow(settings, tries) ? wipeAndEnd(desk) : refuseWrong(settings, tries);
  try {
    // The PIN was right: what comes now is no guess at it. A freeze stays, and so does what the journal has to say.
    const failedTries = untoldBefore(tries);
    await clearTries(store, failedTries);
    const frozenMs = frozenForMs(tries, settings.freezeS, clock.monotonicMs());
    if (frozenMs > 0) refuse("vault.frozen", `${spokenDuration(frozenMs)} to go`);
    const vault = await openFound(desk, homes[found.name]!, found.pinKey);
    try {
      const { countdownS } = settings;
      if (countdownS > 0) await ask(desk, countdown(countdownS));
      const words = vault.sealKind === "none" ? await sealNow(desk.ports, vault, pin) : undefined;
      const frozen = tries.frozenMs !== undefined;
      const opened = { name: found.name, vault, failedTries, frozen };
      return words === undefined ? opened : { ...opened, words };
    } catch (problem) {
      vault.wipe();
      throw problem;
    }
  } finally {
    wipe(found.pinKey);
  }
}

interface Found {
  readonly name: HomeName;
  readonly pinKey: Uint8Array;
}

/**
 * One stretch, and then every home is tried, also after one was found: a wrong PIN takes as long as a right one.
 * Of two homes the first is the one that counts.
 */
async function lookFor(ports: Ports, homes: Homes, pin: Uint8Array): Promise<Found | "wipe" | undefined> {
  const stretched = await stretchPin(homes.first, pin, ports.stretch);
  const all: Tried[] = [];
  try {
    for (const name of HOME_NAMES) {
      const home = homes[name];
      if (!home) continue;
      const look = async () => void all.push({ name, ...(await tried(ports, home, stretched)) });
      // What is wrong with a second home must not keep the first one shut, nor tell that there are two.
      if (name === "first") await look();
      else await quietly(look);
    }
    const hit = all.find(({ isWipe, pinKey }) => isWipe || pinKey);
    for (const { pinKey } of all) if (pinKey !== hit?.pinKey) wipe(pinKey);
    if (!hit?.pinKey || hit.isWipe) return hit && "wipe";
    return { name: hit.name, pinKey: hit.pinKey };
  } finally {
    wipe(stretched);
  }
}

interface Tried {
  readonly name: HomeName;
  readonly isWipe: boolean;
  readonly pinKey: Uint8Array | undefined;
}

async function tried(ports: Ports, home: LockedHome, stretched: Uint8Array): Promise<Omit<Tried, "name">> {
  const seal = sealOf(ports, home.sealKind);
  const isWipe = seal !== undefined && (await isWipePin(home.wipe, home, stretched, seal));
  const pinKey = await pinKeyFor(home, stretched, ports.seals);
  if (home.sealKind !== "none" || !pinKey) return { isWipe, pinKey };
  // A home without a seal answers any PIN with some key: only opening it tells.
  const vault = openWith(home, pinKey, undefined, ports.random);
  vault?.wipe();
  if (!vault) wipe(pinKey);
  return { isWipe, pinKey: vault && pinKey };
}

async function heardKey(desk: Desk, factors: LockedHome["factors"]): Promise<FactorAnswer> {
  const { askSecurityKey } = await import("./factor.ts");
  return await askSecurityKey(desk, factors);
}

/** With the right PIN; a security key where that home has one enrolled. */
async function openFound(desk: Desk, home: LockedHome, pinKey: Uint8Array): Promise<OpenVault> {
  const { factors } = home;
  const answer = factors.length > 0 ? await heardKey(desk, factors) : undefined;
  try {
    const vault = openWith(home, pinKey, answer, desk.ports.random);
    return vault ?? refuse("vault.damaged", "what stands before the PIN was changed");
  } finally {
    wipe(answer?.secret);
  }
}

/** Written before there were seals: from the next writing on this machine is needed as well. */
async function sealNow(ports: Ports, vault: OpenVault, pin: Uint8Array): Promise<string> {
  const seal = ports.seals[0]!;
  // Such homes were only ever made beside a file: on a machine with a better seal somebody put one there.
  if (seal.kind !== "file") refuse("vault.unsealed");
  await vault.seal(pin, ports.stretch, seal, { ...vault.settings, wordsAfter: wordsAfter(pin) });
  return wordsFor(seal, halfOf(pin));
}

/** Names the whole wait, not what is left of it: the screen stands still, and a try too soon is not counted. */
function triesWords({ failures, damaged }: Tries, wipeAfter: number): Block[] {
  const delay = delayMs(failures);
  const wait = delay === 0 ? "" : ` Wait at least ${spokenDuration(delay)} between tries now.`;
  if (damaged) return [{ kind: "text", text: `The record of wrong PINs was damaged or taken away.${wait}` }];
  if (failures === 0) return [];
  const tries = failures === 1 ? "One try" : `${failures} tries`;
  // Also where the last of them were no PINs: words that were asked for, and power that went.
  const last = failures + 1 >= wipeAfter ? " The next wrong PIN wipes the keys." : "";
  return [{ kind: "text", text: `${tries} without the right PIN.${wait}${last}` }];
}

function frozenWords(tries: Tries, freezeS: number, nowMs: number): Block[] {
  if (tries.frozenMs === undefined) return [];
  const ms = frozenForMs(tries, freezeS, nowMs);
  const when =
    ms === 0 ? "the PIN opens it, with no wait left." : `it opens in ${spokenDuration(ms)} at the soonest.`;
  return [{ kind: "text", text: `Frozen: ${when}` }];
}
