// Scripts and addresses against three other implementations, and how a script is found again.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Output } from "@bitcoinerlab/descriptors-scure";
import * as scure from "@scure/btc-signer";
import * as bitcoinjs from "bitcoinjs-lib";
import fc from "fast-check";
import * as tiny from "tiny-secp256k1";
import { addressOf, compile, readWallet, scriptOf } from "../../src/bitcoin/index.ts";
import { shapedAs } from "../../src/bitcoin/script.ts";
import type { Derived, ScriptForm, Wallet } from "../../src/bitcoin/wallet.ts";
import { compare, fromHex, toHex } from "../../src/bytes.ts";
import { HARDENED } from "../../src/limits.ts";
import type { Curve, Network } from "../../src/model.ts";
import { Refusal } from "../../src/refusal.ts";
import type { Play } from "./wallet-cast.ts";
import {
  accountPath,
  bodyOf,
  cosigner,
  curve,
  nodeAt,
  reasonOf,
  SEVERAL,
  SINGLE,
  templateOf,
  walletOf,
  withChecksum,
} from "./wallet-cast.ts";

bitcoinjs.initEccLib(tiny);

const JS: Record<string, bitcoinjs.Network> = {
  mainnet: bitcoinjs.networks.bitcoin,
  signet: bitcoinjs.networks.testnet,
  regtest: bitcoinjs.networks.regtest,
};
const SCURE: Record<string, typeof scure.NETWORK> = {
  mainnet: scure.NETWORK,
  signet: scure.TEST_NETWORK,
  regtest: { ...scure.TEST_NETWORK, bech32: "bcrt" },
};

/** From the cosigners' own master keys, never from Firn's derivation. */
function keysOf(
  { form, network = "regtest", cosigners = [1] }: Play,
  branch: number,
  index: number,
): Uint8Array[] {
  return cosigners.map((number) => {
    const path = [...accountPath(form, network), branch, index];
    return nodeAt(cosigner(number, network).master, path).publicKey!;
  });
}

function byBitcoinjs(play: Play, keys: readonly Uint8Array[]): bitcoinjs.Payment {
  const network = JS[play.network ?? "regtest"]!;
  const { p2ms, p2pkh, p2sh, p2tr, p2wpkh, p2wsh } = bitcoinjs.payments;
  const pubkey = keys[0]!;
  const pubkeys = play.multi === "multi" ? [...keys] : [...keys].sort(compare);
  const several = () => p2ms({ m: play.threshold ?? 1, pubkeys, network });
  switch (play.form) {
    case "p2pkh":
      return p2pkh({ pubkey, network });
    case "p2wpkh":
      return p2wpkh({ pubkey, network });
    case "p2sh-p2wpkh":
      return p2sh({ redeem: p2wpkh({ pubkey, network }), network });
    case "p2tr":
      return p2tr({ internalPubkey: pubkey.slice(1), network });
    case "p2sh":
      return p2sh({ redeem: several(), network });
    case "p2wsh":
      return p2wsh({ redeem: several(), network });
    case "p2sh-p2wsh":
      return p2sh({ redeem: p2wsh({ redeem: several(), network }), network });
  }
}

function byScure(play: Play, keys: readonly Uint8Array[]): { script: Uint8Array; address?: string } {
  const network = SCURE[play.network ?? "regtest"]!;
  const key = keys[0]!;
  const several = () =>
    scure.p2ms(play.threshold ?? 1, play.multi === "multi" ? [...keys] : [...keys].sort(compare), true);
  switch (play.form) {
    case "p2pkh":
      return scure.p2pkh(key, network);
    case "p2wpkh":
      return scure.p2wpkh(key, network);
    case "p2sh-p2wpkh":
      return scure.p2sh(scure.p2wpkh(key, network), network);
    case "p2tr":
      return scure.p2tr(key.slice(1), undefined, network);
    case "p2sh":
      return scure.p2sh(several(), network);
    case "p2wsh":
      return scure.p2wsh(several(), network);
    case "p2sh-p2wsh":
      return scure.p2sh(scure.p2wsh(several(), network), network);
  }
}

const hex = (bytes: Uint8Array | undefined) => bytes && toHex(bytes);

function agrees(play: Play, derived: Derived): void {
  const { branch, index } = derived;
  const network = play.network ?? "regtest";
  const keys = keysOf(play, branch, index);
  assert.deepEqual(derived.publicKeys.map(toHex), keys.map(toHex));
  const address = addressOf(derived.scriptPubKey, network);
  const js = byBitcoinjs(play, keys);
  assert.equal(hex(js.output), toHex(derived.scriptPubKey));
  assert.equal(js.address, address);
  const nested = js.redeem?.redeem ?? js.redeem;
  const scriptHash = play.form === "p2sh" || play.form.startsWith("p2sh-");
  assert.equal(hex(derived.redeemScript), scriptHash ? hex(js.redeem?.output) : undefined);
  assert.equal(hex(derived.witnessScript), play.form.endsWith("p2wsh") ? hex(nested?.output) : undefined);
  const other = byScure(play, keys);
  assert.equal(toHex(other.script), toHex(derived.scriptPubKey));
  assert.equal(other.address, address);
  assert.deepEqual(scriptOf(address!, network), derived.scriptPubKey);
}

function byDescriptors(play: Play, change: 0 | 1, index: number): string {
  const output = new Output({
    descriptor: withChecksum(bodyOf(play)),
    change,
    index,
    checksumRequired: true,
    network: JS[play.network ?? "regtest"] as never,
  });
  return toHex(output.getScriptPubKey());
}

const anyIndex = fc.oneof(fc.nat(30), fc.nat(HARDENED - 1), fc.constant(HARDENED - 1));
const anyNetwork = fc.constantFrom<Network>("mainnet", "signet", "regtest");
const anyPlay = (form: ScriptForm): fc.Arbitrary<Play> =>
  fc
    .record({
      network: anyNetwork,
      cosigners: fc.uniqueArray(fc.nat(10_000), { minLength: 1, maxLength: SINGLE.includes(form) ? 1 : 6 }),
      multi: fc.constantFrom<"multi" | "sortedmulti">("multi", "sortedmulti"),
      quorum: fc.nat(100),
    })
    .map(({ quorum, ...rest }) => ({ form, threshold: 1 + (quorum % rest.cosigners.length), ...rest }));

for (const form of [...SINGLE, ...SEVERAL])
  test(`${form}: keys, scripts and addresses are those of bitcoinjs, scure and bitcoinerlab`, () => {
    fc.assert(
      fc.property(anyPlay(form), fc.constantFrom<0 | 1>(0, 1), anyIndex, (play, branch, index) => {
        const derived = templateOf(play).derive(branch, index);
        agrees(play, derived);
        assert.equal(byDescriptors(play, branch, index), toHex(derived.scriptPubKey));
      }),
      { numRuns: 15 },
    );
  });

test("The largest wallets have the scripts that bitcoinjs and scure give them", () => {
  for (const [form, count] of [
    ["p2sh", 15],
    ["p2wsh", 16],
    ["p2sh-p2wsh", 16],
  ] as const) {
    const play: Play = { form, cosigners: Array.from({ length: count }, (_, i) => i + 50), threshold: count };
    agrees(play, templateOf(play).derive(0, 0));
  }
});

test("From seventeen keys on, counts are pushed as bytes, as OP_CHECKMULTISIG reads them", () => {
  const play: Play = {
    form: "p2wsh",
    cosigners: Array.from({ length: 20 }, (_, i) => i + 50),
    threshold: 17,
  };
  const script = templateOf(play).derive(0, 0).witnessScript!;
  assert.equal(toHex(script.subarray(0, 3)), "011121");
  assert.equal(toHex(script.subarray(-3)), "0114ae");
  assert.equal(script.length, 20 * 34 + 5);
});

/** The same curve, with its point operations counted. */
function counting(): { readonly curve: Curve; readonly count: () => number } {
  let points = 0;
  const addPublic: Curve["addPublic"] = (key, tweak) => {
    points++;
    return curve.addPublic(key, tweak);
  };
  return { curve: { ...curve, addPublic }, count: () => points };
}

test("A branch costs one point operation a key, then an index one a key, and P2TR two", () => {
  for (const [play, keys, branchCost, indexCost] of [
    [{ form: "p2wpkh" }, 1, 1, 1],
    [{ form: "p2tr" }, 1, 1, 2],
    [{ form: "p2wsh", cosigners: [1, 2, 3] }, 3, 3, 3],
  ] as const) {
    const counted = counting();
    const template = compile(walletOf(play as Play), counted.curve);
    assert.equal(counted.count(), 0);
    for (let index = 0; index < 10; index++) template.derive(0, index);
    assert.equal(counted.count(), branchCost + 10 * indexCost);
    for (let index = 0; index < 10; index++) template.derive(1, index);
    assert.equal(counted.count(), 2 * (branchCost + 10 * indexCost));
    assert.equal(template.wallet.keys.length, keys);
  }
});

test("A branch that is not the wallet's, and an index that is none, are refused", () => {
  const template = templateOf({ form: "p2wpkh" });
  for (const [branch, index] of [
    [2, 0],
    [-1, 0],
    [HARDENED, 0],
    [0, HARDENED],
    [0, -1],
    [0, 0.5],
    [0, Number.NaN],
  ] as const)
    assert.equal(
      reasonOf(() => template.derive(branch, index)),
      "bitcoin.path-outside-wallet",
    );
});

const OURS: Play = { form: "p2wsh", cosigners: [1, 2, 3], threshold: 2 };

test("A 2-of-3 with our key and another cosigner, quorum, order or wrapping has another script", () => {
  const { scriptPubKey } = templateOf(OURS).derive(1, 7);
  for (const play of [
    { ...OURS, cosigners: [1, 2, 9] },
    { ...OURS, threshold: 1 },
    { ...OURS, form: "p2sh-p2wsh" },
    { ...OURS, children: "/<1;0>/*", network: "regtest", cosigners: [1, 2, 4] },
  ] as Play[])
    assert.notDeepEqual(templateOf(play).derive(1, 7).scriptPubKey, scriptPubKey);
  const orders = [
    [1, 2, 3],
    [2, 1, 3],
    [3, 2, 1],
  ].map((cosigners) => ({ ...OURS, cosigners }));
  const scripts = (multi: "multi" | "sortedmulti") =>
    new Set(orders.map((play) => toHex(templateOf({ ...play, multi }).derive(1, 7).scriptPubKey)));
  assert.equal(scripts("sortedmulti").size, 1);
  assert.equal(scripts("multi").size, 3);
});

test("Only a script of the form's outward shape can be the form's", () => {
  const forms = [...SINGLE, ...SEVERAL];
  for (const form of forms) {
    const { scriptPubKey } = templateOf({ form }).derive(0, 0);
    const fitting = forms.filter((one) => shapedAs(one, scriptPubKey));
    const want = scriptPubKey.length === 23 ? ["p2sh-p2wpkh", "p2sh", "p2sh-p2wsh"] : [form];
    assert.deepEqual(fitting, want);
    assert.equal(shapedAs(form, scriptPubKey.slice(1)), false);
  }
});

// ---------------------------------------------------------------- addresses

test("A script without address has none: data, bare keys, bare multisig, near misses", () => {
  const key = "03a34b99f22c790c4e36b2b3c2c35a36db06226e41c692fc82b8b56ac1c540c5bd";
  for (const script of [
    "",
    "6a",
    "6a0464617461",
    `21${key}ac`,
    `5121${key}51ae`,
    `76a914${"00".repeat(20)}88ad`,
    `76a913${"00".repeat(20)}88ac`,
    `a914${"00".repeat(20)}88`,
    `0014${"00".repeat(19)}`,
    `0015${"00".repeat(21)}`,
    `0020${"00".repeat(33)}`,
    `5101${"00"}`,
    `5129${"00".repeat(41)}`,
    `6120${"00".repeat(32)}`,
    `5020${"00".repeat(32)}`,
    "51",
    "00",
  ])
    assert.equal(addressOf(fromHex(script)!, "mainnet"), undefined, script);
});

test("Pay to anchor and witness versions of the future have bech32m addresses", () => {
  assert.equal(addressOf(fromHex("51024e73")!, "mainnet"), "bc1pfeessrawgf");
  assert.equal(addressOf(fromHex("51024e73")!, "regtest"), "bcrt1pfeesnyr2tx");
  const future = fromHex(`5220${"ab".repeat(32)}`)!;
  assert.match(addressOf(future, "mainnet")!, /^bc1z/);
  assert.deepEqual(scriptOf(addressOf(future, "mainnet")!, "mainnet"), future);
});

test("An address of another network is refused as such", () => {
  for (const form of ["p2pkh", "p2sh-p2wpkh", "p2wpkh", "p2tr"] as const) {
    const { scriptPubKey } = templateOf({ form }).derive(0, 0);
    const reason = (from: Network, to: Network) =>
      reasonOf(() => scriptOf(addressOf(scriptPubKey, from)!, to));
    assert.equal(reason("mainnet", "testnet3"), "bitcoin.address-network");
    assert.equal(reason("regtest", "mainnet"), "bitcoin.address-network");
    if (form === "p2wpkh" || form === "p2tr")
      assert.equal(reason("signet", "regtest"), "bitcoin.address-network");
    else assert.deepEqual(scriptOf(addressOf(scriptPubKey, "signet")!, "regtest"), scriptPubKey);
  }
});

test("No text makes an address reader throw anything but a Refusal, and each script has one address", () => {
  const answer = (text: string) => {
    try {
      const script = scriptOf(text, "mainnet");
      assert.equal(addressOf(script, "mainnet"), /^bc1/i.test(text) ? text.toLowerCase() : text);
    } catch (error) {
      assert.ok(error instanceof Refusal, String(error));
    }
  };
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 120 }), answer), { numRuns: 300 });
  const good = addressOf(templateOf({ form: "p2tr" }).derive(0, 0).scriptPubKey, "mainnet")!;
  fc.assert(
    fc.property(fc.nat(good.length), fc.nat(3), fc.string({ maxLength: 3 }), (at, cut, put) =>
      answer(good.slice(0, at) + put + good.slice(at + cut)),
    ),
    { numRuns: 500 },
  );
  for (const text of ["", "bc1", "1", "3", "bitcoin:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "0x00"])
    assert.equal(
      reasonOf(() => scriptOf(text, "mainnet")),
      "bitcoin.address",
    );
});

test("addressOf answers to any bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (script) => {
      const address = addressOf(script, "regtest");
      if (address !== undefined) assert.deepEqual(scriptOf(address, "regtest"), script);
    }),
    { numRuns: 500 },
  );
});

test("A wallet read again from its own descriptor derives the same scripts", () => {
  const wallet: Wallet = walletOf(OURS);
  const again = readWallet(wallet.descriptor, "regtest", curve, wallet.name);
  assert.deepEqual(again, wallet);
  assert.deepEqual(compile(again, curve).derive(1, 9), compile(wallet, curve).derive(1, 9));
});
