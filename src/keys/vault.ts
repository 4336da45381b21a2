// The home's envelope, open and shut. A random vault key seals named sections; a key made from the PIN,
// and from the machine's secret where there is one, wraps the vault key. Layout: vault-format.ts.

import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, wipe } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import type { Random, Stretch } from "../ports.ts";
import { refuse } from "../refusal.ts";
import { utf8 } from "../text.ts";
import {
  type Cost,
  type Envelope,
  envelopeBytes,
  frontBytes,
  type Head,
  headBytes,
  NONCE_BYTES,
  parseEnvelope,
  type Sealed,
  TAG_BYTES,
  WRITE_ID_BYTES,
  type Wrap,
} from "./vault-format.ts";

/** The least that is written and read; the most that a file can make a small board spend. */
export const COST_FLOOR: Cost = { memoryKiB: 64 * 1024, passes: 3, lanes: 1 };
export const COST_CEILING: Cost = { memoryKiB: 256 * 1024, passes: 16, lanes: 4 };

const NO_SEAL = 0;
const SALT_BYTES = 16;

export interface OpenVault {
  /** A copy of what the section holds: the caller wipes it. Asking for one that is not there is a bug. */
  section(name: string): Uint8Array;
  names(): readonly string[];
  /**
   * The whole file anew with these sections put in, those not named kept, every one under a fresh nonce.
   * Nothing is on the medium until the caller has put it there.
   */
  write(sections: Readonly<Record<string, Uint8Array>>): Uint8Array;
  /** 32 bytes for another purpose (the journal's keys): the same as long as the home lives. */
  derive(purpose: string): Uint8Array;
  /** The whole file anew under another PIN, same vault key. Throws Refusal vault.pin-length. */
  changePin(pin: Uint8Array, stretch: Stretch, cost?: Cost): Promise<Uint8Array>;
  /** Overwrites the vault key; whatever is asked afterwards throws. */
  wipe(): void;
}

/** A new home, empty until its first write. `pin` is 4 to 12 ASCII digits: the caller's, who wipes it. */
export async function createVault(parts: {
  readonly pin: Uint8Array;
  readonly stretch: Stretch;
  readonly random: Random;
  readonly cost?: Cost;
}): Promise<OpenVault> {
  const key = parts.random.bytes(32);
  const { head, wrap } = await wrapNew(key, parts.pin, parts.stretch, parts.random, parts.cost ?? COST_FLOOR);
  return new Vault(key, parts.random, { head, wrap, front: new Uint8Array(0), sections: [] });
}

/**
 * Throws Refusal vault.damaged, vault.version, vault.weak (each before anything is stretched),
 * vault.pin-length, or vault.wrong-pin. Every section has been authenticated when it returns.
 */
export async function openVault(
  bytes: Uint8Array,
  pin: Uint8Array,
  stretch: Stretch,
  random: Random,
): Promise<OpenVault> {
  const { head, headBytes, wrap, front, sections } = readable(bytes.slice());
  const pinKey = await wrappingKey(head, pin, stretch);
  const key = unseal(pinKey, wrap.nonce, headBytes, wrap.wrapped);
  wipe(pinKey);
  if (key === undefined) return refuse("vault.wrong-pin");
  const vault = new Vault(key, random, { head: headBytes, wrap, front, sections });
  try {
    for (const name of vault.names()) wipe(vault.section(name));
    return vault;
  } catch (error) {
    vault.wipe();
    throw error;
  }
}

/**
 * What can be said of a home without its PIN: throws Refusal vault.damaged, vault.version or vault.weak,
 * so that no try is counted for a file that no PIN opens. The names of its sections, which anyone can read
 * and nobody can change without openVault noticing.
 */
export function checkVault(bytes: Uint8Array): readonly string[] {
  return readable(bytes).sections.map(({ name }) => name);
}

function readable(bytes: Uint8Array): Envelope {
  const envelope = parseEnvelope(bytes);
  const { head } = envelope;
  checkCost(head.cost);
  if (head.sealKind !== NO_SEAL) refuse("vault.version", `machine seal ${head.sealKind}`);
  if (head.seal.length > 0) refuse("vault.damaged", "the file was changed");
  return envelope;
}

interface Content {
  readonly head: Uint8Array;
  readonly wrap: Wrap;
  readonly front: Uint8Array;
  readonly sections: readonly Sealed[];
}

class Vault implements OpenVault {
  readonly #key: Uint8Array;
  readonly #random: Random;
  #content: Content;
  #open = true;

  constructor(key: Uint8Array, random: Random, content: Content) {
    this.#key = key;
    this.#random = random;
    this.#content = content;
  }

  section(name: string): Uint8Array {
    const { front, sections } = this.#content;
    const sealed = sections.find((section) => section.name === name);
    if (!sealed) throw new Error("there is no such section");
    const key = this.#subkey(`section/${name}`);
    const plain = unseal(key, sealed.nonce, binding(front, name), sealed.ciphertext);
    wipe(key);
    return plain ?? refuse("vault.damaged", `the part "${name}" was changed`);
  }

  names(): readonly string[] {
    return this.#content.sections.map(({ name }) => name);
  }

  write(sections: Readonly<Record<string, Uint8Array>>): Uint8Array {
    return this.#seal(sections, this.#content.head, this.#content.wrap);
  }

  derive(purpose: string): Uint8Array {
    return this.#subkey(`derive/${purpose}`);
  }

  async changePin(pin: Uint8Array, stretch: Stretch, cost: Cost = COST_FLOOR): Promise<Uint8Array> {
    const { head, wrap } = await wrapNew(this.#key, pin, stretch, this.#random, cost);
    return this.#seal({}, head, wrap);
  }

  wipe(): void {
    wipe(this.#key);
    this.#open = false;
  }

  #seal(changes: Readonly<Record<string, Uint8Array>>, head: Uint8Array, wrap: Wrap): Uint8Array {
    const kept = this.names().filter((name) => !Object.hasOwn(changes, name));
    const copies = kept.map((name) => ({ name, plain: this.section(name) }));
    const all = [...copies, ...Object.entries(changes).map(([name, plain]) => ({ name, plain }))];
    try {
      const table = all.map(({ name, plain }) => ({ name, length: plain.length + TAG_BYTES }));
      const front = frontBytes(head, wrap, this.#random.bytes(WRITE_ID_BYTES), table);
      const sections = all.map(({ name, plain }) => this.#sealOne(front, name, plain));
      this.#content = { head, wrap, front, sections };
      return envelopeBytes(front, sections);
    } finally {
      for (const { plain } of copies) wipe(plain);
    }
  }

  #sealOne(front: Uint8Array, name: string, plain: Uint8Array): Sealed {
    const key = this.#subkey(`section/${name}`);
    const nonceKey = this.#subkey(`nonce/${name}`);
    // Random, and tied to the contents as well: a random source that fails cannot make two contents share one.
    const nonce = hmac
      .create(sha256, nonceKey)
      .update(this.#random.bytes(NONCE_BYTES))
      .update(front)
      .update(plain)
      .digest()
      .slice(0, NONCE_BYTES);
    const ciphertext = xchacha20poly1305(key, nonce, binding(front, name)).encrypt(plain);
    wipe(key, nonceKey);
    return { name, nonce, ciphertext };
  }

  #subkey(purpose: string): Uint8Array {
    if (!this.#open) throw new Error("the vault was wiped");
    return hkdf(sha256, this.#key, undefined, utf8(`firn/1/${purpose}`), 32);
  }
}

/** What a section is bound to: the file that it was written in, and its name. */
function binding(front: Uint8Array, name: string): Uint8Array {
  return concat(sha256(front), utf8(name));
}

async function wrapNew(
  key: Uint8Array,
  pin: Uint8Array,
  stretch: Stretch,
  random: Random,
  cost: Cost,
): Promise<{ head: Uint8Array; wrap: Wrap }> {
  checkCost(cost);
  const head: Head = { cost, salt: random.bytes(SALT_BYTES), sealKind: NO_SEAL, seal: new Uint8Array(0) };
  const bytes = headBytes(head);
  const nonce = random.bytes(NONCE_BYTES);
  const pinKey = await wrappingKey(head, pin, stretch);
  const wrapped = xchacha20poly1305(pinKey, nonce, bytes).encrypt(key);
  wipe(pinKey);
  return { head: bytes, wrap: { nonce, wrapped } };
}

/** The caller wipes it. */
async function wrappingKey(head: Head, pin: Uint8Array, stretch: Stretch): Promise<Uint8Array> {
  const digits = pin.every((byte) => byte >= 0x30 && byte <= 0x39);
  if (!digits || pin.length < LIMITS.pinDigitsMin || pin.length > LIMITS.pinDigitsMax)
    refuse("vault.pin-length");
  const stretched = await stretch.argon2id(pin, head.salt, head.cost, 32);
  // Where no machine seals, its place in the derivation is 32 zero bytes.
  const machineSecret = new Uint8Array(32);
  try {
    return hkdf(sha256, stretched, machineSecret, utf8("firn/1/wrap"), 32);
  } finally {
    wipe(stretched, machineSecret);
  }
}

/** Undefined where key, nonce, context or ciphertext is another. */
function unseal(
  key: Uint8Array,
  nonce: Uint8Array,
  context: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array | undefined {
  try {
    return xchacha20poly1305(key, nonce, context).decrypt(ciphertext);
  } catch {
    return undefined;
  }
}

function checkCost(cost: Cost): void {
  const names = ["memoryKiB", "passes", "lanes"] as const;
  for (const name of names) {
    if (cost[name] < COST_FLOOR[name]) refuse("vault.weak", `${name} ${cost[name]}`);
    if (cost[name] > COST_CEILING[name])
      refuse("vault.damaged", `it asks for too much: ${name} ${cost[name]}`);
  }
}
