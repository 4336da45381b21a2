// The Safes that a home keeps. One is never changed: another takes its place.

import type { Address } from "../../eip55.ts";
import { checkOwners, checkThreshold, findOwners } from "../../ethereum/index.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import type { Safe, SafeFacts } from "../../safe.ts";
import { shown } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { perform } from "../../ui.ts";
import { record } from "../policy/due.ts";
import { refuseNamed } from "../policy/named.ts";
import type { Session } from "../session.ts";

export function safesOf({ state }: Pick<Session, "state">): readonly Safe[] {
  return state.safes ?? [];
}

/** `replaces`: whose place it takes. Throws Refusal safe.*. */
export function checkSafe(session: Session, facts: SafeFacts, replaces?: Safe): void {
  checkOwners(facts.owners, facts.address);
  checkThreshold(facts);
  const { chainId, address } = facts;
  if (replaces && (replaces.chainId !== chainId || replaces.address !== address))
    refuse("safe.other-safe", `${address} on chain ${chainId}`);
  const others = safesOf(session).filter((safe) => safe !== replaces);
  const same = others.find((safe) => safe.chainId === chainId && safe.address === address);
  if (same) refuse("safe.known", `"${shown(same.name)}"`);
  if (others.length >= LIMITS.safes) refuse("safe.too-many", `${LIMITS.safes} are kept`);
}

/** What a person can mend while a name is typed. */
export function nameProblem(session: Session, name: string): string | undefined {
  const wanted = name.trim().toLowerCase();
  const names = [...safesOf(session), ...session.wallets].map((one) => one.name.trim().toLowerCase());
  if (wanted === "") return "A Safe needs a name.";
  if (/^(your|ethereum) /.test(wanted)) return "So Firn itself calls your accounts.";
  return names.includes(wanted) ? "A Safe or a wallet here is called so." : undefined;
}

/** One writing: never both, never neither. Throws Refusal bitcoin.wallet-named where a policy names the one that goes. */
export async function addSafe(session: Session, safe: Safe, replaces?: Safe): Promise<void> {
  checkSafe(session, safe, replaces);
  if (replaces) refuseNamed(session.state, [replaces]);
  const { name, fingerprint } = safe;
  const gone = replaces
    ? [{ kind: "safe-removed", name: replaces.name, fingerprint: replaces.fingerprint } as const]
    : [];
  const lines = [...gone, { kind: "safe-registered", name, fingerprint } as const];
  const all = safesOf(session);
  const safes = replaces ? all.map((one) => (one === replaces ? safe : one)) : [...all, safe];
  await record(session, lines, { ...session.state, safes });
}

export async function removeSafe(session: Session, safe: Safe): Promise<void> {
  refuseNamed(session.state, [safe]);
  const { name, fingerprint } = safe;
  const safes = safesOf(session).filter((one) => one !== safe);
  await record(session, [{ kind: "safe-removed", name, fingerprint }], { ...session.state, safes });
}

/** Which of these are accounts of the key in use. */
export function ownOf(
  desk: Desk,
  { keyring, curve }: Session,
  owners: readonly Address[],
): Promise<ReadonlyMap<Address, string>> {
  const work = findOwners(owners, LIMITS.safeSearched, (path) => keyring.account(path), curve);
  return perform(desk, "Looking for your accounts", work);
}
