// The sealed state of a home: network, policy, registered wallets. Versioned, strict, no secrets in it.

import type { Anchor } from "../journal/index.ts";
import { LIMITS } from "../limits.ts";
import type { Network, Policy } from "../model.ts";
import { NETWORKS } from "../model.ts";
import { parsePolicy, writePolicy } from "../policy/index.ts";
import { refuse } from "../refusal.ts";
import { fromUtf8, utf8 } from "../text.ts";

export interface HomeState {
  readonly network: Network;
  readonly policy: Policy;
  readonly wallets: readonly { readonly name: string; readonly descriptor: string }[];
  /** How far the journal is known to reach: a shorter one was cut. */
  readonly anchor?: Anchor;
  /** Made while chance was fixed from outside: its keys are anyone's, and every screen says so for ever. */
  readonly practice?: boolean;
}

const VERSION = 1;

/** The section's name says the network, so that the lock screen can show it before any PIN. */
export function stateSection(network: Network): string {
  return `state-${network}`;
}

/** By the names of the home's sections. Throws Refusal vault.damaged where there is no state. */
export function networkOf(names: readonly string[]): Network {
  return (
    NETWORKS.find((network) => names.includes(stateSection(network))) ?? refuse("vault.damaged", "no state")
  );
}

export function writeState(state: HomeState): Uint8Array {
  const { network, policy, wallets, anchor, practice } = state;
  const written = { version: VERSION, network, policy: writePolicy(policy), wallets, anchor, practice };
  return utf8(JSON.stringify(written));
}

/** The section is authenticated, so anything unexpected is another version's home, not an attack. */
export function readState(bytes: Uint8Array): HomeState {
  const value = parse(fromUtf8(bytes));
  if (value.version !== VERSION) refuse("vault.version", `state version ${Number(value.version)}`);
  const network = NETWORKS.find((name) => name === value.network);
  if (network === undefined || typeof value.policy !== "string" || !Array.isArray(value.wallets))
    refuse("vault.damaged", "the sealed state has another shape");
  if (value.wallets.length > LIMITS.wallets) refuse("vault.damaged", "too many wallets in the sealed state");
  const wallets = value.wallets.map(readKept);
  const practice = value.practice === true ? { practice: true } : {};
  return {
    network,
    policy: parsePolicy(value.policy),
    wallets,
    anchor: readAnchor(value.anchor),
    ...practice,
  };
}

function parse(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? "");
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Named below: whatever JSON says of it is of no use to a person.
  }
  return refuse("vault.damaged", "the sealed state cannot be read");
}

function readAnchor(value: unknown): Anchor | undefined {
  if (value === undefined) return undefined;
  const { count, head } = (value ?? {}) as Record<string, unknown>;
  if (Number.isSafeInteger(count) && typeof head === "string") return { count: count as number, head };
  return refuse("vault.damaged", "the journal's anchor has another shape");
}

function readKept(value: unknown): { name: string; descriptor: string } {
  const { name, descriptor } = (value ?? {}) as Record<string, unknown>;
  if (typeof name === "string" && typeof descriptor === "string") return { name, descriptor };
  return refuse("vault.damaged", "a wallet in the sealed state has another shape");
}
