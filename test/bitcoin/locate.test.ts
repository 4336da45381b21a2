// Where an address comes from: found near and far, by a hint, in wallets of every kind; and what a payment request says.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Descriptor } from "@bitgo/wasm-miniscript";
import fc from "fast-check";
import type { Template } from "../../src/bitcoin/index.ts";
import {
  addressOf,
  compile,
  locate,
  locateFar,
  lookAlike,
  networksOf,
  readPayment,
  readWallet,
  scriptOf,
} from "../../src/bitcoin/index.ts";
import { LIMITS } from "../../src/limits.ts";
import { cosigner, curve, keyText, templateOf, withChecksum } from "./wallet-cast.ts";

const H = 0x80000000;
const [first, second] = [1, 2].map((number) => keyText(cosigner(number), [H + 87, H + 1, H + number]));

function end<T>(work: Generator<number, T, void>): { readonly value: T; readonly steps: number } {
  let steps = 0;
  let last = 0;
  for (;;) {
    const step = work.next();
    if (step.done) return { value: step.value, steps };
    assert.ok(step.value >= last && step.value <= 1, `${step.value} after ${last}`);
    last = step.value;
    steps++;
  }
}

/** Branches of the first key are 4 and 9; the later way has others. */
const body = `wsh(or_d(pk(${first}/<4;9>/*),and_v(v:pkh(${second}/<2;3>/*),older(4320))))`;
const odd = compile(readWallet(withChecksum(body), "regtest", curve), curve);
const plain = templateOf({ form: "p2wsh", cosigners: [1, 2, 3], threshold: 2 });
const single = templateOf({ form: "p2wpkh" });
const ALL: readonly Template[] = [single, plain, odd];

/** What rust-miniscript says stands there. */
function byRust(member: number, index: number): Uint8Array {
  const text = body.replace(/<(\d+);(\d+)>/g, (_, one, other) => (member === 0 ? one : other));
  return Descriptor.fromString(text, "derivable").atDerivationIndex(index).scriptPubkey();
}

test("an address is found on the branch and at the index at which another program makes it", () => {
  for (const [member, branch, index] of [
    [0, 4, 0],
    [1, 9, 999],
    [0, 4, 77],
  ] as const) {
    const { value } = end(locate(ALL, byRust(member, index)));
    assert.deepEqual([value?.template, value?.branch, value?.index], [odd, branch, index]);
  }
});

test("past the first thousand it is found only where a hint leads, or by the far search", () => {
  const last = LIMITS.searchedAddresses;
  const script = byRust(1, last);
  assert.equal(end(locate(ALL, script)).value, undefined);
  assert.equal(end(locate(ALL, script, last + 1)).value, undefined);
  assert.equal(end(locate(ALL, script, last)).value?.index, last);
  assert.deepEqual(
    [end(locateFar(ALL, script)).value?.branch, end(locateFar(ALL, byRust(0, last + 40))).value?.index],
    [9, last + 40],
  );
  // At the last index that there is, and never at a hardened one.
  assert.equal(end(locate(ALL, byRust(0, H - 1), H - 1)).value?.index, H - 1);
  assert.equal(end(locate([], script, H)).value, undefined);
  assert.equal(end(locate(ALL, single.derive(0, 0).scriptPubKey, H)).value?.index, 0);
});

test("what was derived for one search is not derived for the next", () => {
  const fresh = templateOf({ form: "p2wsh", cosigners: [4, 5], threshold: 1 });
  const foreign = byRust(0, 5);
  const before = end(locate([fresh], foreign));
  assert.equal(before.steps, 2 * LIMITS.searchedAddresses);
  assert.equal(end(locate([fresh], foreign)).steps, 0);
});

test("wallets whose addresses look otherwise are not looked through", () => {
  const p2tr = templateOf({ form: "p2tr" });
  assert.equal(end(locate([p2tr, single], byRust(0, 0))).steps, 0);
  assert.equal(end(locateFar([p2tr, single], byRust(0, 0))).steps, 0);
});

test("no address among thousands looks like another one by chance, and an own one is no look-alike of itself", () => {
  const fresh = ALL.map(({ wallet }) => compile(wallet, curve));
  for (let index = 0; index < 50; index++) {
    const foreign = templateOf({ form: "p2wsh", cosigners: [7], threshold: 1 }).derive(0, index).scriptPubKey;
    if (index === 0) end(locate(fresh, foreign));
    assert.equal(lookAlike(fresh, foreign, "regtest"), undefined);
    assert.equal(lookAlike(fresh, byRust(0, index), "regtest"), undefined);
  }
});

// ---------------------------------------------------------------- payment requests

test("a payment request gives its address in small letters, its hints, and the rest in its order", () => {
  assert.deepEqual(
    readPayment("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "AMOUNT=1&label=a%20b+c&index=5&x"),
    {
      address: "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
      index: 5,
      added: [
        { name: "amount", value: "1" },
        { name: "label", value: "a b+c" },
        { name: "x", value: "" },
      ],
    },
  );
  assert.deepEqual(
    readPayment("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "wallet=Haystack%20Four&index=-1&index=2&&=#y=1"),
    {
      address: "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
      index: 2,
      wallet: "Haystack Four",
      added: [
        { name: "index", value: "-1" },
        { name: "", value: "" },
      ],
    },
  );
  assert.deepEqual(readPayment("1x", "label=%E2%82%AC&other=%ff%"), {
    address: "1x",
    added: [
      { name: "label", value: "€" },
      { name: "other", value: "%ff%" },
    ],
  });
});

test("whatever a request says, reading it throws nothing and loses nothing", () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ unit: "binary" }), (address, query) => {
      const { added, index, wallet } = readPayment(address, query);
      const parts = query.split("#")[0]!.split("&").filter(Boolean).length;
      assert.equal(added.length + (index === undefined ? 0 : 1) + (wallet === undefined ? 0 : 1), parts);
    }),
    { numRuns: 1000 },
  );
});

test("an address is known on the networks that write it so, and on no other", () => {
  assert.deepEqual(networksOf("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"), ["mainnet"]);
  assert.deepEqual(networksOf("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx"), [
    "testnet3",
    "testnet4",
    "signet",
  ]);
  assert.deepEqual(networksOf("mtHSVByP9EYZmB26jASDdPVm19gvpecb5R"), [
    ...["testnet3", "testnet4", "signet", "regtest"],
  ]);
  assert.deepEqual(networksOf("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"), []);
  fc.assert(fc.property(fc.string(), (text) => networksOf(text).length <= 5));
  const script = scriptOf("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", "signet");
  assert.equal(addressOf(script, "mainnet"), "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4");
});
