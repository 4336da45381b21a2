// Whatever the bytes: a Request or a Refusal, never anything else; and what was understood can be signed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { concat, toHex } from "../../src/bytes.ts";
import { Refusal } from "../../src/refusal.ts";
import type { Request } from "../../src/request.ts";
import { anyPurse } from "./any-wallet.ts";
import {
  encode,
  FORMS,
  heldBy,
  PHRASES,
  type Purse,
  plan,
  psbt,
  purse,
  request,
  row,
  run,
  signed,
  signer,
  tasksOf,
} from "./build.ts";

const PURSES = FORMS.map((form) => purse(form));
const half = heldBy(PURSES.at(-1)!, 1);
const SUBJECTS: readonly { readonly own: Purse; readonly bytes: Uint8Array }[] = [
  ...PURSES.flatMap((own) =>
    ([0, 2] as const).map((version) => ({ own, bytes: psbt(own, { version, inputs: 2 }) })),
  ),
  { own: PURSES.at(-1)!, bytes: (await signed(half, psbt(half))).whole.bytes },
  // Two wallets of ours, and somebody else's, whose coin is finished.
  { own: PURSES[2]!, bytes: psbt(PURSES[2]!, { inputs: [{}, { of: PURSES[3]! }] }) },
  { own: PURSES[2]!, bytes: withFinished() },
  ...(await scripted()),
];

/** Leaves, one of them signed by a cosigner; miniscript with its lock open; a secret that is there. */
async function scripted() {
  const text =
    "tr(@1/<0;1>/*,{pk(@2/<0;1>/*),{and_v(v:multi_a(2,@0/<2;3>/*,@2/<2;3>/*),older(9)),pkh(@0/<0;1>/*)}})";
  const tree = anyPurse(text);
  const there = (await signed(anyPurse(text, { ours: [2] }), psbt(tree, { inputs: 2, sequence: 9 }))).whole
    .bytes;
  const vault = anyPurse("sh(wsh(or_d(multi(2,@1/<0;1>/*,@2/<0;1>/*),and_v(v:pkh(@0/<0;1>/*),older(144)))))");
  const secret = new Uint8Array(32).fill(8);
  const swap = anyPurse(`wsh(and_v(v:pk(@0/<0;1>/*),sha256(${toHex(sha256(secret))})))`);
  const told = plan(swap, { inputs: 2 });
  for (const map of told.inputs) map.push(row(0x0b, secret, sha256(secret)));
  return [
    { own: tree, bytes: there },
    { own: tree, bytes: psbt(tree, { version: 2, inputs: 2, sighash: 1 }) },
    { own: vault, bytes: psbt(vault, { version: 2, inputs: 2, sequence: 144 }) },
    { own: swap, bytes: encode(told) },
  ];
}

function withFinished(): Uint8Array {
  const stranger = purse("p2wpkh", { phrases: [PHRASES[1]] });
  const parts = plan(PURSES[2]!, { version: 2, inputs: [{}, { of: PURSES[3]! }, { of: stranger }] });
  const signature = Uint8Array.of(0x30, 6, 2, 1, 1, 2, 1, 1, 1);
  const key = concat(Uint8Array.of(2), new Uint8Array(32).fill(7));
  const stack = concat(Uint8Array.of(2, signature.length), signature, Uint8Array.of(key.length), key);
  parts.inputs[2]!.push(row(0x08, stack));
  return encode(parts);
}

/** The request, or undefined where it was refused; anything else fails. */
function understoodOrRefused(own: Purse, bytes: Uint8Array): Request | undefined {
  try {
    const of = request(own, bytes, PURSES[3]!);
    run(of.agree());
    return of;
  } catch (error) {
    assert.ok(error instanceof Refusal, `${error instanceof Error ? error.stack : error}`);
    return undefined;
  }
}

function addsUp({ review, spend }: Request): void {
  const sum = (parts: readonly { amountSats: bigint }[]) =>
    parts.reduce((all, one) => all + one.amountSats, 0n);
  assert.equal(sum(review.inputs) - sum(review.outputs), review.feeSats);
  assert.ok(review.feeSats >= 0n);
  const stays = sum(review.outputs.filter(({ owner }) => owner !== "foreign"));
  const ours = sum(review.inputs.filter(({ owner }) => owner !== "foreign"));
  assert.deepEqual(spend.takes, [{ asset: "btc", units: ours > stays ? ours - stays : 0n }]);
  assert.equal(spend.txid, review.txid);
}

interface Change {
  readonly at: number;
  readonly kind: "set" | "flip" | "cut" | "insert" | "double";
  readonly bytes: Uint8Array;
}

const changes = fc.array(
  fc.record({
    at: fc.noBias(fc.nat(1 << 24)),
    kind: fc.constantFrom("set", "flip", "flip", "flip", "cut", "insert", "double"),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 9 }),
  }),
  { minLength: 1, maxLength: 3 },
);

function apply(bytes: Uint8Array, { at, kind, bytes: added }: Change): Uint8Array {
  const place = at % bytes.length;
  const out = bytes.slice();
  if (kind === "flip") {
    out[place]! ^= 1 << (added[0]! & 7);
    return out;
  }
  if (kind === "set") {
    out.set(added.subarray(0, out.length - place), place);
    return out;
  }
  const end = kind === "cut" ? place + added.length : place;
  const middle =
    kind === "insert" ? added : kind === "double" ? bytes.slice(place, place + 40) : new Uint8Array(0);
  return concat(bytes.slice(0, place), middle, bytes.slice(end));
}

test("bytes changed anywhere give a request that adds up and can be signed, or a refusal", async () => {
  let understood = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...SUBJECTS), changes, async ({ own, bytes }, list) => {
      const of = understoodOrRefused(own, list.reduce(apply, bytes));
      if (!of) return;
      understood++;
      addsUp(of);
      const reply = run(of.finish(signer(own)(await tasksOf(of))));
      assert.equal(reply.signed, of.count);
    }),
    { numRuns: 700 },
  );
  assert.ok(understood > 5, "some changes are harmless, so that the rest is reached as well");
});

test("any bytes at all are refused by name", () => {
  const magic = Uint8Array.of(0x70, 0x73, 0x62, 0x74, 0xff);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, begins) => {
      assert.equal(understoodOrRefused(PURSES[0]!, begins ? concat(magic, bytes) : bytes), undefined);
    }),
    { numRuns: 1000 },
  );
});

test("any row in any map gives a request or a refusal", () => {
  const rows = fc.record({
    type: fc.oneof(fc.integer({ min: 0, max: 0x40 }), fc.constantFrom(0xfb, 0xfc, 0xfd, 0x100, 0xffff)),
    key: fc.uint8Array({ maxLength: 70 }),
    value: fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.constantFrom(new Uint8Array(4), new Uint8Array(32))),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...PURSES),
      fc.constantFrom<(0 | 2)[]>(0, 2),
      fc.array(fc.tuple(fc.nat(4), rows), { minLength: 1, maxLength: 4 }),
      (own, version, added) => {
        const parts = plan(own, { version, inputs: 2 });
        const maps = [parts.global, ...parts.inputs, ...parts.outputs];
        for (const [map, { type, key, value }] of added) maps[map]!.push(row(type, value, key));
        const of = understoodOrRefused(own, encode(parts));
        if (of) addsUp(of);
      },
    ),
    { numRuns: 400 },
  );
});

test("a truncated PSBT is refused at every length", () => {
  const { own, bytes } = SUBJECTS[0]!;
  for (let length = 0; length < bytes.length; length++)
    assert.equal(understoodOrRefused(own, bytes.slice(0, length)), undefined, `${length}`);
});
