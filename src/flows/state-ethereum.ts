// The parts of a home's sealed state that Ethereum brings: read strictly, absent in homes that were written before.

import { type Address, readAddress } from "../eip55.ts";
import { LIMITS } from "../limits.ts";
import { SAFE_VERSIONS, type Safe, safeOf } from "../safe.ts";
import { count, list, object, otherShape, text } from "./state-shapes.ts";

/** Absent: none. */
export interface EthereumParts {
  readonly safes?: readonly Safe[];
  /** What the owner's administrators say of contracts (ERC-7730): their document's number, and each text. */
  readonly descriptors?: Descriptors;
}

export interface Descriptors {
  /** Only ever grows. */
  readonly number: number;
  readonly texts: readonly string[];
}

/** As JSON writes it: a chain's number as text, a fingerprint never, because it follows from the rest. */
export function writeEthereum({ safes, descriptors }: EthereumParts): Record<string, unknown> {
  const kept = safes?.map(({ name, chainId, address, owners, threshold, version }) => {
    return { name, chainId: String(chainId), address, owners, threshold, version };
  });
  return { safes: kept?.length === 0 ? undefined : kept, descriptors };
}

/** Throws Refusal vault.damaged for anything that writeEthereum did not write. */
export function readEthereum(value: Record<string, unknown>): EthereumParts {
  return {
    ...(value.safes === undefined ? {} : { safes: list(value.safes, LIMITS.safes).map(readSafe) }),
    ...(value.descriptors === undefined ? {} : { descriptors: readDescriptors(value.descriptors) }),
  };
}

function readSafe(value: unknown): Safe {
  const { name, chainId, address, owners, threshold, version } = object(value);
  const known = SAFE_VERSIONS.find((one) => one === version) ?? otherShape("a sealed Safe");
  const each = list(owners, LIMITS.safeOwners).map(readOwn);
  const [, id] = /^([1-9]\d{0,15})$/.exec(text(chainId)) ?? [];
  const need = count(threshold);
  if (id === undefined || need < 1 || need > each.length || new Set(each).size !== each.length)
    return otherShape("a sealed Safe");
  const facts = { chainId: BigInt(id), address: readOwn(address), owners: each, threshold: need };
  return safeOf(text(name), { ...facts, version: known });
}

function readOwn(value: unknown): Address {
  const read = readAddress(text(value));
  return read === undefined || read === "checksum" ? otherShape("a sealed Safe") : read;
}

function readDescriptors(value: unknown): Descriptors {
  const { number, texts } = object(value);
  const read = list(texts, LIMITS.descriptors).map(text);
  const chars = read.reduce((sum, one) => sum + one.length, 0);
  return chars > LIMITS.documentBytes
    ? otherShape("the sealed descriptors")
    : { number: count(number), texts: read };
}
