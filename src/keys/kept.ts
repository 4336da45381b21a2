// What the vault's section "keys" holds: the words as entropy, and the passphrase (docs/formats.md).

import { concat } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import { refuse } from "../refusal.ts";

export interface KeptKeys {
  /** 16, 20, 24, 28 or 32 bytes (BIP 39). */
  readonly entropy: Uint8Array;
  /** NFKD, UTF-8; empty for none. */
  readonly passphrase: Uint8Array;
}

const VERSION = 1;

/** Version, entropy behind its length (8 bits), passphrase behind its length (16 bits). The caller wipes it. */
export function packKeys(keys: KeptKeys): Uint8Array {
  const { entropy, passphrase } = keys;
  if (passphrase.length > LIMITS.passphraseBytes) refuse("keys.passphrase-long");
  return concat(
    Uint8Array.of(VERSION, entropy.length),
    entropy,
    Uint8Array.of(passphrase.length >> 8, passphrase.length),
    passphrase,
  );
}

/** Copies; the caller wipes them. Throws Refusal vault.damaged or vault.version. */
export function unpackKeys(bytes: Uint8Array): KeptKeys {
  if (bytes.length > 0 && bytes[0] !== VERSION) refuse("vault.version", `keys of version ${bytes[0]}`);
  const entropyEnd = 2 + (bytes[1] ?? 0);
  const start = entropyEnd + 2;
  const length = ((bytes[entropyEnd] ?? 0) << 8) | (bytes[entropyEnd + 1] ?? 0);
  if (bytes.length < 4 || bytes.length !== start + length)
    refuse("vault.damaged", "the sealed keys have another shape");
  return { entropy: bytes.slice(2, entropyEnd), passphrase: bytes.slice(start) };
}
