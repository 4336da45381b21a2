// What the vault's section "people" holds: how each person proves himself (docs/formats.md).

import { concat, readU32be, u32be } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import { refuse } from "../refusal.ts";
import { fromUtf8, utf8 } from "../text.ts";
import type { Signer } from "./challenge.ts";
import { SECRET_BYTES } from "./hotp.ts";

/** Whoever holds one wipes it. */
export type PersonFactor =
  /** Argon2id of his PIN. */
  | {
      readonly kind: "pin";
      readonly cost: { readonly memoryKiB: number; readonly passes: number; readonly lanes: number };
      /** 16 bytes. */
      readonly salt: Uint8Array;
      /** 32 bytes. */
      readonly verifier: Uint8Array;
    }
  /** last: the latest half-minute whose code was used. */
  | { readonly kind: "totp"; readonly secret: Uint8Array; readonly last: number }
  /** next: the first counter whose code was not used. */
  | { readonly kind: "hotp"; readonly secret: Uint8Array; readonly next: number }
  | ({ readonly kind: "key" } & Signer);

export interface KeptPerson {
  /** As policies name him: at most 24 bytes. */
  readonly name: string;
  /** Wrong proofs since the last right one, and when the last of them was, as Now.ms. */
  readonly wrong: number;
  readonly wrongMs: number;
  readonly factor: PersonFactor;
}

const VERSION = 1;
const KINDS = ["pin", "totp", "hotp", "key"] as const;
const [SALT_BYTES, VERIFIER_BYTES, POINT_BYTES] = [16, 32, 64];
const MOST_CREDENTIAL_BYTES = 1023;

/** The caller wipes it. */
export function packPeople(people: readonly KeptPerson[]): Uint8Array {
  if (people.length > LIMITS.people) throw new Error("too many persons");
  return concat(Uint8Array.of(VERSION, people.length), ...people.map(packPerson));
}

function packPerson({ name, wrong, wrongMs, factor }: KeptPerson): Uint8Array {
  const text = utf8(name);
  const kind = Uint8Array.of(KINDS.indexOf(factor.kind));
  const head = [Uint8Array.of(text.length), text, u32be(wrong), u64be(wrongMs), kind];
  return concat(...head, ...packFactor(factor));
}

function packFactor(factor: PersonFactor): Uint8Array[] {
  switch (factor.kind) {
    case "pin": {
      const { memoryKiB, passes, lanes } = factor.cost;
      return [u32be(memoryKiB), Uint8Array.of(passes, lanes), factor.salt, factor.verifier];
    }
    case "totp":
      return [factor.secret, u64be(factor.last)];
    case "hotp":
      return [factor.secret, u64be(factor.next)];
    case "key": {
      const { credentialId, publicKey, verified } = factor;
      const length = Uint8Array.of(credentialId.length >> 8, credentialId.length);
      return [length, credentialId, publicKey, Uint8Array.of(verified ? 1 : 0)];
    }
  }
}

/** Copies; the caller wipes them. Throws Refusal vault.damaged or vault.version. */
export function unpackPeople(bytes: Uint8Array): readonly KeptPerson[] {
  if (bytes.length > 0 && bytes[0] !== VERSION) refuse("vault.version", `persons of version ${bytes[0]}`);
  const reader = new Reader(bytes);
  const [, count] = reader.take(2);
  if (count! > LIMITS.people) return otherShape();
  const people = Array.from({ length: count! }, () => unpackPerson(reader));
  return reader.isDone() ? people : otherShape();
}

function unpackPerson(reader: Reader): KeptPerson {
  const name = fromUtf8(reader.take(reader.byte())) ?? otherShape();
  const [wrong, wrongMs] = [readU32be(reader.take(4), 0), reader.whole()];
  const kind = KINDS[reader.byte()] ?? otherShape();
  return { name, wrong, wrongMs, factor: unpackFactor(reader, kind) };
}

function unpackFactor(reader: Reader, kind: (typeof KINDS)[number]): PersonFactor {
  if (kind === "pin") {
    const cost = {
      memoryKiB: readU32be(reader.take(4), 0),
      passes: reader.byte(),
      lanes: reader.byte(),
    };
    return { kind, cost, salt: reader.take(SALT_BYTES), verifier: reader.take(VERIFIER_BYTES) };
  }
  if (kind === "totp") return { kind, secret: reader.take(SECRET_BYTES), last: reader.whole() };
  if (kind === "hotp") return { kind, secret: reader.take(SECRET_BYTES), next: reader.whole() };
  const [high, low] = reader.take(2);
  const length = (high! << 8) | low!;
  if (length === 0 || length > MOST_CREDENTIAL_BYTES) return otherShape();
  const [credentialId, publicKey] = [reader.take(length), reader.take(POINT_BYTES)];
  const verified = reader.byte();
  return verified > 1 ? otherShape() : { kind, credentialId, publicKey, verified: verified === 1 };
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) return otherShape();
    this.#at += length;
    return this.#bytes.slice(this.#at - length, this.#at);
  }

  byte(): number {
    return this.take(1)[0]!;
  }

  whole(): number {
    const bytes = this.take(8);
    const value = readU32be(bytes, 0) * 2 ** 32 + readU32be(bytes, 4);
    return Number.isSafeInteger(value) ? value : otherShape();
  }

  isDone(): boolean {
    return this.#at === this.#bytes.length;
  }
}

function u64be(value: number): Uint8Array {
  return concat(u32be(Math.floor(value / 2 ** 32)), u32be(value % 2 ** 32));
}

function otherShape(): never {
  return refuse("vault.damaged", "the sealed persons have another shape");
}

/** Overwrites what is secret of a person. */
export function wipePerson({ factor }: KeptPerson): void {
  if (factor.kind === "pin") factor.verifier.fill(0);
  else if (factor.kind !== "key") factor.secret.fill(0);
}
