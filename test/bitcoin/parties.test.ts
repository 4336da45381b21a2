// Descriptors of others in a policy's lists: which outputs they make.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Party, partyOf, understand } from "../../src/bitcoin/index.ts";
import { LIMITS } from "../../src/limits.ts";
import type { Curve } from "../../src/model.ts";
import type { Request } from "../../src/request.ts";
import {
  descriptorOf,
  FORMS,
  masterOf,
  message,
  type OutputPlan,
  PHRASES,
  psbt,
  purse,
  run,
} from "./build.ts";

const own = purse("p2wpkh");
const masters = [PHRASES[1], PHRASES[2]].map((phrase) => masterOf(phrase));
const descriptor = (form: (typeof FORMS)[number]) => descriptorOf(form, masters);
const theirs = (form: (typeof FORMS)[number]) => purse(form, { phrases: [PHRASES[1], PHRASES[2]] });

function asked(outputs: readonly OutputPlan[], parties: readonly Party[]): Request {
  const known = { network: "regtest", templates: [own.template], curve: own.curve, parties } as const;
  return run(understand(message(psbt(own, { outputs })), known));
}

function counting(): { curve: Curve; count: () => number } {
  let operations = 0;
  const addPublic = (point: Uint8Array, tweak: Uint8Array) => {
    operations++;
    return own.curve.addPublic(point, tweak);
  };
  return { curve: { ...own.curve, addPublic }, count: () => operations };
}

test("an output that a listed descriptor's receive branch makes carries the name it is listed by, in every form", () => {
  for (const form of FORMS) {
    const party = partyOf("Suppliers", descriptor(form), "regtest", own.curve);
    // No hint of theirs is needed, and none is believed.
    const script = theirs(form).template.derive(0, 3).scriptPubKey;
    const { spend, review } = asked(
      [
        { script, amountSats: 40_000n },
        { foreign: 1, amountSats: 40_000n },
      ],
      [party],
    );
    assert.deepEqual(
      spend.destinations.map(({ parties }) => parties),
      [["Suppliers"], undefined],
    );
    assert.deepEqual(review.outputs[0]!.parties, ["Suppliers"]);
  }
});

test("the change of somebody else is nowhere to be paid, and past the last address that is searched nobody is found", () => {
  const party = partyOf("Suppliers", descriptor("p2wpkh"), "regtest", own.curve);
  const at = (branch: number, index: number) =>
    asked([{ of: theirs("p2wpkh"), branch, index, amountSats: 90_000n }], [party]).spend.destinations[0]!
      .parties;
  assert.deepEqual(at(0, LIMITS.searchedAddresses - 1), ["Suppliers"]);
  assert.equal(at(0, LIMITS.searchedAddresses), undefined);
  assert.equal(at(1, 0), undefined);
});

test("two lists may know the same descriptor; each name stands there once, and ours is no party of anybody", () => {
  const text = descriptor("p2wpkh");
  const parties = ["Suppliers", "Rent", "Rent"].map((name) => partyOf(name, text, "regtest", own.curve));
  const ours = partyOf("Self", own.wallet.descriptor, "regtest", own.curve);
  const outputs = [
    { of: theirs("p2wpkh"), branch: 0, index: 1, amountSats: 40_000n },
    { of: own, branch: 0, index: 1, amountSats: 40_000n },
  ];
  const { spend, review } = asked(outputs, [...parties, ours]);
  assert.deepEqual(
    spend.destinations.map(({ parties }) => parties),
    [["Suppliers", "Rent"]],
  );
  assert.equal(review.outputs[1]!.parties, undefined);
});

test("a descriptor of another network, with a false checksum or a private key in it, is no party", () => {
  const read = (text: string) => () => partyOf("Suppliers", text, "regtest", own.curve);
  const mainnet = descriptorOf("p2wpkh", [masterOf(PHRASES[1], "mainnet")], { network: "mainnet" });
  assert.throws(read(mainnet), { reason: "bitcoin.wallet-network" });
  assert.throws(read(`${descriptor("p2wpkh").slice(0, -1)}q`), { reason: "bitcoin.descriptor-checksum" });
});

test("addresses are derived no further than the last that is found, once a session, and never for another form", () => {
  const { curve, count } = counting();
  const party = partyOf("Suppliers", descriptor("p2wpkh"), "regtest", curve);
  const to = (index: number): OutputPlan => ({ of: theirs("p2wpkh"), branch: 0, index, amountSats: 20_000n });
  const before = count();
  asked([to(4), to(9)], [party]);
  assert.equal(count() - before, 11, "the branch, and ten addresses");
  asked([to(2), to(9)], [party]);
  assert.equal(count() - before, 11, "nothing is derived twice");
  const { scriptPubKey: script } = theirs("p2wsh").template.derive(0, 0);
  asked([{ script, amountSats: 20_000n }], [party]);
  assert.equal(count() - before, 11, "another form is none of theirs");
  asked([{ foreign: 1, amountSats: 20_000n }], [party]);
  assert.equal(count() - before, LIMITS.searchedAddresses + 1);
  asked([{ foreign: 2, amountSats: 20_000n }, to(800)], [party]);
  assert.equal(count() - before, LIMITS.searchedAddresses + 1);
});

test("looking for unmarked coins of ours gives way between any two addresses, and the share done never goes back", () => {
  const { curve, count } = counting();
  const mine = purse("p2wpkh", { curve });
  const inputs = [{}, { of: theirs("p2wpkh"), marked: false }];
  const known = { network: "regtest", templates: [mine.template], curve } as const;
  const work = understand(message(psbt(mine, { inputs })), known);
  let last = count();
  let share = 0;
  for (let step = work.next(); !step.done; step = work.next()) {
    assert.ok(count() - last <= 2, "an address, and its branch once");
    assert.ok(step.value >= share - 1e-9, "never back");
    last = count();
    share = step.value;
  }
  assert.ok(count() >= 2 * LIMITS.searchedAddresses);
});

test("looking for parties gives way between any two addresses", () => {
  const { curve, count } = counting();
  const party = partyOf("Family", descriptor("p2wsh"), "regtest", curve);
  const { scriptPubKey: script } = purse("p2wsh").template.derive(0, 0);
  const known = {
    network: "regtest",
    templates: [own.template],
    curve: own.curve,
    parties: [party],
  } as const;
  const work = understand(message(psbt(own, { outputs: [{ script, amountSats: 20_000n }] })), known);
  let last = count();
  let share = 0;
  for (let step = work.next(); !step.done; step = work.next()) {
    assert.ok(count() - last <= 4, "two keys, and the branch once");
    assert.ok(step.value >= share - 1e-9, "never back");
    last = count();
    share = step.value;
  }
  assert.ok(count() >= 2 * LIMITS.searchedAddresses);
});
