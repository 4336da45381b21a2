// The first start: network, PIN, words, passphrase, first policy. Nothing is in the home until all of it
// is known; then one write makes the home, and everything locks, because words were on the glass.

import { accountWallets, agreeOnKeys, compile } from "../bitcoin/index.ts";
import { wipe } from "../bytes.ts";
import { createVault, Keyring, loadCurve, nobleCurve, packKeys } from "../keys/index.ts";
import type { Network } from "../model.ts";
import { NETWORKS } from "../model.ts";
import { Refusal } from "../refusal.ts";
import { menu } from "../screens/menu.ts";
import { notice, question, refused } from "../screens/notice.ts";
import type { Desk } from "../ui.ts";
import { ask, wait } from "../ui.ts";
import { firstPolicyFlow } from "./first-policy.ts";
import { askNewPin } from "./pin.ts";
import { HOME } from "./session.ts";
import type { HomeState } from "./state.ts";
import { stateSection, writeState } from "./state.ts";
import { askPassphrase, askWords } from "./words.ts";

export async function setup(desk: Desk): Promise<void> {
  await ask(desk, notice("Welcome to Firn", WELCOME));
  const { network, pin } = await askNetworkAndPin(desk);
  let secret: Secret | undefined;
  try {
    secret = await askSecret(desk, network);
    const policy = await firstPolicyFlow(desk, network);
    const marked = desk.ports.machine.practice ? { practice: true } : {};
    await save(desk, pin, secret, { network, policy, wallets: [], ...marked });
    await ask(desk, notice("Your keys are sealed", SEALED));
  } finally {
    wipe(pin, secret?.entropy, secret?.passphrase);
  }
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

interface Secret {
  readonly entropy: Uint8Array;
  readonly passphrase: Uint8Array;
}

/** Words and passphrase, asked for until their key's fingerprint is the one that the person expects. */
async function askSecret(desk: Desk, network: Network): Promise<Secret> {
  for (;;) {
    const { entropy } = await askWords(desk);
    let passphrase: Uint8Array | undefined;
    let kept = false;
    try {
      passphrase = await askPassphrase(desk);
      kept = await compareFingerprint(desk, { entropy, passphrase }, network);
      if (kept) return { entropy, passphrase };
    } finally {
      if (!kept) wipe(entropy, passphrase);
    }
  }
}

const WELCOME = [
  { kind: "text", text: "This device signs transactions and never touches a network." },
  { kind: "text", text: "Set it up once: network, PIN, words, limits. It takes a few minutes." },
] as const;

const SEALED = [
  { kind: "text", text: "Firn locks now and starts afresh, so that no word stays in memory." },
  { kind: "text", text: "Type your PIN to begin." },
] as const;

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

/** The one thing by which people recognise a passphrase that was mistyped. */
async function compareFingerprint(
  desk: Desk,
  { entropy, passphrase }: Secret,
  network: Network,
): Promise<boolean> {
  const { stretch } = desk.ports;
  const curve = await loadCurve();
  const keyring = await wait(
    desk,
    "Deriving keys",
    Keyring.open({ entropy, passphrase, network, curve, check: nobleCurve(), stretch }),
  );
  try {
    const accounts = accountWallets(network, (path) => keyring.account(path));
    for (const account of accounts) agreeOnKeys(compile(account, curve));
    const answer = await ask(
      desk,
      question(
        [
          {
            title: "Your key",
            blocks: [
              { kind: "fact", label: "Fingerprint", value: keyring.fingerprint },
              { kind: "fact", label: "Accounts", value: accounts.map((account) => account.name).join("\n") },
              {
                kind: "text",
                text: "If these words made another key before, the fingerprint must be the same.",
              },
            ],
          },
        ],
        "go on",
        "other words",
      ),
    );
    return answer === "yes";
  } finally {
    keyring.wipe();
  }
}

async function save(desk: Desk, pin: Uint8Array, secret: Secret, state: HomeState): Promise<void> {
  const { stretch, random, store } = desk.ports;
  const vault = await wait(desk, "Sealing", createVault({ pin, stretch, random }));
  const keys = packKeys(secret);
  try {
    await store.replace(HOME, vault.write({ keys, [stateSection(state.network)]: writeState(state) }));
  } finally {
    wipe(keys);
    vault.wipe();
  }
}
