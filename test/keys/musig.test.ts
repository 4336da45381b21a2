// Secret nonces in the Keyring: made of fresh chance, bound to one signature, never used twice, whatever is tried.

import assert from "node:assert/strict";
import { test } from "node:test";
import { schnorr } from "@noble/curves/secp256k1.js";
import {
  keyAggExport,
  keyAggregate,
  nonceAggregate,
  nonceGen,
  Session,
  sortKeys,
} from "@scure/btc-signer/musig2.js";
import fc from "fast-check";
import { nodeStretch } from "../../device/host/stretch.ts";
import { equal } from "../../src/bytes.ts";
import { entropyOf, Keyring, passphraseBytes } from "../../src/keys/index.ts";
import type { MusigTask, Task } from "../../src/model.ts";
import type { Random } from "../../src/ports.ts";
import { Refusal } from "../../src/refusal.ts";
import { approved, done, fast, fixedRandom, noble, numbers, refusesWith, sha256, unhex } from "./make.ts";

const H = 0x80000000;
const PATH = [87 + H, H, H, 0, 5];
const entropy = entropyOf(numbers(`${"abandon ".repeat(11)}about`));

function open(random: Random = fixedRandom(), check = true): Promise<Keyring> {
  const material = { kind: "words", entropy, passphrase: passphraseBytes("") } as const;
  const parts = { material, network: "mainnet", curve: fast, stretch: nodeStretch(), random } as const;
  return Keyring.open(check ? { ...parts, check: noble } : parts);
}

const own = (await open()).account(PATH).publicKey;
/** A cosigner whose secret the test holds. */
const OTHER = sha256("cosigner");
const other = noble.publicKey(OTHER);
const participants = sortKeys([own, other]);
const ours = participants.findIndex((key) => equal(key, own));
const tweaks = [
  { tweak: sha256("plain tweak"), xonly: false },
  { tweak: sha256("taproot tweak"), xonly: true },
];

interface Place {
  readonly request?: string;
  readonly place?: string;
  readonly digest?: Uint8Array;
  readonly participants?: readonly Uint8Array[];
  readonly path?: readonly number[];
}

function nonceTask(over: Place = {}): MusigTask {
  const { request = "tx one", place = "input 1", digest = sha256("digest"), path = PATH } = over;
  const together = { request, place, participants: over.participants ?? participants, tweaks };
  return { fingerprint: "73c5da0a", path, scheme: "musig-nonce", digest, publicKey: own, together };
}

function partialTask(nonces: readonly Uint8Array[], over: Place = {}): MusigTask {
  const task = nonceTask(over);
  return { ...task, scheme: "musig-partial", together: { ...task.together, nonces } };
}

/** In the order of the participants. */
const both = (mine: Uint8Array, theirs: Uint8Array) => (ours === 0 ? [mine, theirs] : [theirs, mine]);
const otherNonce = (seed = "other", digest = sha256("digest")) =>
  nonceGen(other, OTHER, undefined, digest, undefined, sha256(seed));

const answer = async (keyring: Keyring, ...tasks: readonly Task[]) =>
  done(keyring.sign(await approved(tasks)));
const nonceOf = async (keyring: Keyring, over: Place = {}) => (await answer(keyring, nonceTask(over)))[0]!;

function sessionOf(nonces: readonly Uint8Array[], digest = sha256("digest")): Session {
  const all = tweaks.map(({ tweak }) => tweak);
  const modes = tweaks.map(({ xonly }) => xonly);
  return new Session(nonceAggregate([...nonces]), participants, digest, all, modes);
}

test("two rounds make a signature that BIP 340 accepts under the tweaked aggregate key", async () => {
  const keyring = await open();
  const mine = await nonceOf(keyring);
  assert.equal(mine.length, 66);
  const theirs = otherNonce();
  const nonces = both(mine, theirs.public);
  const [partial] = await answer(keyring, partialTask(nonces));
  const session = sessionOf(nonces);
  assert.ok(session.partialSigVerify(partial!, nonces, ours));
  const signature = session.partialSigAgg(both(partial!, session.sign(theirs.secret, OTHER)));
  const all = tweaks.map(({ tweak }) => tweak);
  const key = keyAggExport(
    keyAggregate(
      participants,
      all,
      tweaks.map(({ xonly }) => xonly),
    ),
  );
  assert.ok(schnorr.verify(signature, sha256("digest"), key));
});

test("a nonce is BIP 327's NonceGen over the chance, the secret key, the aggregate key, the digest and what it is bound to", async () => {
  const asked: Uint8Array[] = [];
  const chance: Random = {
    bytes(length) {
      asked.push(fixedRandom("mine").bytes(length));
      return asked.at(-1)!.slice();
    },
  };
  const first = await nonceOf(await open(chance));
  assert.deepEqual(
    asked.map(({ length }) => length),
    [32],
    "32 fresh bytes",
  );
  for (const over of [
    { request: "tx two" },
    { place: "input 2" },
    { digest: sha256("other digest") },
    { participants: sortKeys([own, noble.publicKey(sha256("third"))]) },
  ])
    assert.notDeepEqual(await nonceOf(await open(chance), over), first, JSON.stringify(Object.keys(over)));
  assert.notDeepEqual(await nonceOf(await open(fixedRandom("another"))), first);
  const keyring = await open(chance);
  assert.deepEqual(await nonceOf(keyring), first);
  assert.notDeepEqual(
    await nonceOf(keyring),
    first,
    "chance that repeats itself makes another nonce all the same",
  );
});

test("dead chance makes no nonce", async () => {
  const keyring = await open({ bytes: (length) => new Uint8Array(length) });
  await assert.rejects(nonceOf(keyring), refusesWith("keys.entropy-dead"));
});

test("a replay of round 2 is refused, with the same nonces of others and with changed ones", async () => {
  const keyring = await open();
  const mine = await nonceOf(keyring);
  const nonces = both(mine, otherNonce().public);
  await answer(keyring, partialTask(nonces));
  await assert.rejects(answer(keyring, partialTask(nonces)), refusesWith("bitcoin.musig-nonce-used"));
  const changed = both(mine, otherNonce("changed").public);
  await assert.rejects(answer(keyring, partialTask(changed)), refusesWith("bitcoin.musig-nonce-used"));
  assert.throws(() => keyring.checkNonce(nonceTask(), mine), refusesWith("bitcoin.musig-nonce-used"));
});

test("others may change their nonces between the rounds: ours signs once, with those that came last", async () => {
  const keyring = await open();
  const mine = await nonceOf(keyring);
  const nonces = both(mine, otherNonce("second thoughts").public);
  const [partial] = await answer(keyring, partialTask(nonces));
  assert.ok(sessionOf(nonces).partialSigVerify(partial!, nonces, ours));
});

test("a nonce serves nothing but what it was made for", async () => {
  const third = noble.publicKey(sha256("third"));
  const elsewhere: Place[] = [
    { place: "input 2" },
    { digest: sha256("other digest") },
    { request: "tx two" },
    { participants: sortKeys([own, third]) },
    { path: [...PATH.slice(0, 4), 6] },
  ];
  for (const over of elsewhere) {
    const keyring = await open();
    const mine = await nonceOf(keyring);
    const theirs = otherNonce().public;
    const nonces = (over.participants ?? participants).map((key) => (equal(key, own) ? mine : theirs));
    await assert.rejects(
      answer(keyring, partialTask(nonces, over)),
      refusesWith("bitcoin.musig-nonce-elsewhere"),
      JSON.stringify(Object.keys(over)),
    );
    const tweaked = nonceTask();
    const together = { ...tweaked.together, tweaks: tweaks.slice(0, 1) };
    assert.throws(
      () => keyring.checkNonce({ ...tweaked, together }, mine),
      refusesWith("bitcoin.musig-nonce-elsewhere"),
    );
    // What it was made for it still serves: the refusal cost nothing.
    await answer(keyring, partialTask(both(mine, otherNonce().public)));
  }
});

test("two inputs of one transaction cannot share a nonce, and each has its own", async () => {
  const keyring = await open();
  const places = [{ place: "input 1" }, { place: "input 2", digest: sha256("digest two") }];
  const [first, second] = await answer(keyring, ...places.map(nonceTask));
  assert.notDeepEqual(first, second);
  const twice = places.map((place) => partialTask(both(first!, otherNonce().public), place));
  await assert.rejects(answer(keyring, ...twice), refusesWith("bitcoin.musig-nonce-elsewhere"));
  const same = partialTask(both(first!, otherNonce().public));
  await assert.rejects(answer(keyring, same, same), /one nonce for two signatures/);
  const [one, two] = await answer(
    keyring,
    partialTask(both(first!, otherNonce().public), places[0]),
    partialTask(both(second!, otherNonce("two", sha256("digest two")).public), places[1]),
  );
  assert.notDeepEqual(one, two);
});

test("what stops midway has spent all its nonces, those not yet reached too", async () => {
  for (const stop of ["exception", "abandoned"] as const) {
    const keyring = await open();
    const places = [{ place: "input 1" }, { place: "input 2" }];
    const [first, second] = await answer(keyring, ...places.map(nonceTask));
    const partial = (mine: Uint8Array, place: Place, bad = false) =>
      partialTask(both(mine, bad ? new Uint8Array(66) : otherNonce().public), place);
    const tasks = [partial(first!, places[0]!), partial(second!, places[1]!, stop === "exception")];
    if (stop === "exception") await assert.rejects(answer(keyring, ...tasks), "a nonce of zeros is no point");
    else keyring.sign(await approved(tasks)).next();
    for (const [i, mine] of [first!, second!].entries())
      await assert.rejects(
        answer(keyring, partial(mine, places[i]!)),
        refusesWith("bitcoin.musig-nonce-used"),
        `${stop}, input ${i + 1}`,
      );
  }
});

test("a request of which one nonce is not ours spends none", async () => {
  const keyring = await open();
  const mine = await nonceOf(keyring);
  const theirs = otherNonce().public;
  const stranger = otherNonce("stranger").public;
  await assert.rejects(
    answer(
      keyring,
      partialTask(both(mine, theirs)),
      partialTask(both(stranger, theirs), { place: "input 2" }),
    ),
    refusesWith("bitcoin.musig-nonce-lost"),
  );
  await answer(keyring, partialTask(both(mine, theirs)));
});

test("a lock, a wipe and another transaction leave nothing of a nonce", async () => {
  const before = await open();
  const mine = await nonceOf(before);
  const nonces = both(mine, otherNonce().public);
  // After a lock or a cut of power there is another Keyring of the same key, and its memory is empty.
  const after = await open(fixedRandom("later"));
  await assert.rejects(answer(after, partialTask(nonces)), refusesWith("bitcoin.musig-nonce-lost"));
  const two = await nonceOf(before, { request: "tx two" });
  await assert.rejects(answer(before, partialTask(nonces)), refusesWith("bitcoin.musig-nonce-lost"));
  before.checkNonce(nonceTask({ request: "tx two" }), two);
  before.wipe();
  assert.throws(
    () => before.checkNonce(nonceTask({ request: "tx two" }), two),
    refusesWith("bitcoin.musig-nonce-lost"),
  );
  await assert.rejects(answer(before, nonceTask()), /the keyring was wiped/);
});

test("round 1 again for the same input forgets the nonce before", async () => {
  const keyring = await open();
  const first = await nonceOf(keyring);
  const second = await nonceOf(keyring);
  const theirs = otherNonce().public;
  await assert.rejects(
    answer(keyring, partialTask(both(first, theirs))),
    refusesWith("bitcoin.musig-nonce-lost"),
  );
  await answer(keyring, partialTask(both(second, theirs)));
  // And a spent one stays spent, though a new one was made since.
  await nonceOf(keyring);
  await assert.rejects(
    answer(keyring, partialTask(both(second, theirs))),
    refusesWith("bitcoin.musig-nonce-used"),
  );
});

test("a key that is not the one that is named makes no nonce", async () => {
  const keyring = await open();
  const wrong = { ...nonceTask(), path: [...PATH.slice(0, 4), 6] };
  await assert.rejects(answer(keyring, wrong), refusesWith("keys.key-mismatch"));
  const foreign = { ...nonceTask(), fingerprint: "00000001" };
  await assert.rejects(answer(keyring, foreign), refusesWith("keys.not-ours"));
});

test("a participant that is not among the nonces signs nothing", async () => {
  const keyring = await open();
  const mine = await nonceOf(keyring);
  await assert.rejects(answer(keyring, partialTask([mine])), /public nonces are missing/);
});

test("signatures of one key and nonces go through one approval", async () => {
  const keyring = await open();
  const digest = sha256("digest");
  const plain: Task = { fingerprint: "73c5da0a", path: PATH, scheme: "ecdsa", digest, publicKey: own };
  const [signature, nonce] = await answer(keyring, plain, nonceTask());
  assert.ok(fast.verifyEcdsa(digest, own, signature!));
  assert.equal(nonce!.length, 66);
});

test("no error and no refusal holds anything of a nonce or a key", async () => {
  const keyring = await open();
  const mine = await nonceOf(keyring);
  await answer(keyring, partialTask(both(mine, otherNonce().public)));
  await assert.rejects(answer(keyring, partialTask(both(mine, otherNonce().public))), (problem: Error) => {
    const words = `${problem.message} ${problem.stack} ${JSON.stringify(problem)}`;
    return !/[0-9a-f]{32}/.test(words);
  });
  assert.doesNotMatch(JSON.stringify(keyring), /nonce|secret/);
});

test("whatever is asked in whatever order, no nonce ever makes two partial signatures", async () => {
  const step = fc.record({
    act: fc.constantFrom("nonce", "partial", "partial", "both"),
    request: fc.constantFrom("tx one", "tx one", "tx two"),
    place: fc.constantFrom("input 1", "input 2"),
    digest: fc.constantFrom("digest", "other digest"),
    seed: fc.constantFrom("a", "b", "c"),
    which: fc.nat(5),
  });
  // One life that signs for certain: what chance draws may all be refused.
  const at = { request: "tx one", place: "input 1", digest: "digest", seed: "a", which: 0 };
  const honest = [
    { act: "nonce", ...at },
    { act: "partial", ...at },
  ];
  let signatures = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 10 }), async (steps) => {
      const keyring = await open();
      const nonces: Uint8Array[] = [];
      const used = new Set<string>();
      for (const { act, seed, which, digest, ...at } of steps) {
        const over = { ...at, digest: sha256(digest) };
        const mine = nonces.at(-1 - (which % Math.max(1, nonces.length)));
        const tasks: MusigTask[] = [];
        if (act !== "partial") tasks.push(nonceTask(over));
        if (act !== "nonce" && mine) tasks.push(partialTask(both(mine, otherNonce(seed).public), over));
        try {
          const answers = await answer(keyring, ...tasks);
          for (const [i, task] of tasks.entries()) {
            if (task.scheme === "musig-nonce") nonces.push(answers[i]!);
            else {
              signatures++;
              assert.ok(!used.has(unhex(mine!)), "a nonce signed twice");
              used.add(unhex(mine!));
            }
          }
        } catch (problem) {
          assert.ok(problem instanceof Refusal, String(problem));
          assert.match(problem.reason, /^bitcoin\.musig-nonce-/);
        }
      }
    }),
    { numRuns: 25, examples: [[honest]] },
  );
  assert.ok(signatures > 0, "and some did sign");
});

/** BIP 327: k1, k2 and the public key. */
const SECRET_NONCE_BYTES = 97;

/** The secret nonces that were overwritten while it ran, each once. */
async function overwritten(act: () => unknown): Promise<number> {
  const { fill } = Uint8Array.prototype;
  const seen = new Set<Uint8Array>();
  Uint8Array.prototype.fill = function (this: Uint8Array, ...args: Parameters<typeof fill>) {
    const whole = Reflect.apply(fill, this, args);
    if (this.length === SECRET_NONCE_BYTES && this.subarray(0, 64).every((byte) => byte === 0))
      seen.add(this);
    return whole;
  } as typeof fill;
  try {
    await act();
  } finally {
    Uint8Array.prototype.fill = fill;
  }
  return seen.size;
}

test("the bytes of a secret nonce are overwritten when it signed, when it failed, and when it is given up", async () => {
  const theirs = otherNonce().public;
  const places = [{ place: "input 1" }, { place: "input 2" }];
  const made = async () => {
    const keyring = await open();
    return { keyring, mine: await answer(keyring, ...places.map(nonceTask)) };
  };
  const signed = await made();
  const all = signed.mine.map((mine, i) => partialTask(both(mine, theirs), places[i]));
  assert.equal(await overwritten(() => answer(signed.keyring, ...all)), 2);
  const failed = await made();
  const bad = failed.mine.map((mine, i) => partialTask(both(mine, new Uint8Array(66)), places[i]));
  assert.equal(await overwritten(() => assert.rejects(answer(failed.keyring, ...bad))), 2);
  const wiped = await made();
  assert.equal(await overwritten(() => wiped.keyring.wipe()), 2);
  const replaced = await made();
  assert.equal(await overwritten(() => nonceOf(replaced.keyring, places[0])), 1);
  assert.equal(await overwritten(() => nonceOf(replaced.keyring, { request: "tx two" })), 2);
});
