// The wallets that a seed has without being told: one account of each single-key form.

import { HARDENED } from "../limits.ts";
import type { Fingerprint, Network, Path } from "../model.ts";
import { writeExtended } from "./descriptor/extended.ts";
import { completed, nameWallet } from "./descriptor/value.ts";
import { marks } from "./network.ts";
import type { ScriptForm, Wallet } from "./wallet.ts";

/** An account's extended public key, as this device derived it. */
export interface AccountKey {
  /** Of the master key. */
  readonly fingerprint: Fingerprint;
  readonly publicKey: Uint8Array;
  readonly chainCode: Uint8Array;
  readonly depth: number;
  /** Of the key one step up. */
  readonly parentFingerprint: Fingerprint;
}

const FORMS: readonly { readonly form: ScriptForm; readonly purpose: number; readonly name: string }[] = [
  { form: "p2wpkh", purpose: 84, name: "Native segwit" },
  { form: "p2tr", purpose: 86, name: "Taproot" },
  { form: "p2sh-p2wpkh", purpose: 49, name: "Nested segwit" },
  { form: "p2pkh", purpose: 44, name: "Legacy" },
];

/**
 * The four single-key wallets of one account (BIP 84, 86, 49, 44), coin type 0 on mainnet and 1 elsewhere.
 * `key` derives what stands at a path; the keys are ours by that.
 */
export function accountWallets(network: Network, key: (path: Path) => AccountKey, account = 0): Wallet[] {
  return FORMS.map(({ form, purpose, name }) => {
    const path = [purpose, marks(network).coinType, account].map((step) => step + HARDENED);
    const { fingerprint, publicKey, chainCode, depth, parentFingerprint } = key(path);
    const childNumber = path.at(-1)!;
    const extended = writeExtended({ depth, parentFingerprint, childNumber, chainCode, publicKey }, network);
    const keys = [{ fingerprint, path, publicKey, chainCode, extended, ours: true }];
    const uses = [{ kind: "child", key: 0, steps: [[0, 1], "*"] }] as const;
    const body =
      form === "p2tr" ? ({ kind: "taproot", internal: 0 } as const) : ({ kind: "key", use: 0 } as const);
    return nameWallet(completed({ network, form, body, uses, keys }), `${name}, account ${account}`);
  });
}
