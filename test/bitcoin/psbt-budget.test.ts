// How much work a transaction may cost: operations of the signing curve, counted; never time.

import assert from "node:assert/strict";
import { pbkdf2Sync } from "node:crypto";
import { test } from "node:test";
import { mnemonicToEntropy } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { compile, understand } from "../../src/bitcoin/index.ts";
import type { ScriptForm } from "../../src/bitcoin/wallet.ts";
import { Keyring } from "../../src/keys/index.ts";
import type { Curve } from "../../src/model.ts";
import { anyPurse, POINT_H } from "./any-wallet.ts";
import { curve, heldBy, message, PHRASES, type Plan, type Purse, psbt, purse, run, signed } from "./build.ts";
import { cosigner, walletOf } from "./wallet-cast.ts";

/** Counts every operation on points; a signature once, however often its nonce is ground. */
function counting(): { curve: Curve; count: () => number; reset: () => void } {
  let operations = 0;
  const one = <A extends unknown[], R>(work: (...args: A) => R) => {
    return (...args: A): R => {
      operations++;
      return work(...args);
    };
  };
  const counted: Curve = {
    ...curve,
    name: curve.name,
    isPoint: one(curve.isPoint),
    publicKey: one(curve.publicKey),
    addPublic: one(curve.addPublic),
    decompress: one(curve.decompress),
    verifyEcdsa: one(curve.verifyEcdsa),
    verifySchnorr: one(curve.verifySchnorr),
    signSchnorr: one(curve.signSchnorr),
    signEcdsa(digest, secret, extra) {
      if (extra === undefined) operations++;
      return curve.signEcdsa(digest, secret, extra);
    },
  };
  const reset = () => {
    operations = 0;
  };
  return { curve: counted, count: () => operations, reset };
}

interface Sizes {
  readonly inputs: number;
  readonly outputsOfOurs: number;
  readonly foreign: number;
}

/** From the message to the reply, signed by a real Keyring; the wallet's branches are not ready before. */
async function operationsFor(form: ScriptForm, sizes: Sizes, cosigners: readonly number[]): Promise<number> {
  const own = purse(form);
  return operationsOf(
    own,
    sizes,
    cosigners.map((place) => heldBy(own, place)),
  );
}

/** `more`: of the plan. `each`: signatures of ours an input. */
async function operationsOf(
  own: Purse,
  sizes: Sizes,
  cosigners: readonly Purse[],
  more: Plan = {},
  each = 1,
): Promise<number> {
  const share = (BigInt(sizes.inputs) * 90_000n) / BigInt(sizes.outputsOfOurs + sizes.foreign);
  const outputs = [
    ...Array.from({ length: sizes.foreign }, (_, i) => ({ foreign: i, amountSats: share })),
    ...Array.from({ length: sizes.outputsOfOurs }, (_, i) => ({
      of: own,
      branch: 1,
      index: i,
      amountSats: share,
    })),
  ];
  let bytes = psbt(own, { inputs: sizes.inputs, outputs, ...more });
  for (const cosigner of cosigners) bytes = (await signed(cosigner, bytes)).whole.bytes;
  const counter = counting();
  const keyring = await Keyring.open({
    material: {
      kind: "words",
      entropy: mnemonicToEntropy(PHRASES[0], wordlist),
      passphrase: new Uint8Array(0),
    },
    network: "regtest",
    curve: counter.curve,
    check: { ...curve, name: "noble" },
    stretch: {
      argon2id: () => assert.fail("nothing is sealed here"),
      pbkdf2Sha512: async (secret, salt, rounds, length) =>
        new Uint8Array(pbkdf2Sync(secret, salt, rounds, length, "sha512")),
      pbkdf2Sha256: () => assert.fail("nothing of SLIP-39 is here"),
      scrypt: () => assert.fail("no backup is here"),
    },
  });
  keyring.account(own.wallet.keys[0]!.path);
  const templates = [compile(own.wallet, counter.curve)];
  counter.reset();
  const known = { network: "regtest", templates, curve: counter.curve, check: curve } as const;
  const request = run(understand(message(bytes), known));
  run(request.agree());
  const approval = request.approve({ txid: request.spend.txid, outcome: "allow", rules: [] }, "approve");
  await approval.record(async () => {});
  const reply = run(request.finish(run(keyring.sign(approval))));
  assert.equal(reply.signed, sizes.inputs * each);
  return counter.count();
}

const CASES: readonly [ScriptForm, number, readonly number[]][] = [
  ["p2pkh", 1, []],
  ["p2sh-p2wpkh", 1, []],
  ["p2wpkh", 1, []],
  ["p2tr", 1, []],
  ["p2sh", 3, []],
  ["p2wsh", 3, []],
  ["p2wsh", 3, [1]],
  ["p2wsh", 3, [1, 2]],
  ["p2sh-p2wsh", 3, [2]],
];

for (const [form, keys, cosigners] of CASES)
  test(`${form} with ${cosigners.length} signatures there costs at most inputs × (keys + 3 + those) + 2 × keys + outputs of ours × keys`, async () => {
    for (const inputs of [1, 20]) {
      const operations = await operationsFor(form, { inputs, outputsOfOurs: 2, foreign: 3 }, cosigners);
      // A P2TR address costs two operations a key: the output's second is the output key's.
      const outputs = 2 * keys * (form === "p2tr" ? 2 : 1);
      const most = inputs * (keys + 3 + cosigners.length) + 2 * keys + outputs;
      assert.ok(operations <= most, `${operations} operations of at most ${most}`);
    }
  });

test("the work grows with the inputs and outputs and no faster, up to 1,000 of each", async () => {
  const of = (size: number) =>
    operationsFor("p2wpkh", { inputs: size, outputsOfOurs: size / 2, foreign: size / 2 }, []);
  const [some, twice, most] = [await of(100), await of(200), await of(1000)];
  assert.equal(twice - some, (most - twice) / 8);
});

test("no step of understanding derives or verifies for more than one input", () => {
  const own = purse("p2wsh");
  const counter = counting();
  const templates = [compile(own.wallet, counter.curve)];
  const work = understand(message(psbt(own, { inputs: 50 })), {
    network: "regtest",
    templates,
    curve: counter.curve,
  });
  counter.reset();
  let steps = 0;
  let share = 0;
  for (let step = work.next(); !step.done; step = work.next()) {
    assert.ok(counter.count() <= 2 * 3, "keys of one input, and at first of its branch");
    counter.reset();
    assert.ok(step.value >= share && step.value <= 1, "the share done never goes back");
    share = step.value;
    steps++;
  }
  assert.ok(steps > 100);
});

// ---------------------------------------------------------------- any script

/** Which keys stand at how many places, how many leaves are ours and open, and what its plan needs. */
const WALLETS: readonly { text: string; uses: number; each: number; ours?: number; more?: Plan }[] = [
  { text: "wsh(sortedmulti(3,@0/<0;1>/*,@1/<0;1>/*,@2/<0;1>/*,@3/<0;1>/*,@4/<0;1>/*))", uses: 5, each: 1 },
  {
    text: "wsh(or_d(multi(2,@1/<0;1>/*,@2/<0;1>/*),and_v(v:pkh(@0/<0;1>/*),older(144))))",
    uses: 3,
    each: 1,
    more: { sequence: 144 },
  },
  { text: `tr(${POINT_H},sortedmulti_a(2,@0/<0;1>/*,@1/<0;1>/*,@2/<0;1>/*))`, uses: 4, each: 1 },
  {
    text: "tr(@1/<0;1>/*,{pk(@0/<0;1>/*),{multi_a(2,@0/<2;3>/*,@2/<0;1>/*),and_v(v:pk(@0/<4;5>/*),older(9))}})",
    uses: 5,
    each: 2,
  },
];

for (const { text, uses, each, more = {} } of WALLETS)
  test(`a spend costs no more than its keys derived and its signatures made and verified: ${text}`, async () => {
    const own = anyPurse(text);
    const taproot = own.wallet.form === "p2tr" ? 1 : 0;
    const of = (inputs: number) =>
      operationsOf(own, { inputs, outputsOfOurs: 2, foreign: 3 }, [], more, each);
    const [some, twice, four] = [await of(5), await of(10), await of(20)];
    const derived = uses + taproot;
    // Each signature is made and verified; another implementation's work is not counted. A branch costs a node a key.
    const most = 5 * (derived + 2 * each) + 2 * derived + 2 * uses + 2 * uses;
    assert.ok(some <= most, `${some} operations of at most ${most}`);
    assert.equal(four - twice, 2 * (twice - some), "the work grows with the inputs and no faster");
  });

test("two hundred outputs of change of a 15-of-15 cost what deriving the claimed indices costs", () => {
  const numbers = Array.from({ length: 15 }, (_, i) => i + 1);
  const read = walletOf({ form: "p2wsh", cosigners: numbers, threshold: 15 });
  const keys = read.keys.map((key, place) => ({ ...key, ours: place === 0 }));
  const wallet = { ...read, keys };
  const masters = numbers.map((number) => cosigner(number).master);
  const own: Purse = { wallet, template: compile(wallet, curve), masters, curve };
  const costOf = (outputs: number) => {
    const change = Array.from({ length: outputs }, (_, index) => {
      return { of: own, branch: 1, index, amountSats: 400n };
    });
    const bytes = psbt(own, { inputs: 1, outputs: [...change, { foreign: 1, amountSats: 600n }] });
    const counter = counting();
    const templates = [compile(wallet, counter.curve)];
    const request = run(understand(message(bytes), { network: "regtest", templates, curve: counter.curve }));
    assert.equal(request.review.outputs.filter(({ owner }) => owner === "change").length, outputs);
    return counter.count();
  };
  // Of each branch a node a key; of each index a key.
  assert.equal(costOf(200), 15 * (1 + 1) + 15 * (1 + 200));
});
