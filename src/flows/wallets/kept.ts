// What the sealed state knows of a wallet, and how that changes. What a wallet is never changes.

import type { Wallet } from "../../bitcoin/index.ts";
import type { Draft } from "../../journal/index.ts";
import { refuse } from "../../refusal.ts";
import type { LifeFacts } from "../../screens/wallet-life.ts";
import { keyNames } from "../../screens/ways.ts";
import { shown } from "../../text.ts";
import { record } from "../policy/due.ts";
import type { Session } from "../session.ts";
import type { KeptWallet } from "../state-wallets.ts";

/** Undefined for an account of this device's own, and for what lives for this session alone. */
export function keptOf(
  { state, key }: Pick<Session, "state" | "key">,
  wallet: Wallet,
): KeptWallet | undefined {
  return state.wallets.find((kept) => kept.key === key.fingerprint && kept.descriptor === wallet.descriptor);
}

/** Lines first, then the home: nothing holds that no line speaks of. Does nothing where nothing is kept. */
export async function changeKept(
  session: Session,
  wallet: Wallet,
  change: Partial<KeptWallet>,
  lines: readonly Draft[] = [],
): Promise<void> {
  const kept = keptOf(session, wallet);
  if (!kept) return;
  const { state } = session;
  const wallets = state.wallets.map((one) => (one === kept ? { ...one, ...change } : one));
  await record(session, lines, { ...state, wallets });
}

/** Of two that are registered: one writing says it of both. */
export async function putInPlace(session: Session, old: Wallet, fresh: Wallet): Promise<void> {
  const [before, after] = [keptOf(session, old), keptOf(session, fresh)];
  if (!before || !after) return;
  const { name, fingerprint } = old;
  const line = { kind: "wallet-replaced", name, fingerprint, by: fresh.fingerprint } as const;
  const version = Math.max(after.version ?? 1, (before.version ?? 1) + 1);
  const { state } = session;
  const wallets = state.wallets.map((one) =>
    one === before ? { ...one, replacedBy: fresh.fingerprint } : one === after ? { ...one, version } : one,
  );
  await record(session, [line], { ...state, wallets });
}

/** Places of the keys that somebody holds. */
export function heldKeys({ keys }: Wallet): readonly number[] {
  return [...keys.keys()].filter((place) => !keys[place]!.nobodys);
}

export function lifeFacts(wallet: Wallet): LifeFacts {
  return { name: wallet.name, ways: wallet.ways, held: heldKeys(wallet), nameOf: keyNames(wallet.keys) };
}

/** "Anna, 3f635a63"; "key 3f635a63" where nobody said who holds it. */
export function holderLabel({ keys }: Wallet, place: number): string {
  const { fingerprint } = keys[place]!;
  const name = keyNames(keys)(place);
  return name.includes(fingerprint) ? name : `${name}, ${fingerprint}`;
}

/** Whether others hold keys of it. */
export function hasCosigners(_session: unknown, wallet: Wallet): boolean {
  return heldKeys(wallet).some((place) => !wallet.keys[place]!.ours);
}

/** Throws Refusal wallet.successor-removed-first: without it the sweep of the other could not be told from a payment. */
export function refuseLedTo({ state }: Pick<Session, "state">, wallet: Wallet): void {
  const old = state.wallets.find(({ replacedBy }) => replacedBy === wallet.fingerprint);
  if (old) refuse("wallet.successor-removed-first", shown(old.name));
}

/** Fingerprints of wallets that were replaced, and of those that take their places. */
export function successorsIn(session: Session): ReadonlyMap<string, string> {
  return new Map(
    session.wallets.flatMap((wallet) => {
      const by = keptOf(session, wallet)?.replacedBy;
      return by === undefined ? [] : [[wallet.fingerprint, by] as const];
    }),
  );
}

/** Another wallet took its place: it is kept for watching. */
export function isReplaced(session: Session, wallet: Wallet): boolean {
  return keptOf(session, wallet)?.replacedBy !== undefined;
}
