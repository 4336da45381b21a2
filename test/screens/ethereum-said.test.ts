// Sentences and places of acts stand on pages, also where the first page has the same numbers.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Act, EthereumReview } from "../../src/act.ts";
import { coinOf, MOST_UNITS, tokenOf } from "../../src/assets.ts";
import { type Address, writeAddress } from "../../src/eip55.ts";
import { ethereumSheets } from "../../src/screens/ethereum.ts";
import { valueWords } from "../../src/screens/ethereum-values.ts";
import { ACT, REVIEW } from "./ethereum.ts";

const address = (byte: number): Address => writeAddress(new Uint8Array(20).fill(byte));
const bare = (text: string) => text.replaceAll(/\s/g, "");

/** The words of each page. */
function pagesOf(facts: EthereumReview): readonly { readonly title: string; readonly words: string }[] {
  return ethereumSheets(facts).map(({ title, blocks }) => ({
    title,
    words: bare(JSON.stringify(blocks).replaceAll("\\n", "")),
  }));
}

function sending(more: Partial<Act>): Act {
  const amount = { asset: coinOf(1n), units: 10n ** 18n };
  const to = address(1);
  return {
    ...ACT,
    title: "Send",
    facts: [
      { label: "Amount", value: { kind: "amount", amount } },
      { label: "To", value: { kind: "address", address: to } },
    ],
    takes: [amount],
    destinations: [{ to, amount }],
    ...more,
  };
}

test("what is said of an act stands on a page, also where the first page has its numbers", () => {
  const says = [
    "It goes to the zero address: nobody can ever get it back.",
    "This token is on no shipped list.",
  ];
  const one = sending({ says });
  for (const acts of [[one], [one, sending({})], [sending({}), one]]) {
    const pages = pagesOf({ ...REVIEW, acts });
    for (const text of says)
      assert.ok(
        pages.some(({ words }) => words.includes(bare(text))),
        text,
      );
  }
});

test("whoever can come to have it stands on the act's page, however many there are", () => {
  const places = [2, 3, 4, 5].map(address);
  const amount = { asset: coinOf(1n), units: 1n };
  const act = sending({ destinations: places.map((to) => ({ to, amount })) });
  const pages = pagesOf({ ...REVIEW, acts: [act] });
  for (const to of places)
    assert.ok(
      pages.some(({ words }) => words.includes(to)),
      to,
    );
});

test("of many assets the first page says how many more there are, and each stands on its act's page", () => {
  const acts = [1, 2, 3, 4, 5].map((byte) =>
    sending({ facts: [], takes: [{ asset: tokenOf(1n, address(byte)), units: 1_000_000n + BigInt(byte) }] }),
  );
  const pages = pagesOf({ ...REVIEW, acts });
  assert.ok(pages.some(({ words }) => words.includes("andof2more")));
  for (let byte = 1; byte <= 5; byte++)
    assert.ok(pages.some(({ words }) => words.includes(String(1_000_000 + byte))));
});

test("a time that no date can say never comes", () => {
  const words = (seconds: bigint) => valueWords({ kind: "time", seconds });
  for (const seconds of [253_402_300_800n, 2n ** 48n - 1n, MOST_UNITS])
    assert.equal(words(seconds), "for ever");
  assert.match(words(253_402_300_799n), /^9999-12-31/);
  assert.match(words(0n), /^1970-01-01/);
});
