// The first start: network, PIN, words, passphrase, first policy. Nothing is in the home until all of it
// is known; then one write makes the home, and everything locks, because words were on the glass.

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
import { NETWORKS } from "../model.ts";
import { Refusal } from "../refusal.ts";
import { menu } from "../screens/menu.ts";
import { notice, question, refused } from "../screens/notice.ts";
import type { Desk } from "../ui.ts";
import { ask, wait } from "../ui.ts";
import { wipeKeys } from "./backups/backup-read.ts";
import { isRehearsed } from "./backups/records.ts";
import { askKeyOrHome, type NewKey, recordOf } from "./entry/new-key.ts";
import { type Restored, restoredPolicy } from "./entry/restore.ts";
import { firstPolicyFlow } from "./first-policy.ts";
import type { HomeState } from "./state.ts";
import { stateSection, writeState } from "./state.ts";
import { hasMachineMenu, lookAtMachine, machineBlocks, machineMenu } from "./this-machine.ts";
import { HOME } from "./unlock/homes.ts";
import { ownSeal } from "./unlock/own-seal.ts";
import { askNewPin, halfOf, sealedBlocks, wordsAfter, wordsFor } from "./unlock/pin.ts";

export async function setup(desk: Desk): Promise<void> {
  await welcome(desk);
  await ownSeal(desk);
  const { network, pin } = await askNetworkAndPin(desk);
  let found: NewKey | Restored | undefined;
  try {
    await lookAtMachine(desk);
    found = await askKeyOrHome(desk, network);
    const made = await ("state" in found ? homeAgain(desk, found) : firstHome(desk, network, found));
    await save(desk, pin, made);
    await ask(desk, notice("Your keys are sealed", await sealedWords(desk, pin, made.state)));
  } finally {
    wipe(pin);
    if (found) wipeKeys(keysIn(found));
  }
}

async function welcome(desk: Desk): Promise<void> {
  const blocks = [...machineBlocks(desk), ...WELCOME];
  if (!hasMachineMenu(desk)) {
    await ask(desk, notice("Welcome to Firn", blocks));
    return;
  }
  while ((await ask(desk, question([{ title: "Welcome to Firn", blocks }], "go on", "machine"))) === "no")
    await machineMenu(desk);
}

function keysIn(found: NewKey | Restored): readonly KeptKey[] {
  return "state" in found ? found.keys : [found];
}

interface Made {
  readonly keys: readonly KeptKey[];
  readonly state: Omit<HomeState, "counterBase" | "anchor">;
}

async function firstHome(desk: Desk, network: Network, key: NewKey): Promise<Made> {
  const policy = await firstPolicyFlow(desk, network);
  const record = recordOf(key, "Key 1", desk.ports.clock.wallMs());
  const state = { network, policy, wallets: [], keys: [record], chosen: key.fingerprint, serial: 0 };
  return { keys: [key], state };
}

/** Network, names and wallets are the backup's. */
async function homeAgain(desk: Desk, { keys, state }: Restored): Promise<Made> {
  desk.banner = bannerOf(state.network, state.practice === true);
  const policy = await restoredPolicy(desk, state);
  return { keys, state: { ...state, policy, serial: 0 } };
}

async function askNetworkAndPin(desk: Desk): Promise<{ network: Network; pin: Uint8Array }> {
  const bare = desk.banner;
  let before = desk.ports.machine.network ?? "mainnet";
  for (;;) {
    const network = await askNetwork(desk, before);
    desk.banner = bannerOf(network, desk.ports.machine.practice);
    const pin = await askNewPin(desk);
    if (pin !== "back") return { network, pin };
    desk.banner = bare;
    before = network;
  }
}

const WELCOME = [
  { kind: "text", text: "This device signs transactions and never touches a network." },
  { kind: "text", text: "Set it up once: network, PIN, words, limits. It takes a few minutes." },
] as const;

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

const NETWORK_LABELS: Record<Network, string> = {
  mainnet: "mainnet (real money)",
  testnet3: "testnet3 (practice)",
  testnet4: "testnet4 (practice)",
  signet: "signet (practice)",
  regtest: "regtest (practice)",
};

export function bannerOf(network: Network, practice: boolean): string | undefined {
  const parts = [
    ...(network === "mainnet" ? [] : [network.toUpperCase()]),
    ...(practice ? ["PRACTICE KEYS"] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(", ");
}

async function askNetwork(desk: Desk, before: Network): Promise<Network> {
  const { machine } = desk.ports;
  for (;;) {
    const network = await ask(
      desk,
      menu<Network>(
        {
          title: "Network",
          items: NETWORKS.map((answer) => ({ label: NETWORK_LABELS[answer], answer })),
        },
        NETWORKS.indexOf(before),
      ),
    );
    if (!(network === "mainnet" && machine.practice)) return network;
    await ask(desk, refused(new Refusal("keys.practice")));
  }
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
