// What the first start makes of a network, a PIN and a key, new or brought: one home, in one write. Then everything
// locks, because words were on the glass.

import { wipe } from "../bytes.ts";
import {
  COST_FLOOR,
  calibrate,
  clearTries,
  createVault,
  FIRST_SETTINGS,
  type KeptKey,
  packKeys,
} from "../keys/index.ts";
import type { Block, Network } from "../model.ts";
import { notice } from "../screens/notice.ts";
import type { Desk } from "../ui.ts";
import { ask, wait } from "../ui.ts";
import { wipeKeys } from "./backups/backup-read.ts";
import { isRehearsed } from "./backups/records.ts";
import { askKeyOrHome, type NewKey, recordOf } from "./entry/new-key.ts";
import { type Restored, restoredPolicy } from "./entry/restore.ts";
import { firstPolicyFlow } from "./first-policy.ts";
import type { HomeState } from "./state.ts";
import { bannerOf, stateSection, writeState } from "./state.ts";
import { NO_PARTS } from "./state-parts.ts";
import { HOME } from "./unlock/homes.ts";
import { halfOf, sealedBlocks, wordsAfter, wordsFor } from "./unlock/pin.ts";

/** The caller wipes the PIN. */
export async function firstHome(desk: Desk, network: Network, pin: Uint8Array): Promise<void> {
  const found = await askKeyOrHome(desk, network);
  try {
    const made = await ("state" in found ? homeAgain(desk, found) : newHome(desk, network, found));
    await save(desk, pin, made);
    await ask(desk, notice("Your keys are sealed", await sealedWords(desk, pin, made.state)));
  } finally {
    wipeKeys(keysIn(found));
  }
}

function keysIn(found: NewKey | Restored): readonly KeptKey[] {
  return "state" in found ? found.keys : [found];
}

interface Made {
  readonly keys: readonly KeptKey[];
  readonly state: Omit<HomeState, "counterBase" | "anchor">;
}

async function newHome(desk: Desk, network: Network, key: NewKey): Promise<Made> {
  const policy = await firstPolicyFlow(desk, network);
  const record = recordOf(key, "Key 1", desk.ports.clock.wallMs());
  const one = { network, policy, wallets: [], keys: [record], chosen: key.fingerprint, serial: 0 };
  const state = { ...NO_PARTS, ...one };
  return { keys: [key], state };
}

/** Network, names and wallets are the backup's. */
async function homeAgain(desk: Desk, { keys, state }: Restored): Promise<Made> {
  desk.banner = bannerOf(state.network, state.practice === true);
  const policy = await restoredPolicy(desk, state);
  return { keys, state: { ...NO_PARTS, ...state, policy, serial: 0 } };
}

async function sealedWords(desk: Desk, pin: Uint8Array, { network, keys }: Made["state"]): Promise<Block[]> {
  const seal = desk.ports.seals[0]!;
  const texts = [
    ...(network === "mainnet" && !keys.every(isRehearsed)
      ? ["Before this key signs on mainnet, rehearse its backup: Keys and backups."]
      : []),
    "Firn locks now and starts afresh, so that no word stays in memory.",
  ];
  return [
    ...texts.map((text) => ({ kind: "text", text }) as const),
    ...sealedBlocks(seal.kind, await wordsFor(seal, halfOf(pin))),
  ];
}

async function save(desk: Desk, pin: Uint8Array, made: Made): Promise<void> {
  const { stretch, random, store, clock, machine, seals } = desk.ports;
  const seal = seals[0]!;
  const cost =
    machine.stretchMs === undefined
      ? COST_FLOOR
      : await wait(desk, "Measuring this machine", calibrate(stretch, clock, machine.stretchMs));
  const settings = { ...FIRST_SETTINGS, wordsAfter: wordsAfter(pin) };
  const vault = await wait(desk, "Sealing", createVault({ pin, stretch, random, seal, settings, cost }));
  const keys = packKeys(made.keys);
  const counterBase = await seal.counter?.("first").value();
  const state: HomeState = {
    ...made.state,
    ...(counterBase === undefined ? {} : { counterBase }),
    ...(machine.practice ? { practice: true } : {}),
  };
  try {
    // A home without this record is one from which somebody took it.
    await clearTries(store);
    await store.replace(HOME, vault.write({ keys, [stateSection(state.network)]: writeState(state) }));
  } finally {
    wipe(keys);
    vault.wipe();
    await seal.rest();
  }
}
