// Wallets of any script come back the same through every file that has a place for any descriptor.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  addressOf,
  branchOf,
  compile,
  openRecord,
  readWallet,
  sealRecord,
  unspendable,
  type Wallet,
  type WalletKey,
  writeWalletRecord,
} from "../../src/bitcoin/index.ts";
import { accountPath, cosigner, curve, keyText, nodeAt, withChecksum } from "./wallet-cast.ts";

const PATH = accountPath("p2wsh");
const KEYS = Array.from({ length: 9 }, (_, i) => keyText(cosigner(i + 1), PATH));
const PAIRS = ["<0;1>", "<2;3>", "<7;4>"] as const;

interface Plan {
  readonly count: number;
  readonly threshold: number;
  readonly fewer: number;
  readonly blocks: number;
  readonly pairs: readonly [string, string];
}

/** Some scripts that people keep money in, with everything in them that can vary. */
const SHAPES: Readonly<Record<string, (plan: Plan) => string>> = {
  pkh: ({ pairs }) => `pkh(${KEYS[0]}/${pairs[0]}/*)`,
  nested: ({ pairs }) => `sh(wpkh(${KEYS[0]}/${pairs[0]}/*))`,
  taproot: ({ pairs }) => `tr(${KEYS[0]}/${pairs[0]}/*)`,
  quorum: (plan) => `wsh(sortedmulti(${plan.threshold},${keys(plan)}))`,
  ordered: (plan) => `sh(wsh(multi(${plan.threshold},${keys(plan)})))`,
  legacy: (plan) => `sh(multi(${plan.threshold},${keys(plan)}))`,
  decaying: (plan) =>
    `wsh(or_d(multi(${plan.threshold},${keys(plan)}),and_v(v:multi(${plan.fewer},${keys(plan, 1)}),older(${plan.blocks}))))`,
  heir: ({ blocks, pairs }) =>
    `wsh(or_d(pk(${KEYS[0]}/${pairs[0]}/*),and_v(v:pkh(${KEYS[1]}/${pairs[0]}/*),older(${blocks}))))`,
  hashed: ({ pairs, blocks }) =>
    `wsh(andor(pk(${KEYS[0]}/${pairs[0]}/*),sha256(${"5a".repeat(32)}),and_v(v:pk(${KEYS[1]}/${pairs[1]}/*),after(${blocks}))))`,
  leaves: (plan) =>
    `tr(${KEYS[8]}/${plan.pairs[0]}/*,{multi_a(${plan.threshold},${keys(plan)}),and_v(v:pk(${KEYS[0]}/${plan.pairs[1]}/*),older(${plan.blocks}))})`,
  musig: (plan) =>
    `tr(musig(${KEYS.slice(0, plan.count).join(",")})/${plan.pairs[0]}/*,sortedmulti_a(${plan.threshold},${keys(plan)}))`,
  nobodys: (plan) => {
    const held = Array.from({ length: plan.count }, (_, i) => nodeAt(cosigner(i + 1).master, PATH));
    const xpub = unspendable(held as unknown as readonly WalletKey[], "regtest");
    return `tr(${xpub}/<0;1>/*,sortedmulti_a(${plan.threshold},${keys(plan)}))`;
  },
};

function keys({ count, pairs }: Plan, pair: 0 | 1 = 0): string {
  return KEYS.slice(0, count)
    .map((key) => `${key}/${pairs[pair]}/*`)
    .join(",");
}

const plans: fc.Arbitrary<Plan> = fc
  .record({
    count: fc.integer({ min: 2, max: 8 }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
    blocks: fc.integer({ min: 1, max: 65_535 }),
    pairs: fc.shuffledSubarray([...PAIRS], { minLength: 2, maxLength: 2 }),
  })
  .map(({ part, pairs, ...plan }) => {
    const threshold = 1 + Math.round(part * (plan.count - 1));
    return { ...plan, threshold, fewer: Math.max(1, threshold - 1), pairs: pairs as [string, string] };
  });

/** Every key once, in order, its places in the template: BIP 388. */
function policyOf(descriptor: string): { template: string; keys: readonly string[] } {
  const found = [...new Set(descriptor.match(/(?:\[[^\]]*\])?tpub[1-9A-HJ-NP-Za-km-z]+/g))];
  const template = found.reduce((text, key, i) => text.replaceAll(key, `@${i}`), descriptor.split("#")[0]!);
  return { template, keys: found };
}

const token = "a54044308ceac9b7";
const sealKey = new Uint8Array(32).fill(7);

function filesOf(wallet: Wallet, first: string): readonly string[] {
  const { descriptor } = wallet;
  const [receive, change] = [branchOf(wallet, "receive"), branchOf(wallet, "change")];
  const record = writeWalletRecord(descriptor, first);
  const { template, keys: list } = policyOf(descriptor);
  return [
    descriptor,
    `${receive}\n${change}`,
    `Change: ${change}\nReceive: ${receive}`,
    `# Receive and change descriptor (BIP389):\n${descriptor}\n# Receive descriptor (Bitcoin Core):\n${receive}\n${change}`,
    record,
    record.replaceAll("\n", "\r\n"),
    openRecord(sealRecord(record, token, sealKey), token, sealKey),
    JSON.stringify({ label: "x", descriptor }),
    JSON.stringify({ name: "x", recv_descriptor: receive, change_descriptor: change }),
    JSON.stringify([
      { desc: change, internal: true },
      { desc: receive, internal: false },
    ]),
    JSON.stringify({ accounts: [{ descriptor, keys: {} }] }),
    JSON.stringify({ template, keys: list }),
    [template, ...list].join("\n"),
    `addwallet x&${descriptor}`,
  ];
}

for (const [shape, write] of Object.entries(SHAPES))
  test(`a wallet (${shape}) is the same through every file that holds any descriptor, policies and records`, () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const wallet = readWallet(withChecksum(write(plan)), "regtest", curve);
        const first = addressOf(compile(wallet, curve).derive(wallet.receive, 0).scriptPubKey, "regtest")!;
        for (const file of filesOf(wallet, first))
          assert.equal(readWallet(file, "regtest", curve).descriptor, wallet.descriptor, file);
      }),
      { numRuns: 5 },
    );
  });
