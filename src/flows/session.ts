// What is open between the PIN and the lock. Made by unlock, passed along, gone with the process.

import type { Template, Wallet } from "../bitcoin/index.ts";
import { agreeOnKeys, compile, markOurs, readWallet } from "../bitcoin/index.ts";
import { wipe } from "../bytes.ts";
import type { Journal } from "../journal/index.ts";
import type { Keyring, OpenVault } from "../keys/index.ts";
import type { Curve, Network, Policy } from "../model.ts";
import type { Desk } from "../ui.ts";
import type { HomeState } from "./state.ts";
import { stateSection, writeState } from "./state.ts";

export interface Session {
  readonly network: Network;
  readonly policy: Policy;
  readonly vault: OpenVault;
  readonly keyring: Keyring;
  readonly journal: Journal;
  /** Signs and derives: libsecp256k1 where it may run. */
  readonly curve: Curve;
  /** Checks: noble. */
  readonly check: Curve;
  /** Own accounts first, then registered wallets. */
  readonly wallets: Wallet[];
  readonly templates: Template[];
  state: HomeState;
}

export const HOME = "home";

/** A wallet as the state keeps it, read again by the very code that registered it. */
export function openWallet(
  kept: { readonly name: string; readonly descriptor: string },
  network: Network,
  keyring: Keyring,
  curve: Curve,
): Wallet {
  return markOurs(readWallet(kept.descriptor, network, curve, kept.name), (fingerprint, path) =>
    fingerprint === keyring.fingerprint ? keyring.account(path) : undefined,
  );
}

/** Seals the whole state anew and replaces the home at once: old or new, never neither. */
export async function keep(desk: Desk, session: Session, state: HomeState): Promise<void> {
  const keys = session.vault.section("keys");
  try {
    const anchored = { ...state, anchor: session.journal.head() };
    await desk.ports.store.replace(
      HOME,
      session.vault.write({ keys, [stateSection(state.network)]: writeState(anchored) }),
    );
    session.state = anchored;
  } finally {
    wipe(keys);
  }
}

export async function addWallet(desk: Desk, session: Session, wallet: Wallet): Promise<void> {
  const template = compile(wallet, session.curve);
  agreeOnKeys(template);
  const { name, descriptor, fingerprint } = wallet;
  await keep(desk, session, {
    ...session.state,
    wallets: [...session.state.wallets, { name, descriptor }],
  });
  // It is kept: the session knows it even where the journal takes no more lines.
  session.wallets.push(wallet);
  session.templates.push(template);
  await session.journal.append({ kind: "wallet-registered", name, fingerprint });
}

/** Registered by the owner, and so removable; the accounts of the device's own seed are always there. */
export function isRegistered(session: Session, wallet: Wallet): boolean {
  return session.state.wallets.some(
    ({ descriptor, name }) => descriptor === wallet.descriptor && name === wallet.name,
  );
}

export async function removeWallet(desk: Desk, session: Session, wallet: Wallet): Promise<void> {
  const { name, descriptor, fingerprint } = wallet;
  const wallets = session.state.wallets.filter(
    (kept) => kept.descriptor !== descriptor || kept.name !== name,
  );
  await keep(desk, session, { ...session.state, wallets });
  const at = session.wallets.indexOf(wallet);
  session.wallets.splice(at, 1);
  session.templates.splice(at, 1);
  await session.journal.append({ kind: "wallet-removed", name, fingerprint });
}
