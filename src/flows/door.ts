// From a locked device to an open vault: PIN, machine, and security key where one is enrolled. Every try is on the
// medium before anything is looked at, and a wrong one takes every step that a right one takes.

import { wipe } from "../bytes.ts";
import type { FactorAnswer, LockedHome, OpenVault, Tries } from "../keys/index.ts";
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
  thaw,
} from "../keys/index.ts";
import type { Block } from "../model.ts";
import { Refusal, refuse } from "../refusal.ts";
import { countdown } from "../screens/countdown.ts";
import { refused } from "../screens/notice.ts";
import { spokenDuration, utf8 } from "../text.ts";
import type { Desk } from "../ui.ts";
import { ask, wait } from "../ui.ts";
import { askSecurityKey } from "./factor.ts";
import { HOME, HOME_NAMES, type HomeName, storeOf } from "./homes.ts";
import { askPin, wordsFor } from "./pin.ts";
import { wipeDevice } from "./wipe.ts";

export type Homes = Readonly<Partial<Record<HomeName, LockedHome>>> & { readonly first: LockedHome };

export interface Opened {
  readonly name: HomeName;
  readonly vault: OpenVault;
  readonly failedTries: number;
}

export async function openDoor(desk: Desk, homes: Homes): Promise<Opened> {
  for (;;) {
    const attempt = await askAttempt(desk, homes.first);
    if (attempt === undefined) continue;
    try {
      return await check(desk, homes, attempt);
    } catch (problem) {
      if (!(problem instanceof Refusal) || problem.reason === "vault.wiped") throw problem;
      await ask(desk, refused(problem));
    } finally {
      wipe(attempt.pin);
    }
  }
}

interface Attempt {
  readonly pin: Uint8Array;
  /** Counted, this one included. */
  readonly tries: Tries;
}

/** The PIN, with its two words after the first half; the try counts from the moment at which they are asked for. */
async function askAttempt(desk: Desk, home: LockedHome): Promise<Attempt | undefined> {
  const { store, clock } = desk.ports;
  const { shuffled, wordsAfter } = home.settings;
  const before = await readTries(store, clock);
  const above = [...triesWords(before), ...frozenWords(before, home.settings.freezeS, clock.monotonicMs())];
  const seal = desk.ports.seals.find(({ kind }) => kind === home.sealKind);
  const halves = wordsAfter > 0 && seal !== undefined;
  try {
    const question = { title: "Unlock", above, shuffled };
    const half = await askPin(desk, halves ? { ...question, stopAt: wordsAfter } : question);
    const tries = await countTry(store, clock);
    if (!halves || half.length !== wordsAfter) return { pin: utf8(half), tries };
    const words = { kind: "fact", label: "Your words", value: await wordsFor(seal, half) } as const;
    const pin = await askPin(desk, { ...question, above: [words], start: half });
    return { pin: utf8(pin), tries };
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    await ask(desk, refused(problem));
    return undefined;
  }
}

async function check(desk: Desk, homes: Homes, { pin, tries }: Attempt): Promise<Opened> {
  const { store, random, seals, stretch } = desk.ports;
  const found = await wait(desk, "Checking the PIN", lookFor(desk, homes, pin));
  if (found === "wipe") return wiped(desk);
  if (found === undefined) return wrong(desk, homes.first, tries);
  const home = homes[found.name]!;
  let answer: FactorAnswer | undefined;
  try {
    answer = await answerOf(desk, homes.first, home).catch(async (problem: unknown) => {
      // The PIN was right: guesses at a security key's secret lead nowhere, and need no counting.
      if (problem instanceof Refusal) await clearTries(store);
      throw problem;
    });
    const vault = openWith(home, found.pinKey, answer, random);
    if (vault === undefined) return wrong(desk, homes.first, tries);
    await hold(desk, homes.first, tries);
    if (home.sealKind === "none")
      // Written before there were seals: from now on this machine is needed as well.
      await storeOf(store, found.name).replace(HOME, await vault.seal(pin, stretch, seals[0]!));
    await thaw(store, desk.ports.clock);
    await clearTries(store);
    return { name: found.name, vault, failedTries: tries.failures - 1 };
  } finally {
    wipe(found.pinKey, answer?.secret);
    for (const seal of seals) await seal.rest();
  }
}

interface Found {
  readonly name: HomeName;
  readonly pinKey: Uint8Array;
}

/** One stretch, and then every home is tried, also after one was found: a wrong PIN takes as long as a right one. */
async function lookFor(desk: Desk, homes: Homes, pin: Uint8Array): Promise<Found | "wipe" | undefined> {
  const { stretch, seals, random } = desk.ports;
  const { first } = homes;
  const stretched = await stretchPin(first, pin, stretch);
  let found: Found | undefined;
  try {
    const seal = seals.find(({ kind }) => kind === first.sealKind);
    const isWipe = seal !== undefined && (await isWipePin(first.wipe, first, stretched, seal));
    for (const name of HOME_NAMES) {
      const home = homes[name];
      const pinKey = home && (await pinKeyFor(home, stretched, seals));
      if (!home || !pinKey) continue;
      // A home without a seal answers any PIN with some key: only opening it tells.
      const vault = home.sealKind === "none" ? openWith(home, pinKey, undefined, random) : undefined;
      vault?.wipe();
      if (!found && (home.sealKind !== "none" || vault)) found = { name, pinKey };
      else wipe(pinKey);
    }
    return isWipe ? "wipe" : found;
  } finally {
    wipe(stretched);
  }
}

/**
 * The first home's security keys are asked for whichever home opens, so that a duress PIN looks like the other;
 * what they answer counts only where they are enrolled.
 */
async function answerOf(desk: Desk, first: LockedHome, home: LockedHome): Promise<FactorAnswer | undefined> {
  if (home.factors.length > 0) return askSecurityKey(desk, home.factors);
  if (first.factors.length > 0) wipe((await askSecurityKey(desk, first.factors)).secret);
  return undefined;
}

/** A right PIN still waits: for the end of a freeze, and for the countdown. */
async function hold(desk: Desk, first: LockedHome, tries: Tries): Promise<void> {
  const { store, clock } = desk.ports;
  const frozenMs = frozenForMs(tries, first.settings.freezeS, clock.monotonicMs());
  if (frozenMs > 0) {
    await clearTries(store);
    refuse("vault.frozen", `${spokenDuration(frozenMs)} to go`);
  }
  const { countdownS } = first.settings;
  if (countdownS > 0) await ask(desk, countdown(countdownS));
}

async function wrong(desk: Desk, { settings }: LockedHome, { failures, damaged }: Tries): Promise<never> {
  if (failures >= settings.wipeAfter && !damaged) return wiped(desk);
  const left = settings.wipeAfter - failures;
  return refuse(
    "vault.wrong-pin",
    damaged ? "" : `${left} more wrong ${left === 1 ? "PIN wipes" : "PINs wipe"} the keys`,
  );
}

async function wiped(desk: Desk): Promise<never> {
  await wait(desk, "Wiping", wipeDevice(desk.ports));
  return refuse("vault.wiped");
}

/** Names the whole wait, not what is left of it: the screen stands still, and a try too soon is not counted. */
function triesWords({ failures, damaged }: Tries): Block[] {
  const delay = delayMs(failures);
  const wait = delay === 0 ? "" : ` Wait at least ${spokenDuration(delay)} between tries now.`;
  if (damaged) return [{ kind: "text", text: `The record of wrong PINs was damaged or taken away.${wait}` }];
  if (failures === 0) return [];
  const times = failures === 1 ? "once" : `${failures} times`;
  return [{ kind: "text", text: `A wrong PIN was typed ${times}.${wait}` }];
}

function frozenWords(tries: Tries, freezeS: number, nowMs: number): Block[] {
  const ms = frozenForMs(tries, freezeS, nowMs);
  return ms === 0
    ? []
    : [{ kind: "text", text: `Frozen: it opens in ${spokenDuration(ms)} at the soonest.` }];
}
