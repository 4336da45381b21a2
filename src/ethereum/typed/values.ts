// Values of typed data: read once, by the types, and strictly. Where programs differ on what a value means it is refused.

import { fromHex } from "../../bytes.ts";
import { type Address, readAddress } from "../../eip55.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { shown } from "../../text.ts";
import type { Json } from "./json.ts";
import type { Kind, Member, StructType } from "./schema.ts";

export type TypedValue =
  | { readonly kind: "number"; readonly value: bigint }
  | { readonly kind: "address"; readonly address: Address }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "text"; readonly text: string }
  /** fixed: bytes1 to bytes32. */
  | { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly fixed: boolean }
  | TypedStruct
  | { readonly kind: "array"; readonly items: readonly TypedValue[] }
  /** A struct that is null: 32 bytes of zeros stand for it. */
  | { readonly kind: "none" };

export interface TypedStruct {
  readonly kind: "struct";
  readonly name: string;
  /** In the order of its type. */
  readonly members: ReadonlyMap<string, TypedValue>;
}

/** How many values there are so far. */
export interface Count {
  values: number;
}

interface Spot {
  readonly structs: ReadonlyMap<string, StructType>;
  readonly count: Count;
  readonly depth: number;
  /** "message.to[1].wallet" */
  readonly place: string;
}

/** The whole of the domain, or of the message. Throws Refusal typed.*. */
export function readStruct(
  json: Json | undefined,
  name: string,
  structs: ReadonlyMap<string, StructType>,
  count: Count,
  place: string,
): TypedStruct {
  return structValue(json, name, { structs, count, depth: 0, place });
}

function structValue(json: Json | undefined, name: string, spot: Spot): TypedStruct {
  if (json?.kind !== "object") return refuse("typed.value", `${spot.place}: ${shown(name)}`);
  const { members } = spot.structs.get(name)!;
  const known = new Set(members.map((member) => member.name));
  for (const given of json.members.keys())
    if (!known.has(given)) refuse("typed.extra-member", `${spot.place}.${shown(given)}`);
  return {
    kind: "struct",
    name,
    members: new Map(members.map((member) => memberOf(member, json.members, spot))),
  };
}

function memberOf(
  member: Member,
  given: ReadonlyMap<string, Json>,
  spot: Spot,
): [name: string, value: TypedValue] {
  const place = `${spot.place}.${member.name}`;
  const json = given.get(member.name);
  if (json === undefined) return refuse("typed.missing-member", shown(place, 200));
  if (member.kind.kind === "struct" && json.kind === "word" && json.text === "null")
    return [member.name, { kind: "none" }];
  return [member.name, readTypedValue(json, member.kind, { ...spot, place, depth: spot.depth + 1 })];
}

function readTypedValue(json: Json, kind: Kind, spot: Spot): TypedValue {
  if (++spot.count.values > LIMITS.typedFields) return refuse("typed.too-large", "fields");
  if (spot.depth > LIMITS.ethereumDepth) return refuse("typed.too-deep", shown(spot.place, 200));
  switch (kind.kind) {
    case "struct":
      return structValue(json, kind.name, spot);
    case "array":
      return arrayValue(json, kind, spot);
    case "number":
      return { kind: "number", value: numberValue(json, kind, spot) };
    case "address":
      return { kind: "address", address: addressValue(json, spot) };
    case "bool":
      return { kind: "bool", value: boolValue(json, spot) };
    case "text":
      return json.kind === "string" ? { kind: "text", text: json.text } : bad(json, "string", spot);
    case "bytes":
      return { kind: "bytes", bytes: bytesValue(json, kind.length, spot), fixed: kind.length !== undefined };
  }
}

function bad(json: Json, type: string, { place }: Spot): never {
  const said = "text" in json ? shown(json.text) : `an ${json.kind}`;
  return refuse("typed.value", `${shown(place, 200)}: ${said}, ${type}`);
}

function arrayValue(json: Json, kind: Kind & { kind: "array" }, spot: Spot): TypedValue {
  if (json.kind !== "array") return bad(json, "list", spot);
  if (kind.length !== undefined && json.items.length !== kind.length)
    return refuse("typed.value", `${shown(spot.place, 200)}: ${json.items.length} of ${kind.length}`);
  if (spot.count.values + json.items.length > LIMITS.typedFields) return refuse("typed.too-large", "fields");
  const items = json.items.map((item, i) =>
    readTypedValue(item, kind.of, { ...spot, place: `${spot.place}[${i}]`, depth: spot.depth + 1 }),
  );
  return { kind: "array", items };
}

/** 256 bits have 78 digits. */
const DECIMAL = /^-?(0|[1-9]\d{0,77})$/;
const HEX = /^0x[0-9a-fA-F]{1,64}$/;

/** Wallets send numbers, and as text decimal and hex. A bare number beyond 2^53 is another one to other programs. */
function numberValue(json: Json, { bits, signed }: Kind & { kind: "number" }, spot: Spot): bigint {
  const type = `${signed ? "" : "u"}int${bits}`;
  if (json.kind !== "string" && json.kind !== "number") return bad(json, type, spot);
  const { text } = json;
  if (text === "-0" || !(DECIMAL.test(text) || (json.kind === "string" && HEX.test(text))))
    return bad(json, type, spot);
  const value = BigInt(text);
  if (json.kind === "number" && !Number.isSafeInteger(Number(text)))
    return refuse("typed.number", `${shown(spot.place, 200)}: ${shown(text)}`);
  const most = 1n << BigInt(signed ? bits - 1 : bits);
  return value >= most || value < (signed ? -most : 0n) ? bad(json, type, spot) : value;
}

function addressValue(json: Json, spot: Spot): Address {
  const address = json.kind === "string" && json.text.startsWith("0x") ? readAddress(json.text) : undefined;
  if (address === undefined) return bad(json, "address", spot);
  if (address === "checksum") {
    const text = json.kind === "string" ? shown(json.text) : "";
    return refuse("typed.checksum", `${shown(spot.place, 200)}: ${text}`);
  }
  return address;
}

/** Nothing but the words: to some programs the text "false" is true. */
function boolValue(json: Json, spot: Spot): boolean {
  if (json.kind !== "word" || json.text === "null") return bad(json, "bool", spot);
  return json.text === "true";
}

function bytesValue(json: Json, length: number | undefined, spot: Spot): Uint8Array {
  const type = `bytes${length ?? ""}`;
  if (json.kind !== "string" || !json.text.startsWith("0x")) return bad(json, type, spot);
  const bytes = fromHex(json.text.slice(2));
  if (bytes === undefined || (length !== undefined && bytes.length !== length)) return bad(json, type, spot);
  return bytes;
}
