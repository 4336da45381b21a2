// What the vault's section "keys" holds: what each key is made from (docs/formats.md).

import { concat, fromHex, toHex } from "../bytes.ts";
import type { Material } from "../keeping.ts";
import { LIMITS } from "../limits.ts";
import type { Fingerprint } from "../model.ts";
import { refuse } from "../refusal.ts";

export interface KeptKey {
  readonly fingerprint: Fingerprint;
  readonly material: Material;
}

const VERSION = 2;
const WORDS = 1;
const SEED = 2;

/** Version, count, then each: fingerprint, kind, two fields behind their lengths (16 bits). The caller wipes it. */
export function packKeys(keys: readonly KeptKey[]): Uint8Array {
  if (keys.length > LIMITS.keys) refuse("keys.too-many");
  return concat(Uint8Array.of(VERSION, keys.length), ...keys.map(packKey));
}

function packKey({ fingerprint, material }: KeptKey): Uint8Array {
  const name = fromHex(fingerprint);
  // What is written without it could never be read again.
  if (name?.length !== 4) throw new Error("a key is kept by its fingerprint");
  const words = material.kind === "words";
  const [first, second] = words
    ? [material.entropy, material.passphrase]
    : [material.seed, new Uint8Array(0)];
  if (second.length > LIMITS.passphraseBytes) refuse("keys.passphrase-long");
  const kind = Uint8Array.of(words ? WORDS : SEED);
  return concat(name, kind, behindLength(first), behindLength(second));
}

function behindLength(bytes: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(bytes.length >> 8, bytes.length), bytes);
}

/** Copies; the caller wipes them. Throws Refusal vault.damaged or vault.version. */
export function unpackKeys(bytes: Uint8Array): readonly KeptKey[] {
  if (bytes[0] === 1) return [firstVersion(bytes)];
  if (bytes.length > 0 && bytes[0] !== VERSION) refuse("vault.version", `keys of version ${bytes[0]}`);
  let at = 2;
  const take = (length: number) => {
    at += length;
    return at <= bytes.length ? bytes.slice(at - length, at) : otherShape();
  };
  const field = () => {
    const length = take(2);
    return take((length[0]! << 8) | length[1]!);
  };
  const keys = Array.from({ length: bytes[1] ?? 0 }, (): KeptKey => {
    const fingerprint = toHex(take(4));
    const kind = take(1)[0];
    const [first, second] = [field(), field()];
    if (kind === WORDS)
      return { fingerprint, material: { kind: "words", entropy: first, passphrase: second } };
    if (kind !== SEED || second.length > 0) return otherShape();
    return { fingerprint, material: { kind: "seed", seed: first } };
  });
  return bytes.length >= 2 && at === bytes.length ? keys : otherShape();
}

/** One key, its fingerprint not written down: version, entropy (8 bits), passphrase (16 bits). */
function firstVersion(bytes: Uint8Array): KeptKey {
  const entropyEnd = 2 + (bytes[1] ?? 0);
  const start = entropyEnd + 2;
  const length = ((bytes[entropyEnd] ?? 0) << 8) | (bytes[entropyEnd + 1] ?? 0);
  if (bytes.length < 4 || bytes.length !== start + length) otherShape();
  const material = {
    kind: "words",
    entropy: bytes.slice(2, entropyEnd),
    passphrase: bytes.slice(start),
  } as const;
  return { fingerprint: "", material };
}

function otherShape(): never {
  return refuse("vault.damaged", "the sealed keys have another shape");
}

/** Overwrites what the key is made from. */
export function wipeMaterial(material: Material | undefined): void {
  if (material?.kind === "words") {
    material.entropy.fill(0);
    material.passphrase.fill(0);
  } else material?.seed.fill(0);
}
