// A wallet, for comparing with the other cosigners: quorum, script, every key, first address.

import type { Block, Fingerprint } from "../model.ts";
import { grouped } from "../text.ts";
import type { Way } from "../ways.ts";
import type { Sheet } from "./pages.ts";
import { keyNames, wayFacts } from "./ways.ts";

/** What of a wallet is shown; the bitcoin room's Wallet has it all. */
export interface WalletFacts {
  readonly name: string;
  readonly fingerprint: string;
  readonly form: string;
  /** Where it is nothing but so many of these keys. */
  readonly quorum?: { readonly threshold: number; readonly of: number; readonly sorted: boolean } | undefined;
  readonly ways: readonly Way[];
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
  const { keys } = wallet;
  return [
    {
      title: wallet.name,
      blocks: [
        ...spendingFacts(wallet),
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

function spendingFacts({ quorum, ways, keys }: WalletFacts): readonly Block[] {
  if (quorum === undefined) return wayFacts(ways, keyNames(keys));
  const { threshold, of, sorted } = quorum;
  const words =
    of === 1 ? "one key" : `${threshold} of ${of} keys must sign${sorted ? "" : ", keys in fixed order"}`;
  return [{ kind: "fact", label: "Quorum", value: words }];
}

/** "m/48h/0h/0h/2h" */
export function pathText(path: readonly number[]): string {
  return ["m", ...path.map((child) => (child >= 0x80000000 ? `${child - 0x80000000}h` : String(child)))].join(
    "/",
  );
}
