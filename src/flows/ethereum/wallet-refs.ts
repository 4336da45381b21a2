// Own accounts of Ethereum and registered Safes, as policies name what is spent from.

import { type Account, accountFingerprint, LAYOUTS, nameOfAccount } from "../../ethereum/index.ts";
import type { WalletRef } from "../../rules.ts";
import type { Session } from "../session.ts";
import { accountOf } from "./own.ts";

/** Offered where a wallet is chosen; a policy's text may name any. */
const OFFERED = 3;

export function ethereumWallets(session: Session): readonly WalletRef[] {
  const accounts = Array.from({ length: OFFERED }, (_, index) =>
    refOf(session, { layout: "standard", index }),
  );
  return [...accounts, ...safesOf(session)];
}

/** Those of these that are accounts of the key that answers, or Safes: derived, and compared. */
export function knownEthereum(session: Session, named: readonly WalletRef[]): readonly WalletRef[] {
  const accounts = named.flatMap(({ name }) => {
    const account = accountCalled(name);
    return account ? [refOf(session, account)] : [];
  });
  return [...accounts, ...safesOf(session)];
}

function safesOf({ state }: Session): readonly WalletRef[] {
  return (state.safes ?? []).map(({ name, fingerprint }) => ({ name, fingerprint }));
}

function refOf(session: Session, account: Account): WalletRef {
  const { address } = accountOf(session, account);
  return { name: nameInPolicy(account), fingerprint: accountFingerprint(address) };
}

function nameInPolicy(account: Account): string {
  return `Ethereum ${nameOfAccount(account)}`;
}

function accountCalled(name: string): Account | undefined {
  const index = Number(/ (0|[1-9]\d{0,8})$/.exec(name)?.[1] ?? Number.NaN);
  if (!Number.isSafeInteger(index)) return undefined;
  return LAYOUTS.map((layout) => ({ layout, index })).find((one) => nameInPolicy(one) === name);
}
