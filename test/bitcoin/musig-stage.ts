// Several Firns that sign together, each with a Keyring of its own, and PSBTs as BIP 373 has them filled in: written
// apart from src, with @scure/bip32 and MuSig2's key aggregation alone.

import assert from "node:assert/strict";
import { schnorr } from "@noble/curves/secp256k1.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { HDKey } from "@scure/bip32";
import { Transaction } from "@scure/btc-signer";
import { keyAggregate, sortKeys } from "@scure/btc-signer/musig2.js";
import * as bitcoin from "bitcoinjs-lib";
import * as tiny from "tiny-secp256k1";
import { nodeStretch } from "../../device/host/stretch.ts";
import { understand } from "../../src/bitcoin/index.ts";
import { mapsOf, readPsbt } from "../../src/bitcoin/psbt/psbt.ts";
import type { Derived } from "../../src/bitcoin/wallet.ts";
import { compare, concat, toHex, u32be, u32le } from "../../src/bytes.ts";
import { entropyOf, Keyring, nobleCurve, passphraseBytes, wordNumber } from "../../src/keys/index.ts";
import type { Random } from "../../src/ports.ts";
import type { Makes, Reply, Request } from "../../src/request.ts";
import { utf8 } from "../../src/text.ts";
import { anyPurse, MASTERS } from "./any-wallet.ts";
import {
  compactSize,
  curve,
  encode,
  message,
  nodeAt,
  type Parts,
  PHRASES,
  type Plan,
  type Purse,
  plan,
  row,
  run,
  type TestMap,
  type TestRow,
} from "./build.ts";

export interface Firn {
  readonly own: Purse;
  keyring: Keyring;
}

const counter = { asked: 0 };
/** Looks like chance and never comes again in this process. */
const chance: Random = {
  bytes: (length) => sha256(utf8(`chance ${counter.asked++}`)).slice(0, length),
};

export function openKeyring(number: number): Promise<Keyring> {
  const words = Uint16Array.from(PHRASES[number]!.split(" "), (word) => wordNumber(word)!);
  const material = { kind: "words", entropy: entropyOf(words), passphrase: passphraseBytes("") } as const;
  const stretch = nodeStretch();
  return Keyring.open({ material, network: "regtest", curve, check: nobleCurve(), stretch, random: chance });
}

/** One Firn for each of the first masters; text as anyPurse takes it. */
export function firns(text: string, count = 3): Promise<Firn[]> {
  const numbers = Array.from({ length: count }, (_, number) => number);
  return Promise.all(
    numbers.map(async (number) => ({
      own: anyPurse(text, { ours: [number], name: "Together" }),
      keyring: await openKeyring(number),
    })),
  );
}

export interface Turn {
  readonly bytes: Uint8Array;
  readonly reply: Reply;
  readonly makes: Makes;
}

/** What Firn understands of it; nonces that cannot sign any more are refused here. */
export function understood({ own, keyring }: Firn, bytes: Uint8Array): Request {
  const known = {
    network: own.wallet.network,
    templates: [own.template],
    curve,
    check: nobleCurve(),
    checkNonce: keyring.checkNonce.bind(keyring),
  };
  return run(understand(message(bytes), known));
}

/** Agreed, approved, recorded, signed, checked: the reply. */
export async function turn(firn: Firn, bytes: Uint8Array): Promise<Turn> {
  const request = understood(firn, bytes);
  run(request.agree());
  const verdict = { txid: request.spend.txid, outcome: "allow", rules: [] } as const;
  const approval = request.approve(verdict, "approve");
  await approval.record(async () => {});
  const reply = run(request.finish(run(firn.keyring.sign(approval))));
  return { bytes: reply.whole.bytes, reply, makes: request.makes };
}

/** Handed from one to the next. */
export async function turns(all: readonly Firn[], bytes: Uint8Array): Promise<Turn> {
  let last: Turn | undefined;
  for (const firn of all) last = await turn(firn, last?.bytes ?? bytes);
  return last!;
}

// ---------------------------------------------------------------- PSBTs

const IN = { participants: 0x1a, derivation: 0x16 };
const OUT = { participants: 0x08, derivation: 0x07 };

/** The musig()s of a wallet, with the account keys of the masters in them by number. */
export interface Musig {
  /** Place in wallet.uses. */
  readonly use: number;
  readonly of: readonly number[];
  /** Below the aggregate; else below each key. */
  readonly below: boolean;
}

const H = 0x80000000;
const PATH = [48 + H, 1 + H, H, 2 + H];

function rowsOf(musig: Musig, { branch, index, taproot }: Derived, types: typeof IN): TestRow[] {
  const accounts = musig.of.map((number) => ({ master: MASTERS[number]!, path: PATH }));
  const members = accounts.map(({ master, path }) => {
    const whole = musig.below ? path : [...path, branch, index];
    return { master, path: whole, publicKey: nodeAt(master, whole).publicKey! };
  });
  const keys = sortKeys(members.map(({ publicKey }) => publicKey));
  const aggregate = keyAggregate(keys).aggPublicKey.toBytes(true);
  const node = new HDKey({ publicKey: aggregate, chainCode: sha256(utf8("MuSig2MuSig2MuSig2")) });
  const child = musig.below ? node.deriveChild(branch).deriveChild(index) : node;
  const hashes = (taproot?.leaves ?? [])
    .filter(({ script }) => toHex(script).includes(toHex(child.publicKey!.slice(1))))
    .map(({ hash }) => hash);
  const origin = (fingerprint: number, path: readonly number[], publicKey: Uint8Array) =>
    row(
      types.derivation,
      concat(compactSize(hashes.length), ...hashes, u32be(fingerprint), ...path.map(u32le)),
      publicKey.slice(1),
    );
  return [
    row(types.participants, concat(...keys), aggregate),
    ...members.map(({ master, path, publicKey }) => origin(master.fingerprint, path, publicKey)),
    ...(musig.below ? [origin(node.fingerprint, [branch, index], child.publicKey!)] : []),
  ];
}

/** As a wallet program that knows MuSig2 exports it; inputs at index 0, 1 … of the receive branch, one change output. */
export function filled(own: Purse, musigs: readonly Musig[], what: Plan = {}): Parts {
  const parts = plan(own, what);
  const add = (map: TestMap, derived: Derived, types: typeof IN) => {
    const rows = [...map, ...musigs.flatMap((musig) => rowsOf(musig, derived, types))];
    const distinct = rows.filter(
      (one, i) =>
        rows.findIndex((other) => other.type === one.type && compare(other.key, one.key) === 0) === i,
    );
    map.splice(0, map.length, ...distinct.sort((a, b) => a.type - b.type || compare(a.key, b.key)));
  };
  for (const [i, map] of parts.inputs.entries()) add(map, own.template.derive(0, i), IN);
  add(parts.outputs[1]!, own.template.derive(1, 0), OUT);
  return parts;
}

export const filledPsbt = (own: Purse, musigs: readonly Musig[], what: Plan = {}): Uint8Array =>
  encode(filled(own, musigs, what));

/** The maps of a PSBT, to be changed and written again. */
export function partsOf(bytes: Uint8Array): Parts {
  const psbt = run(readPsbt(bytes));
  const copy = (map: (typeof psbt.inputs)[number]): TestMap =>
    map.map(({ type, key, value }) => ({ type, key: key.slice(), value: value.slice() }));
  return { global: copy(psbt.global), inputs: psbt.inputs.map(copy), outputs: psbt.outputs.map(copy) };
}

/** What a combiner makes of several (BIP 174). */
export function combined(...all: readonly Uint8Array[]): Uint8Array {
  const [first, ...others] = all.map(partsOf);
  for (const other of others)
    for (const [i, map] of other.inputs.entries())
      for (const one of map) {
        const mine = first!.inputs[i]!;
        if (!mine.some(({ type, key }) => type === one.type && compare(key, one.key) === 0)) mine.push(one);
      }
  const bytes = encode(first!);
  assert.ok(mapsOf(run(readPsbt(bytes))).length > 0);
  return bytes;
}

/** With the rows of a type changed, or dropped. */
export function withRows(
  bytes: Uint8Array,
  change: (one: TestRow, input: number) => TestRow | undefined,
): Uint8Array {
  const parts = partsOf(bytes);
  return encode({
    ...parts,
    inputs: parts.inputs.map((map, input) => map.flatMap((one) => change(one, input) ?? [])),
  });
}

// ---------------------------------------------------------------- what other packages make of it

bitcoin.initEccLib(tiny);

const OPEN = {
  allowUnknownOutputs: true,
  allowUnknownInputs: true,
  unknown: "ignore",
  disableScriptCheck: true,
} as const;

/** The transaction as @scure/btc-signer and bitcoinjs-lib take it out: both the same, every witness a signature. */
export function extracted(bytes: Uint8Array): bitcoin.Transaction {
  const scure = Transaction.fromPSBT(bytes, OPEN);
  scure.finalize();
  const psbt = bitcoin.Psbt.fromBuffer(Buffer.from(bytes)).finalizeAllInputs();
  const transaction = psbt.extractTransaction(true);
  assert.equal(toHex(scure.extract()), transaction.toHex());
  return transaction;
}

/** By @noble/curves, over digests that bitcoinjs-lib makes. */
export function verifyKeyPath(bytes: Uint8Array, type = 0): void {
  const transaction = extracted(bytes);
  const spent = spentBy(bytes);
  for (const [i, { witness }] of transaction.ins.entries()) {
    const digest = transaction.hashForWitnessV1(i, spent.scripts, spent.amounts, type);
    assert.equal(witness.length, 1);
    assert.ok(schnorr.verify(witness[0]!.slice(0, 64), digest, spent.scripts[i]!.slice(2)), `input ${i + 1}`);
  }
}

export function spentBy(bytes: Uint8Array) {
  const outputs = partsOf(bytes).inputs.map((map) => map.find(({ type }) => type === 1)!.value);
  return {
    scripts: outputs.map((output) => output.slice(9)),
    amounts: outputs.map((output) => new DataView(output.buffer, output.byteOffset).getBigUint64(0, true)),
  };
}
