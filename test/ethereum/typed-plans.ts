// Typed data of every shape, made by chance, as programs send it.

import fc, { type GeneratorValue } from "fast-check";
import { utf8 } from "../../src/text.ts";

export interface MemberPlan {
  readonly name: string;
  readonly type: string;
}

// biome-ignore lint/suspicious/noExplicitAny: messages are JSON of many shapes
export type Json = any;

export interface TypedPlan {
  readonly types: Record<string, readonly MemberPlan[]>;
  readonly primaryType: string;
  readonly domain: Record<string, Json>;
  readonly message: Record<string, Json>;
}

export const bytesOf = (plan: unknown): Uint8Array => utf8(JSON.stringify(plan));

export const DOMAIN_TYPES: readonly MemberPlan[] = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
  { name: "salt", type: "bytes32" },
];

/** The members of EIP712Domain that this domain has, in the EIP's order. */
export function domainTypes(domain: Record<string, Json>): readonly MemberPlan[] {
  return DOMAIN_TYPES.filter(({ name }) => Object.hasOwn(domain, name));
}

const hex = (length: number) =>
  fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((all) => `0x${Buffer.from(all).toString("hex")}`);
const anyHex = fc.uint8Array({ maxLength: 70 }).map((all) => `0x${Buffer.from(all).toString("hex")}`);
const text = fc.string({ unit: "grapheme", maxLength: 40 });

/** As wallets write numbers: in decimal, in hex, small ones bare. */
function numberText(value: bigint, how: number): Json {
  if (how === 0 && value > -(2n ** 53n) && value < 2n ** 53n) return Number(value);
  return how === 1 && value >= 0n ? `0x${value.toString(16)}` : value.toString();
}

function valueFor(g: GeneratorValue, type: string, types: TypedPlan["types"]): Json {
  const [, item, count] = /^(.*)\[(\d*)\]$/.exec(type) ?? [];
  if (item !== undefined) {
    const length = count === "" ? g(fc.nat, { max: 3 }) : Number(count);
    return Array.from({ length }, () => valueFor(g, item, types));
  }
  if (types[type]) return structOf(g, type, types);
  if (type === "string") return g(() => text);
  if (type === "bool") return g(fc.boolean);
  if (type === "address") return g(() => hex(20));
  if (type === "bytes") return g(() => anyHex);
  if (type.startsWith("bytes")) return g(() => hex(Number(type.slice(5))));
  const signed = type.startsWith("int");
  const bits = BigInt(type.replace(/^u?int/, ""));
  const max = 2n ** (signed ? bits - 1n : bits) - 1n;
  return numberText(g(fc.bigInt, { min: signed ? -max - 1n : 0n, max }), g(fc.nat, { max: 2 }));
}

export function structOf(g: GeneratorValue, name: string, types: TypedPlan["types"]): Json {
  return Object.fromEntries(types[name]!.map((member) => [member.name, valueFor(g, member.type, types)]));
}

const LEAVES = [
  "string",
  "bool",
  "address",
  "bytes",
  "bytes1",
  "bytes4",
  "bytes31",
  "bytes32",
  "uint8",
  "uint48",
];
const NUMBERS = ["uint160", "uint256", "int8", "int64", "int128", "int256"];
const ARRAYS = ["", "", "", "[]", "[2]", "[][]", "[2][]", "[][3]"];

/** Types that lead to those behind them alone, each used: ethers takes no others. */
function typesOf(g: GeneratorValue): TypedPlan["types"] {
  const count = g(fc.integer, { min: 1, max: 4 });
  const names = ["Order", "Item", "_Part1", "Aa"].slice(0, count);
  const types: Record<string, MemberPlan[]> = {};
  for (const [i, name] of names.entries()) {
    const size = g(fc.integer, { min: 1, max: 5 });
    const members = Array.from({ length: size }, (_, k) => {
      const leaf = g(fc.constantFrom, ...LEAVES, ...NUMBERS, ...names.slice(i + 1));
      return {
        name: `${g(fc.constantFrom, "a", "to", "$x", "_value", "amountOf")}${k}`,
        type: leaf + g(fc.constantFrom, ...ARRAYS),
      };
    });
    const next = names[i + 1];
    const used = next === undefined || members.some(({ type }) => type.startsWith(next));
    types[name] = used ? members : [...members, { name: "last", type: next }];
  }
  return types;
}

function domainOf(g: GeneratorValue): Record<string, Json> {
  const whole: Record<string, Json> = {
    name: g(() => text),
    version: g(() => text),
    chainId: g(fc.integer, { min: 1, max: 2 ** 40 }),
    verifyingContract: g(() => hex(20)),
    salt: g(() => hex(32)),
  };
  return Object.fromEntries(Object.entries(whole).filter(() => g(fc.boolean)));
}

export function planOf(g: GeneratorValue): TypedPlan {
  const types = typesOf(g);
  const domain = domainOf(g);
  const message = structOf(g, "Order", types);
  return { types: { EIP712Domain: domainTypes(domain), ...types }, primaryType: "Order", domain, message };
}

/** With bigints for numbers, as viem wants them. */
export function forViem(type: string, value: Json, types: TypedPlan["types"]): Json {
  const [, item] = /^(.*)\[\d*\]$/.exec(type) ?? [];
  if (item !== undefined) return value.map((one: Json) => forViem(item, one, types));
  if (/^u?int/.test(type)) return BigInt(value);
  const members = types[type];
  if (members === undefined) return value;
  return Object.fromEntries(members.map(({ name, type }) => [name, forViem(type, value[name], types)]));
}

export const EIP_MAIL: TypedPlan = {
  types: {
    EIP712Domain: DOMAIN_TYPES.slice(0, 4),
    Person: [
      { name: "name", type: "string" },
      { name: "wallet", type: "address" },
    ],
    Mail: [
      { name: "from", type: "Person" },
      { name: "to", type: "Person" },
      { name: "contents", type: "string" },
    ],
  },
  primaryType: "Mail",
  domain: {
    name: "Ether Mail",
    version: "1",
    chainId: 1,
    verifyingContract: "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC",
  },
  message: {
    from: { name: "Cow", wallet: "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826" },
    to: { name: "Bob", wallet: "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB" },
    contents: "Hello, Bob!",
  },
};
