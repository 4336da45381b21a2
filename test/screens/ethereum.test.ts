// What pages of a request on Ethereum never do: hide what is judged, cut without a word, or grow faster than the request.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { plainText } from "../../device/glass/plain.ts";
import { type Act, type ActFact, type EthereumReview, ODDITIES, type Value } from "../../src/act.ts";
import { coinOf, MOST_UNITS, tokenOf } from "../../src/assets.ts";
import { type Address, writeAddress } from "../../src/eip55.ts";
import { LIMITS } from "../../src/limits.ts";
import type { Event, Size } from "../../src/model.ts";
import { ethereumReview, ethereumSheets } from "../../src/screens/ethereum.ts";
import { addressWords, bytesWords, factBlocks, valueWords } from "../../src/screens/ethereum-values.ts";
import type { Screen } from "../../src/screens/screen.ts";
import { wrap } from "../../src/text.ts";
import { ACT, REVIEW } from "./ethereum.ts";

const SMALL: Size = { columns: 40, rows: 15 };
const DOWN: Event = { kind: "press", button: "down" };
const VERDICT = { txid: "00", outcome: "allow", rules: [] } as const;
const SIGNING = {
  fingerprint: "73c5da0a",
  reasons: "shown",
} as const;
const address = (byte: number): Address => writeAddress(new Uint8Array(20).fill(byte));

function screenOf(facts: EthereumReview): Screen<unknown> {
  return ethereumReview(facts, VERDICT, { signing: SIGNING });
}

/** All that the pages say, without white space. */
function said(facts: EthereumReview, size = SMALL): string {
  const out: string[] = [];
  let now = screenOf(facts);
  for (;;) {
    const picture = now.draw(size);
    const text = plainText(picture, size);
    assert.ok(!text.includes("… more"), text);
    out.push(text.split("\n").slice(1, -3).join(""));
    if (picture.page!.index === picture.page!.count - 1) return out.join("").replaceAll(/\s/g, "");
    now = now.on(DOWN, size) as Screen<unknown>;
  }
}

test("what is judged of an act is on a page, whatever its decoder left out of the facts", () => {
  const [to, spender, contract, delegate] = [1, 2, 3, 4].map(address) as [Address, Address, Address, Address];
  const units = 123_456_789n;
  const act: Act = {
    ...ACT,
    takes: [{ asset: tokenOf(1n, address(9)), units }],
    destinations: [{ to, amount: { asset: coinOf(1n), units: 1n } }],
    allowances: [{ spender, amount: { asset: coinOf(1n), units: 5n }, untilSeconds: 1_900_000_000n }],
    calls: [{ chainId: 1n, contract, selector: "0x12345678", known: true }],
    delegates: [delegate],
  };
  for (const acts of [
    [act],
    [
      { ...ACT, title: "Outer" },
      { ...act, depth: 1 },
    ],
  ]) {
    const all = said({ ...REVIEW, acts });
    for (const one of [to, spender, contract, delegate, address(9)]) assert.ok(all.includes(one), one);
    assert.ok(all.includes(String(units)) && all.includes("2030-03-17"));
  }
});

test("the page that is held says how much goes and to whom, where that is one alone, and names none of several", () => {
  const [to, other] = [1, 2].map(address) as [Address, Address];
  const amount = { asset: coinOf(1n), units: 5n * 10n ** 17n };
  const sends = (whom: Address): Act => ({
    ...ACT,
    facts: [
      { label: "Amount", value: { kind: "amount", amount } },
      { label: "To", value: { kind: "address", address: whom } },
    ],
    takes: [amount],
    destinations: [{ to: whom, amount }],
  });
  const held = (acts: readonly Act[]) => {
    const facts = { ...REVIEW, acts };
    let now = screenOf(facts);
    for (;;) {
      const picture = now.draw(SMALL);
      if (picture.page!.index === picture.page!.count - 1)
        return plainText(picture, SMALL).replaceAll(/\s/g, "");
      now = now.on(DOWN, SMALL) as Screen<unknown>;
    }
  };
  const one = held([sends(to)]);
  assert.ok(one.includes(to) && one.includes("0.5ETH") && one.includes("holdoktosign"), one);
  const two = held([sends(to), sends(other)]);
  assert.ok(!two.includes(to) && !two.includes(other) && two.includes("1ETH"), two);
});

test("of what can take something in a way that nobody can tell it is never said that nothing leaves", () => {
  const harmless = ["far deadline", "unlisted token"];
  for (const form of ["typed", "message"] as const)
    for (const oddity of ODDITIES) {
      const all = said({ ...REVIEW, form, acts: [{ ...ACT, oddities: [oddity] }] });
      const calms = all.includes("Nothingleavestheaccount") || all.includes("movesnothing");
      assert.equal(calms, form === "typed" && harmless.includes(oddity), `${form}: ${oddity}`);
    }
});

test("an account that is handed over is not said to be one's own: others hand theirs over in one's transaction", () => {
  const acts = [{ ...ACT, oddities: ["account delegation"] as const, delegates: [address(7)] }];
  const all = said({ ...REVIEW, acts });
  assert.ok(all.includes("actsastheaccountthatthenextpagesname") && all.includes(address(7)));
  assert.ok(!/youraccountishandedover|asyouraccount/i.test(all));
});

test("one act that few facts tell whole has no second page of the same", () => {
  const amount = { asset: coinOf(1n), units: 7n };
  const act: Act = {
    ...ACT,
    facts: [
      { label: "Amount", value: { kind: "amount", amount } },
      { label: "To", value: { kind: "address", address: address(1) } },
    ],
    takes: [amount],
    destinations: [{ to: address(1), amount }],
  };
  const titles = (acts: readonly Act[]) => ethereumSheets({ ...REVIEW, acts }).map(({ title }) => title);
  const times = (acts: readonly Act[]) => titles(acts).filter((title) => title.includes(ACT.title)).length;
  assert.equal(times([act]), 1);
  assert.equal(times([act, act]), 3);
  for (const more of [
    { destinations: [...act.destinations, { to: address(2), amount }] },
    { takes: [{ ...amount, units: 8n }] },
    { takes: [] },
    { delegates: [address(3)] },
    { oddities: ["unknown call"] },
    { calls: [{ chainId: 1n, contract: address(4), selector: "0x12345678", known: true }] },
  ] as const)
    assert.equal(times([{ ...act, ...more }]), 2);
});

test("every oddity of an act has a page of its own before the first act's, in words of its own", () => {
  const pages = new Set<string>();
  for (const oddity of ODDITIES) {
    const first = screenOf({ ...REVIEW, acts: [{ ...ACT, oddities: [oddity] }] }).draw({
      columns: 80,
      rows: 24,
    });
    assert.notEqual(first.tone, "calm");
    assert.notEqual(first.title, ACT.title);
    const [block] = first.blocks;
    assert.ok(block?.kind === "text" && block.text.length > 60);
    pages.add(block.text);
  }
  assert.equal(pages.size, ODDITIES.length);
});

test("long bytes say how many they are and their hash, short ones are whole", () => {
  for (const length of [0, 1, 32, 160, 161, 100_000]) {
    const words = bytesWords(new Uint8Array(length).fill(0xab));
    if (length > 160) assert.match(words, new RegExp(`${length} bytes in all, keccak-256`));
    else assert.equal((words.match(/ab/g) ?? []).length, length);
  }
  assert.match(bytesWords(new Uint8Array(0)), /0 bytes/);
});

test("an address stands on two rows of every screen, its first and last group at the corners", () => {
  const rows = wrap(addressWords("0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045"), SMALL.columns - 4);
  assert.deepEqual(rows, ["0xd8dA 6BF2 6964 aF9D 7eEd", "9e03 E534 15D3 7aA9 6045"]);
});

test("foreign text can make no lines, directions or spaces of its own, and is never cut", () => {
  const text = "a\nTo\u202e  b\u0430";
  assert.equal(valueWords({ kind: "text", text }), "a<U+000A>To<U+202E><U+0020> b<U+0430>");
  const long = "x".repeat(LIMITS.ethereumBytes);
  assert.equal(valueWords({ kind: "text", text: long }), long);
});

test("names as long and as deep as any are said whole, and take no page away from their values", () => {
  const name = (letter: string) => letter.repeat(500);
  const fields = [..."abcdefghijklmnop"].map((letter, depth): ActFact => {
    return { label: name(letter), foreign: true, depth, value: { kind: "text", text: `value ${letter}` } };
  });
  const facts: EthereumReview = { ...REVIEW, form: "typed", fields };
  said(facts, SMALL);
  const all = said(facts, { columns: 80, rows: 24 });
  for (const letter of "abcdefghijklmnop") assert.ok(all.includes(`${name(letter)}=value${letter}`), letter);
});

test("whatever a request says, only plain letters, digits and signs reach a page", () => {
  const foreign = fc.string({ unit: "binary", maxLength: 60 });
  const value = fc.oneof(
    foreign.map((text): Value => ({ kind: "text", text })),
    fc.uint8Array({ maxLength: 300 }).map((bytes): Value => ({ kind: "bytes", bytes })),
    fc.bigInt({ min: 0n, max: MOST_UNITS }).map((seconds): Value => ({ kind: "time", seconds })),
  );
  const field = fc.record({ label: foreign, value, depth: fc.nat(20) });
  const review = fc.record({ origin: foreign, message: foreign, fields: fc.array(field, { maxLength: 6 }) });
  fc.assert(
    fc.property(review, ({ fields, ...more }) => {
      const facts: EthereumReview = {
        ...{ ...REVIEW, ...more, form: "typed" },
        fields: fields.map((one) => ({ ...one, foreign: true })),
      };
      for (const { title, blocks } of ethereumSheets(facts))
        for (const block of blocks) {
          const texts =
            block.kind === "fact" ? [block.label, block.value] : [(block as { text: string }).text];
          for (const text of [title, ...texts]) assert.match(text, /^[ -~\n]*$/);
        }
      screenOf(facts).draw(SMALL);
    }),
    { examples: [[{ origin: "\u202e", message: "a\u0000\r\n", fields: [] }]] },
  );
});

test("a field says the names of all that it is inside of", () => {
  const field = (label: string, depth: number): ActFact => ({
    ...{ label, depth, foreign: true, value: { kind: "words", text: "x" } },
  });
  const blocks = factBlocks([field("a", 0), field("b", 1), field("c", 2), field("d", 1), field("e", 0)]);
  assert.deepEqual(
    blocks.map((block) => block.kind === "fact" && block.label),
    ["a", "a > b", "a > b > c", "a > d", "e"],
  );
});

test("an unlimited allowance never stands as a number, of listed and unlisted tokens", () => {
  for (const asset of [
    coinOf(1n),
    tokenOf(1n, "0xdac17f958d2ee523a2206206994597c13d831ec7"),
    tokenOf(1n, address(7)),
  ])
    assert.match(valueWords({ kind: "amount", amount: { asset, units: MOST_UNITS } }), /^unlimited /);
});

test("as many fields, values and bytes as are taken at all are on pages while nobody waits", () => {
  const fieldsOf = (count: number): EthereumReview => ({
    ...REVIEW,
    form: "typed",
    acts: [{ ...ACT, facts: [{ label: "Data", value: { kind: "bytes", bytes: new Uint8Array(100_000) } }] }],
    fields: Array.from({ length: count }, (_, i): ActFact => {
      const value = { kind: "text", text: `value ${i} of a field that is somewhat long` } as const;
      return { label: `field${i}`, foreign: true, depth: i % 8, value };
    }),
  });
  const timed = (count: number): number => {
    const before = performance.now();
    const screen = screenOf(fieldsOf(count));
    const { page } = screen.draw(SMALL);
    assert.ok(page!.count > count / 4);
    screen.on(DOWN, SMALL);
    return performance.now() - before;
  };
  timed(500);
  const [few, many] = [timed(500), timed(LIMITS.typedFields)];
  // Generous: a machine under load. The figures are in test/bench.
  assert.ok(few < 300, `500 fields took ${few} ms`);
  assert.ok(many < 2000, `${LIMITS.typedFields} fields took ${many} ms`);
});
