// Descriptors and files that would make a wallet look like what it is not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { HDKey } from "@scure/bip32";
import {
  addwalletText,
  caravanJson,
  coldcardText,
  electrumFile,
  nameKeys,
  quorumOf,
  readWallet,
  specterJson,
} from "../../src/bitcoin/index.ts";
import { messagePsbt } from "../../src/bitcoin/messages/build.ts";
import { toSign } from "../../src/bitcoin/messages/virtual.ts";
import { aggregateNode } from "../../src/bitcoin/musig/index.ts";
import { encodeUnsigned } from "../../src/bitcoin/transaction.ts";
import { fromHex, toHex, u32be } from "../../src/bytes.ts";
import { keyNames, signersOf, wayWords } from "../../src/screens/ways.ts";
import { POINT_H } from "./any-wallet.ts";
import { encode, purse, request, row } from "./build.ts";
import { partsOf } from "./musig-stage.ts";
import { accountPath, cosigner, curve, keyText, nodeAt, reasonOf, withChecksum } from "./wallet-cast.ts";

const PRACTICE = { private: 0x04358394, public: 0x043587cf };
const PATH = accountPath("p2wsh");
const key = (number: number, children = "/<0;1>/*") => keyText(cosigner(number), PATH) + children;
const read = (body: string) => readWallet(withChecksum(body), "regtest", curve);
const extended = (publicKey: Uint8Array, chainCode: Uint8Array) =>
  new HDKey({ versions: PRACTICE, publicKey, chainCode });
const nobodys = extended(fromHex(`02${POINT_H}`)!, new Uint8Array(32).fill(7)).publicExtendedKey;

test("a key that is nobody's is not counted in a quorum", () => {
  for (const body of [
    `wsh(multi(2,${key(1)},${key(2)},${nobodys}/<0;1>/*))`,
    `tr(${POINT_H},multi_a(2,${key(1)},${key(2)},${nobodys}/<0;1>/*))`,
  ]) {
    const wallet = read(body);
    assert.equal(quorumOf(wallet), undefined);
    assert.equal(wallet.name.includes("2 of 3"), false);
    const { condition } = wallet.ways[0]!;
    assert.ok(condition.kind === "threshold");
    assert.deepEqual([condition.threshold, condition.of.length], [2, 2]);
  }
});

test("a musig with a key that is nobody's is refused: it could never sign", () => {
  for (const body of [
    `tr(musig(${key(1)},${nobodys}/<0;1>/*),pk(${key(2)}))`,
    `tr(musig(${key(1)},${POINT_H}),pk(${key(2)}))`,
    `tr(musig(${key(1, "")},${nobodys})/<0;1>/*,pk(${key(2)}))`,
  ])
    assert.equal(
      reasonOf(() => read(body)),
      "bitcoin.miniscript-never",
    );
});

test("the sum of several keys is not taken for one key", () => {
  const nodes = [1, 2].map((number) => nodeAt(cosigner(number).master, PATH).publicKey!);
  const { publicKey, chainCode } = aggregateNode(nodes);
  const sum = extended(publicKey, chainCode);
  const origin = `[${toHex(u32be(sum.fingerprint))}]`;
  const reason = reasonOf(() => read(`tr(${origin}${sum.publicExtendedKey}/<0;1>/*,pk(${key(1)}))`));
  assert.equal(reason, "bitcoin.wallet-key");
});

test("a holder's name never imitates what Firn calls keys", () => {
  const { keys } = read(`wsh(multi(2,${key(1)},${key(2)},${key(3)}))`);
  const [first, ...others] = keys;
  const marked = [{ ...first!, ours: true }, ...others];
  for (const name of [
    "your key",
    "Your key 2",
    "no one's key",
    "key 3f635a63",
    "nobody yet",
    "A cosigner's key",
  ]) {
    const named = nameKeys(marked, ["", name, "Anna"]);
    assert.equal(keyNames(named)(1), `key ${keys[1]!.fingerprint}`);
    assert.equal(keyNames(named)(2), "Anna");
  }
  assert.equal(keyNames(nameKeys(marked, ["", "Younes", "Keyla"]))(1), "Younes");
});

test("two keys with names that read alike keep their fingerprints", () => {
  const { keys, ways } = read(`wsh(multi(2,${key(1)},${key(2)},${key(3)}))`);
  const named = nameKeys(keys, ["Anna", "anna", "Bob"]);
  assert.equal(signersOf(ways[0]!.condition, keyNames(named)).length, 3);
  assert.equal(keyNames(named)(1), `key ${keys[1]!.fingerprint}`);
});

test("nobody has two places in one quorum: one holder would count as two", () => {
  const [twice, other] = [`${key(1)},${key(1, "/<2;3>/*")}`, key(2)];
  for (const body of [
    `tr(${POINT_H},multi_a(2,${twice},${other}))`,
    `wsh(thresh(2,pk(${key(1)}),s:pk(${key(1, "/<2;3>/*")}),s:pk(${other})))`,
    `wsh(or_d(multi(2,${twice}),and_v(v:pk(${other}),older(10))))`,
  ])
    assert.equal(
      reasonOf(() => read(body)),
      "bitcoin.wallet-key-twice",
    );
  // In ways of their own they are one holder's, and are shown so.
  read(`wsh(or_d(multi(2,${key(1)},${other}),and_v(v:pk(${key(1, "/<2;3>/*")}),older(10))))`);
});

test("keys of one holder that sign together are that holder's signature, and no group", () => {
  const [twice, other] = [`${key(1)},${key(1, "/<2;3>/*")}`, key(2)];
  const alone = read(`tr(musig(${twice}),pk(${other}))`);
  assert.equal(
    wayWords(alone.ways[0]!.condition, keyNames(alone.keys)),
    `key ${alone.keys[0]!.fingerprint} now, in two rounds`,
  );
  const both = read(`tr(musig(${twice},${other}))`);
  assert.equal(wayWords(both.ways[0]!.condition, keyNames(both.keys)), "both together now, in two rounds");
});

test("what a file would make another wallet of is not written into it", () => {
  const one = read(`wsh(multi(1,${key(1)}))`);
  assert.equal(
    reasonOf(() => electrumFile(one)),
    "cosigner.no-file",
  );
  const later = read(`wsh(or_d(multi(2,${key(1)},${key(2)}),and_v(v:pk(${key(1, "/<2;3>/*")}),older(10))))`);
  assert.equal(
    reasonOf(() => specterJson(later, [])),
    "cosigner.no-file",
  );
  assert.equal(
    reasonOf(() => addwalletText(later)),
    "cosigner.no-file",
  );
  // None of these files says its branches: whoever reads it takes 0 and 1.
  const apart = read(`wsh(sortedmulti(2,${key(1, "/<2;3>/*")},${key(2, "/<2;3>/*")}))`);
  const usual = read(`wsh(sortedmulti(2,${key(1)},${key(2)}))`);
  for (const write of [coldcardText, caravanJson, electrumFile, specterJson, addwalletText]) {
    assert.equal(
      reasonOf(() => write(apart, [])),
      "cosigner.no-file",
    );
    assert.equal(readWallet(write(usual, []), "regtest", curve).descriptor, usual.descriptor);
  }
});

test("What BIP 322 makes of a message is no payment either, whatever else is made of it", () => {
  for (const form of ["p2wpkh", "p2pkh", "p2wsh"] as const) {
    const own = purse(form);
    const parts = partsOf(messagePsbt("I agree", own.wallet, own.template.derive(0, 0)));
    const to = own.template.derive(0, 1).scriptPubKey;
    for (const script of [Uint8Array.of(0x6a, 0), to]) {
      const tx = {
        ...toSign("I agree", own.template.derive(0, 0).scriptPubKey),
        outputs: [{ amountSats: 0n, script }],
      };
      const global = [
        row(0, encodeUnsigned(tx)),
        ...parts.global.filter(({ type }) => type !== 0 && type !== 9),
      ];
      const bytes = encode({ ...parts, global });
      assert.equal(
        reasonOf(() => request(own, bytes)),
        "bitcoin.message-not-payment",
        form,
      );
    }
  }
});
