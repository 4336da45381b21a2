// Safes: walked through, compared, changed; and what stands before a signature for one, the theft of 2025 among it.

import { readFileSync } from "node:fs";
import type { Act, EthereumReview } from "../../src/act.ts";
import { toHex } from "../../src/bytes.ts";
import { type Address, readAddress } from "../../src/eip55.ts";
import { actsOfSafeTx } from "../../src/ethereum/safe/index.ts";
import { readTyped } from "../../src/ethereum/typed/index.ts";
import { type Safe, safeOf } from "../../src/safe.ts";
import { ethereumReview } from "../../src/screens/ethereum.ts";
import { heldQuestion, question } from "../../src/screens/notice.ts";
import { compareSafeSheets, renewedSheet, safeSheets } from "../../src/screens/safe.ts";
import type { Screen } from "../../src/screens/screen.ts";
import { utf8 } from "../../src/text.ts";
import { contextOf, SAFE_TX, type TxFields, txFields, typedText } from "../ethereum/safe-stage.ts";
import { REVIEW } from "./ethereum.ts";

const at = (text: string) => readAddress(text) as Address;
const [ANNA, BERT, CORA, DORA] = [
  ...["0x9858effd232b4033e47d90003d41ec34ecaeda94", "0x6fac4d18c912343bf86fa7049364dd4e424ab9c0"],
  ...["0xb6716976a3ebe8d39aceb04372f22ff8e6802d7a", "0xf3f50213c1d2e255e4b2bad430f8a38eef8d718e"],
].map(at) as [Address, Address, Address, Address];
const HERE = at("0x4f2083f5fbede34c2714affb3105539775f7fe64");

const FAMILY: Safe = safeOf("Family", {
  ...{ chainId: 1n, address: HERE, owners: [ANNA, BERT, CORA], threshold: 2, version: "1.4.1" },
});
const OWN = new Map([[ANNA, "account 0"]]);
const CODE = "20817 53314 91002 77410 00913 62255 71083 48620";

const ALLOWED = { txid: "ab".repeat(32), outcome: "allow", rules: [] } as const;
const SIGNING = {
  fingerprint: "73c5da0a",
  reasons: "shown",
} as const;

function review(
  fields: Partial<TxFields>,
  safes: readonly Safe[],
  safe: string,
  chainless = false,
): Screen<unknown> {
  const context = contextOf({ account: ANNA, safes });
  const typed = readTyped(utf8(typedText({ ...txFields(fields) }, { safe, types: SAFE_TX }, chainless)));
  const acts = actsOfSafeTx(typed, context)!;
  const { fee: _, nonce: __, ...rest } = REVIEW;
  const facts: EthereumReview = {
    ...{ ...rest, form: "typed", acts, facts: [], fields: typed.fields, tone: toneOf(acts) },
    digest: toHex(typed.digest),
  };
  return ethereumReview(facts, ALLOWED, { signing: SIGNING, nonce: [] });
}

function toneOf(acts: readonly Act[]): EthereumReview["tone"] {
  return acts.some(({ tone }) => tone === "danger") ? "danger" : "calm";
}

const { transactions } = JSON.parse(
  readFileSync(new URL("../vectors/ethereum/safe.json", import.meta.url), "utf8"),
) as { transactions: readonly (Record<string, string> & { source: string })[] };
const {
  source: _,
  safe: ROBBED,
  hash: __,
  ...THEFT
} = transactions.find(({ source }) => source === "theft")!;
const LARGE = safeOf("Cold wallet", {
  ...{ chainId: 1n, address: at(ROBBED!), owners: [ANNA, BERT, CORA, DORA], threshold: 3, version: "1.1.1" },
});

/** changeThreshold(1) */
const ONE_IS_ENOUGH = `0x694e80c3${"1".padStart(64, "0")}`;

export const SAFE_SCREENS: Readonly<Record<string, Screen<unknown>>> = {
  safe: heldQuestion(safeSheets({ safe: FAMILY, own: OWN }), "hold ok to register", "do not register"),
  "safe-warned": heldQuestion(
    safeSheets({
      safe: safeOf("Club", { ...FAMILY, threshold: 1, owners: [BERT, CORA] }),
      ...{ own: new Map(), modules: [DORA], guard: HERE },
    }),
    ...(["hold ok to register", "do not register"] as const),
  ),
  "safe-compare": question(compareSafeSheets(FAMILY, CODE), "close", "close"),
  "safe-changed": question(
    [
      renewedSheet(
        FAMILY,
        safeOf("Family", { ...FAMILY, owners: [ANNA, CORA, DORA], threshold: 3, version: "1.5.0" }),
      ),
    ],
    ...(["close", "close"] as const),
  ),
  "safe-sends": review({ to: DORA, value: 500_000_000_000_000_000n }, [FAMILY], HERE),
  "safe-threshold": review({ to: HERE, data: ONE_IS_ENOUGH }, [FAMILY], HERE),
  "safe-theft": review(THEFT as unknown as TxFields, [LARGE], ROBBED!, true),
  "safe-stranger": review({ to: DORA, value: 1n, gasPrice: 9n, refundReceiver: CORA }, [], HERE),
};
