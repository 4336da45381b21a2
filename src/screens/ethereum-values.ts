// Values of Ethereum as they are read: amounts exact, addresses to be compared, long bytes cut with length and hash.

import { keccak_256 } from "@noble/hashes/sha3.js";
import type { ActFact, Value } from "../act.ts";
import { factsOf, inSymbol, UNLIMITED } from "../assets.ts";
import { toHex } from "../bytes.ts";
import type { Address } from "../eip55.ts";
import type { Block } from "../model.ts";
import type { Amount } from "../rules.ts";
import { grouped, utcDate } from "../text.ts";
import { shownLine } from "./message-text.ts";

/** On two rows of five groups each, so that the first and the last group stand at the corners. */
export function addressWords(address: Address): string {
  const digits = address.slice(2);
  return `0x${grouped(digits.slice(0, 20))}\n${grouped(digits.slice(20))}`;
}

/** The same with what Firn itself calls it. */
export function namedAddress(address: Address, name: string | undefined): string {
  return name === undefined ? addressWords(address) : `${addressWords(address)}\n${knownAs(name)}`;
}

function knownAs(name: string): string {
  return /^your /.test(name) ? `This is ${name}` : `Firn knows it as ${name}`;
}

/** Exact; what is no number any more is "unlimited". A contract that no list names stands with its address in groups. */
export function amountWords(amount: Amount): string {
  const { places = 0 } = factsOf(amount.asset) ?? {};
  const words =
    amount.units >= UNLIMITED && places === 0
      ? inSymbol(amount).replace(/^\d+/, "unlimited")
      : inSymbol(amount);
  return words.replace(/0x([0-9a-fA-F]{40})/, (_, digits: string) => `0x${grouped(digits)}`);
}

/** Up to so many bytes all of them are shown; of more the beginning, the end, how many, and their hash. */
const WHOLE_BYTES = 160;
const FIRST_BYTES = 64;
const LAST_BYTES = 32;

export function bytesWords(bytes: Uint8Array): string {
  if (bytes.length === 0) return "nothing (0 bytes)";
  if (bytes.length <= WHOLE_BYTES) return `0x ${grouped(toHex(bytes))}`;
  const first = grouped(toHex(bytes.subarray(0, FIRST_BYTES)));
  const last = grouped(toHex(bytes.subarray(-LAST_BYTES)));
  const left = bytes.length - FIRST_BYTES - LAST_BYTES;
  const hash = grouped(toHex(keccak_256(bytes)));
  return `0x ${first}\n(${left} bytes are not shown here)\n${last}\n${bytes.length} bytes in all, keccak-256\n${hash}`;
}

/** As dates go. What lies beyond never comes. */
const LAST_SECOND = 253_402_300_799n;

export function timeWords(seconds: bigint): string {
  return seconds > LAST_SECOND ? "for ever" : utcDate(Number(seconds) * 1000);
}

export function valueWords(value: Value): string {
  switch (value.kind) {
    case "amount":
      return amountWords(value.amount);
    case "address":
      return namedAddress(value.address, value.name);
    case "text":
      return value.text === "" ? "(empty)" : shownLine(value.text);
    case "words":
      return value.text;
    case "number":
      return value.value.toString();
    case "time":
      return timeWords(value.seconds);
    case "bytes":
      return bytesWords(value.bytes);
  }
}

/** A label has so much room; a name that is longer stands whole above its value. */
const LABEL_CHARS = 48;
const PATH_CHARS = 110;

/** Each with the labels that it is inside of, so that it can be told on whatever page it comes to stand. */
export function factBlocks(facts: readonly ActFact[]): Block[] {
  const above: string[] = [];
  return facts.map((fact) => {
    const depth = Math.min(fact.depth ?? 0, above.length);
    const name = fact.foreign ? shownLine(fact.label) : fact.label;
    above.length = depth;
    above.push(name.length > LABEL_CHARS ? `${name.slice(0, LABEL_CHARS - 3)}...` : name);
    const value = valueWords(fact.value);
    const { tone } = fact;
    return {
      ...{ kind: "fact", label: pathOf(above) },
      value: name.length > LABEL_CHARS ? `${name}\n= ${value}` : value,
      ...(tone ? { tone } : {}),
    };
  });
}

/** The nearest that fit; "..." stands for those around them. */
function pathOf(names: readonly string[]): string {
  let path = names.at(-1) ?? "";
  for (let at = names.length - 2; at >= 0; at--) {
    const longer = `${names[at]} > ${path}`;
    if (longer.length > PATH_CHARS) return `... > ${path}`;
    path = longer;
  }
  return path;
}
