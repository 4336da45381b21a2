// Messages to sign and signed ones, for the goldens.

import type { MessageReview, VerifiedMessage } from "../../src/message.ts";
import type { SpentQuorum } from "../../src/model.ts";
import type { Verdict } from "../../src/rules.ts";
import { messageReview } from "../../src/screens/message.ts";
import { verifiedMessage } from "../../src/screens/message-verified.ts";
import type { Screen } from "../../src/screens/screen.ts";

const H = 0x80000000;
const ALLOWED: Verdict = {
  txid: "ab".repeat(32),
  outcome: "allow",
  rules: [
    {
      ...{ rule: "Messages under m/84h/1h only", outcome: "allow" },
      sentence: "Signs at m/84h/1h/0h/0/5: under m/84h/1h.",
    },
  ],
};
const SIGNING = {
  makes: { signatures: 1, nonces: 0, parts: 0 },
  fingerprint: "73c5da0a",
  reasons: "shown",
} as const;
const PUBLIC_KEY = new Uint8Array(33).fill(2);

const PLAIN: MessageReview = {
  network: "testnet4",
  form: "recoverable",
  message: "I, Anna, own this address.\nLondon, 2026-11-22",
  address: "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx",
  wallet: "Native segwit, account 0",
  place: "0/5",
  keys: [{ path: [H + 84, H + 1, H, 0, 5], publicKey: PUBLIC_KEY }],
  partOf: [],
  quorums: [],
  coins: [],
  lockTime: 0,
  sequence: 0,
};
const { address: _, wallet: __, place: ___, ...KEY } = PLAIN;
const QUORUM: SpentQuorum = {
  wallet: "Family",
  holders: [
    { fingerprint: "73c5da0a", ours: true },
    { fingerprint: "00000001", ours: false, name: "Anna" },
    { fingerprint: "00000002", ours: false },
  ],
  signedBy: ["00000001"],
  inputs: 1,
  ways: [
    {
      condition: {
        kind: "threshold",
        threshold: 2,
        of: [0, 1, 2].map((place) => ({ kind: "key", key: place })),
      },
      ...{ inputs: 1, ours: true, locked: false, signedBy: [1], missing: 0, secrets: [] },
    },
  ],
};
const SHARED: MessageReview = {
  ...PLAIN,
  form: "bip322",
  address: "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
  wallet: "Family",
  quorums: [QUORUM],
  lockTime: 900_000,
  sequence: 144,
};

const found = (
  outcome: VerifiedMessage["outcome"],
  more: Partial<VerifiedMessage> = {},
): VerifiedMessage => ({
  ...{ outcome, form: "BIP 137", why: "", message: PLAIN.message, address: PLAIN.address! },
  ...{ lockTime: 0, sequence: 0, coins: [] },
  ...more,
});
const COIN = `${"cd".repeat(32)}:1`;

export const MESSAGE_SCREENS: Readonly<Record<string, Screen<unknown>>> = {
  message: messageReview(PLAIN, ALLOWED, SIGNING),
  "message-key": messageReview(
    {
      ...KEY,
      ...{ purpose: "Your answer to the drill of Family", partOf: ["Family"] },
      message: "Firn drill 2026-11-22 wallet 0a1b2c3d 00112233445566",
    },
    ALLOWED,
    SIGNING,
  ),
  "message-shared": messageReview(SHARED, ALLOWED, SIGNING),
  "message-hostile": messageReview(
    { ...PLAIN, message: `\u202eevil\u0000  \tа <U+0041>\n ${"x".repeat(60)}` },
    ALLOWED,
    SIGNING,
  ),
  "message-hash": messageReview({ ...PLAIN, message: "ab".repeat(32) }, ALLOWED, SIGNING),
  "message-proof": messageReview(
    {
      ...PLAIN,
      form: "proof",
      coins: [
        { outpoint: COIN, amountSats: 12_345_678n, proven: true, wallet: "Family", place: "0/1" },
        { outpoint: COIN, amountSats: 5_000n, proven: false, wallet: "Family", place: "1/7" },
        { outpoint: COIN, amountSats: 9n, proven: true },
      ],
    },
    ALLOWED,
    { ...SIGNING, makes: { signatures: 3, nonces: 0, parts: 0 } },
  ),
  "message-valid": verifiedMessage(found("valid"), "yours: Native segwit, account 0, address 0/5"),
  "message-invalid": verifiedMessage(
    found("invalid", { why: "it is another message's, or another address's" }),
    undefined,
  ),
  "message-unsure": verifiedMessage(
    found("unsure", { form: "BIP 322, simple (smp)", why: "its script has the word 0xb0" }),
    undefined,
  ),
  "message-valid-coins": verifiedMessage(
    found("valid", {
      ...{ form: "BIP 322, with coins (pof)", lockTime: 1_700_000_000 },
      coins: [{ outpoint: COIN, amountSats: 345_678n }],
    }),
    undefined,
  ),
};
