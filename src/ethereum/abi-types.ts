// Types of Solidity's contract ABI, from their text: "(address to,uint256 amount)", "transfer(address,uint256)".

import { LIMITS } from "../limits.ts";

interface Place {
  /** It stands behind the heads, and its head says where. */
  readonly dynamic: boolean;
  /** Bytes that it takes among the heads. */
  readonly head: number;
}

export type AbiType = Place &
  (
    | { readonly kind: "uint" | "int"; readonly bits: number }
    | { readonly kind: "address" | "bool" | "bytes" | "string" }
    /** bytes1 to bytes32 */
    | { readonly kind: "fixed"; readonly size: number }
    /** length: of T[k]; absent of T[]. */
    | { readonly kind: "list"; readonly of: AbiType; readonly length?: number }
    | { readonly kind: "tuple"; readonly fields: readonly AbiField[] }
  );

export interface AbiField {
  /** "" where none is written. */
  readonly name: string;
  readonly type: AbiType;
}

const WORD = 32;
const MOST_CHARS = 4096;

/** Undefined where the text is not a list of types in brackets, each with a name or without. */
export function readTypes(text: string): readonly AbiField[] | undefined {
  if (text.length > MOST_CHARS) return undefined;
  const reader = new Reader(text);
  const fields = reader.fields(0);
  return fields && reader.done ? fields : undefined;
}

/** "transfer(address to,uint256 amount)": its name, its fields, and the text whose hash the selector is. */
export function readSignature(
  text: string,
): { name: string; fields: readonly AbiField[]; canonical: string } | undefined {
  const [, name, types] = /^([A-Za-z_$][\w$]*)(\(.*\))$/.exec(text) ?? [];
  const fields = types === undefined ? undefined : readTypes(types);
  if (name === undefined || fields === undefined) return undefined;
  return { name, fields, canonical: `${name}${typeTexts(fields)}` };
}

function typeTexts(fields: readonly AbiField[]): string {
  return `(${fields.map(({ type }) => typeText(type)).join(",")})`;
}

function typeText(type: AbiType): string {
  switch (type.kind) {
    case "uint":
    case "int":
      return `${type.kind}${type.bits}`;
    case "fixed":
      return `bytes${type.size}`;
    case "list":
      return `${typeText(type.of)}[${type.length ?? ""}]`;
    case "tuple":
      return typeTexts(type.fields);
    default:
      return type.kind;
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    return this.#at === this.#text.length;
  }

  fields(depth: number): readonly AbiField[] | undefined {
    if (depth >= LIMITS.ethereumDepth || !this.#take("(")) return undefined;
    if (this.#take(")")) return [];
    const fields: AbiField[] = [];
    do {
      const type = this.#type(depth + 1);
      if (type === undefined) return undefined;
      fields.push({ name: this.#take(" ") ? this.#run(/[\w$]*/y) : "", type });
    } while (this.#take(","));
    return this.#take(")") ? fields : undefined;
  }

  #type(depth: number): AbiType | undefined {
    let type = this.#text[this.#at] === "(" ? tuple(this.fields(depth)) : simple(this.#run(/[a-z]+\d*/y));
    for (let lists = depth; type !== undefined && this.#take("["); lists++) {
      const length = this.#run(/\d{0,5}/y);
      type = this.#take("]") && lists < LIMITS.ethereumDepth ? list(type, length) : undefined;
    }
    return type;
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #run(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [found = ""] = pattern.exec(this.#text) ?? [];
    this.#at += found.length;
    return found;
  }
}

function simple(text: string): AbiType | undefined {
  if (text === "address" || text === "bool") return { kind: text, dynamic: false, head: WORD };
  if (text === "bytes" || text === "string") return { kind: text, dynamic: true, head: WORD };
  const [, kind, digits = ""] = /^(uint|int|bytes)([1-9]\d*|)$/.exec(text) ?? [];
  const size = Number(digits);
  if (kind === "bytes") return size <= 32 ? { kind: "fixed", size, dynamic: false, head: WORD } : undefined;
  if (kind !== "uint" && kind !== "int") return undefined;
  const bits = digits === "" ? 256 : size;
  return bits % 8 === 0 && bits <= 256 ? { kind, bits, dynamic: false, head: WORD } : undefined;
}

/** One without fields would take no bytes, and any number of them would fit everywhere. */
function tuple(fields: readonly AbiField[] | undefined): AbiType | undefined {
  if (fields === undefined || fields.length === 0) return undefined;
  return { kind: "tuple", fields, ...placed(fields.map(({ type }) => type)) };
}

function list(of: AbiType, digits: string): AbiType | undefined {
  if (digits === "") return { kind: "list", of, dynamic: true, head: WORD };
  const length = Number(digits);
  if (length < 1 || length > LIMITS.callValues || length * of.head > LIMITS.ethereumBytes) return undefined;
  return { kind: "list", of, length, dynamic: of.dynamic, head: of.dynamic ? WORD : length * of.head };
}

function placed(types: readonly AbiType[]): Place {
  const dynamic = types.some((type) => type.dynamic);
  return { dynamic, head: dynamic ? WORD : types.reduce((sum, type) => sum + type.head, 0) };
}
