// From a PIN, a machine and a security key to the key that wraps the vault key. docs/formats.md says it in words.

import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, wipe } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import type { Clock, Random, Seal, Stretch } from "../ports.ts";
import { refuse } from "../refusal.ts";
import { utf8 } from "../text.ts";
import { chance } from "./forms/chance.ts";
import type { Cost, Head } from "./vault-format.ts";
import { NONCE_BYTES } from "./vault-format.ts";
import { WIPE_SLOT_BYTES } from "./vault-lock.ts";

/** The least that is written and read; the most that a file can make a small board spend. */
export const COST_FLOOR: Cost = { memoryKiB: 64 * 1024, passes: 3, lanes: 1 };
export const COST_CEILING: Cost = { memoryKiB: 256 * 1024, passes: 16, lanes: 4 };

/** Throws Refusal vault.weak or vault.damaged. */
export function checkCost(cost: Cost): void {
  const names = ["memoryKiB", "passes", "lanes"] as const;
  for (const name of names) {
    if (cost[name] < COST_FLOOR[name]) refuse("vault.weak", `${name} ${cost[name]}`);
    if (cost[name] > COST_CEILING[name])
      refuse("vault.damaged", `it asks for too much: ${name} ${cost[name]}`);
  }
}

/** As many passes over the least memory as this machine makes in about `targetMs`, within floor and ceiling. */
export async function calibrate(stretch: Stretch, clock: Clock, targetMs: number): Promise<Cost> {
  const begunMs = clock.monotonicMs();
  wipe(await stretch.argon2id(utf8("0000"), new Uint8Array(16), COST_FLOOR, 32));
  const tookMs = Math.max(1, clock.monotonicMs() - begunMs);
  const passes = Math.floor((COST_FLOOR.passes * targetMs) / tookMs);
  return { ...COST_FLOOR, passes: Math.min(COST_CEILING.passes, Math.max(COST_FLOOR.passes, passes)) };
}

type Stretching = Pick<Head, "cost" | "salt">;

/** `pin` is 4 to 12 ASCII digits. The caller wipes the 32 bytes. Throws Refusal vault.pin-length, vault.weak. */
export async function stretchPin(
  { cost, salt }: Stretching,
  pin: Uint8Array,
  stretch: Stretch,
): Promise<Uint8Array> {
  checkCost(cost);
  const digits = pin.every((byte) => byte >= 0x30 && byte <= 0x39);
  if (!digits || pin.length < LIMITS.pinDigitsMin || pin.length > LIMITS.pinDigitsMax)
    refuse("vault.pin-length");
  return stretch.argon2id(pin, salt, cost, 32);
}

/** What the machine is asked with. The machine learns nothing of the PIN that it could not test by asking. */
function authOf(stretched: Uint8Array): Uint8Array {
  return hkdf(sha256, stretched, undefined, utf8("firn/2/seal"), 32);
}

function pinKey(stretched: Uint8Array, machineSecret: Uint8Array): Uint8Array {
  return hkdf(sha256, stretched, machineSecret, utf8("firn/2/pin"), 32);
}

/** Of a home that no machine has sealed yet. */
export function unsealedPinKey(stretched: Uint8Array): Uint8Array {
  return pinKey(stretched, new Uint8Array(32));
}

/**
 * From the stretched PIN and what the machine releases for it; undefined where the machine knows another PIN.
 * Throws Refusal seal.missing, and as Seal.release. The caller wipes it.
 */
export async function pinKeyOf(
  head: Pick<Head, "sealKind" | "seal">,
  stretched: Uint8Array,
  seals: readonly Seal[],
): Promise<Uint8Array | undefined> {
  if (head.sealKind === "none") return unsealedPinKey(stretched);
  const seal = seals.find(({ kind }) => kind === head.sealKind) ?? refuse("seal.missing", head.sealKind);
  const auth = authOf(stretched);
  let secret: Uint8Array | undefined;
  try {
    secret = await seal.release(head.seal, auth);
    return secret && pinKey(stretched, secret);
  } finally {
    wipe(auth, secret);
  }
}

/** Binds a new secret to the machine under this PIN. Throws Refusal keys.entropy-dead. The caller wipes the pinKey. */
export async function bindTo(
  seal: Seal,
  stretched: Uint8Array,
  random: Random,
): Promise<{ readonly blob: Uint8Array; readonly pinKey: Uint8Array }> {
  const secret = chance(random, 32);
  const auth = authOf(stretched);
  try {
    const blob = await seal.bind(secret, auth);
    if (blob.length > LIMITS.sealBlobBytes) throw new Error("the seal needs too much room");
    return { blob, pinKey: pinKey(stretched, secret) };
  } finally {
    wipe(secret, auth);
  }
}

/** The key that wraps the vault key. The caller wipes it. */
export function wrapKeyOf(pinKeyBytes: Uint8Array, factorKey: Uint8Array): Uint8Array {
  return hkdf(sha256, pinKeyBytes, factorKey, utf8("firn/2/wrap"), 32);
}

/** The key under which a security key's slot holds the factor key. The caller wipes it. */
export function factorSlotKey(secret: Uint8Array): Uint8Array {
  return hkdf(sha256, secret, undefined, utf8("firn/2/factor"), 32);
}

const WIPE_MARK = utf8("firn/2/wipe");

async function wipeKey(stretched: Uint8Array, seal: Seal): Promise<Uint8Array> {
  const mark = await seal.mark(WIPE_MARK);
  return hkdf(sha256, stretched, mark, WIPE_MARK, 32);
}

/** A slot that only the wipe PIN opens; of chance where there is none. */
export async function wipeSlot(
  head: Stretching,
  pin: Uint8Array | undefined,
  stretch: Stretch,
  seal: Seal,
  random: Random,
): Promise<Uint8Array> {
  if (pin === undefined) return random.bytes(WIPE_SLOT_BYTES);
  const stretched = await stretchPin(head, pin, stretch);
  const nonce = random.bytes(NONCE_BYTES);
  const key = await wipeKey(stretched, seal);
  try {
    return concat(nonce, xchacha20poly1305(key, nonce, head.salt).encrypt(Uint8Array.of(1)));
  } finally {
    wipe(stretched, key);
  }
}

export async function isWipePin(
  slot: Uint8Array,
  head: Pick<Head, "salt">,
  stretched: Uint8Array,
  seal: Seal,
): Promise<boolean> {
  const key = await wipeKey(stretched, seal);
  const opened = unseal(key, slot.subarray(0, NONCE_BYTES), head.salt, slot.subarray(NONCE_BYTES));
  wipe(key);
  return opened !== undefined;
}

/** Undefined where key, nonce, context or ciphertext is another. */
export function unseal(
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
