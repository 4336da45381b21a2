// A spend by a way that had to wait, from a wallet with several: what the pages about signatures say.

import type { Review, SpentQuorum } from "../../src/model.ts";

const key = (place: number) => ({ kind: "key" as const, key: place });

const HOLDERS = [
  { fingerprint: "0f056943", ours: false, name: "Anna" },
  { fingerprint: "b4f3bd2c", ours: false, name: "Ben" },
  { fingerprint: "73c5da0a", ours: true },
];

const INHERITANCE: SpentQuorum = {
  wallet: "Inheritance",
  inputs: 2,
  holders: HOLDERS,
  signedBy: ["b4f3bd2c"],
  ways: [
    {
      condition: { kind: "threshold", threshold: 2, of: [key(0), key(1)] },
      leaf: 0,
      inputs: 2,
      ours: false,
      locked: false,
      signedBy: [1],
      missing: 1,
      secrets: [],
    },
    {
      condition: {
        kind: "threshold",
        threshold: 2,
        of: [
          { kind: "threshold", threshold: 2, of: [key(1), key(2)] },
          { kind: "older", value: 26_000 },
        ],
      },
      leaf: 1,
      inputs: 2,
      ours: true,
      locked: true,
      signedBy: [1],
      missing: 0,
      secrets: [],
    },
    {
      condition: {
        kind: "threshold",
        threshold: 2,
        of: [key(2), { kind: "preimage", hash: "sha256", digest: new Uint8Array(32).fill(0xab) }],
      },
      leaf: 2,
      inputs: 1,
      ours: true,
      locked: false,
      signedBy: [],
      missing: 0,
      secrets: [{ hash: "sha256", digestHex: "ab".repeat(32) }],
    },
  ],
};

export function inheritanceOf(review: Review): Review {
  return {
    ...review,
    coinAge: { blocks: 26_000, seconds: 0 },
    warnings: ["locked-way", "relative-lock-time"],
    quorums: [INHERITANCE],
  };
}
