import assert from "node:assert/strict";
import { test } from "node:test";
import { schnorr } from "@noble/curves/secp256k1.js";
import { HDKey } from "@scure/bip32";
import { mnemonicToSeedSync } from "@scure/bip39";
import { nodeStretch } from "../../device/host/stretch.ts";
import { entropyOf, Keyring, passphraseBytes, signEcdsaLowR } from "../../src/keys/index.ts";
import type { Curve, Path, SignatureTask, Task } from "../../src/model.ts";
import { Approval } from "../../src/request.ts";
import {
  approved,
  CURVES,
  done,
  fast,
  noble,
  numbers,
  refusesWith,
  sha256,
  unhex,
  unrecorded,
} from "./make.ts";

const PHRASE = `${"abandon ".repeat(11)}about`;
const H = 0x80000000;
const ACCOUNT: Path = [84 + H, H, H];
const entropy = entropyOf(numbers(PHRASE));
const peer = HDKey.fromMasterSeed(mnemonicToSeedSync(PHRASE));
const peerAt = (path: Path) => path.reduce((node, step) => node.deriveChild(step), peer);

function open(curve: Curve = fast, check: Curve | undefined = noble, passphrase = ""): Promise<Keyring> {
  return Keyring.open({
    material: { kind: "words", entropy, passphrase: passphraseBytes(passphrase) },
    network: "mainnet",
    curve,
    check,
    stretch: nodeStretch(),
  });
}

function ecdsaTask(index: number, over: Partial<SignatureTask> = {}): SignatureTask {
  const path = [...ACCOUNT, 0, index];
  return {
    fingerprint: "73c5da0a",
    path,
    scheme: "ecdsa",
    digest: sha256(`digest ${index}`),
    publicKey: peerAt(path).publicKey!,
    ...over,
  };
}

/** BIP 86: key path without scripts. */
function taprootTask(index: number, over: Partial<SignatureTask> = {}): SignatureTask {
  const path = [86 + H, H, H, 0, index];
  const key = peerAt(path).publicKey!;
  const tweak = schnorr.utils.taggedHash("TapTweak", key.subarray(1));
  const even = Uint8Array.of(2, ...key.subarray(1));
  return {
    fingerprint: "73c5da0a",
    path,
    scheme: "schnorr",
    digest: sha256(`digest ${index}`),
    tweak,
    odd: key[0] === 3,
    publicKey: noble.addPublic(even, tweak)!.subarray(1),
    ...over,
  };
}

const tasks = <T extends Task>(make: (index: number) => T, count: number) =>
  Array.from({ length: count }, (_, i) => make(i));

interface Counts {
  points: number;
  byName: Record<string, number>;
}

/** Counts what costs a point operation; a signature counts once, however often its nonce is ground. */
function counting(curve: Curve): { curve: Curve; counts: Counts } {
  const counts: Counts = { points: 0, byName: {} };
  const wrapped = new Proxy(curve, {
    get(target, name: keyof Curve) {
      const method = target[name];
      if (typeof method !== "function") return method;
      return (...args: Uint8Array[]) => {
        const free = ["addSecret", "negateSecret", "isSecret"].includes(name);
        const again = name === "signEcdsa" && args[2] !== undefined;
        if (!free && !again) {
          counts.points++;
          counts.byName[name] = (counts.byName[name] ?? 0) + 1;
        }
        return (method as (...args: Uint8Array[]) => unknown)(...args);
      };
    },
  });
  return { curve: wrapped, counts };
}

test("the fingerprint is the one that every wallet program shows, with and without a passphrase", async () => {
  assert.equal((await open()).fingerprint, "73c5da0a");
  const other = HDKey.fromMasterSeed(mnemonicToSeedSync(PHRASE, "a b"));
  assert.equal((await open(fast, noble, "a b")).fingerprint, other.fingerprint.toString(16).padStart(8, "0"));
});

test("an account is the public half that another implementation derives, at any depth", async () => {
  const keyring = await open();
  for (const path of [[], [44 + H], ACCOUNT, [48 + H, 1 + H, H, 2 + H], [...ACCOUNT, 1], [0, 1, 2]]) {
    const account = keyring.account(path);
    const node = peerAt(path);
    assert.deepEqual(
      {
        ...account,
        publicKey: unhex(account.publicKey),
        chainCode: unhex(account.chainCode),
        path: [...account.path],
      },
      {
        fingerprint: "73c5da0a",
        path: [...path],
        publicKey: unhex(node.publicKey!),
        chainCode: unhex(node.chainCode!),
        depth: node.depth,
        parentFingerprint: node.parentFingerprint.toString(16).padStart(8, "0"),
        childNumber: node.index,
      },
    );
  }
});

test("what account() gave out can be written over without harm", async () => {
  const keyring = await open();
  keyring.account(ACCOUNT).publicKey.fill(0);
  keyring.account(ACCOUNT).chainCode.fill(0);
  assert.equal(unhex(keyring.account(ACCOUNT).publicKey), unhex(peerAt(ACCOUNT).publicKey!));
});

for (const curve of CURVES) {
  test(`with ${curve.name} every task gets its signature, in order, low r and the same on any device`, async () => {
    const wanted = tasks(ecdsaTask, 7);
    const signatures = done((await open(curve)).sign(await approved(wanted)));
    for (const [i, task] of wanted.entries())
      assert.equal(
        unhex(signatures[i]!),
        unhex(signEcdsaLowR(noble, task.digest, peerAt(task.path).privateKey!)),
      );
  });

  test(`with ${curve.name} a taproot key is tweaked right for odd and even keys, parity told or not`, async () => {
    const told = tasks(taprootTask, 8);
    assert.ok(told.some((task) => task.odd) && told.some((task) => !task.odd));
    const untold = told.map(({ odd: _, ...task }) => task);
    const keyring = await open(curve);
    const signatures = done(keyring.sign(await approved(told)));
    assert.deepEqual(done(keyring.sign(await approved(untold))), signatures);
    for (const [i, task] of told.entries())
      assert.ok(schnorr.verify(signatures[i]!, task.digest, task.publicKey));
  });
}

test("a Schnorr task without a tweak is signed by the key itself", async () => {
  const plain = tasks(
    (i) =>
      taprootTask(i, { tweak: undefined, publicKey: peerAt([86 + H, H, H, 0, i]).publicKey!.subarray(1) }),
    4,
  );
  const signatures = done((await open()).sign(await approved(plain)));
  for (const [i, task] of plain.entries())
    assert.ok(schnorr.verify(signatures[i]!, task.digest, task.publicKey));
});

test("the master key itself can sign, and deep paths can", async () => {
  const paths: Path[] = [[], [5], [1 + H, 2, 3 + H, 4, 5 + H, 6, 7, 8]];
  const wanted = paths.map((path) => ecdsaTask(0, { path, publicKey: peerAt(path).publicKey! }));
  assert.equal(done((await open()).sign(await approved(wanted))).length, 3);
});

test("a request for another master key is refused, before anything is signed", async () => {
  const { curve, counts } = counting(fast);
  const keyring = await open(curve);
  counts.byName = {};
  const wanted = [ecdsaTask(0), ecdsaTask(1, { fingerprint: "00000000" })];
  const approval = await approved(wanted);
  assert.throws(() => done(keyring.sign(approval)), refusesWith("keys.not-ours"));
  assert.deepEqual(counts.byName, {});
});

test("a path that leads to another key than the one named is refused, and no signature comes out", async () => {
  const keyring = await open();
  for (const wrong of [
    ecdsaTask(1, { publicKey: ecdsaTask(2).publicKey }),
    ecdsaTask(1, { path: [...ACCOUNT, 1, 1] }),
    ecdsaTask(1, { publicKey: new Uint8Array(33) }),
    taprootTask(1, { publicKey: taprootTask(2).publicKey }),
    taprootTask(1, { odd: !taprootTask(1).odd }),
    taprootTask(1, { tweak: sha256("another tweak") }),
    taprootTask(1, { tweak: new Uint8Array(32).fill(255) }),
    taprootTask(1, { publicKey: peerAt(taprootTask(1).path).publicKey!.subarray(1) }),
  ]) {
    const approval = await approved([ecdsaTask(0), wrong]);
    assert.throws(() => done(keyring.sign(approval)), refusesWith("keys.key-mismatch"));
  }
});

test("a signature that does not verify under the right key is a bug, not a refusal", async () => {
  const broken: Curve = {
    ...fast,
    signEcdsa: (digest, secret, extra) => {
      const signature = fast.signEcdsa(digest, secret, extra);
      signature[40]! ^= 1;
      return signature;
    },
  };
  const keyring = await open(broken);
  const approval = await approved([ecdsaTask(0)]);
  assert.throws(() => done(keyring.sign(approval)), { message: "a signature does not verify" });
});

test("a biased nonce in the fast implementation is noticed: the other one makes different bytes", async () => {
  const biased: Curve = {
    ...fast,
    signEcdsa: (digest, secret, extra) =>
      fast.signEcdsa(digest, secret, sha256(`leak ${unhex(extra ?? secret)}`)),
    signSchnorr: (digest, secret) => fast.signSchnorr(digest, secret, sha256("leak")),
  };
  const keyring = await open(biased);
  for (const wanted of [tasks(ecdsaTask, 5), tasks(taprootTask, 5)]) {
    const approval = await approved(wanted);
    assert.throws(() => done(keyring.sign(approval)), { message: "curves disagree" });
  }
});

test("exactly one signature of a request is made again, the one with the smallest digest", async () => {
  const remade: string[] = [];
  const check: Curve = {
    ...noble,
    signEcdsa: (digest, secret, extra) => {
      if (extra === undefined) remade.push(unhex(digest));
      return noble.signEcdsa(digest, secret, extra);
    },
  };
  const keyring = await open(fast, check);
  const wanted = tasks(ecdsaTask, 9);
  done(keyring.sign(await approved(wanted)));
  assert.deepEqual(remade, [wanted.map((task) => unhex(task.digest)).sort()[0]]);
});

test("where noble signs alone nothing is made twice", async () => {
  const { curve, counts } = counting(noble);
  const keyring = await open(curve, noble);
  keyring.account(ACCOUNT);
  counts.byName = {};
  done(keyring.sign(await approved(tasks(ecdsaTask, 3))));
  assert.deepEqual(counts.byName, { signEcdsa: 3, verifyEcdsa: 3 });
});

for (const [kind, make, account] of [
  ["ECDSA", ecdsaTask, ACCOUNT],
  ["taproot", taprootTask, [86 + H, H, H]],
] as const)
  test(`signing ${kind} costs two operations of the curve an input, and no derivation from the master`, async () => {
    const { curve, counts } = counting(fast);
    const keyring = await open(curve);
    keyring.account(account);
    for (const count of [1, 20, 100]) {
      const wanted = tasks(make, count);
      counts.points = 0;
      done(keyring.sign(await approved(wanted)));
      assert.equal(counts.points, 2 * count);
    }
  });

test("only an approval is answered, once, and only after its record was written", async () => {
  const keyring = await open();
  const approval = await approved([ecdsaTask(0)]);
  done(keyring.sign(approval));
  assert.throws(() => done(keyring.sign(approval)), /used twice/);
  const early = unrecorded([ecdsaTask(0)]);
  assert.throws(() => done(keyring.sign(early)), /before the record/);
  await assert.rejects(
    early.record(async () => {
      throw new Error("the card is full");
    }),
    /full/,
  );
  assert.throws(() => done(keyring.sign(early)), /before the record/);
  const alike = { spend: approval.spend, take: () => [ecdsaTask(0)] };
  const forged = Object.setPrototypeOf({ ...alike }, Approval.prototype) as Approval;
  assert.throws(() => forged.spend && done(keyring.sign(Object.create(Approval.prototype))), /forged/);
});

test("work is handed back step by step, with a share that grows to one", async () => {
  const shares: number[] = [];
  const keyring = await open();
  for (const share of keyring.sign(await approved(tasks(ecdsaTask, 6)))) shares.push(share);
  assert.ok(shares.length >= 6);
  assert.deepEqual(
    shares,
    [...shares].sort((a, b) => a - b),
  );
  assert.equal(shares.at(-1), 1);
});

test("between two steps no child key lies about: every one was wiped before the step ended", async () => {
  const secrets: Uint8Array[] = [];
  const spying: Curve = {
    ...fast,
    addSecret: (secret, tweak) => {
      const sum = fast.addSecret(secret, tweak);
      if (sum) secrets.push(sum);
      return sum;
    },
    negateSecret: (secret) => {
      const negated = fast.negateSecret(secret);
      secrets.push(negated);
      return negated;
    },
  };
  const keyring = await open(spying);
  keyring.account([86 + H, H, H]);
  secrets.length = 0;
  for (const _ of keyring.sign(await approved(tasks(taprootTask, 4))))
    assert.ok(secrets.every((secret) => secret.every((byte) => byte === 0)));
  assert.ok(secrets.length >= 8);
});

test("child keys are wiped when signing fails, too", async () => {
  const secrets: Uint8Array[] = [];
  const failing: Curve = {
    ...fast,
    signEcdsa: (_digest, secret) => {
      secrets.push(secret);
      throw new Error("the machine is on fire");
    },
  };
  const keyring = await open(failing);
  const approval = await approved([ecdsaTask(0)]);
  assert.throws(() => done(keyring.sign(approval)), /on fire/);
  assert.equal(secrets.length, 1);
  assert.ok(secrets[0]!.every((byte) => byte === 0));
});

test("a wiped keyring holds no key any more and answers nothing", async () => {
  const held: Uint8Array[] = [];
  const spying: Curve = {
    ...fast,
    addSecret: (secret, tweak) => {
      held.push(secret);
      return fast.addSecret(secret, tweak);
    },
  };
  const keyring = await open(spying);
  keyring.account(ACCOUNT);
  assert.ok(held.some((secret) => secret.some((byte) => byte !== 0)));
  keyring.wipe();
  assert.ok(held.every((secret) => secret.every((byte) => byte === 0)));
  assert.throws(() => keyring.account(ACCOUNT), /wiped/);
  const approval = await approved([ecdsaTask(0)]);
  assert.throws(() => done(keyring.sign(approval)), /wiped/);
});

test("the seed is wiped once the keyring is open, and when it cannot be opened", async () => {
  for (const fails of [false, true]) {
    const seeds: Uint8Array[] = [];
    const stretch = {
      ...nodeStretch(),
      pbkdf2Sha512: async () => {
        const seed = new Uint8Array(64).fill(9);
        seeds.push(seed);
        return seed;
      },
    };
    const curve: Curve = fails ? { ...fast, isSecret: () => false } : fast;
    const opening = Keyring.open({
      material: { kind: "words", entropy, passphrase: new Uint8Array(0) },
      network: "mainnet",
      curve,
      stretch,
    });
    if (fails) await assert.rejects(opening);
    else await opening;
    assert.ok(seeds[0]!.every((byte) => byte === 0));
  }
});

test("a keyring shows nothing of its keys when it is printed, listed or turned to text", async () => {
  const keyring = await open();
  keyring.account(ACCOUNT);
  const { inspect } = await import("node:util");
  const text = `${inspect(keyring, { depth: 9, showHidden: true })} ${JSON.stringify(keyring)} ${String(keyring)}`;
  for (const path of [[], ACCOUNT, [...ACCOUNT, 0]]) {
    const secret = peerAt(path).privateKey!;
    assert.equal(text.includes(unhex(secret)), false);
    assert.equal(text.includes(String(secret[0]).concat(", ", String(secret[1]))), false);
  }
  assert.deepEqual(Object.keys(keyring).sort(), ["fingerprint", "network"]);
});

test("child numbers out of range and paths beyond the limit are bugs", async () => {
  const keyring = await open();
  for (const path of [[-1], [2 ** 32], [1.5], [Number.NaN], new Array(9).fill(0)])
    assert.throws(() => keyring.account(path));
});
