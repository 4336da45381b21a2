// From the PIN to a session. A try is in the home before the PIN is looked at.

import { accountWallets, compile } from "../bitcoin/index.ts";
import { wipe } from "../bytes.ts";
import type { Journal } from "../journal/index.ts";
import { openJournal } from "../journal/index.ts";
import type { OpenVault, Tries } from "../keys/index.ts";
import {
  clearTries,
  countTry,
  delayMs,
  Keyring,
  loadCurve,
  nobleCurve,
  openVault,
  readTries,
  unpackKeys,
} from "../keys/index.ts";
import type { Block, Curve, Network } from "../model.ts";
import { policyFingerprint } from "../policy/index.ts";
import { Refusal } from "../refusal.ts";
import { refused } from "../screens/notice.ts";
import type { Desk } from "../ui.ts";
import { ask, Locked, wait } from "../ui.ts";
import { askPin } from "./pin.ts";
import type { Session } from "./session.ts";
import { keep, openWallet } from "./session.ts";
import { bannerOf } from "./setup.ts";
import type { HomeState } from "./state.ts";
import { networkOf, readState, stateSection } from "./state.ts";

export async function unlock(desk: Desk, bytes: Uint8Array): Promise<Session> {
  const { vault, failedTries } = await openWithPin(desk, bytes);
  try {
    const session = await openSession(desk, vault, failedTries);
    // From here on a journal that is shorter than this is known to be cut.
    await keep(desk, session, session.state);
    desk.guarded = true;
    return session;
  } catch (problem) {
    vault.wipe();
    if (!(problem instanceof Refusal)) throw problem;
    // Keys were in memory already: what is wrong is said, and then everything starts afresh.
    await ask(desk, refused(problem));
    throw new Locked("asked");
  }
}

interface Opened {
  readonly vault: OpenVault;
  readonly failedTries: number;
}

async function openWithPin(desk: Desk, bytes: Uint8Array): Promise<Opened> {
  const { store, clock, stretch, random } = desk.ports;
  for (;;) {
    const pin = await askPin(desk, triesWords(await readTries(store, clock)));
    try {
      const { failures } = await countTry(store, clock);
      const vault = await wait(desk, "Checking the PIN", openVault(bytes, pin, stretch, random));
      await clearTries(store);
      return { vault, failedTries: failures - 1 };
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem;
      await ask(desk, refused(problem));
    } finally {
      wipe(pin);
    }
  }
}

/** Names the whole wait, not what is left of it: the screen stands still, and a try too soon is not counted. */
function triesWords({ failures }: Tries): Block[] {
  if (failures === 0) return [];
  const times = failures === 1 ? "once" : `${failures} times`;
  const delay = delayMs(failures);
  const wait = delay === 0 ? "" : ` Wait at least ${duration(delay)} between tries now.`;
  return [{ kind: "text", text: `A wrong PIN was typed ${times}.${wait}` }];
}

function duration(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 1) return `${ms / 1000} seconds`;
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}

async function openSession(desk: Desk, vault: OpenVault, failedTries: number): Promise<Session> {
  const network = networkOf(vault.names());
  const state = readState(vault.section(stateSection(network)));
  if (state.network !== network) throw new Refusal("vault.damaged", "the state is another network's");
  const practice = desk.ports.machine.practice || state.practice === true;
  if (network === "mainnet" && practice) throw new Refusal("keys.practice");
  desk.banner = bannerOf(network, practice);
  const { store, random, clock } = desk.ports;
  const curve = await loadCurve();
  const check = nobleCurve();
  const keyring = await openKeyring(desk, vault, state.network, curve, check);
  const accounts = accountWallets(state.network, (path) => keyring.account(path));
  const registered = state.wallets.map((kept) => openWallet(kept, state.network, keyring, curve));
  const wallets = [...accounts, ...registered];
  const journalKey = vault.derive("journal");
  const journal = await openJournal({ store, key: journalKey, random, clock, anchor: state.anchor });
  wipe(journalKey);
  if (journal.head().count === 0) await firstLines(journal, state, keyring.fingerprint);
  await journal.append({ kind: "unlocked", failedTries });
  const templates = wallets.map((wallet) => compile(wallet, curve));
  return {
    network: state.network,
    policy: state.policy,
    vault,
    keyring,
    journal,
    curve,
    check,
    wallets,
    templates,
    state,
  };
}

async function firstLines(journal: Journal, state: HomeState, fingerprint: string): Promise<void> {
  await journal.append({ kind: "setup", network: state.network, fingerprint });
  await journal.append({ kind: "policy-set", fingerprint: policyFingerprint(state.policy) });
}

async function openKeyring(desk: Desk, vault: OpenVault, network: Network, curve: Curve, check: Curve) {
  const packed = vault.section("keys");
  const { entropy, passphrase } = unpackKeys(packed);
  try {
    const { stretch } = desk.ports;
    return await wait(
      desk,
      "Deriving keys",
      Keyring.open({ entropy, passphrase, network, curve, check, stretch }),
    );
  } finally {
    wipe(packed, entropy, passphrase);
  }
}
