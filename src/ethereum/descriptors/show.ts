// What a format makes of one value: what is shown of it, and what policies are told.

import type { Act, ActFact, Value } from "../../act.ts";
import { chainName, coinOf, tokenOf } from "../../assets.ts";
import { toHex } from "../../bytes.ts";
import { type Address, readAddress, writeAddress } from "../../eip55.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import type { Amount } from "../../rules.ts";
import type { Context } from "../context.ts";
import type { TypedStruct, TypedValue } from "../typed/index.ts";
import type { Shown } from "./model.ts";
import { type Budget, leavesOf } from "./path.ts";

/** The call or the typed data around the values. */
export interface Around {
  readonly chainId: bigint;
  readonly from: Address;
  readonly to: Address;
  /** Coin that is sent with it. */
  readonly value: bigint;
  readonly depth: number;
  readonly root: TypedStruct;
  readonly context: Context;
  readonly budget: Budget;
}

/** What was found so far. */
export interface Found {
  readonly facts: ActFact[];
  readonly takes: Amount[];
  readonly named: Address[];
  readonly inside: Act[];
  /** An amount stands there of a token that nothing names. */
  unnamed: boolean;
  /** Values that a fact shows whole. */
  readonly shown: Set<TypedValue>;
}

/** Values of what the parameters lead to, each for this one value. */
export interface Told {
  readonly token?: TypedValue;
  readonly callee?: TypedValue;
  readonly amount?: TypedValue;
}

/** False where the value is not of a kind that the format has: then the descriptor does not fit the call. */
export function showValue(
  field: Shown,
  label: string,
  value: TypedValue,
  told: Told,
  around: Around,
  found: Found,
): boolean {
  const put = (one: Value) => {
    found.facts.push({ label, foreign: true, value: one });
    found.shown.add(value);
    return true;
  };
  switch (field.format) {
    case "raw":
    case "nftName":
      return putRaw(label, value, around, found);
    case "amount":
      return putAmount(value, coinOf(around.chainId), put, found, field);
    case "tokenAmount":
      return putTokenAmount(field, value, told, around, put, found);
    case "addressName":
    case "tokenTicker":
      return putAddress(field, value, around, put, found);
    case "calldata":
      return putCall(value, told, around, put, found);
    default:
      return putNumber(field, value, put);
  }
}

type Put = (value: Value) => boolean;

function putRaw(label: string, value: TypedValue, around: Around, found: Found): boolean {
  for (const [name, leaf] of leavesOf(value, label)) {
    found.facts.push({ label: name, foreign: true, value: plain(leaf, around) });
    found.shown.add(leaf);
  }
  return true;
}

export function plain(value: TypedValue, { context, chainId }: Around): Value {
  switch (value.kind) {
    case "bool":
      return { kind: "words", text: value.value ? "true" : "false" };
    case "address": {
      const name = context.nameOf(chainId, value.address);
      return { kind: "address", address: value.address, ...(name === undefined ? {} : { name }) };
    }
    case "number":
    case "text":
      return value;
    case "bytes":
      return { kind: "bytes", bytes: value.bytes };
    default:
      return { kind: "words", text: "nothing" };
  }
}

/** The coin that is sent with the call is counted with the call itself. */
function putAmount(value: TypedValue, asset: string, put: Put, found: Found, { of }: Shown): boolean {
  const units = unsigned(value);
  if (units === undefined) return false;
  const amount = { asset, units };
  if (!(of.kind === "path" && of.path.root === "@")) found.takes.push(amount);
  return put({ kind: "amount", amount });
}

function putTokenAmount(
  field: Shown,
  value: TypedValue,
  { token }: Told,
  { chainId }: Around,
  put: Put,
  found: Found,
): boolean {
  if (token === undefined) {
    const number = unsigned(value);
    found.unnamed = true;
    return number !== undefined && put({ kind: "number", value: number });
  }
  const address = addressOf(token);
  if (address === undefined) return false;
  const isCoin = field.params.coin?.includes(address.toLowerCase()) ?? false;
  return putAmount(value, isCoin ? coinOf(chainId) : tokenOf(chainId, address), put, found, field);
}

function putAddress({ format }: Shown, value: TypedValue, around: Around, put: Put, found: Found): boolean {
  const address = addressOf(value);
  if (address === undefined) return false;
  if (format === "addressName") found.named.push(address);
  return put(plain({ kind: "address", address }, around));
}

/** The call that is inside is read as any call is, by what it is and not by what the descriptor says of it. */
function putCall(value: TypedValue, told: Told, around: Around, put: Put, found: Found): boolean {
  if (value.kind !== "bytes") return false;
  const to = told.callee && addressOf(told.callee);
  if (to === undefined) return false;
  const sent = told.amount === undefined ? 0n : unsigned(told.amount);
  if (sent === undefined) return false;
  const { chainId, from, depth, context } = around;
  found.inside.push(
    ...context.readCall({ chainId, from, to, value: sent, data: value.bytes, depth: depth + 1 }),
  );
  if (found.inside.length >= LIMITS.acts)
    return refuse("ethereum.too-many-acts", `data: more than ${LIMITS.acts} things that it does`);
  return put({ kind: "words", text: `a call of ${to}, shown by itself` });
}

function putNumber(field: Shown, value: TypedValue, put: Put): boolean {
  const { block, base = "", decimals = 0, values } = field.params;
  if (field.format === "enum") return putEnum(value, values ?? new Map(), put);
  const number = unsigned(value);
  if (number === undefined) return false;
  switch (field.format) {
    case "date":
      return block ? put({ kind: "words", text: `block ${number}` }) : put({ kind: "time", seconds: number });
    case "duration":
      return put({ kind: "words", text: durationText(number) });
    case "chainId":
      return put({ kind: "words", text: chainName(number) });
    default:
      return put({ kind: "text", text: `${decimalText(number, decimals)} ${base}` });
  }
}

/** The value stays beside its word. */
function putEnum(value: TypedValue, values: ReadonlyMap<string, string>, put: Put): boolean {
  const key = textOf(value);
  const word = key === undefined ? undefined : values.get(key);
  if (key === undefined) return false;
  return put({ kind: "text", text: word === undefined ? key : `${word} (${key})` });
}

// ---------------------------------------------------------------- values

export function unsigned(value: TypedValue): bigint | undefined {
  if (value.kind === "number") return value.value >= 0n ? value.value : undefined;
  if (value.kind !== "bytes" || value.bytes.length === 0 || value.bytes.length > 32) return undefined;
  return BigInt(`0x${toHex(value.bytes)}`);
}

/** Also of 20 bytes, and of a number that has no more. */
export function addressOf(value: TypedValue): Address | undefined {
  if (value.kind === "address") return value.address;
  if (value.kind === "bytes") return value.bytes.length === 20 ? writeAddress(value.bytes) : undefined;
  if (value.kind === "text") {
    const address = readAddress(value.text);
    return address === "checksum" ? undefined : address;
  }
  if (value.kind !== "number" || value.value < 0n || value.value >> 160n !== 0n) return undefined;
  const address = readAddress(`0x${value.value.toString(16).padStart(40, "0")}`);
  return address === "checksum" ? undefined : address;
}

/** As descriptors write it: decimal, hex in small letters, true, a text. */
export function textOf(value: TypedValue): string | undefined {
  switch (value.kind) {
    case "number":
    case "bool":
      return String(value.value);
    case "address":
      return value.address.toLowerCase();
    case "text":
      return value.text;
    case "bytes":
      return `0x${toHex(value.bytes)}`;
    default:
      return undefined;
  }
}

function durationText(seconds: bigint): string {
  const [hours, rest] = [seconds / 3600n, seconds % 3600n];
  const two = (part: bigint) => String(part).padStart(2, "0");
  return `${two(hours)}:${two(rest / 60n)}:${two(rest % 60n)} (${seconds} seconds)`;
}

function decimalText(units: bigint, places: number): string {
  if (places === 0) return String(units);
  const digits = String(units).padStart(places + 1, "0");
  const text = `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return text.replace(/\.?0+$/, "");
}
