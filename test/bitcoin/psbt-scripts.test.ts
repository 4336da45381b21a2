// Wallets of any script, spent from: rust-miniscript fills in the PSBT, Firn signs its part, rust-miniscript the others',
// and finalises; it runs the finished script with its own interpreter, and refuses what does not satisfy it. Each signature
// is verified by bitcoinjs-lib's digests and libsecp256k1 as well.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Psbt as Peer } from "@bitgo/wasm-miniscript";
import { ripemd160 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { script as btcScript, crypto, Transaction } from "bitcoinjs-lib";
import fc from "fast-check";
import * as tiny from "tiny-secp256k1";
import { INPUT } from "../../src/bitcoin/psbt/fields.ts";
import { type Psbt, readPsbt } from "../../src/bitcoin/psbt/psbt.ts";
import type { Row } from "../../src/bitcoin/psbt/rows.ts";
import { encodeMaps, makeRow } from "../../src/bitcoin/psbt/rows.ts";
import { fromDer } from "../../src/bitcoin/signatures.ts";
import { equal, toHex } from "../../src/bytes.ts";
import { LOCK_TIME_THRESHOLD } from "../../src/limits.ts";
import { Refusal } from "../../src/refusal.ts";
import type { Request } from "../../src/request.ts";
import { anyPurse, definite, MASTERS, type PeerPlan, POINT_H, peerPsbt, signedByPeer } from "./any-wallet.ts";
import { COIN_SATS, type Purse, request, run, signed } from "./build.ts";
import { scripts } from "./miniscript-generate.ts";

const SECRET = new Uint8Array(32).fill(7);
const HASHES = {
  ripemd160: ripemd160(SECRET),
  sha256: sha256(SECRET),
  hash160: ripemd160(sha256(SECRET)),
  hash256: sha256(sha256(SECRET)),
} as const;
type Hash = keyof typeof HASHES;

const SIGNATURES: readonly number[] = [
  INPUT.partialSignature,
  INPUT.tapKeySignature,
  INPUT.tapScriptSignature,
];
const signaturesOf = (psbt: Psbt, input: number): Row[] =>
  psbt.inputs[input]!.filter(({ type }) => SIGNATURES.includes(type));
const read = (bytes: Uint8Array): Psbt => run(readPsbt(bytes));

/** With every secret that a hash of the wallet asks for. */
function withSecrets(bytes: Uint8Array): Uint8Array {
  const psbt = read(bytes);
  const rows = (Object.keys(HASHES) as Hash[]).map((hash) => makeRow(INPUT[hash], HASHES[hash], SECRET));
  return encodeMaps([psbt.global, ...psbt.inputs.map((own) => [...own, ...rows]), ...psbt.outputs]);
}

class Panic extends Error {}

/** Undefined where signatures are missing. */
function finalised(bytes: Uint8Array): Psbt | undefined {
  const peer = Peer.deserialize(bytes);
  try {
    peer.finalize();
  } catch (error) {
    // Some scripts make the peer itself fall over: a quorum of one, a key hash in a leaf.
    if (error instanceof Error && error.name === "RuntimeError") throw new Panic();
    return undefined;
  }
  return read(peer.serialize());
}

function vsizeOf({ unsigned, inputs }: Psbt): number {
  const scripts = inputs.map(
    (rows) => rows.find(({ type }) => type === INPUT.finalScript)?.value.length ?? 0,
  );
  const witnesses = inputs.map(
    (rows) => rows.find(({ type }) => type === INPUT.finalWitness)?.value.length ?? 1,
  );
  const base = unsigned.length + scripts.reduce((sum, one) => sum + one, 0);
  return Math.ceil((4 * base + 2 + witnesses.reduce((sum, one) => sum + one, 0)) / 4);
}

/** What Firn reckoned with. */
const saidOf = ({ review }: Request): number => Number(review.feeSats) / review.feeRate;

/** Bare keys become account keys, each place with branches of its own; hashes become those of one secret. */
function dressed(script: string, holders: readonly number[]): string {
  let place = 0;
  return script
    .replace(/\b(ripemd160|sha256|hash160|hash256)\([0-9a-f]+\)/g, (_, hash: Hash) => {
      return `${hash}(${toHex(HASHES[hash])})`;
    })
    .replace(/0[23][0-9a-f]{64}/g, () => {
      const [holder, turn] = [holders[place % holders.length]!, Math.floor(place / holders.length)];
      place++;
      return `@${holder}/<${2 * turn};${2 * turn + 1}>/*`;
    });
}

interface Played extends PeerPlan {
  readonly ours: number;
}

/** Times at which a script's locks are open, or one at which none is. */
function timesOf(text: string, open: boolean): Pick<PeerPlan, "sequence" | "lockTime"> {
  const numbers = (name: string) =>
    [...text.matchAll(new RegExp(`\\b${name}\\((\\d+)\\)`, "g"))].map(([, number]) => Number(number));
  const [older, after] = [numbers("older"), numbers("after")];
  if (!open) return { sequence: 0xfffffffd, lockTime: 0 };
  const relative = Math.max(...older.filter((value) => value < 0x400000 === older[0]! < 0x400000));
  const isTime = (value: number) => value >= LOCK_TIME_THRESHOLD;
  const absolute = Math.max(...after.filter((value) => isTime(value) === isTime(after[0]!)));
  return {
    sequence: older.length > 0 ? relative : 0xfffffffd,
    lockTime: after.length > 0 ? absolute : 0,
  };
}

/** rust-miniscript's finaliser panics at a key hash in a leaf: these are finished by hand below. */
const withoutKeyHash = (script: string): string =>
  script.replaceAll("pkh(", "pk(").replaceAll("pk_h(", "pk_k(");

const holders = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 2 });
const plays = fc
  .record({
    form: fc.constantFrom("wsh", "wsh", "sh-wsh", "leaf", "tree", "hidden"),
    scripts: fc.array(scripts("p2wsh"), { minLength: 1, maxLength: 1 }),
    leaves: fc.array(scripts("tapscript"), { minLength: 3, maxLength: 3 }),
    holders,
    ours: fc.nat(4),
    open: fc.boolean(),
  })
  .map(({ form, scripts: [script], leaves, holders, ours, open }): Played => {
    const wsh = () => dressed(script!, holders);
    const internal = form === "hidden" ? POINT_H : "@4/<90;91>/*";
    const trees: Record<string, () => string> = {
      wsh: () => `wsh(${wsh()})`,
      "sh-wsh": () => `sh(wsh(${wsh()}))`,
      leaf: () => `tr(${internal},${dressed(withoutKeyHash(leaves[0]!), holders)})`,
      hidden: () => `tr(${internal},${dressed(withoutKeyHash(leaves[0]!), holders)})`,
      tree: () => {
        const [a, b, c] = dressed(withoutKeyHash(leaves.join("|")), holders).split("|");
        return `tr(${internal},{${a},{${b},${c}}})`;
      },
    };
    const text = trees[form]!();
    return { text, ours: holders[ours % holders.length]!, inputs: 1 + (ours % 2), ...timesOf(text, open) };
  });

/** The wallet, where Firn takes it and our key is in it; most scripts by chance are not safe. */
function taken(text: string, ours: number): Purse | undefined {
  try {
    const own = anyPurse(text, { ours: [ours] });
    return own.wallet.keys.some((key) => key.ours) ? own : undefined;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

const everyone = MASTERS.map((_, number) => number);

/** The signatures, as far as the peer makes them too: BIP 340 without chance is byte for byte the same. */
function sameAsPeer(own: Purse, mine: readonly Row[], theirs: readonly Row[]): void {
  for (const row of mine) {
    const other = theirs.find(({ type, key }) => type === row.type && equal(key, row.key));
    assert.ok(other, "the peer signs there too");
    if (row.type !== INPUT.partialSignature) assert.equal(toHex(row.value), toHex(other.value));
    else assert.ok(fromDer(row.value.subarray(0, -1)) && row.value.length <= 71);
  }
  if (own.wallet.form === "p2tr") return;
  assert.ok(mine.length <= theirs.length);
}

/** From what rust-miniscript put into the PSBT, and nothing of Firn's. */
function verifiedByJs(text: string, { unsigned, inputs }: Psbt): void {
  const tx = Transaction.fromBuffer(unsigned);
  const coins = inputs.map((_, index) => definite(text, 0, index).scriptPubkey());
  const amounts = inputs.map(() => COIN_SATS);
  for (const [i, rows] of inputs.entries()) {
    const taproot = (leaf?: Uint8Array) => tx.hashForWitnessV1(i, coins, amounts, 0, leaf);
    for (const { type, key, value } of rows)
      if (type === INPUT.partialSignature) {
        const code = rows.find((row) => row.type === INPUT.witnessScript)!.value;
        const { signature, hashType } = btcScript.signature.decode(value);
        assert.ok(tiny.verify(tx.hashForWitnessV0(i, code, COIN_SATS, hashType), key, signature));
      } else if (type === INPUT.tapKeySignature)
        assert.ok(tiny.verifySchnorr(taproot(), coins[i]!.subarray(2), value));
      else if (type === INPUT.tapScriptSignature) {
        const hash = toHex(key.subarray(32));
        assert.ok(rows.some((row) => row.type === INPUT.tapLeaf && toHex(leafHash(row.value)) === hash));
        assert.ok(tiny.verifySchnorr(taproot(key.subarray(32)), key.subarray(0, 32), value));
      }
  }
}

/** Of a row's value: the script, and behind it the leaf's version. */
function leafHash(value: Uint8Array): Uint8Array {
  const size = value.length - 1;
  const length = size < 0xfd ? [size] : [0xfd, size & 0xff, size >> 8];
  return crypto.taggedHash("TapLeaf", Uint8Array.of(value[size]!, ...length, ...value.subarray(0, size)));
}

async function playedOut({ ours, ...what }: Played, own: Purse): Promise<"signed" | "closed"> {
  const bytes = withSecrets(peerPsbt(what).serialize());
  const others = everyone.filter((number) => number !== ours);
  const theirs = read(signedByPeer(Peer.deserialize(bytes), [ours]).serialize());
  const allOfThem = signedByPeer(Peer.deserialize(bytes), everyone).serialize();
  let of: Request;
  try {
    of = request(own, bytes);
  } catch (error) {
    assert.ok(error instanceof Refusal);
    assert.equal(error.reason, "bitcoin.no-way-open", error.detail);
    const without = signedByPeer(Peer.deserialize(bytes), others).serialize();
    assert.equal(finalised(without) !== undefined, finalised(allOfThem) !== undefined, "we are not missed");
    return "closed";
  }
  assert.equal(of.review.outputs[1]!.owner, "change");
  const reply = await signed(own, bytes);
  const mine = read(reply.whole.bytes);
  verifiedByJs(what.text, mine);
  for (const input of mine.inputs.keys())
    sameAsPeer(own, signaturesOf(mine, input), signaturesOf(theirs, input));
  assert.equal(mine.inputs.flatMap((_, input) => signaturesOf(mine, input)).length, of.count);
  const done = finalised(signedByPeer(Peer.deserialize(reply.whole.bytes), others).serialize());
  assert.ok(done, "a way is open, everybody signed and every secret is there");
  // Never larger than it is, but for signatures that happen to be a byte shorter: no rate is called too low.
  assert.ok(vsizeOf(done) >= Math.floor(saidOf(of)) - 1, `is ${vsizeOf(done)}, said ${saidOf(of)}`);
  const alone = of.review.quorums[0]!.ways.some((way) => way.ours && way.missing === 0);
  assert.equal(finalised(reply.whole.bytes) !== undefined, alone, "complete where it says so");
  return "signed";
}

test("of hundreds of wallets by chance, what Firn signs is what rust-miniscript signs, and finishes", async () => {
  const counts = { signed: 0, closed: 0, refused: 0, panics: 0 };
  await fc.assert(
    fc.asyncProperty(plays, async (played) => {
      const own = taken(played.text, played.ours);
      if (!own) {
        counts.refused++;
        return;
      }
      const end = await playedOut(played, own).catch((error) => {
        if (error instanceof Panic) return "panics" as const;
        throw error;
      });
      counts[end]++;
    }),
    { numRuns: 700, seed: 6, endOnFailure: true },
  );
  assert.ok(counts.signed >= 170 && counts.closed >= 10, JSON.stringify(counts));
});
