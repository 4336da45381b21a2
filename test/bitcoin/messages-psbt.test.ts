// Messages as PSBTs (BIP 322): made and signed by every form of wallet, by one key or by several; and whatever only looks
// like one, refused.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Psbt } from "@bitgo/wasm-miniscript";
import { sha256 } from "@noble/hashes/sha2.js";
import { createBase58check } from "@scure/base";
import fc from "fast-check";
import type { MessageRequest } from "../../src/bitcoin/index.ts";
import {
  addressOf,
  messagePsbt,
  psbtMessage,
  saysMessage,
  scriptOf,
  understand,
} from "../../src/bitcoin/index.ts";
import { encodeWitness } from "../../src/bitcoin/messages/finalise.ts";
import { verifySigned } from "../../src/bitcoin/messages/verify.ts";
import { toSign, toSpend, toSpendTxid } from "../../src/bitcoin/messages/virtual.ts";
import { readPsbt } from "../../src/bitcoin/psbt/psbt.ts";
import { hash160, p2pkh } from "../../src/bitcoin/script.ts";
import { commonOf, segwitDigester } from "../../src/bitcoin/sighash.ts";
import { toDer } from "../../src/bitcoin/signatures.ts";
import { concat, u32le, u64le } from "../../src/bytes.ts";
import { signEcdsaLowR } from "../../src/keys/index.ts";
import type { MessageReply } from "../../src/message.ts";
import { Refusal } from "../../src/refusal.ts";
import { utf8 } from "../../src/text.ts";
import { anyPurse, definite, POINT_H, signedByPeer } from "./any-wallet.ts";
import {
  curve,
  encode,
  encodeOutput,
  FORMS,
  heldBy,
  type Parts,
  PHRASES,
  type Purse,
  plan,
  psbt,
  purse,
  row,
  run,
  signer,
  unsignedTx,
} from "./build.ts";
import { type Firn, firns } from "./musig-stage.ts";

const MESSAGE = "I own this.\nAll of it. €";
const MULTISIG = FORMS.slice(4);

function knownBy(own: Purse) {
  const ours = own.wallet.keys.find((key) => key.ours)!;
  return {
    network: own.wallet.network,
    templates: [own.template],
    fingerprint: ours.fingerprint,
    curve: own.curve,
    keyAt: () => assert.fail("no key is asked for by its path"),
  };
}

function asks(own: Purse, bytes: Uint8Array, cameAs?: "psbt" | "text") {
  return run(psbtMessage({ kind: "psbt", dialect: "ur", bytes }, knownBy(own), cameAs));
}

/** As a Keyring gets them. */
async function signaturesFor(own: Purse, request: MessageRequest): Promise<Uint8Array[]> {
  run(request.agree());
  const approval = request.approve({ txid: request.spend.txid, outcome: "allow", rules: [] }, "approve");
  await approval.record(async () => {});
  return signer(own)(approval.take());
}

async function answers(own: Purse, bytes: Uint8Array, cameAs?: "psbt" | "text"): Promise<MessageReply> {
  const request = asks(own, bytes, cameAs);
  return run(request.finish(await signaturesFor(own, request)));
}

function verdictOf(
  own: Purse,
  { address }: { readonly address?: string },
  signature: string,
  message = MESSAGE,
) {
  return run(verifySigned({ message, signature, address: address! }, own.wallet.network, own.curve));
}

for (const form of FORMS)
  test(`a ${form} address signs a message; all forms of the signature verify, for this message and address alone`, async () => {
    const own = purse(form);
    const many = MULTISIG.some((one) => one === form);
    const asked = messagePsbt(MESSAGE, own.wallet, own.template.derive(0, 3));
    assert.ok(saysMessage(asked));
    const first = await answers(own, asked);
    assert.equal(first.signed, 1);
    assert.equal(first.written.length === 0, many, "of a quorum one signature is not enough");
    const reply = many ? await answers(heldBy(own, 1), first.psbt!.bytes) : first;
    const prefixes = reply.written.map(({ signature }) => signature.slice(0, 3));
    const native = ["p2wpkh", "p2wsh", "p2tr"].includes(form);
    assert.deepEqual(prefixes, native ? ["smp", "ful"] : ["ful"]);
    for (const { signature } of reply.written) {
      assert.equal(verdictOf(own, reply, signature).outcome, "valid");
      assert.equal(verdictOf(own, reply, signature, `${MESSAGE} `).outcome, "invalid");
      const address = asks(heldBy(own, 0), messagePsbt(MESSAGE, own.wallet, own.template.derive(1, 3))).review
        .address!;
      assert.equal(verdictOf(own, { address }, signature).outcome, "invalid");
    }
    // No payment's reader takes it, and no message's reader a payment.
    const payments = { network: own.wallet.network, templates: [own.template], curve: own.curve };
    assert.throws(() => run(understand({ kind: "psbt", dialect: "ur", bytes: asked }, payments)), {
      reason: "bitcoin.message-not-payment",
    });
    assert.throws(() => asks(own, psbt(own)), { reason: "message.mismatch" });
    assert.ok(!saysMessage(psbt(own)));
  });

test("a message that was signed for a text comes back as the signature, one for a PSBT as the PSBT too", async () => {
  const own = purse("p2wpkh");
  const asked = messagePsbt(MESSAGE, own.wallet, own.template.derive(0, 0));
  assert.equal((await answers(own, asked, "text")).psbt, undefined);
  assert.ok((await answers(own, asked)).psbt);
});

test("the signature of a message is the published one, byte for byte, where that is made without chance", () => {
  const url = new URL("../vectors/messages/bip322-basic.json", import.meta.url);
  const vectors = JSON.parse(readFileSync(url, "utf8")).simple.filter(
    ({ type }: { type: string }) => type === "p2wpkh",
  );
  assert.equal(vectors.length, 2);
  const { curve } = purse("p2wpkh");
  for (const { message, private_keys, address, bip322_signatures } of vectors) {
    const secret = createBase58check(sha256).decode(private_keys[0]).slice(1, 33);
    const publicKey = curve.publicKey(secret);
    const script = scriptOf(address, "mainnet");
    const common = commonOf(toSign(message, script), [{ amountSats: 0n, script }]);
    const digest = segwitDigester(common)(0, p2pkh(hash160(publicKey)));
    const signature = concat(toDer(signEcdsaLowR(curve, digest, secret)), Uint8Array.of(1));
    const made = `smp${Buffer.from(encodeWitness([signature, publicKey])).toString("base64")}`;
    assert.ok(bip322_signatures.includes(made));
  }
});

// ---------------------------------------------------------------- proofs of reserves

/** A payment's inputs behind the message's own, its output in place of theirs. */
function proof(own: Purse, inputs = 2): Parts {
  const message = run(readPsbt(messagePsbt(MESSAGE, own.wallet, own.template.derive(0, 3))));
  const [first] = message.tx.inputs;
  const head = [...message.inputs[0]!, ...[row(0x0e, first!.txid), row(0x0f, u32le(0)), row(0x10, u32le(0))]];
  return {
    global: [
      ...[row(0x02, u32le(2)), row(0x04, Uint8Array.of(inputs + 1)), row(0x05, Uint8Array.of(1))],
      ...[row(0x09, utf8(MESSAGE)), row(0xfb, u32le(2))],
    ],
    inputs: [head, ...plan(own, { inputs, version: 2 }).inputs],
    outputs: [[row(0x03, u64le(0n)), row(0x04, Uint8Array.of(0x6a))]],
  };
}

for (const form of ["p2wpkh", "p2tr", "p2pkh"] as const)
  test(`a proof of reserves of ${form} coins is shown as what it is, with its sum, and verifies with its coins`, async () => {
    const own = purse(form);
    const request = asks(own, encode(proof(own)));
    const { review, spend } = request;
    assert.equal(review.form, "proof");
    const sum = review.coins.reduce((total, { amountSats }) => total + amountSats, 0n);
    assert.deepEqual([review.coins.length, spend.coins], [2, [{ asset: "btc", units: sum }]]);
    assert.ok(sum > 0n);
    assert.equal(spend.paths.length, 3, "the policy is asked about every key");
    const reply = run(request.finish(await signaturesFor(own, request)));
    assert.match(reply.written[0]!.signature, /^pof/);
    const found = verdictOf(own, reply, reply.written[0]!.signature);
    assert.deepEqual([found.outcome, found.why], ["valid", ""]);
    assert.deepEqual(
      found.coins.map(({ outpoint, amountSats }) => [outpoint, amountSats]),
      review.coins.map(({ outpoint, amountSats }) => [outpoint, amountSats]),
    );
  });

test("coins of others in a proof are shown as theirs, count for nothing of ours, and are left for them to sign", async () => {
  const [mine, theirs] = [purse("p2wpkh"), purse("p2wpkh", { phrases: [PHRASES[1]] })];
  const parts = proof(mine, 2);
  const other = plan(theirs, { inputs: 3, version: 2 }).inputs[2]!;
  parts.inputs.splice(2, 1, other);
  const request = asks(mine, encode(parts));
  const { review, spend } = request;
  assert.deepEqual(
    review.coins.map(({ wallet }) => wallet),
    [mine.wallet.name, undefined],
  );
  assert.deepEqual(spend.coins, [{ asset: "btc", units: review.coins[0]!.amountSats }]);
  const reply = run(request.finish(await signaturesFor(mine, request)));
  assert.deepEqual([reply.signed, reply.written], [2, []]);
  assert.ok(reply.psbt);
});

// ---------------------------------------------------------------- what only looks like a message

const own = purse("p2wpkh");
const good = () => proof(own, 1);
const HOSTILE: readonly (readonly [string, (parts: Parts) => unknown, string])[] = [
  [
    "another message in its field",
    ({ global }) => global.splice(3, 1, row(0x09, Uint8Array.of(0x41))),
    "message.mismatch",
  ],
  ["no message in its field", ({ global }) => global.splice(3, 1), "message.mismatch"],
  [
    "an output that is paid",
    ({ outputs }) => outputs[0]!.splice(0, 1, row(0x03, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0))),
    "message.mismatch",
  ],
  [
    "an output with data",
    ({ outputs }) => outputs[0]!.splice(1, 1, row(0x04, Uint8Array.of(0x6a, 1, 0x41))),
    "message.mismatch",
  ],
  [
    "an output with an address",
    ({ outputs }) => outputs[0]!.splice(1, 1, row(0x04, Uint8Array.of(0, 20, ...new Uint8Array(20)))),
    "message.mismatch",
  ],
  [
    "a second output",
    ({ global, outputs }) => {
      global.splice(2, 1, row(0x05, Uint8Array.of(2)));
      outputs.push([
        row(0x03, Uint8Array.of(0x10, 0x27, 0, 0, 0, 0, 0, 0)),
        row(0x04, Uint8Array.of(0, 20, ...new Uint8Array(20))),
      ]);
    },
    "message.mismatch",
  ],
  ["its first input second", ({ inputs }) => inputs.reverse(), "message.mismatch"],
  [
    "a transaction version that is none",
    ({ global }) => global.splice(0, 1, row(0x02, Uint8Array.of(3, 0, 0, 0))),
    "message.mismatch",
  ],
  [
    "a message that is no UTF-8",
    ({ global }) => global.splice(3, 1, row(0x09, Uint8Array.of(0xff))),
    "message.mismatch",
  ],
];

for (const [what, change, reason] of HOSTILE)
  test(`a PSBT that says it is a message, with ${what}, is refused by both readers`, () => {
    const parts = good();
    change(parts);
    const bytes = encode(parts);
    assert.throws(() => asks(own, bytes), { reason });
    const payments = { network: own.wallet.network, templates: [own.template], curve: own.curve };
    const paid = { kind: "psbt", dialect: "ur", bytes } as const;
    if (what !== "no message in its field")
      assert.throws(() => run(understand(paid, payments)), { reason: "bitcoin.message-not-payment" });
    else assert.throws(() => run(understand(paid, payments)), Refusal);
  });

test("a message for an address of nobody here is refused", () => {
  const other = purse("p2wpkh", { account: 7 });
  const bytes = messagePsbt(MESSAGE, other.wallet, other.template.derive(0, 0));
  assert.throws(() => asks(own, bytes), { reason: "message.other-address" });
});

test("any bytes that say they are a message are refused by name, and nothing else is thrown", () => {
  const start = encode(good());
  fc.assert(
    fc.property(fc.nat(start.length - 1), fc.uint8Array({ maxLength: 3 }), (at, noise) => {
      const bytes = concat(start.subarray(0, at), noise, start.subarray(at + noise.length));
      assert.equal(typeof saysMessage(bytes), "boolean");
      try {
        const { review } = asks(own, bytes);
        assert.equal(review.message, MESSAGE);
      } catch (problem) {
        assert.ok(problem instanceof Refusal, String(problem));
      }
    }),
    { numRuns: 400 },
  );
});

// ---------------------------------------------------------------- wallets of any script

const ANY: readonly (readonly [string, string, readonly number[]])[] = [
  ["a key path beside a script tree", "tr(@0/<0;1>/*,{pk(@1/<0;1>/*),pk(@2/<0;1>/*)})", [0]],
  [
    "2 of 2 or one after a year",
    "wsh(or_d(multi(2,@0/<0;1>/*,@1/<0;1>/*),and_v(v:pk(@2/<0;1>/*),older(52560))))",
    [0],
  ],
  ["a leaf of several keys", `tr(${POINT_H},sortedmulti_a(2,@0/<0;1>/*,@1/<0;1>/*,@2/<0;1>/*))`, [0]],
  ["a miniscript of one key", "wsh(pk(@0/<0;1>/*))", [0]],
];

for (const [what, text, ours] of ANY)
  test(`a wallet with ${what} signs a message: whole where keys are all that it takes, else as a PSBT`, async () => {
    const any = anyPurse(text, { ours });
    const asked = messagePsbt(MESSAGE, any.wallet, any.template.derive(0, 3));
    const reply = await answers(any, asked);
    assert.ok(reply.signed >= 1);
    for (const { signature } of reply.written)
      assert.equal(verdictOf(any, reply, signature).outcome, "valid");
    assert.equal(reply.written.length > 0, what === "a key path beside a script tree");
  });

/** One round of one Firn, with its own Keyring. */
async function round({ own, keyring }: Firn, bytes: Uint8Array): Promise<MessageReply> {
  const known = {
    ...knownBy(own),
    checkNonce: (...all: Parameters<typeof keyring.checkNonce>) => keyring.checkNonce(...all),
  };
  const request = run(psbtMessage({ kind: "psbt", dialect: "ur", bytes }, known));
  run(request.agree());
  const approval = request.approve({ txid: request.spend.txid, outcome: "allow", rules: [] }, "approve");
  await approval.record(async () => {});
  return run(request.finish(run(keyring.sign(approval))));
}

test("keys that sign together sign a message in two rounds, nonces first, and the sum verifies", async () => {
  const [anna, bert] = (await firns("tr(musig(@0,@1)/<0;1>/*)", 2)) as [Firn, Firn];
  const { wallet, template } = anna.own;
  let bytes = messagePsbt(MESSAGE, wallet, template.derive(0, 3));
  for (const one of [anna, bert]) {
    const reply = await round(one, bytes);
    assert.deepEqual([reply.signed, reply.written], [0, []]);
    bytes = reply.psbt!.bytes;
  }
  const first = await round(anna, bytes);
  assert.deepEqual([first.signed, first.written], [1, []]);
  const last = await round(bert, first.psbt!.bytes);
  assert.deepEqual(
    last.written.map(({ signature }) => signature.slice(0, 3)),
    ["smp", "ful"],
  );
  for (const { signature } of last.written)
    assert.equal(verdictOf(anna.own, last, signature).outcome, "valid");
});

interface PeerCase {
  readonly text: string;
  readonly signers: readonly number[];
  readonly sequence?: number;
  readonly lockTime?: number;
}

/** Each is signed and finished by rust-miniscript, which knows nothing of messages. */
const BY_PEER: readonly PeerCase[] = [
  { text: "pkh(@0/<0;1>/*)", signers: [0] },
  { text: "sh(wpkh(@0/<0;1>/*))", signers: [0] },
  { text: "wsh(multi(2,@0/<0;1>/*,@1/<0;1>/*,@2/<0;1>/*))", signers: [0, 2] },
  { text: "sh(wsh(sortedmulti(3,@0/<0;1>/*,@1/<0;1>/*,@2/<0;1>/*)))", signers: [0, 1, 2] },
  { text: "sh(multi(1,@0/<0;1>/*,@1/<0;1>/*))", signers: [1] },
  { text: "wsh(pkh(@0/<0;1>/*))", signers: [0] },
  { text: "wsh(and_v(v:pk(@0/<0;1>/*),pk(@1/<0;1>/*)))", signers: [0, 1] },
  { text: "wsh(or_d(pk(@0/<0;1>/*),and_v(v:pkh(@1/<0;1>/*),older(144))))", signers: [0] },
  { text: "wsh(or_d(pk(@0/<0;1>/*),and_v(v:pkh(@1/<0;1>/*),older(144))))", signers: [1], sequence: 144 },
  { text: "wsh(andor(pk(@0/<0;1>/*),after(500),pk(@1/<0;1>/*)))", signers: [0], sequence: 1, lockTime: 600 },
  { text: "wsh(thresh(2,pk(@0/<0;1>/*),s:pk(@1/<0;1>/*),sln:older(10)))", signers: [0, 1] },
  { text: "wsh(thresh(2,pk(@0/<0;1>/*),s:pk(@1/<0;1>/*),sln:older(10)))", signers: [1], sequence: 12 },
  { text: "wsh(or_i(and_v(v:after(700),pk(@0/<0;1>/*)),multi(2,@1/<0;1>/*,@2/<0;1>/*)))", signers: [1, 2] },
  { text: "tr(@0/<0;1>/*)", signers: [0] },
  { text: "tr(@0/<0;1>/*,{pk(@1/<0;1>/*),multi_a(2,@2/<0;1>/*,@3/<0;1>/*)})", signers: [0] },
  { text: "tr(@0/<0;1>/*,{pk(@1/<0;1>/*),multi_a(2,@2/<0;1>/*,@3/<0;1>/*)})", signers: [1] },
  { text: "tr(@0/<0;1>/*,{pk(@1/<0;1>/*),multi_a(2,@2/<0;1>/*,@3/<0;1>/*)})", signers: [2, 3] },
  { text: "tr(@0/<0;1>/*,and_v(v:pk(@1/<0;1>/*),older(5)))", signers: [1], sequence: 5 },
];

for (const { text, signers, sequence = 0, lockTime = 0 } of BY_PEER)
  test(`what rust-miniscript finishes for ${text}, signed by ${signers}, nSequence ${sequence}, is a valid message, and no other`, () => {
    const { wallet, template } = anyPurse(text);
    const { scriptPubKey } = template.derive(0, 3);
    const coin = { txid: toSpendTxid(MESSAGE, scriptPubKey), index: 0, sequence };
    const output = { amountSats: 0n, script: Uint8Array.of(0x6a) };
    const old = wallet.form === "p2pkh" || wallet.form === "p2sh";
    const start = Psbt.deserialize(
      encode({
        global: [row(0x00, unsignedTx(2, [coin], [output], lockTime))],
        inputs: [
          [
            row(0x00, toSpend(MESSAGE, scriptPubKey)),
            ...(old ? [] : [row(0x01, encodeOutput(0n, scriptPubKey))]),
          ],
        ],
        outputs: [[]],
      }),
    );
    start.updateInputWithDescriptor(0, definite(text, 0, 3));
    const psbt = signedByPeer(start, signers);
    psbt.finalize();
    const signature = `pof${Buffer.from(psbt.serialize()).toString("base64")}`;
    const address = addressOf(scriptPubKey, "regtest")!;
    const verdict = (message: string) => run(verifySigned({ message, signature, address }, "regtest", curve));
    const found = verdict(MESSAGE);
    assert.deepEqual([found.outcome, found.why], ["valid", ""]);
    assert.deepEqual([found.sequence, found.lockTime], [sequence, lockTime]);
    assert.equal(verdict(`${MESSAGE}.`).outcome, "invalid");
    // Any bit of what was finished changed, and it is valid no more.
    const bytes = new Uint8Array(psbt.serialize());
    for (const { type, value } of run(readPsbt(bytes)).inputs[0]!)
      if (type === 0x07 || type === 0x08)
        for (let at = value.byteOffset; at < value.byteOffset + value.length; at += 5) {
          const spoilt = concat(bytes);
          spoilt[at]! ^= 1;
          const other = `pof${Buffer.from(spoilt).toString("base64")}`;
          const answer = run(verifySigned({ message: MESSAGE, signature: other, address }, "regtest", curve));
          assert.notEqual(answer.outcome, "valid", `bit ${at - value.byteOffset} of a final field`);
        }
  });
