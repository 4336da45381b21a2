// What is said of a nonce by what was recorded of the account, and of a Safe.

import assert from "node:assert/strict";
import { test } from "node:test";
import { nonceWords } from "../../src/flows/ethereum/nonces.ts";
import { LIMITS } from "../../src/limits.ts";
import type { PastNonce, Spend } from "../../src/rules.ts";

const ACCOUNT = `1/0x${"ab".repeat(20)}`;

function said(nonce: bigint, past: readonly PastNonce[], account = ACCOUNT): readonly string[] {
  const asked: string[] = [];
  const nonces = (of: string) => {
    asked.push(of);
    return past;
  };
  const session = { journal: { ledger: () => ({ nonces }) } } as unknown as Parameters<typeof nonceWords>[0];
  const spend = { txid: "own", outpoints: [`${account}/${nonce}`] } as unknown as Spend;
  const words = nonceWords(session, spend);
  assert.deepEqual(asked, [account]);
  assert.ok(words.every(({ tone, text }) => tone === "caution" && text.length > 40));
  return words.map(({ title }) => title);
}

const at = (nonce: bigint, txid = "other"): PastNonce => ({ nonce, txid });

test("where nothing was recorded, and where a nonce follows, nothing is said", () => {
  assert.deepEqual(said(500n, []), []);
  assert.deepEqual(said(8n, [at(7n)]), []);
  assert.deepEqual(said(7n + BigInt(LIMITS.nonceGap), [at(7n)]), []);
});

test("a nonce that was signed before is said, by this request, by another one, or by both", () => {
  assert.deepEqual(said(7n, [at(7n, "own")]), ["Signed before"]);
  assert.deepEqual(said(7n, [at(9n), at(7n)]), ["This nonce was signed before"]);
  assert.deepEqual(said(7n, [at(7n), at(7n, "own")]), ["Signed before", "This nonce was signed before"]);
});

test("a nonce below the highest, and one far above it, are said; of a Safe by its own count", () => {
  assert.deepEqual(said(6n, [at(7n), at(5n)]), ["A nonce of before"]);
  assert.deepEqual(said(8n + BigInt(LIMITS.nonceGap), [at(7n)]), ["A nonce far ahead"]);
  assert.deepEqual(said(7n, [at(7n)], `${ACCOUNT}/safe`), ["This nonce was signed before"]);
});

test("what has no nonce of an account's asks nothing of the ledger", () => {
  const session = { journal: { ledger: () => assert.fail() } } as unknown as Parameters<typeof nonceWords>[0];
  for (const outpoints of [[], [`${ACCOUNT}/0x00/permit/3`], [`${ACCOUNT}/safe`]])
    assert.deepEqual(nonceWords(session, { txid: "own", outpoints } as unknown as Spend), []);
});
