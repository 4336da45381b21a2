// The types of typed data (EIP 712). A name says nothing: what a type is, is what its members are, in their order.

import { keccak_256 } from "@noble/hashes/sha3.js";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { shown, utf8 } from "../../text.ts";
import type { Json } from "./json.ts";

export const DOMAIN = "EIP712Domain";

export type Kind =
  | { readonly kind: "number"; readonly bits: number; readonly signed: boolean }
  | { readonly kind: "address" }
  | { readonly kind: "bool" }
  | { readonly kind: "text" }
  /** length: of bytes1 to bytes32; absent where they are as many as there are. */
  | { readonly kind: "bytes"; readonly length?: number }
  | { readonly kind: "struct"; readonly name: string }
  | { readonly kind: "array"; readonly of: Kind; readonly length?: number };

export interface Member {
  readonly name: string;
  /** As it is written, and as it is hashed. */
  readonly type: string;
  readonly kind: Kind;
}

/** One that is used. */
export interface StructType {
  readonly members: readonly Member[];
  /** "Mail(Person from,string contents)Person(address wallet)": all that its name stands for. */
  readonly written: string;
  readonly hash: Uint8Array;
}

export interface Schema {
  readonly structs: ReadonlyMap<string, StructType>;
  /** Types that are named and that nothing leads to. */
  readonly unused: number;
}

/** What nothing else could be meant by: programs look names up in different ways, and cut them at other characters. */
const NAME = /^[A-Za-z_]\w*$/;
const MEMBER_NAME = /^[A-Za-z_$][\w$]*$/;

function checkedName(name: string, pattern: RegExp): string {
  if (name.length > LIMITS.typedNameChars || !pattern.test(name) || name === "__proto__")
    refuse("typed.name", shown(name));
  return name;
}

/** Of the domain and of what is signed, and all that they lead to. Throws Refusal typed.*. */
export function readSchema(types: ReadonlyMap<string, Json>, primaryType: string): Schema {
  if (types.size > LIMITS.typedTypes) refuse("typed.too-large", `${types.size} types`);
  for (const name of types.keys())
    if (elementary(checkedName(name, NAME)) !== undefined) refuse("typed.name", shown(name));
  const found = new Map<string, readonly Member[]>();
  const waiting = [DOMAIN, primaryType];
  let count = 0;
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    const members = readMembers(name, types);
    found.set(name, members);
    count += members.length;
    if (count > LIMITS.typedMembers) refuse("typed.too-large", "members of types");
    waiting.push(...members.flatMap(({ kind }) => structIn(kind) ?? []));
  }
  return { structs: written(found), unused: types.size - found.size };
}

function readMembers(name: string, types: ReadonlyMap<string, Json>): readonly Member[] {
  const listed = types.get(name);
  if (listed === undefined) return refuse("typed.no-type", shown(name));
  if (listed.kind !== "array" || listed.items.length > LIMITS.typedMembers)
    return refuse(listed.kind === "array" ? "typed.too-large" : "typed.shape", `types.${shown(name)}`);
  const members = listed.items.map((item, i) => readMember(item, `types.${shown(name)}[${i}]`));
  const names = new Set(members.map((member) => member.name));
  if (names.size !== members.length) return refuse("typed.twice", `types.${shown(name)}`);
  return members;
}

function readMember(json: Json, place: string): Member {
  if (json.kind !== "object" || json.members.size !== 2) return refuse("typed.shape", place);
  const [name, type] = [json.members.get("name"), json.members.get("type")];
  if (name?.kind !== "string" || type?.kind !== "string") return refuse("typed.shape", place);
  return { name: checkedName(name.text, MEMBER_NAME), type: type.text, kind: readKind(type.text, place) };
}

function readKind(type: string, place: string): Kind {
  const [, base = "", arrays = ""] = /^(\w{1,256})((?:\[\d{0,4}\]){0,16})$/.exec(type) ?? [];
  if (base === "") return refuse("typed.type", `${place}: ${shown(type)}`);
  let kind: Kind = elementary(base) ?? { kind: "struct", name: base };
  if (kind.kind === "struct" && looksElementary(base))
    return refuse("typed.type", `${place}: ${shown(type)}`);
  for (const [, digits = ""] of arrays.matchAll(/\[(\d*)\]/g)) {
    if (digits.startsWith("0")) return refuse("typed.type", `${place}: ${shown(type)}`);
    kind = { kind: "array", of: kind, ...(digits === "" ? {} : { length: Number(digits) }) };
  }
  return kind;
}

/** uint and int stand for 256 bits: EIP 712 does not have them, but programs send them, and all hash them alike. */
function elementary(type: string): Kind | undefined {
  if (type === "address" || type === "bool") return { kind: type };
  if (type === "string") return { kind: "text" };
  if (type === "bytes") return { kind: "bytes" };
  const [, unsigned, digits] = /^(u?)int([1-9]\d{0,2})?$/.exec(type) ?? [];
  const bits = Number(digits ?? 256);
  if (unsigned !== undefined && bits % 8 === 0 && bits <= 256)
    return { kind: "number", bits, signed: unsigned === "" };
  const [, length] = /^bytes([1-9]\d?)$/.exec(type) ?? [];
  return length !== undefined && Number(length) <= 32 ? { kind: "bytes", length: Number(length) } : undefined;
}

/** uint7, bytes33, fixed128x18, function: no names for what a program makes up itself. */
function looksElementary(base: string): boolean {
  return /^(u?int\d*|bytes\d*|u?fixed(\d+x\d+)?|function|byte|tuple)$/.test(base);
}

function structIn(kind: Kind): string | undefined {
  if (kind.kind === "array") return structIn(kind.of);
  return kind.kind === "struct" ? kind.name : undefined;
}

/** EIP 712, encodeType: the type itself, then all that it leads to by name. */
function written(found: ReadonlyMap<string, readonly Member[]>): ReadonlyMap<string, StructType> {
  const alone = new Map(
    [...found].map(([name, members]) => [
      name,
      `${name}(${members.map((member) => `${member.type} ${member.name}`).join(",")})`,
    ]),
  );
  const structs = new Map<string, StructType>();
  let chars = 0;
  for (const [name, members] of found) {
    const others = [...reached(name, found)].filter((other) => other !== name).sort();
    const text = [name, ...others].map((one) => alone.get(one)!).join("");
    chars += text.length;
    if (chars > LIMITS.typedTypeChars) refuse("typed.too-large", "types");
    structs.set(name, { members, written: text, hash: keccak_256(utf8(text)) });
  }
  return structs;
}

function reached(name: string, found: ReadonlyMap<string, readonly Member[]>): ReadonlySet<string> {
  const names = new Set<string>();
  const waiting = [name];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (names.has(next)) continue;
    names.add(next);
    waiting.push(...found.get(next)!.flatMap(({ kind }) => structIn(kind) ?? []));
  }
  return names;
}
