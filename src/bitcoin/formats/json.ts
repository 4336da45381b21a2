// Fields of a wallet's JSON file: read by name, each with its type, or refused with the name.

import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** Undefined for what is no JSON, and for JSON that is neither object nor list. */
export function jsonOf(text: string): Fields | readonly unknown[] | undefined {
  if (text.length > LIMITS.walletFileChars) refuse("bitcoin.wallet-too-long");
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

/** Only what the file itself says: nothing is inherited. */
export function has(fields: Fields, name: string): boolean {
  return Object.hasOwn(fields, name) && fields[name] !== undefined && fields[name] !== null;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function fieldsOf(value: unknown, where: string): Fields {
  return isFields(value) ? value : refuse("bitcoin.wallet-unreadable", `${where} is no object`);
}

export function textOf(fields: Fields, name: string, where = ""): string {
  const value = has(fields, name) ? fields[name] : undefined;
  return typeof value === "string"
    ? value
    : refuse("bitcoin.wallet-unreadable", `${where}${name} is missing`);
}

/** The first of these names that is a text; undefined where none is. */
export function someText(fields: Fields, ...names: readonly string[]): string | undefined {
  for (const name of names) if (has(fields, name) && typeof fields[name] === "string") return fields[name];
  return undefined;
}

/** A count; Refusal wallet-threshold where it is none. */
export function countIn(fields: Fields, name: string, where = ""): number {
  const value = has(fields, name) ? fields[name] : undefined;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value < 100) return value;
  return refuse("bitcoin.wallet-threshold", `${where}${name}`);
}

/** At most as many as a wallet has keys. */
export function listIn(fields: Fields, name: string): readonly unknown[] {
  const value = has(fields, name) ? fields[name] : undefined;
  if (!Array.isArray(value)) return refuse("bitcoin.wallet-unreadable", `${name} is no list`);
  if (value.length > LIMITS.walletKeys) refuse("bitcoin.wallet-too-many-keys", `${value.length} in ${name}`);
  return value;
}
