// The parts of a home's sealed state that its policy brings: read strictly, written as they are.

import type { Change, Pending, Person } from "../keeping.ts";
import { LIMITS } from "../limits.ts";
import { count, list, object, otherShape, text, whole } from "./state-shapes.ts";

/** Where a sweep leads: a descriptor that the owner registered beforehand. */
export interface Successor {
  readonly name: string;
  readonly descriptor: string;
}

/** Who may sign documents for this device. */
export interface Fleet {
  readonly name: string;
  readonly need: number;
  /** Ed25519 public keys, 64 hex digits. */
  readonly admins: readonly { readonly name: string; readonly publicKey: string }[];
}

/** Absent parts are as before there was any policy of this kind: nobody, nothing, never. */
export interface PolicyParts {
  /** Whom a policy may ask. */
  readonly people: readonly Person[];
  /** What allows more, and waits. */
  readonly pending: readonly Pending[];
  /** The date that is shown is so much later than the time that is reckoned. */
  readonly dateOffsetMs: number;
  readonly successor?: Successor;
  /** Only a sweep to the successor is signed. */
  readonly sweep?: true;
  readonly fleet?: Fleet;
  /** Last line of the journal that the owner saw, and that was exported. */
  readonly seenLine: number;
  readonly exportedLine: number;
}

export const NO_PARTS: PolicyParts = {
  people: [],
  pending: [],
  dateOffsetMs: 0,
  seenLine: 0,
  exportedLine: 0,
};

/** Throws Refusal vault.damaged for anything that writeState did not write. */
export function readParts(value: Record<string, unknown>): PolicyParts {
  return {
    people: list(value.people, LIMITS.people).map(readPerson),
    pending: list(value.pending, LIMITS.pending).map(readPending),
    dateOffsetMs: whole(value.dateOffsetMs),
    ...(value.successor === undefined ? {} : { successor: readSuccessor(value.successor) }),
    ...(value.sweep === true ? { sweep: true } : {}),
    ...(value.fleet === undefined ? {} : { fleet: readFleet(value.fleet) }),
    seenLine: count(value.seenLine),
    exportedLine: count(value.exportedLine),
  };
}

const FACTORS = ["pin", "totp", "hotp", "key"] as const;

function readPerson(value: unknown): Person {
  const { name, factor, madeMs } = object(value);
  const known = FACTORS.find((one) => one === factor) ?? otherShape("a person");
  return { name: text(name), factor: known, madeMs: count(madeMs) };
}

function readPending(value: unknown): Pending {
  const { change, askedMs, dueMs } = object(value);
  return { change: readChange(object(change)), askedMs: count(askedMs), dueMs: count(dueMs) };
}

function readChange(value: Record<string, unknown>): Change {
  switch (value.kind) {
    case "policy":
    case "fleet":
    case "descriptors":
      return { kind: value.kind, text: text(value.text) };
    case "release":
      return { kind: "release", txid: text(value.txid) };
    case "successor":
      return { kind: "successor", ...readSuccessor(value) };
    case "end-sweep":
      return { kind: "end-sweep" };
    case "date":
      return { kind: "date", byMs: whole(value.byMs) };
    default:
      return otherShape("a pending change");
  }
}

function readSuccessor(value: unknown): Successor {
  const { name, descriptor } = object(value);
  return { name: text(name), descriptor: text(descriptor) };
}

function readFleet(value: unknown): Fleet {
  const { name, need, admins } = object(value);
  const read = list(admins, LIMITS.people).map((admin) => {
    const { name: who, publicKey } = object(admin);
    return { name: text(who), publicKey: text(publicKey) };
  });
  return { name: text(name), need: count(need), admins: read };
}
