// What is open between the PIN and the lock. Made by unlock, passed along, gone with the process.

import type { Party, Template, Wallet } from "../bitcoin/index.ts";
import {
  accountWallets,
  agreeOnKeys,
  checkBeside,
  compile,
  markOurs,
  nameKeys,
  readWallet,
} from "../bitcoin/index.ts";
import { wipe } from "../bytes.ts";
import type { Draft, Journal } from "../journal/index.ts";
import type { KeyRecord, Material } from "../keeping.ts";
import type { OpenVault } from "../keys/index.ts";
import { Keyring, unpackKeys, wipeMaterial } from "../keys/index.ts";
import { LIMITS } from "../limits.ts";
import type { Curve, Network } from "../model.ts";
import { policyFingerprint } from "../policy/index.ts";
import type { Counter, Store } from "../ports.ts";
import { Refusal, refuse } from "../refusal.ts";
import type { Now } from "../rules.ts";
import { refused } from "../screens/notice.ts";
import { utcDate } from "../text.ts";
import type { Desk } from "../ui.ts";
import { ask, Locked, wait } from "../ui.ts";
import type { HomeState, KeptWallet } from "./state.ts";
import { stateSection, writeState } from "./state.ts";
import { HOME, type HomeName } from "./unlock/homes.ts";

/** The key that answers, and what is signed with it. */
export interface OpenKey {
  keyring: Keyring;
  key: KeyRecord;
  /** It lives for this session alone: nothing of it is kept, and wallets registered for it are not either. */
  temporary: boolean;
  /** Own accounts first, then registered wallets. */
  wallets: Wallet[];
  templates: Template[];
}

export interface Session extends OpenKey {
  readonly home: HomeName;
  /** Of this home alone. */
  readonly store: Store;
  readonly network: Network;
  readonly vault: OpenVault;
  readonly journal: Journal;
  /** Signs and derives: libsecp256k1 where it may run. */
  readonly curve: Curve;
  /** Checks: noble. */
  readonly check: Curve;
  state: HomeState;
  /** Descriptors of others that the policy lists, compiled: see judging.ts. */
  parties?: { readonly key: string; readonly all: readonly Party[] };
}

export interface OpenParts {
  readonly desk: Desk;
  readonly network: Network;
  readonly vault: OpenVault;
  readonly curve: Curve;
  readonly check: Curve;
}

/** Time as windows and waits count it, and the date for people. */
export function nowOf({ journal, state }: Session): Now {
  const ms = journal.nowMs();
  return { ms, dateMs: ms + state.dateOffsetMs };
}

/** A time as Now.ms, as the date for people: "2026-03-01 12:00 UTC". */
export function dateOf({ state }: Pick<Session, "state">, ms: number): string {
  return utcDate(ms + state.dateOffsetMs);
}

/** What a journal begins with. */
export async function firstLines(journal: Journal, state: HomeState, key: string): Promise<void> {
  await journal.append({ kind: "setup", network: state.network, fingerprint: key });
  const { policy } = state;
  const fingerprint = policyFingerprint(policy);
  await journal.append({ kind: "policy", number: policy.number, fingerprint, how: "set-up" });
}

/** A key that the home keeps, with its wallets. */
export async function openKey(parts: OpenParts, state: HomeState, fingerprint: string): Promise<OpenKey> {
  const key = state.keys.find((known) => known.fingerprint === fingerprint);
  const packed = parts.vault.section("keys");
  const kept = unpackKeys(packed);
  try {
    const found = kept.find((one) => one.fingerprint === fingerprint);
    if (!key || !found) return refuse("vault.damaged", "the chosen key is not there");
    const keyring = await openKeyring(parts, found.material);
    if (keyring.fingerprint !== fingerprint)
      return refuse("vault.damaged", "a key is not the one that is named");
    const wallets = state.wallets.filter((wallet) => wallet.key === fingerprint);
    return { keyring, key, temporary: false, ...walletsOf(parts, keyring, wallets) };
  } finally {
    for (const { material } of kept) wipeMaterial(material);
    wipe(packed);
  }
}

export function openKeyring(
  { desk, network, curve, check }: OpenParts,
  material: Material,
): Promise<Keyring> {
  const { stretch, random } = desk.ports;
  return wait(desk, "Deriving keys", Keyring.open({ material, network, curve, check, stretch, random }));
}

export function walletsOf({ network, curve }: OpenParts, keyring: Keyring, kept: readonly KeptWallet[]) {
  const accounts = accountWallets(network, (path) => keyring.account(path));
  const registered = kept.map((wallet) => openWallet(wallet, network, keyring, curve));
  const wallets = [...accounts, ...registered];
  return { wallets, templates: wallets.map((wallet) => compile(wallet, curve)) };
}

/** A wallet as the state keeps it, read again by the very code that registered it. */
export function openWallet(
  kept: Pick<KeptWallet, "name" | "descriptor" | "cosigners">,
  network: Network,
  keyring: Keyring,
  curve: Curve,
): Wallet {
  const read = readWallet(kept.descriptor, network, curve, kept.name);
  const wallet = { ...read, keys: nameKeys(read.keys, kept.cosigners) };
  return markOurs(wallet, (fingerprint, path) =>
    fingerprint === keyring.fingerprint ? keyring.account(path) : undefined,
  );
}

/**
 * Seals the whole state anew, and with it whatever was changed in the vault, and replaces the home at once: old or
 * new, never neither. The journal then says which writing this was. With a `counter` the journal's lines are
 * counted by that one from here on.
 */
export async function keep(session: Session, state: HomeState, counter?: Counter): Promise<void> {
  const { journal, vault, store } = session;
  // Never two writings ahead of the journal: it would take the home for another one's.
  const { serial } = session.state;
  if (journal.serial() < serial) await journal.append({ kind: "kept", serial });
  const anchor = journal.head();
  const counted = counter && { counter, counterBase: (await counter.value()) - anchor.count };
  const base = counted ? { counterBase: counted.counterBase } : {};
  const kept = { ...state, ...base, anchor, serial: serial + 1 };
  await store.replace(HOME, vault.write({ [stateSection(state.network)]: writeState(kept) }));
  session.state = kept;
  if (counted) journal.countOn(counted.counter, counted.counterBase);
  await journal.append({ kind: "kept", serial: kept.serial });
}

/**
 * Keeps what was changed in the vault, and says so in the journal. Where that fails the vault in memory is another
 * than the home's: it is said, and all starts afresh.
 */
export async function keepLock(
  desk: Desk,
  session: Session,
  state: HomeState,
  line: Draft,
  counter?: Counter,
): Promise<void> {
  try {
    await keep(session, state, counter);
    await session.journal.append(line);
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    await ask(desk, refused(problem));
    throw new Locked("afresh");
  }
}

/** Registered wallets, of every key here unless these are said. */
export function keptWallets({ state, network, curve }: Session, kept = state.wallets): readonly Wallet[] {
  return kept.map(({ descriptor, name }) => readWallet(descriptor, network, curve, name));
}

/** `replaces`: whose place it takes; the same writing of the home says so of that one. */
export async function addWallet(session: Session, wallet: Wallet, replaces?: Wallet): Promise<void> {
  const template = compile(wallet, session.curve);
  agreeOnKeys(template);
  checkBeside(wallet, keptWallets(session));
  const { name, fingerprint } = wallet;
  const { state } = session;
  if (!session.temporary) {
    // Of all keys together: the state has no room for more.
    if (state.wallets.length >= LIMITS.wallets)
      refuse("bitcoin.wallets-full", `${LIMITS.wallets} are kept for the keys of this device`);
    await keep(session, { ...state, wallets: withWallet(session, wallet, replaces) });
  }
  // It is kept: the session knows it even where the journal takes no more lines.
  session.wallets.push(wallet);
  session.templates.push(template);
  await session.journal.append({ kind: "wallet-registered", name, fingerprint });
  if (replaces)
    await session.journal.append({
      ...{ kind: "wallet-replaced", name: replaces.name },
      ...{ fingerprint: replaces.fingerprint, by: fingerprint },
    });
}

function withWallet(session: Session, wallet: Wallet, replaces?: Wallet): readonly KeptWallet[] {
  const { name, descriptor, fingerprint } = wallet;
  const { wallets } = session.state;
  const old = replaces && wallets.find((kept) => isKeptAs(kept, session, replaces));
  const names = wallet.keys.map((one) => one.name ?? "");
  const added: KeptWallet = {
    ...{ name, descriptor, key: session.key.fingerprint, sinceMs: nowOf(session).ms },
    ...(names.some((one) => one !== "") ? { cosigners: names } : {}),
    ...(old ? { version: (old.version ?? 1) + 1 } : {}),
  };
  return [...wallets.map((kept) => (kept === old ? { ...kept, replacedBy: fingerprint } : kept)), added];
}

/** Registered by the owner, and so removable; the accounts of the device's own seed are always there. */
export function isRegistered(session: Session, wallet: Wallet): boolean {
  return session.state.wallets.some((kept) => isKeptAs(kept, session, wallet));
}

/** Another key here may have registered the same wallet: that one is its own. */
function isKeptAs(kept: KeptWallet, { key }: Session, { descriptor, name }: Wallet): boolean {
  return kept.key === key.fingerprint && kept.descriptor === descriptor && kept.name === name;
}

export async function removeWallet(session: Session, wallet: Wallet): Promise<void> {
  const { name, fingerprint } = wallet;
  const wallets = session.state.wallets.filter((kept) => !isKeptAs(kept, session, wallet));
  await keep(session, { ...session.state, wallets });
  const at = session.wallets.indexOf(wallet);
  session.wallets.splice(at, 1);
  session.templates.splice(at, 1);
  await session.journal.append({ kind: "wallet-removed", name, fingerprint });
}
