// Readers: what a line may hold, written by hand, one small function a shape.
// Rule: a reader answers with a value made anew from what it checked, or throws Breach. Nothing else.
// A breach says where and what was expected, never what was there: it may have been a secret.

export class Breach extends Error {
  constructor(detail: string) {
    super(detail);
    this.name = "Breach";
  }
}

/** Checks a parsed JSON value; `at` says where it stands. Throws Breach. */
export type Reader<T> = (value: unknown, at: string) => T;

type OptionalKeys<T> = { [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? K : never }[keyof T];
type Required<T> = { [K in Exclude<keyof T, OptionalKeys<T>>]: Reader<T[K]> };
type Optional<T> = { [K in OptionalKeys<T>]-?: Reader<Exclude<T[K], undefined>> };

function breach(at: string, expected: string): never {
  throw new Breach(`${at === "" ? "line" : at}: expected ${expected}`);
}

/** At most `most` UTF-16 units, and at least `least`. */
export function text(most: number, least = 0): Reader<string> {
  return (value, at) =>
    typeof value === "string" && value.length <= most && value.length >= least
      ? value
      : breach(at, `text of ${least} to ${most} characters`);
}

export function matching(pattern: RegExp, most: number): Reader<string> {
  return (value, at) =>
    typeof value === "string" && value.length <= most && pattern.test(value)
      ? value
      : breach(at, `text like ${pattern.source}`);
}

/** A safe integer from `least` to `most`. */
export function whole(least: number, most: number): Reader<number> {
  return (value, at) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
      ? (value as number)
      : breach(at, `a whole number from ${least} to ${most}`);
}

/** A share of one: any finite number from 0 to 1. */
export const share: Reader<number> = (value, at) =>
  typeof value === "number" && value >= 0 && value <= 1 ? value : breach(at, "a number from 0 to 1");

export const flag: Reader<boolean> = (value, at) =>
  typeof value === "boolean" ? value : breach(at, "true or false");

/** A bigint travels as a decimal string of at most `digits` digits. */
export function decimal(digits: number): Reader<bigint> {
  return (value, at) =>
    typeof value === "string" && value.length <= digits + 1 && /^(0|-?[1-9]\d*)$/.test(value)
      ? BigInt(value)
      : breach(at, `a decimal number of at most ${digits} digits`);
}

export function oneOf<const T extends string | number | boolean>(...values: readonly T[]): Reader<T> {
  return (value, at) => {
    const found = values.find((known) => known === value);
    return found === undefined ? breach(at, `one of ${values.join(", ")}`) : found;
  };
}

/** Bytes travel as canonical base64 (RFC 4648 section 4, padded, no spare bits). */
export function bytes(least: number, most: number): Reader<Uint8Array> {
  const longest = Math.ceil(most / 3) * 4;
  return (value, at) => {
    if (typeof value !== "string" || value.length > longest) return breach(at, "base64 within bounds");
    const decoded = Buffer.from(value, "base64");
    if (decoded.toString("base64") !== value) return breach(at, "base64");
    if (decoded.length < least || decoded.length > most) return breach(at, `${least} to ${most} bytes`);
    return new Uint8Array(decoded);
  };
}

export function list<T>(item: Reader<T>, most: number, least = 0): Reader<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value) || value.length > most || value.length < least)
      return breach(at, `a list of ${least} to ${most}`);
    return value.map((entry, index) => item(entry, `${at}[${index}]`));
  };
}

function plainObject(value: unknown, at: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return breach(at, "an object");
  return value as Record<string, unknown>;
}

/** Exactly these keys: every required one, and of the optional ones any. */
export function exact<T extends object>(required: Required<T>, optional: Optional<T>): Reader<T> {
  const needed = new Map(Object.entries(required)) as Map<string, Reader<unknown>>;
  const known = new Map([...needed, ...Object.entries(optional)]) as Map<string, Reader<unknown>>;
  return (value, at) => {
    const object = plainObject(value, at);
    for (const key of Object.keys(object))
      if (!known.has(key)) return breach(at, `no keys but ${[...known.keys()].join(", ")}`);
    const out: Record<string, unknown> = {};
    for (const [key, read] of known) {
      const there = Object.hasOwn(object, key);
      if (there) out[key] = read(object[key], at === "" ? key : `${at}.${key}`);
      else if (needed.has(key)) return breach(at, `the key ${key}`);
    }
    return out as T;
  };
}

/** An object whose key `tag` says which of the readers it must satisfy. */
export function tagged<T extends object>(tag: string, variants: Record<string, Reader<T>>): Reader<T> {
  const known = new Map(Object.entries(variants));
  return (value, at) => {
    const object = plainObject(value, at);
    const name = Object.hasOwn(object, tag) ? object[tag] : undefined;
    const read = typeof name === "string" ? known.get(name) : undefined;
    return read ? read(object, at) : breach(at, `${tag} to be one of ${[...known.keys()].join(", ")}`);
  };
}

/** A further condition between the parts of a value. */
export function where<T>(read: Reader<T>, holds: (value: T) => boolean, expected: string): Reader<T> {
  return (value, at) => {
    const made = read(value, at);
    return holds(made) ? made : breach(at, expected);
  };
}
