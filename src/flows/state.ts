// The sealed state of a home: network, policy, registered wallets. Versioned, strict, no secrets in it.

import type { Anchor } from "../journal/index.ts";
import type { Backup, KeyRecord } from "../keeping.ts";
import { BACKUP_FORMS } from "../keeping.ts";
import { LIMITS } from "../limits.ts";
import type { Network } from "../model.ts";
import { NETWORKS } from "../model.ts";
import { parsePolicy, writePolicy } from "../policy/index.ts";
import { refuse } from "../refusal.ts";
import type { Policy } from "../rules.ts";
import { fromUtf8, utf8 } from "../text.ts";
import { type EthereumParts, readEthereum, writeEthereum } from "./state-ethereum.ts";
import { NO_PARTS, type PolicyParts, readParts } from "./state-parts.ts";
import { count, list, otherShape, text, whole } from "./state-shapes.ts";
import { type KeptWallet, readKept } from "./state-wallets.ts";

export type { KeptWallet } from "./state-wallets.ts";

export interface HomeState extends PolicyParts, EthereumParts {
  readonly network: Network;
  readonly policy: Policy;
  readonly wallets: readonly KeptWallet[];
  /** Every key of this home, in the order in which they came. */
  readonly keys: readonly KeyRecord[];
  /** Fingerprint of the key that answers. */
  readonly chosen: string;
  /**
   * What the machine's counter stood at when the journal had no line; below zero where it is younger than the
   * journal, absent where the machine has none.
   */
  readonly counterBase?: number;
  /** Counts the writings of the home; the journal has a line for each. */
  readonly serial: number;
  /** How far the journal is known to reach: a shorter one was cut. */
  readonly anchor?: Anchor;
  /** There is a wipe PIN, as far as the owner knows: nothing else tells. */
  readonly wipePin?: boolean;
  /** Said of a duress PIN where no home of it can be seen: in the home that one opened. */
  readonly duressPin?: boolean;
  /** The owner lets a stick in: see stick.ts. */
  readonly stick?: boolean;
  /** Made while chance was fixed from outside: its keys are anyone's, and every screen says so for ever. */
  readonly practice?: boolean;
}

/** What is written. Read as well: version 2, whose policy was one of seven limits, and 1, which knew one key without its fingerprint. */
const VERSION = 3;

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

/** What stands above every screen where the money is not real, or the keys are not. */
export function bannerOf(network: Network, practice: boolean): string | undefined {
  const parts = [
    ...(network === "mainnet" ? [] : [network.toUpperCase()]),
    ...(practice ? ["PRACTICE KEYS"] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(", ");
}

export function writeState(state: HomeState): Uint8Array {
  const { network, policy, wallets, keys, chosen, serial, counterBase, anchor } = state;
  const { wipePin, duressPin, stick, practice } = state;
  const { people, pending, dateOffsetMs, successor, sweep, fleet, seenLine, exportedLine } = state;
  const written = {
    ...{ version: VERSION, network, policy: writePolicy(policy), wallets, keys, chosen, serial },
    ...{ counterBase, anchor, wipePin, duressPin, stick, practice },
    ...{ people, pending, dateOffsetMs, successor, sweep, fleet, seenLine, exportedLine },
    ...writeEthereum(state),
  };
  return utf8(JSON.stringify(written));
}

/** The section is authenticated, so anything unexpected is another version's home, not an attack. */
export function readState(bytes: Uint8Array): HomeState {
  const value = parse(fromUtf8(bytes));
  if (value.version !== VERSION && value.version !== 2 && value.version !== 1)
    refuse("vault.version", `state version ${Number(value.version)}`);
  const network = NETWORKS.find((name) => name === value.network);
  if (network === undefined || typeof value.policy !== "string") return otherShape("the sealed state");
  const base = value.counterBase;
  const old = value.version === 1;
  return {
    network,
    policy: parsePolicy(value.policy, network),
    wallets: list(value.wallets, LIMITS.wallets).map(readKept),
    keys: old ? [] : list(value.keys, LIMITS.keys).map(readRecord),
    chosen: old ? "" : text(value.chosen),
    serial: old ? 0 : count(value.serial),
    anchor: readAnchor(value.anchor),
    ...(base === undefined ? {} : { counterBase: whole(base) }),
    ...(value.wipePin === true ? { wipePin: true } : {}),
    ...(value.duressPin === true ? { duressPin: true } : {}),
    ...(value.stick === true ? { stick: true } : {}),
    ...(value.practice === true ? { practice: true } : {}),
    ...(value.version === VERSION ? readParts(value) : NO_PARTS),
    ...readEthereum(value),
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
  const { count: lines, head } = (value ?? {}) as Record<string, unknown>;
  if (Number.isSafeInteger(lines) && typeof head === "string") return { count: lines as number, head };
  return otherShape("the journal's anchor");
}

const ORIGINS = ["born", "entered", "child"] as const;

function readRecord(value: unknown): KeyRecord {
  const { fingerprint, name, madeMs, origin, backups } = (value ?? {}) as Record<string, unknown>;
  const known = ORIGINS.find((one) => one === origin) ?? otherShape("the record of a key");
  return {
    fingerprint: text(fingerprint),
    name: text(name),
    madeMs: count(madeMs),
    origin: known,
    backups: list(backups, MOST_BACKUPS).map(readBackup),
  };
}

/** A key's record keeps so many backups: the oldest of a form gives way. */
export const MOST_BACKUPS = 32;

function readBackup(value: unknown): Backup {
  const { form, madeMs, rehearsedMs, shares } = (value ?? {}) as Record<string, unknown>;
  const known = BACKUP_FORMS.find((one) => one === form) ?? otherShape("the record of a backup");
  const rehearsed = rehearsedMs === undefined ? {} : { rehearsedMs: count(rehearsedMs) };
  if (shares === undefined) return { form: known, madeMs: count(madeMs), ...rehearsed };
  const { needed, each } = (shares ?? {}) as Record<string, unknown>;
  const read = list(each, MOST_SHARES).map((share) => {
    const { name, rehearsedMs: at } = (share ?? {}) as Record<string, unknown>;
    return { name: text(name), ...(at === undefined ? {} : { rehearsedMs: count(at) }) };
  });
  return { form: known, madeMs: count(madeMs), ...rehearsed, shares: { needed: count(needed), each: read } };
}

/** SLIP-39 allows 16 groups of 16. */
const MOST_SHARES = 256;
