// A wallet, for comparing with the other cosigners: quorum, script, every key, first address.

import type { Block, Fingerprint } from "../model.ts";
import { grouped } from "../text.ts";
import type { Sheet } from "./pages.ts";

/** What of a wallet is shown; the bitcoin room's Wallet has it all. */
export interface WalletFacts {
  readonly name: string;
  readonly fingerprint: string;
  readonly form: string;
  readonly threshold: number;
  readonly sorted: boolean;
  readonly keys: readonly {
    readonly fingerprint: Fingerprint;
    readonly path: readonly number[];
    readonly extended: string;
    readonly ours: boolean;
  }[];
}

const FORMS: Record<string, string> = {
  p2pkh: "legacy (P2PKH)",
  "p2sh-p2wpkh": "nested segwit (P2SH-P2WPKH)",
  p2wpkh: "native segwit (P2WPKH)",
  p2tr: "taproot (P2TR)",
  p2sh: "legacy multisig (P2SH)",
  "p2sh-p2wsh": "nested segwit multisig (P2SH-P2WSH)",
  p2wsh: "native segwit multisig (P2WSH)",
};

export function walletSheets(wallet: WalletFacts, firstAddress: string): Sheet[] {
  const { keys, threshold } = wallet;
  const quorum =
    keys.length === 1
      ? "one key"
      : `${threshold} of ${keys.length} keys must sign${wallet.sorted ? "" : ", keys in fixed order"}`;
  return [
    {
      title: wallet.name,
      blocks: [
        { kind: "fact", label: "Quorum", value: quorum },
        { kind: "fact", label: "Script", value: FORMS[wallet.form] ?? wallet.form },
        { kind: "fact", label: "Wallet fingerprint", value: wallet.fingerprint },
      ],
    },
    ...keys.map((key, index): Sheet => {
      const blocks: Block[] = [
        { kind: "fact", label: "Fingerprint and path", value: `${key.fingerprint} ${pathText(key.path)}` },
        { kind: "fact", label: "Key", value: grouped(key.extended) },
      ];
      const whose = key.ours ? "your key" : "a cosigner's key";
      return { title: `Key ${index + 1} of ${keys.length}: ${whose}`, blocks };
    }),
    {
      title: "First address",
      blocks: [
        { kind: "fact", label: "Receive 0", value: grouped(firstAddress) },
        { kind: "text", text: "It must be the same in your wallet program and on the other signers." },
      ],
    },
  ];
}

/** "m/48h/0h/0h/2h" */
export function pathText(path: readonly number[]): string {
  return ["m", ...path.map((child) => (child >= 0x80000000 ? `${child - 0x80000000}h` : String(child)))].join(
    "/",
  );
}
