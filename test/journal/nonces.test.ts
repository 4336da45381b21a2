// Spends of Ethereum in the ledger: of the same chain, account and nonce the largest counts, asset by asset; and nonces
// are remembered for ever.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { coinOf, factsOf, inShort, readAmountText, readSymbol, tokenOf } from "../../src/assets.ts";
import { CHAINS } from "../../src/ethereum/known/chains.ts";
import { TOKENS } from "../../src/ethereum/known/tokens.ts";
import { readAmount } from "../../src/journal/index.ts";
import { SpendLedger } from "../../src/journal/ledger.ts";
import { LIMITS } from "../../src/limits.ts";
import type { Asset, PastSpend, Scope } from "../../src/rules.ts";
import { DAY, HOUR, ledgerOf, line, NOON, past, spend, spentEntry } from "../policy/cases.ts";
import { anyEthereumSpend, DAI, ETH, POL, UNLISTED, USDC } from "../policy/on-ethereum.ts";
import { largestSum } from "../policy/reference.ts";

const ALL: Scope = { of: "all" };
const ACCOUNT = `1/0x${"ab".repeat(20)}`;
const again = (ledger: SpendLedger) => new SpendLedger(JSON.parse(JSON.stringify(ledger.snapshot())));
const at = (nonce: number | bigint, txid: string, units = 1n, account = ACCOUNT): PastSpend => ({
  ...past(txid, 0n, NOON, [`${account}/${nonce}`]),
  takes: [{ asset: ETH, units }],
});
const words = (ledger: SpendLedger, account = ACCOUNT) =>
  ledger.nonces(account).map(({ nonce, txid }) => `${nonce} ${txid}`);

test("of spends with the same chain, account and nonce the largest counts, and others beside it", () => {
  const ledger = ledgerOf(at(5, "a", 3n), at(5, "b", 7n), at(5, "c", 2n), at(6, "d", 10n));
  assert.equal(ledger.taken(ETH, ALL, 0), 17n);
  assert.equal(ledger.count(ALL, 0), 2);
  const other = at(5, "e", 100n, `137/0x${"ab".repeat(20)}`);
  ledger.add(spentEntry(other));
  assert.equal(ledger.taken(ETH, ALL, 0), 117n, "another chain's nonce is another one");
  const more = spend({ txid: "f", outpoints: [`${ACCOUNT}/5`], takes: [{ asset: ETH, units: 9n }] });
  assert.equal(ledger.taken(ETH, ALL, 0, more), 119n);
});

test("a replacement that takes something else counts in each asset by the largest", () => {
  const token = {
    ...at(5, "b"),
    takes: [
      { asset: USDC, units: 8n },
      { asset: ETH, units: 1n },
    ],
  };
  const ledger = ledgerOf(at(5, "a", 4n), token, at(6, "c", 2n));
  assert.equal(ledger.taken(ETH, ALL, 0), 6n);
  assert.equal(ledger.taken(USDC, ALL, 0), 8n);
  assert.equal(ledger.taken(DAI, ALL, 0), 0n);
});

test("asset by asset what counts is what trying every subset finds, also through a snapshot", () => {
  let replaced = 0;
  const history = fc.array(anyEthereumSpend, { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(history, anyEthereumSpend, (all, one) => {
      const records = all.map(
        ({ txid, key, wallets, outpoints, amounts, takes }, i): PastSpend => ({
          ...{ txid: `${txid} ${i}`, key, outpoints, amounts, takes, at: NOON + i },
          wallets: wallets.map(({ fingerprint }) => fingerprint),
        }),
      );
      const ledger = ledgerOf(...records);
      const also = { ...one, txid: "new" };
      for (const asset of [ETH, POL, USDC, DAI, UNLISTED]) {
        const weighed = records.map((each) => ({ outpoints: each.outpoints, units: unitsOf(each, asset) }));
        const last = { outpoints: also.outpoints, units: unitsOf(also, asset) };
        for (const found of [ledger, again(ledger)]) {
          assert.equal(found.taken(asset, ALL, 0), largestSum(weighed));
          assert.equal(found.taken(asset, ALL, 0, also), largestSum([...weighed, last]));
        }
        if (largestSum(weighed) < weighed.reduce((sum, { units }) => sum + units, 0n)) replaced++;
      }
    }),
    { numRuns: 800 },
  );
  assert.ok(replaced > 30, `only ${replaced} times a nonce was used again`);
});

function unitsOf({ takes }: Pick<PastSpend, "takes">, asset: Asset): bigint {
  return takes.reduce((sum, one) => (one.asset === asset ? sum + one.units : sum), 0n);
}

test("nonces are told the highest first, with what was recorded by them, of each account and Safe alone", () => {
  const safe = `${ACCOUNT}/safe`;
  const ledger = ledgerOf(at(5, "a"), at(7, "b"), at(5, "c"), at(3, "d", 1n, safe));
  for (const found of [ledger, again(ledger)]) {
    assert.deepEqual(words(found), ["7 b", "5 c", "5 a"]);
    assert.deepEqual(words(found, safe), ["3 d"]);
    assert.deepEqual(words(found, `137/0x${"ab".repeat(20)}`), []);
  }
});

test("the same transaction again is no second one, and what is released is as if it had never been", () => {
  const ledger = ledgerOf(at(5, "a"), at(5, "a"), at(9, "b"));
  assert.deepEqual(words(ledger), ["9 b", "5 a"]);
  ledger.add(line({ kind: "released", txid: "b" }, NOON));
  for (const found of [ledger, again(ledger)]) assert.deepEqual(words(found), ["5 a"]);
  assert.equal(ledger.taken(ETH, ALL, 0), 1n);
});

test("nonces of permits, coins of Bitcoin and whatever else is spent are no nonces of an account", () => {
  const odd = [
    `${ACCOUNT}/permit/5`,
    "11:0",
    `1/0x12/5`,
    `${ACCOUNT}/05`,
    `${ACCOUNT}/-1`,
    `0${ACCOUNT}/5`,
    "5",
  ];
  const ledger = ledgerOf(past("a", 1n, NOON, odd));
  assert.equal(ledger.snapshot().nonces, undefined);
});

test("they are remembered when no window reaches them any more, and stay few", () => {
  const ledger = new SpendLedger();
  const hex = (n: number) => n.toString(16).padStart(64, "0");
  for (let i = 0; i < 3_000; i++) {
    const account = `1/0x${(i % 300).toString(16).padStart(40, "0")}`;
    ledger.add(spentEntry({ ...at(BigInt(i), hex(i), 1n, account), at: NOON + i * HOUR }));
  }
  ledger.add(spentEntry({ ...past("last", 1n, NOON + 900 * DAY) }));
  const kept = again(ledger);
  const last = `1/0x${(299).toString(16).padStart(40, "0")}`;
  assert.equal(kept.nonces(last)[0]?.nonce, 2_999n);
  assert.equal(kept.taken(ETH, ALL, NOON + 800 * DAY), 0n);
  const text = JSON.stringify(kept.snapshot().nonces);
  assert.equal(kept.snapshot().nonces?.length, 128);
  assert.ok(text.length < LIMITS.blobBytes / 16, `${text.length} characters`);
  const many = ledgerOf(...Array.from({ length: 100 }, (_, i) => at(BigInt(i), `t${i}`)));
  assert.equal(many.nonces(ACCOUNT).length, 16);
  assert.equal(many.nonces(ACCOUNT)[15]?.nonce, 84n);
});

test("whatever any listed coin or token is called, what a line says of it is counted again", () => {
  const chains = CHAINS.map(({ id }) => coinOf(BigInt(id)));
  const tokens = Object.entries(TOKENS).flatMap(([id, all]) => all.map(([at]) => tokenOf(BigInt(id), at)));
  const assets = [...chains, ...tokens, coinOf(987_654_321n), UNLISTED, "btc"];
  for (const asset of assets) {
    const amount = { asset, units: 2n ** 256n - 1n };
    assert.deepEqual(readAmount(`${asset} ${amount.units}`), amount);
    const facts = factsOf(asset)!;
    assert.ok(facts.places <= 18, asset);
    // Two that are written alike would share a limit, and one that is not printable would be no line of a policy.
    assert.match(facts.symbol, /^[\x21-\x7e]+( [\x21-\x7e]+)*$/);
    assert.equal(readSymbol(facts.symbol), asset);
    assert.deepEqual(readAmountText(inShort({ asset, units: 12_345n })), { asset, units: 12_345n });
  }
});

test("a nonce as large as any can be is read", () => {
  const huge = 2n ** 256n - 1n;
  assert.deepEqual(words(again(ledgerOf(at(huge, "a"), at(1, "b")))), [`${huge} a`, "1 b"]);
});

test("a snapshot of before there was Ethereum is read, and knows no nonce", () => {
  const { nonces: _, ...before } = ledgerOf(past("a", 5n, NOON)).snapshot();
  assert.deepEqual(new SpendLedger(before).nonces(ACCOUNT), []);
  assert.equal(new SpendLedger(before).taken("btc", ALL, 0), 5n);
});

test("thousands of spends of many tokens stay within what a checkpoint holds", () => {
  const ledger = new SpendLedger();
  for (let i = 0; i < 20_000; i++) {
    const token = `1/0x${(i % 50).toString(16).padStart(40, "7")}`;
    const one = at(BigInt(i), i.toString(16).padStart(64, "0"));
    ledger.add(
      spentEntry({
        ...one,
        at: NOON + i * 60_000,
        takes: [
          { asset: token, units: 2n ** 255n },
          { asset: ETH, units: 10n ** 15n },
        ],
      }),
    );
  }
  const text = JSON.stringify(ledger.snapshot());
  assert.ok(text.length < (LIMITS.blobBytes * 3) / 4, `${text.length} characters`);
  assert.ok(again(ledger).taken(ETH, ALL, 0) >= 20_000n * 10n ** 15n);
});
