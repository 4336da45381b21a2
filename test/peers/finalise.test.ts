import assert from "node:assert/strict";
import { test } from "node:test";
import type { HDKey } from "@scure/bip32";
import { Transaction as ScureTransaction } from "@scure/btc-signer";
import { initEccLib, networks, Psbt, type Signer, Transaction } from "bitcoinjs-lib";
import { ECPairFactory } from "ecpair";
import * as ecc from "tiny-secp256k1";
import type { ScriptForm, Wallet } from "../../src/bitcoin/wallet.ts";
import { toHex } from "../../src/bytes.ts";
import type { Reply } from "../../src/request.ts";
import {
  COIN_SATS,
  FORMS,
  masterOf,
  message,
  nodeAt,
  PHRASES,
  type Plan,
  psbt,
  purse,
} from "../bitcoin/build.ts";
import { type Spent, verifySpend } from "./consensus.ts";
import { firnOf } from "./firn.ts";

initEccLib(ecc);
const { fromPrivateKey } = ECPairFactory(ecc);

const INPUTS = 5;
const AUX = new Uint8Array(32);
const multisig = (form: ScriptForm): boolean => purse(form).wallet.keys.length > 1;

/** What Firn does with it, held by the cosigner of that number. */
async function signedBy(cosigner: number, form: ScriptForm, bytes: Uint8Array): Promise<Reply> {
  const firn = await firnOf(PHRASES[cosigner]!);
  const template = firn.register(purse(form).wallet.descriptor);
  return firn.sign(firn.understand(message(bytes), template));
}

/** The coins of a plan whose inputs are the first receive addresses. */
function spentBy(form: ScriptForm): Spent[] {
  const { template } = purse(form);
  return Array.from({ length: INPUTS }, (_, index) => ({
    script: template.derive(0, index).scriptPubKey,
    amountSats: COIN_SATS,
  }));
}

/** A cosigner's key for the receive address of that index, as bitcoinjs-lib's family signs with it. */
function nodeOf(wallet: Wallet, cosigner: number, index: number): HDKey {
  const master = masterOf(PHRASES[cosigner]!);
  return nodeAt(master, [...wallet.keys[cosigner]!.path, 0, index]);
}

/** ECDSA as ecpair does it where low R is asked for, which is Bitcoin Core's way; BIP 340 with zero aux. */
function peerSigner(wallet: Wallet, index: number): Signer {
  const node = nodeOf(wallet, 0, index);
  if (wallet.form !== "p2tr") {
    const pair = fromPrivateKey(node.privateKey!, { network: networks.regtest });
    return { publicKey: pair.publicKey, sign: (hash) => pair.sign(hash, true) };
  }
  const { tweak } = purse("p2tr").template.derive(0, index).taproot!;
  const secret = node.privateKey!;
  const even = node.publicKey![0] === 3 ? ecc.privateNegate(secret) : secret;
  const tweaked = ecc.privateAdd(even, tweak)!;
  return {
    publicKey: ecc.pointFromScalar(tweaked)!,
    sign: () => assert.fail("taproot is not ECDSA"),
    signSchnorr: (hash) => ecc.signSchnorr(hash, tweaked, AUX),
  };
}

const signaturesOf = ({ data }: Psbt): string[][] =>
  data.inputs.map(({ partialSig = [], tapKeySig }) => [
    ...partialSig.map(({ pubkey, signature }) => `${toHex(pubkey)} ${toHex(signature)}`),
    ...(tapKeySig ? [toHex(tapKeySig)] : []),
  ]);

function read(bytes: Uint8Array): Psbt {
  return Psbt.fromBuffer(bytes, { network: networks.regtest, maximumFeeRate: Number.MAX_SAFE_INTEGER });
}

for (const form of FORMS) {
  test(`${form}: bitcoinjs-lib with the same key makes the same signatures, byte for byte`, async () => {
    const { wallet } = purse(form);
    const bytes = psbt(purse(form), { inputs: INPUTS });
    const reply = await signedBy(0, form, bytes);
    const peer = read(bytes);
    for (let i = 0; i < INPUTS; i++) peer.signInput(i, peerSigner(wallet, i));
    const made = signaturesOf(read(reply.whole.bytes));
    assert.deepEqual(made, signaturesOf(peer));
    assert.deepEqual(signaturesOf(read(reply.signaturesOnly.bytes)), made);
    assert.equal(made.flat().length, INPUTS);
  });

  test(`${form}: bitcoinjs-lib finalises what was signed, and every input may be spent`, async () => {
    const final = await finalByBitcoinjs(form, { inputs: INPUTS });
    assert.equal(verifySpend(final, spentBy(form)), INPUTS * (multisig(form) ? 2 : 1));
  });

  test(`${form}: of PSBT version 2, scure finalises the transaction that version 0 gives`, async () => {
    const plan: Plan = { inputs: INPUTS, version: 2 };
    const bytes = psbt(purse(form), plan);
    const tx = ScureTransaction.fromPSBT((await signedBy(0, form, bytes)).whole.bytes);
    if (multisig(form)) tx.combine(ScureTransaction.fromPSBT((await signedBy(2, form, bytes)).whole.bytes));
    tx.finalize();
    assert.equal(toHex(tx.extract()), toHex(await finalByBitcoinjs(form, { inputs: INPUTS })));
  });
}

/** By two of three cosigners where there are three. */
async function finalByBitcoinjs(form: ScriptForm, plan: Plan): Promise<Uint8Array> {
  const bytes = psbt(purse(form), plan);
  const signed = read((await signedBy(0, form, bytes)).whole.bytes);
  if (multisig(form)) signed.combine(read((await signedBy(2, form, bytes)).whole.bytes));
  const valid = signed.validateSignaturesOfAllInputs((key, hash, signature) =>
    key.length === 32 ? ecc.verifySchnorr(hash, key, signature) : ecc.verify(hash, key, signature, true),
  );
  assert.ok(valid, "bitcoinjs-lib verifies every signature");
  return signed.finalizeAllInputs().extractTransaction().toBuffer();
}

test("what judges final transactions refuses one whose amount changed by one sat after signing", async () => {
  for (const form of FORMS) {
    const spent = spentBy(form);
    const tx = Transaction.fromBuffer(await finalByBitcoinjs(form, { inputs: INPUTS }));
    tx.outs[0]!.value += 1n;
    assert.throws(() => verifySpend(tx.toBuffer(), spent), form);
  }
});

test("what judges final transactions refuses signatures in another order than the keys", async () => {
  const tx = Transaction.fromBuffer(await finalByBitcoinjs("p2wsh", { inputs: INPUTS }));
  const [zero, one, two, script] = tx.ins[0]!.witness;
  tx.ins[0]!.witness = [zero!, two!, one!, script!];
  assert.throws(() => verifySpend(tx.toBuffer(), spentBy("p2wsh")), /no key that is left/);
});
