// The second reading of typed data: JSON as the language reads it, and micro-eth-signer's hashes.

import { addr, recoverAddressTyped } from "micro-eth-signer";
import { initSig, recoverPublicKey } from "micro-eth-signer/utils.js";
import { refuse } from "../../refusal.ts";
import { fromUtf8 } from "../../text.ts";
import type { TypedData } from "./read.ts";
import { DOMAIN, type Kind, type StructType } from "./schema.ts";

/**
 * Any signature, the same for both: the package keeps its digest to itself, but whose a signature would be depends on the
 * digest alone. r is the curve's generator, s is 1.
 */
const R = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
const S = "1".padStart(64, "0");

/** Throws Refusal ethereum.readers-disagree. */
export function agreeOnTyped(typed: TypedData, data: Uint8Array): void {
  if (secondSigner(typed, data) !== signerOf(typed.digest)) refuse("ethereum.readers-disagree", "typed data");
}

function signerOf(digest: Uint8Array): string {
  const signature = initSig({ r: BigInt(`0x${R}`), s: 1n }, 0);
  return addr.fromPublicKey(recoverPublicKey(signature, digest));
}

/** Undefined where the package refuses the data. */
function secondSigner(typed: TypedData, data: Uint8Array): string | undefined {
  const { structs } = typed.schema;
  try {
    const { domain, message } = JSON.parse(fromUtf8(data) ?? "");
    const types = Object.fromEntries(
      [...structs].map(([name, { members }]) => [name, members.map(({ name, type }) => ({ name, type }))]),
    );
    const whole = {
      types,
      primaryType: typed.primaryType,
      domain: forPackage(domain, { kind: "struct", name: DOMAIN }, structs),
      message: forPackage(message, { kind: "struct", name: typed.primaryType }, structs),
    };
    return recoverAddressTyped(`0x${R}${S}1b`, whole as Parameters<typeof recoverAddressTyped>[1]);
  } catch {
    return undefined;
  }
}

/** As the package takes it: numbers as bigint, addresses in small letters, no member for a struct that is null. */
function forPackage(value: unknown, kind: Kind, structs: ReadonlyMap<string, StructType>): unknown {
  if (kind.kind === "number") return BigInt(value as string | number);
  if (kind.kind === "address") return (value as string).toLowerCase();
  if (kind.kind === "array") return (value as unknown[]).map((item) => forPackage(item, kind.of, structs));
  if (kind.kind !== "struct") return value;
  const given = value as Record<string, unknown>;
  const members = structs.get(kind.name)!.members.filter(({ name }) => given[name] !== undefined);
  return Object.fromEntries(
    members.flatMap((member) =>
      given[member.name] === null
        ? []
        : [[member.name, forPackage(given[member.name], member.kind, structs)]],
    ),
  );
}
