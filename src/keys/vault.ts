// The home's envelope, open. A random vault key seals named sections; a key made from PIN, machine and, where
// some are enrolled, security key wraps the vault key. Layout: vault-format.ts, vault-lock.ts; opening: vault-open.ts.

import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, equal, wipe } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import type { Random, Seal, Stretch } from "../ports.ts";
import { refuse } from "../refusal.ts";
import { utf8 } from "../text.ts";
import { chance } from "./forms/chance.ts";
import {
  envelopeBytes,
  frontBytes,
  type Head,
  headBytes,
  NONCE_BYTES,
  type Sealed,
  TAG_BYTES,
  WRITE_ID_BYTES,
  type Wrap,
} from "./vault-format.ts";
import {
  bindTo,
  factorSlotKey,
  isWipePin,
  pinKeyOf,
  stretchPin,
  unseal,
  wipeSlot,
  wrapKeyOf,
} from "./vault-keys.ts";
import { type Factor, type Lock, lockBytes, type Settings, WIPE_SLOT_BYTES } from "./vault-lock.ts";

/** What a security key tells when it is enrolled; `secret` is what it answers to `salt`, 32 bytes. */
export interface NewFactor extends Omit<Factor, "nonce" | "wrapped"> {
  readonly secret: Uint8Array;
}

export interface Content {
  readonly head: Head;
  readonly lock: Lock;
  readonly wrap: Wrap;
  readonly front: Uint8Array;
  readonly sections: readonly Sealed[];
}

/** What is secret of an open vault: the vault's own from here on. */
export interface VaultSecrets {
  readonly vaultKey: Uint8Array;
  /** From PIN and machine. */
  readonly pinKey: Uint8Array;
  /** What every enrolled security key opens; 32 zero bytes where there is none. */
  readonly factorKey: Uint8Array;
}

export class OpenVault {
  readonly #secrets: { vaultKey: Uint8Array; pinKey: Uint8Array; factorKey: Uint8Array };
  readonly #random: Random;
  #content: Content;
  #open = true;

  constructor(secrets: VaultSecrets, random: Random, content: Content) {
    this.#secrets = { ...secrets };
    this.#random = random;
    this.#content = content;
  }

  get settings(): Settings {
    return this.#content.lock.settings;
  }

  get factors(): readonly Factor[] {
    return this.#content.lock.factors;
  }

  get sealKind(): Head["sealKind"] {
    return this.#content.head.sealKind;
  }

  /** What the PIN is stretched with: another home of this device takes the same, so that one stretch opens both. */
  get stretching(): Pick<Head, "cost" | "salt"> {
    const { cost, salt } = this.#content.head;
    return { cost, salt };
  }

  /** A copy of what the section holds: the caller wipes it. Asking for one that is not there is a bug. */
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

  /**
   * The whole file anew with these sections put in, those not named kept, every one under a fresh nonce.
   * Nothing is on the medium until the caller has put it there. The same holds for all that follow.
   */
  write(sections: Readonly<Record<string, Uint8Array>>): Uint8Array {
    const { head, lock, wrap } = this.#content;
    return this.#seal(sections, head, lock, wrap);
  }

  /** 32 bytes for another purpose (the journal's keys): the same as long as the home lives. */
  derive(purpose: string): Uint8Array {
    return this.#subkey(`derive/${purpose}`);
  }

  /**
   * Another home of this device under another PIN, empty until its first write: stretched for with this one and
   * opened by the same security keys, its vault key its own. Throws Refusal vault.pin-length, seal.*.
   */
  async beside(pin: Uint8Array, stretch: Stretch, seal: Seal, settings: Settings): Promise<OpenVault> {
    const { cost, salt } = this.stretching;
    const stretched = await stretchPin({ cost, salt }, pin, stretch);
    try {
      const factors = { factors: this.factors, factorKey: this.#secrets.factorKey.slice() };
      return await emptyVault({ cost, salt, stretched, seal, settings, ...factors }, this.#random);
    } finally {
      wipe(stretched);
    }
  }

  /** Whether it is this home's PIN, on this machine. The caller has counted the try. Throws as Seal.release. */
  async isPin(pin: Uint8Array, stretch: Stretch, seals: readonly Seal[]): Promise<boolean> {
    const { head } = this.#content;
    const stretched = await stretchPin(head, pin, stretch);
    let typed: Uint8Array | undefined;
    try {
      typed = await pinKeyOf(head, stretched, seals);
      return typed !== undefined && equal(typed, this.#secrets.pinKey);
    } finally {
      wipe(stretched, typed);
    }
  }

  /**
   * Another PIN, or the same one under another seal: under one of another kind there is no wipe PIN any more, whose
   * slot was made by the old one. The vault key stays. Throws Refusal vault.pin-length, seal.*.
   */
  async seal(pin: Uint8Array, stretch: Stretch, seal: Seal, settings = this.settings): Promise<Uint8Array> {
    const { head } = this.#content;
    const stretched = await stretchPin(head, pin, stretch);
    try {
      const bound = await bindTo(seal, stretched, this.#random);
      this.#secrets.pinKey.set(bound.pinKey);
      wipe(bound.pinKey);
      const slot = seal.kind === head.sealKind ? {} : { wipe: this.#random.bytes(WIPE_SLOT_BYTES) };
      return this.#rewrap({ ...head, sealKind: seal.kind, seal: bound.blob }, { settings, ...slot });
    } finally {
      wipe(stretched);
    }
  }

  change(settings: Settings): Uint8Array {
    return this.#rewrap(this.#content.head, { settings });
  }

  /** Whether it is this home's wipe PIN. Whoever asks has shown the PIN itself: nothing is counted. */
  async isWipePin(pin: Uint8Array, stretch: Stretch, seal: Seal): Promise<boolean> {
    const { head, lock } = this.#content;
    const stretched = await stretchPin(head, pin, stretch);
    try {
      return await isWipePin(lock.wipe, head, stretched, seal);
    } finally {
      wipe(stretched);
    }
  }

  /** `pin` undefined: no wipe PIN any more, and nobody sees that there was one. */
  async setWipePin(pin: Uint8Array | undefined, stretch: Stretch, seal: Seal): Promise<Uint8Array> {
    const slot = await wipeSlot(this.#content.head, pin, stretch, seal, this.#random);
    return this.#rewrap(this.#content.head, { wipe: slot });
  }

  /** From the first one on the home opens only with PIN and one of the enrolled keys. */
  addFactor({ secret, ...factor }: NewFactor): Uint8Array {
    if (this.factors.length >= LIMITS.securityKeys) return refuse("factor.too-many");
    if (this.factors.length === 0) this.#secrets.factorKey.set(chance(this.#random, 32));
    const nonce = this.#random.bytes(NONCE_BYTES);
    const key = factorSlotKey(secret);
    const wrapped = xchacha20poly1305(key, nonce, factor.credentialId).encrypt(this.#secrets.factorKey);
    wipe(key);
    return this.#rewrap(this.#content.head, { factors: [...this.factors, { ...factor, nonce, wrapped }] });
  }

  /** An older copy of the card still opens with it: its secret is not undone. After the last one the PIN is enough. */
  removeFactor(index: number): Uint8Array {
    const factors = this.factors.filter((_, place) => place !== index);
    if (factors.length === this.factors.length) throw new Error("there is no such security key");
    if (factors.length === 0) this.#secrets.factorKey.fill(0);
    return this.#rewrap(this.#content.head, { factors });
  }

  /** Overwrites what is secret; whatever is asked afterwards throws. */
  wipe(): void {
    const { vaultKey, pinKey, factorKey } = this.#secrets;
    wipe(vaultKey, pinKey, factorKey);
    this.#open = false;
  }

  #rewrap(head: Head, changes: Partial<Lock>): Uint8Array {
    if (!this.#open) throw new Error("the vault was wiped");
    const lock = { ...this.#content.lock, ...changes };
    const next = { ...head, lock: lockBytes(lock) };
    return this.#seal({}, next, lock, wrapVaultKey(this.#secrets, next, this.#random));
  }

  #seal(changes: Readonly<Record<string, Uint8Array>>, head: Head, lock: Lock, wrap: Wrap): Uint8Array {
    if (head.sealKind === "none") throw new Error("a home of version 1 is sealed before it is written");
    const kept = this.names().filter((name) => !Object.hasOwn(changes, name));
    const copies = kept.map((name) => ({ name, plain: this.section(name) }));
    const all = [...copies, ...Object.entries(changes).map(([name, plain]) => ({ name, plain }))];
    try {
      const table = all.map(({ name, plain }) => ({ name, length: plain.length + TAG_BYTES }));
      const front = frontBytes(headBytes(head), wrap, this.#random.bytes(WRITE_ID_BYTES), table);
      const sections = all.map(({ name, plain }) => this.#sealOne(front, name, plain));
      this.#content = { head, lock, wrap, front, sections };
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
    return hkdf(sha256, this.#secrets.vaultKey, undefined, utf8(`firn/1/${purpose}`), 32);
  }
}

/** What a new home begins with. The secrets are the vault's from here on. */
export interface Beginning {
  readonly cost: Head["cost"];
  readonly salt: Uint8Array;
  readonly stretched: Uint8Array;
  readonly seal: Seal;
  readonly settings: Settings;
  readonly factors: readonly Factor[];
  readonly factorKey: Uint8Array;
}

export async function emptyVault(parts: Beginning, random: Random): Promise<OpenVault> {
  const { cost, salt, stretched, seal, settings, factors, factorKey } = parts;
  const { blob, pinKey } = await bindTo(seal, stretched, random);
  const secrets = { vaultKey: chance(random, 32), pinKey, factorKey };
  const lock = { settings, factors, wipe: random.bytes(WIPE_SLOT_BYTES) };
  const head: Head = { cost, salt, sealKind: seal.kind, seal: blob, lock: lockBytes(lock) };
  const wrap = wrapVaultKey(secrets, head, random);
  return new OpenVault(secrets, random, { head, lock, wrap, front: new Uint8Array(0), sections: [] });
}

export function wrapVaultKey(secrets: VaultSecrets, head: Head, random: Random): Wrap {
  const nonce = random.bytes(NONCE_BYTES);
  const key = wrapKeyOf(secrets.pinKey, secrets.factorKey);
  const wrapped = xchacha20poly1305(key, nonce, headBytes(head)).encrypt(secrets.vaultKey);
  wipe(key);
  return { nonce, wrapped };
}

/** What a section is bound to: the file that it was written in, and its name. */
function binding(front: Uint8Array, name: string): Uint8Array {
  return concat(sha256(front), utf8(name));
}
