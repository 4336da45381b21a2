// A home comes back from its encrypted backup: keys with their names, wallets and limits. So it moves to another
// machine, or is sealed anew where a board was changed.

import { agreeOnKeys, compile } from "../../bitcoin/index.ts";
import type { KeyRecord, Material } from "../../keeping.ts";
import { type KeptKey, Keyring, loadCurve, nobleCurve, wipeMaterial } from "../../keys/index.ts";
import type { Curve, Network } from "../../model.ts";
import { sentences } from "../../policy/index.ts";
import { Refusal, refuse } from "../../refusal.ts";
import type { Policy } from "../../rules.ts";
import { menu } from "../../screens/menu.ts";
import { question } from "../../screens/notice.ts";
import type { Sheet } from "../../screens/pages.ts";
import { shown } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask, wait } from "../../ui.ts";
import { askBackup, dateOf, type OpenedBackup, wipeKeys } from "../backups/backup-read.ts";
import { withBackup } from "../backups/records.ts";
import { firstPolicyFlow } from "../first-policy.ts";
import { lineBlocks } from "../policy/read.ts";
import { openWallet } from "../session.ts";
import type { HomeState, KeptWallet } from "../state.ts";
import type { Brought } from "./brought.ts";

/** What a home is made of again. The caller wipes the keys: wipeKeys. */
export interface Restored {
  readonly keys: readonly KeptKey[];
  /** Without what ties a state to its journal and its machine. */
  readonly state: Pick<
    HomeState,
    "network" | "policy" | "wallets" | "keys" | "chosen" | "practice" | "safes"
  >;
}

/** `network`: as was chosen before; the backup's own is what counts. Throws Refusal backup.*, keys.practice. */
export async function restore(desk: Desk, network: Network): Promise<Restored | "back"> {
  const backup = await askBackup(desk);
  if (backup === "back") return "back";
  let taken = false;
  try {
    const { wallets, leftOut } = await wait(desk, "Deriving keys", checked(desk, backup));
    const sheets = restoredSheets(backup, wallets, leftOut, network);
    taken = (await ask(desk, question(sheets, "take all of it", "leave"))) === "yes";
    return taken ? restored(desk, backup, wallets) : "back";
  } finally {
    if (!taken) wipeKeys(backup.keys);
  }
}

/** The limits of the backup, or others. */
export async function restoredPolicy(desk: Desk, { policy, network }: Restored["state"]): Promise<Policy> {
  const blocks = lineBlocks(desk, sentences(policy));
  const answer = await ask(
    desk,
    question([{ title: "The limits of the backup", blocks }], "take these limits", "others"),
  );
  return answer === "yes" ? policy : firstPolicyFlow(desk, network);
}

// ---------------------------------------------------------------- checked

interface Checked {
  readonly wallets: readonly KeptWallet[];
  /** Names of wallets that this version does not read. */
  readonly leftOut: readonly string[];
}

/** Every key is the one that is named, and every wallet is read as at its registration. */
async function checked(desk: Desk, { keys, state }: OpenedBackup): Promise<Checked> {
  const { network } = state;
  const practice = desk.ports.machine.practice || state.practice === true;
  if (network === "mainnet" && practice) refuse("keys.practice");
  const named = (fingerprint: string) => state.keys.some((record) => record.fingerprint === fingerprint);
  const all = keys.length === state.keys.length && keys.every(({ fingerprint }) => named(fingerprint));
  if (keys.length === 0 || !all || !named(state.chosen)) refuse("backup.damaged", "it lacks a key");
  const curve = await loadCurve();
  const { stretch } = desk.ports;
  const read = new Set<KeptWallet>();
  for (const { fingerprint, material } of keys) {
    const keyring = await Keyring.open({ material, network, curve, check: nobleCurve(), stretch });
    try {
      if (keyring.fingerprint !== fingerprint) refuse("backup.damaged", "a key is not the one that is named");
      for (const wallet of state.wallets)
        if (wallet.key === fingerprint && isRead(wallet, network, keyring, curve)) read.add(wallet);
    } finally {
      keyring.wipe();
    }
  }
  const leftOut = state.wallets.filter((wallet) => !read.has(wallet)).map(({ name }) => name);
  return { wallets: state.wallets.filter((wallet) => read.has(wallet)), leftOut };
}

function isRead(wallet: KeptWallet, network: Network, keyring: Keyring, curve: Curve): boolean {
  try {
    agreeOnKeys(compile(openWallet(wallet, network, keyring, curve), curve));
    return true;
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    return false;
  }
}

function restoredSheets(
  { madeMs, state }: OpenedBackup,
  wallets: readonly KeptWallet[],
  leftOut: readonly string[],
  chosen: Network,
): Sheet[] {
  const { keys, network, safes = [] } = state;
  const other = `You chose ${chosen} before. This backup, and so the home, is of ${network}.`;
  const list = (label: string, names: readonly string[]) =>
    names.length === 0
      ? []
      : [{ kind: "fact", label, value: names.map((name) => shown(name)).join("\n") } as const];
  return [
    {
      title: "What is in the backup",
      tone: network === chosen && leftOut.length === 0 ? "calm" : "caution",
      blocks: [
        ...(network === chosen ? [] : [{ kind: "text", text: other } as const]),
        { kind: "fact", label: "Made", value: dateOf(madeMs) },
        { kind: "fact", label: "Network", value: network },
        ...list(
          "Keys",
          keys.map(({ name, fingerprint }) => `${name} (${fingerprint})`),
        ),
        ...list(
          "Registered wallets",
          wallets.map(({ name }) => name),
        ),
        ...list(
          "Registered Safes",
          safes.map(({ name }) => name),
        ),
        ...list("Wallets that this version does not read: left out", leftOut),
      ],
    },
  ];
}

/** Whoever restored from it has shown that it can be read: of every key in it. */
function restored(
  desk: Desk,
  { keys, state, madeMs }: OpenedBackup,
  wallets: readonly KeptWallet[],
): Restored {
  const rehearsedMs = desk.ports.clock.wallMs();
  const { network, policy, chosen, safes } = state;
  const practice = desk.ports.machine.practice || state.practice === true;
  const records = state.keys.map(
    (record): KeyRecord => withBackup(record, { form: "backup", madeMs, rehearsedMs }),
  );
  return {
    keys,
    state: {
      ...{ network, policy, wallets, keys: records, chosen, ...(practice ? { practice } : {}) },
      ...(safes ? { safes } : {}),
    },
  };
}

// ---------------------------------------------------------------- one of its keys

/** For a home that has keys of its own: one key is taken, without wallets and limits. */
export async function bringFromBackup(desk: Desk): Promise<Brought | "back"> {
  const backup = await askBackup(desk);
  if (backup === "back") return "back";
  const items = backup.state.keys.map(({ name, fingerprint }) => ({
    label: `${shown(name)} (${fingerprint})`,
    answer: { fingerprint },
  }));
  const back = { label: "back", answer: "back" } as const;
  const title = "Which of its keys";
  const picked = await ask(desk, menu<{ readonly fingerprint: string } | "back">({ title, items, back }));
  const own =
    picked === "back" ? undefined : backup.keys.find(({ fingerprint }) => fingerprint === picked.fingerprint);
  wipeKeys(backup.keys.filter((key) => key !== own));
  if (picked === "back") return "back";
  const { material } = own ?? refuse("backup.damaged", "it lacks a key");
  return {
    origin: "entered",
    from: "backup",
    ...(backup.state.practice ? { practice: true } : {}),
    material: async () => copyOf(material),
    wipe: () => wipeMaterial(material),
  };
}

function copyOf(material: Material): Material {
  if (material.kind === "seed") return { kind: "seed", seed: material.seed.slice() };
  const { entropy, passphrase } = material;
  return { kind: "words", entropy: entropy.slice(), passphrase: passphrase.slice() };
}
