// From a home's bytes to an open vault: what anyone can read of it, then PIN and machine, then a security key.

import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { wipe } from "../bytes.ts";
import type { Random, Seal, Stretch } from "../ports.ts";
import { utf8 } from "../text.ts";
import { emptyVault, OpenVault, type VaultSecrets, wrapVaultKey } from "./vault.ts";
import { type Cost, type Envelope, parseEnvelope, type SealKind } from "./vault-format.ts";
import {
  COST_FLOOR,
  checkCost,
  factorSlotKey,
  pinKeyOf,
  stretchPin,
  unseal,
  unsealedPinKey,
  wrapKeyOf,
} from "./vault-keys.ts";
import {
  type Factor,
  FIRST_SETTINGS,
  type Lock,
  lockBytes,
  readLockBytes,
  type Settings,
  WIPE_SLOT_BYTES,
} from "./vault-lock.ts";

/** A home as it lies on the medium: what can be known of it without its PIN. */
export interface LockedHome {
  readonly version: 1 | 2;
  readonly cost: Cost;
  readonly salt: Uint8Array;
  readonly sealKind: SealKind;
  readonly seal: Uint8Array;
  readonly settings: Settings;
  readonly factors: readonly Factor[];
  readonly wipe: Uint8Array;
  /** Names of its sections, which anyone can read and nobody can change without the opening noticing. */
  readonly names: readonly string[];
  /** The layout of the file; a copy. */
  readonly envelope: Envelope;
}

/** What homes had before there were settings. */
const NO_LOCK: Lock = { settings: { ...FIRST_SETTINGS, freezeS: 0 }, factors: [], wipe: new Uint8Array(0) };

/** Throws Refusal vault.damaged, vault.version or vault.weak: no try is counted for a file that no PIN opens. */
export function readHome(bytes: Uint8Array): LockedHome {
  const envelope = parseEnvelope(bytes.slice());
  const { version, head, sections } = envelope;
  checkCost(head.cost);
  const lock = version === 1 ? NO_LOCK : readLockBytes(head.lock);
  const { cost, salt, sealKind, seal } = head;
  const names = sections.map(({ name }) => name);
  return { version, cost, salt, sealKind, seal, ...lock, names, envelope };
}

/** A new home, empty until its first write. */
export async function createVault(parts: {
  /** 4 to 12 ASCII digits: the caller's, who wipes it. */
  readonly pin: Uint8Array;
  readonly stretch: Stretch;
  readonly random: Random;
  readonly seal: Seal;
  readonly settings: Settings;
  readonly cost?: Cost;
}): Promise<OpenVault> {
  const { pin, stretch, random, seal, settings, cost = COST_FLOOR } = parts;
  const salt = random.bytes(16);
  const stretched = await stretchPin({ cost, salt }, pin, stretch);
  try {
    const none = { factors: [], factorKey: new Uint8Array(32) };
    return await emptyVault({ cost, salt, stretched, seal, settings, ...none }, random);
  } finally {
    wipe(stretched);
  }
}

/** What PIN and machine give for this home, undefined where they are not its own. Throws Refusal seal.*. The caller wipes it. */
export async function pinKeyFor(
  home: LockedHome,
  stretched: Uint8Array,
  seals: readonly Seal[],
): Promise<Uint8Array | undefined> {
  // No machine stood between a PIN and a home of version 1: the stretched PIN is all there is.
  return home.version === 1 ? stretched.slice() : pinKeyOf(home, stretched, seals);
}

/** What an enrolled security key answered: which one it is, and its 32 secret bytes, which the caller wipes. */
export interface FactorAnswer {
  readonly index: number;
  readonly secret: Uint8Array;
}

/**
 * Undefined where PIN, machine or security key are not this home's. Every section has been authenticated when it
 * returns. Throws Refusal vault.damaged. `pinKey` stays the caller's, who wipes it.
 */
export function openWith(
  home: LockedHome,
  pinKey: Uint8Array,
  factor: FactorAnswer | undefined,
  random: Random,
): OpenVault | undefined {
  const factorKey = factorKeyOf(home, factor);
  if (factorKey === undefined) return undefined;
  const { envelope } = home;
  const key = home.version === 1 ? firstWrapKey(pinKey) : wrapKeyOf(pinKey, factorKey);
  const vaultKey = unseal(key, envelope.wrap.nonce, envelope.headBytes, envelope.wrap.wrapped);
  wipe(key);
  if (vaultKey === undefined) return undefined;
  const kept = home.version === 1 ? unsealedPinKey(pinKey) : pinKey.slice();
  const vault = opened(home, { vaultKey, pinKey: kept, factorKey }, random);
  try {
    for (const name of vault.names()) wipe(vault.section(name));
    return vault;
  } catch (error) {
    vault.wipe();
    throw error;
  }
}

/** Version 1 wrapped the vault key so. */
function firstWrapKey(stretched: Uint8Array): Uint8Array {
  return hkdf(sha256, stretched, new Uint8Array(32), utf8("firn/1/wrap"), 32);
}

function factorKeyOf(home: LockedHome, answer: FactorAnswer | undefined): Uint8Array | undefined {
  if (home.factors.length === 0) return new Uint8Array(32);
  const factor = answer && home.factors[answer.index];
  if (!factor) return undefined;
  const key = factorSlotKey(answer.secret);
  const factorKey = unseal(key, factor.nonce, factor.credentialId, factor.wrapped);
  wipe(key);
  return factorKey;
}

function opened(home: LockedHome, secrets: VaultSecrets, random: Random): OpenVault {
  const { head, wrap, front, sections } = home.envelope;
  const { settings, factors } = home;
  if (home.version === 2)
    return new OpenVault(secrets, random, {
      head,
      lock: { settings, factors, wipe: home.wipe },
      wrap,
      front,
      sections,
    });
  // Version 1 had no lock: it gets one at its first write, which is of this version.
  const lock = { settings, factors, wipe: random.bytes(WIPE_SLOT_BYTES) };
  const next = { ...head, lock: lockBytes(lock) };
  return new OpenVault(secrets, random, {
    head: next,
    lock,
    wrap: wrapVaultKey(secrets, next, random),
    front,
    sections,
  });
}
