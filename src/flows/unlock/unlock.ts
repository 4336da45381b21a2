// From an open vault to a session: state, key, wallets, journal. What is wrong here is said, and all starts afresh.

import { wipe } from "../../bytes.ts";
import type { Journal } from "../../journal/index.ts";
import { openJournal } from "../../journal/index.ts";
import type { KeptKey, OpenVault } from "../../keys/index.ts";
import {
  Keyring,
  loadCurve,
  nobleCurve,
  packKeys,
  toldTries,
  unpackKeys,
  wipeMaterial,
} from "../../keys/index.ts";
import { Refusal } from "../../refusal.ts";
import { notice, refused } from "../../screens/notice.ts";
import type { Desk } from "../../ui.ts";
import { ask, Locked, wait } from "../../ui.ts";
import { thawInto } from "../emergency/freeze.ts";
import { openOrResume } from "../journal/damaged.ts";
import { applyDue, showPending } from "../policy/pending.ts";
import type { Session } from "../session.ts";
import { firstLines, keep, openKey } from "../session.ts";
import type { HomeState } from "../state.ts";
import { bannerOf, networkOf, readState, stateSection } from "../state.ts";
import { stickFor } from "../stick.ts";
import type { Opened } from "./door.ts";
import { type HomeName, storeOf } from "./homes.ts";
import { counterOf, sealOf } from "./machine.ts";
import { sealedBlocks } from "./pin.ts";

export async function unlock(desk: Desk, opened: Opened): Promise<Session> {
  try {
    const session = await openSession(desk, opened);
    const counter = counterOf(desk.ports, session.vault.sealKind, session.home);
    // From here on a journal that is shorter than this is known to be cut.
    await keep(session, session.state, session.state.counterBase === undefined ? counter : undefined);
    desk.guarded = true;
    desk.stick = stickFor(desk, session.state);
    if (opened.words !== undefined) await tellSealed(desk, session, opened.words);
    // Also what is due is shown once more before it holds: cancelling it is never too late.
    await showPending(desk, session);
    await applyDue(desk, session);
    return session;
  } catch (problem) {
    opened.vault.wipe();
    if (!(problem instanceof Refusal)) throw problem;
    // Keys were in memory already: what is wrong is said, and then everything starts afresh.
    await ask(desk, refused(problem));
    throw new Locked("asked");
  }
}

/** A home that no machine had sealed is sealed from now on, and the machine can be known by its words. */
async function tellSealed(desk: Desk, { vault, journal }: Session, words: string): Promise<void> {
  await journal.append({ kind: "lock-changed", what: "seal" });
  const { kind } = sealOf(desk.ports, vault.sealKind)!;
  await ask(desk, notice("Your keys are sealed", sealedBlocks(kind, words)));
}

async function openSession(desk: Desk, { name, vault, failedTries, frozen }: Opened): Promise<Session> {
  const network = networkOf(vault.names());
  const state = await withRecords(desk, vault, readState(vault.section(stateSection(network))));
  if (state.network !== network) throw new Refusal("vault.damaged", "the state is another network's");
  const practice = desk.ports.machine.practice || state.practice === true;
  if (network === "mainnet" && practice) throw new Refusal("keys.practice");
  desk.banner = bannerOf(network, practice);
  const curve = await loadCurve();
  const check = nobleCurve();
  const open = { desk, network, vault, curve, check };
  const key = await openKey(open, state, state.chosen);
  const journal = await openHomeJournal(desk, name, vault, state);
  checkSerial(journal, state);
  if (journal.head().count === 0) await firstLines(journal, state, key.keyring.fingerprint);
  const store = storeOf(desk.ports.store, name);
  const session = { home: name, store, network, vault, journal, curve, check, state, ...key };
  await thawInto(desk, session, frozen);
  await journal.append({ kind: "unlocked", failedTries });
  await toldTries(desk.ports.store, desk.ports.clock);
  return session;
}

async function openHomeJournal(
  desk: Desk,
  name: HomeName,
  vault: OpenVault,
  state: HomeState,
): Promise<Journal> {
  const { anchor, counterBase } = state;
  const { store, random, clock } = desk.ports;
  const key = vault.derive("journal");
  const signing = vault.derive("journal-signing");
  const counter = counterOf(desk.ports, vault.sealKind, name);
  try {
    const parts = {
      ...{ store: storeOf(store, name), key, signing, random, clock },
      ...(anchor ? { anchor } : {}),
      ...(counter && counterBase !== undefined ? { counter, counterBase } : {}),
    };
    const journal = await openOrResume(desk, () => openJournal(parts), parts, state);
    clock.reached?.(journal.newestMs());
    return journal;
  } finally {
    wipe(key, signing);
  }
}

/** A home that is older than its journal was put back alone. One writing may lack its line: a cut took it. */
function checkSerial(journal: Journal, { serial }: HomeState): void {
  const known = journal.serial();
  if (serial !== known && serial !== known + 1)
    throw new Refusal(
      "journal.rewound",
      `the home was written ${serial} times, the journal knows of ${known}`,
    );
}

/**
 * A home of the first version knew its one key by no fingerprint and nothing of its backups. Both ride on the next
 * writing of the home, the first of this session.
 */
async function withRecords(desk: Desk, vault: OpenVault, state: HomeState): Promise<HomeState> {
  if (state.keys.length > 0) return state;
  let packed = vault.section("keys");
  const kept = unpackKeys(packed);
  try {
    const fingerprint = await fingerprintOf(desk, kept[0]!, state);
    wipe(packed);
    packed = packKeys([{ ...kept[0]!, fingerprint }]);
    vault.write({ keys: packed });
    const record = { fingerprint, name: "Key 1", madeMs: 0, origin: "entered", backups: [] } as const;
    const wallets = state.wallets.map((wallet) => ({ ...wallet, key: fingerprint }));
    return { ...state, wallets, keys: [record], chosen: fingerprint };
  } finally {
    for (const { material } of kept) wipeMaterial(material);
    wipe(packed);
  }
}

async function fingerprintOf(desk: Desk, { material }: KeptKey, { network }: HomeState): Promise<string> {
  const curve = await loadCurve();
  const { stretch } = desk.ports;
  const keyring = await wait(desk, "Deriving keys", Keyring.open({ material, network, curve, stretch }));
  keyring.wipe();
  return keyring.fingerprint;
}
