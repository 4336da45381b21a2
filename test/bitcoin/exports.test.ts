// Keys and wallets for other programs: read back by readers of others, and by Firn's own.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Descriptor } from "@bitgo/wasm-miniscript";
import { sha256 } from "@noble/hashes/sha2.js";
import { createBase58check } from "@scure/base";
import { HDKey } from "@scure/bip32";
import fc from "fast-check";
import {
  addressOf,
  addwalletText,
  assemble,
  caravanJson,
  checkJoining,
  coldcardJson,
  coldcardText,
  compile,
  cosignerJson,
  cosignerPath,
  importDescriptors,
  keyStatement,
  ownKey,
  readKeys,
  readWallet,
  type ScriptForm,
  type SharedForm,
  slip132,
  specterJson,
  unspendable,
  type WalletKey,
  walletStatement,
  writeKey,
} from "../../src/bitcoin/index.ts";
import { toHex, u32be } from "../../src/bytes.ts";
import { HARDENED, LIMITS } from "../../src/limits.ts";
import type { Network, Path } from "../../src/model.ts";
import { Refusal } from "../../src/refusal.ts";
import { FORMS, purse } from "./build.ts";
import { cosigner, curve, nodeAt, reasonOf } from "./wallet-cast.ts";

const H = HARDENED;

/** A cosigner's key as that one's own Firn makes it. */
function keyAt(number: number, path: Path, network: Network = "regtest"): WalletKey {
  const one = cosigner(number, network);
  const node = nodeAt(one.master, path);
  const account = {
    fingerprint: one.fingerprint,
    path,
    publicKey: node.publicKey!,
    chainCode: node.chainCode!,
    depth: node.depth,
    parentFingerprint: toHex(u32be(node.parentFingerprint)),
  };
  return { ...ownKey(account, network), ours: false };
}

const NATIVE = cosignerPath("p2wsh", "regtest", 0);
const LATER = { threshold: 1, blocks: 26_280 } as const;

test("the places of cosigners' keys are those of BIP 48, 87 and 45", () => {
  for (const [purpose, network, path] of [
    ["p2wsh", "mainnet", "m/48'/0'/5'/2'"],
    ["p2sh-p2wsh", "testnet4", "m/48'/1'/5'/1'"],
    ["any", "signet", "m/87'/1'/5'"],
    ["p2sh", "mainnet", "m/45'"],
  ] as const) {
    const steps = cosignerPath(purpose, network, 5).map((step) => `${step - H}'`);
    assert.equal(["m", ...steps].join("/"), path);
  }
});

test("the own key is the one that @scure/bip32 derives", () => {
  const { master } = cosigner(3);
  assert.equal(keyAt(3, NATIVE).extended, nodeAt(master, NATIVE).publicExtendedKey);
});

// ---------------------------------------------------------------- keys, both ways

const FORMS_OF_KEYS: readonly { form: ScriptForm; path: Path }[] = [
  { form: "p2wsh", path: NATIVE },
  { form: "p2sh-p2wsh", path: cosignerPath("p2sh-p2wsh", "regtest", 3) },
  { form: "p2sh", path: cosignerPath("p2sh", "regtest", 0) },
];

test("a key comes back the same from every form in which it leaves, and has the same statement", () => {
  for (const { form, path } of FORMS_OF_KEYS) {
    const key = keyAt(1, path);
    const texts = [
      writeKey(key),
      writeKey(key).replaceAll("h", "'").toUpperCase().replace(/\].*/, "]") + key.extended,
      `${writeKey(key)}/<0;1>/*`,
      `[${writeKey(key).slice(1).split("]")[0]}]${slip132(key, form, "regtest")}`,
      cosignerJson(key, form, "regtest"),
      coldcardJson([{ key, form }], "regtest", 0),
      `BSMS 1.0\n00\n${writeKey(key)}\nAnna's\nsignature`,
    ];
    for (const text of texts) {
      const [found, ...more] = readKeys(text, "regtest", curve);
      assert.deepEqual(more, [], text);
      assert.deepEqual(found!.key, key, text);
      assert.equal(found!.purpose, form, text);
      assert.equal(keyStatement(found!.key, "regtest"), keyStatement(key, "regtest"));
    }
  }
});

test("a name in a record is made safe to show", () => {
  const text = `BSMS 1.0\n00\n${writeKey(keyAt(1, NATIVE))}\nAn\u202ena\nsignature`;
  assert.equal(readKeys(text, "regtest", curve)[0]!.name, "An<U+202E>na");
});

test("a Coldcard's file of many accounts gives each with what it is for; so does its multisig file", () => {
  const all = FORMS_OF_KEYS.map(({ form, path }) => ({ key: keyAt(1, path), form }));
  const found = readKeys(coldcardJson(all, "regtest", 0), "regtest", curve);
  assert.deepEqual(
    found.map(({ purpose }) => purpose),
    ["p2wsh", "p2sh-p2wsh", "p2sh"],
  );
  const [native, nested] = all.map(({ key, form }) => slip132(key, form, "regtest"));
  const file = {
    p2wsh_deriv: "m/48'/1'/0'/2'",
    p2wsh: native,
    p2sh_p2wsh_deriv: "m/48'/1'/3'/1'",
    p2sh_p2wsh: nested,
  };
  const multisig = JSON.stringify({ ...file, account: "0", xfp: cosigner(1).fingerprint.toUpperCase() });
  assert.deepEqual(
    readKeys(multisig, "regtest", curve).map(({ key }) => key.extended),
    all.slice(0, 2).map(({ key }) => key.extended),
  );
});

test("the statement changes with everything that makes a key another one, and not with its parent", () => {
  const key = keyAt(1, NATIVE);
  const other = keyAt(2, NATIVE);
  const base = keyStatement(key, "regtest");
  const changed: readonly Partial<WalletKey>[] = [
    { fingerprint: other.fingerprint },
    { path: [...NATIVE.slice(0, 3), H + 1] },
    { publicKey: other.publicKey },
    { chainCode: other.chainCode },
  ];
  for (const change of changed) assert.notEqual(keyStatement({ ...key, ...change }, "regtest"), base);
  assert.notEqual(keyStatement(key, "signet"), base);
  assert.equal(keyStatement({ ...key, extended: "another text" }, "regtest"), base);
});

const refusals: readonly (readonly [string, string])[] = [
  ["", "cosigner.unreadable"],
  ["{", "cosigner.unreadable"],
  ['{"xfp": "73c5da0a"}', "cosigner.unreadable"],
  ['{"xpub": "x", "path": "m"}', "bitcoin.wallet-origin-missing"],
  ["x".repeat(LIMITS.keyTextChars + 1), "cosigner.unreadable"],
  [keyAt(1, NATIVE).extended, "bitcoin.wallet-origin-missing"],
  [writeKey(keyAt(1, NATIVE)).replace(/^\[.{8}/, "[00000000"), "bitcoin.wallet-origin-missing"],
  [writeKey(keyAt(1, NATIVE)).replace("/2h]", "/2h/0h]"), "bitcoin.wallet-origin"],
  [writeKey(keyAt(1, NATIVE, "mainnet")), "bitcoin.wallet-network"],
  [writeKey(keyAt(1, NATIVE)).replace("48h/1h", "48h/0h"), "bitcoin.wallet-network"],
  [`sh(${writeKey(keyAt(1, NATIVE))})`, "bitcoin.wallet-key-form"],
  [cosigner(1).master.privateExtendedKey, "bitcoin.wallet-private-key"],
];

test("what is no key, lacks its origin, is another network's or contradicts itself is refused by name", () => {
  for (const [text, reason] of refusals)
    assert.equal(
      reasonOf(() => readKeys(text, "regtest", curve)),
      reason,
      text.slice(0, 80),
    );
});

test("whatever a record says, it is read or refused", () => {
  const good = [writeKey(keyAt(1, NATIVE)), cosignerJson(keyAt(1, NATIVE), "p2wsh", "regtest")];
  const outcomes = { read: 0, refused: 0 };
  const tries = (text: string) => {
    try {
      readKeys(text, "regtest", curve);
      outcomes.read++;
    } catch (problem) {
      assert.ok(problem instanceof Refusal, `${text}: ${problem}`);
      outcomes.refused++;
    }
  };
  fc.assert(
    fc.property(
      fc.constantFrom(...good),
      fc.nat(),
      fc.string({ maxLength: 3, unit: "grapheme" }),
      (text, at, put) => {
        const place = at % (text.length + 1);
        tries(text.slice(0, place) + put + text.slice(place + (at % 3)));
      },
    ),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(fc.json({ maxDepth: 3 }), (json) => tries(json)),
    { numRuns: 500 },
  );
  assert.ok(outcomes.read > 0 && outcomes.refused > 0);
});

test("SLIP-132 letters are the registered ones, and the key behind them is the same", () => {
  const base58check = createBase58check(sha256);
  const letters: Readonly<Partial<Record<ScriptForm, readonly [string, string]>>> = {
    p2pkh: ["xpub", "tpub"],
    "p2sh-p2wpkh": ["ypub", "upub"],
    p2wpkh: ["zpub", "vpub"],
    "p2sh-p2wsh": ["Ypub", "Upub"],
    p2wsh: ["Zpub", "Vpub"],
    p2tr: ["xpub", "tpub"],
  };
  for (const [form, both] of Object.entries(letters))
    for (const [i, network] of (["mainnet", "regtest"] as const).entries()) {
      const key = keyAt(4, NATIVE.with(1, H + i), network);
      const text = slip132(key, form as ScriptForm, network);
      assert.equal(text.slice(0, 4), both[i]);
      assert.deepEqual(base58check.decode(text).slice(4), base58check.decode(key.extended).slice(4));
    }
});

// ---------------------------------------------------------------- joining

test("no key twice, no seed twice, none under our fingerprint, and no more than the script holds", () => {
  const [one, two] = [keyAt(1, NATIVE), keyAt(2, NATIVE)];
  const own = cosigner(9).fingerprint;
  const reason = (key: WalletKey, there: readonly WalletKey[], form?: SharedForm) =>
    reasonOf(() => checkJoining(key, there, own, form));
  assert.equal(reason(one, [two, one]), "cosigner.twice");
  // The same key under another origin is the same key.
  assert.equal(reason({ ...one, fingerprint: "11111111" }, [one]), "cosigner.twice");
  assert.equal(reason(keyAt(1, NATIVE.with(2, H + 1)), [one]), "cosigner.same-device");
  assert.equal(reason({ ...one, fingerprint: own }, []), "cosigner.claims-ours");
  const many = Array.from({ length: 15 }, (_, i) => keyAt(20 + i, NATIVE));
  assert.equal(reason(one, many, "p2sh"), "cosigner.full");
  checkJoining(one, many, own, "p2wsh");
});

test("as many keys as may join make a wallet that Firn takes, and with one more it would not", () => {
  const own = cosigner(9).fingerprint;
  for (const [form, most] of [
    ["p2wsh", 20],
    ["p2sh-p2wsh", 20],
    ["p2tr", 19],
    ["p2sh", 15],
  ] as const) {
    const keys = Array.from({ length: most + 1 }, (_, i) => keyAt(40 + i, NATIVE));
    const fitting = keys.slice(0, most);
    for (const [i, key] of fitting.entries()) checkJoining(key, fitting.slice(0, i), own, form);
    assert.equal(
      reasonOf(() => checkJoining(keys[most]!, fitting, own, form)),
      "cosigner.full",
    );
    const make = (several: readonly WalletKey[], later = {}) => {
      const text = assemble({ form, network: "regtest", keys: several, threshold: 2, ...later });
      return compile(readWallet(text, "regtest", curve), curve).derive(0, 0);
    };
    make(fitting);
    if (form !== "p2sh") make(fitting, { later: LATER });
    assert.equal(
      reasonOf(() => make(keys)),
      "bitcoin.wallet-too-many-keys",
      form,
    );
  }
});

// ---------------------------------------------------------------- wallets

/** rust-miniscript knows no sortedmulti_a: what it stands for at an index, by @scure/bip32. */
function sortedByHand(descriptor: string, index: number): string {
  return descriptor.replace(/sortedmulti_a\((\d+),([^()]*)\)/, (_, threshold, list: string) => {
    const keys = list.split(",").map((text) => {
      const [, extended, branch] = /\](tpub[^/]*)\/(\d)\/\*$/.exec(text)!;
      const account = HDKey.fromExtendedKey(extended!, { private: 0x04358394, public: 0x043587cf });
      return toHex(account.deriveChild(Number(branch)).deriveChild(index).publicKey!.slice(1));
    });
    return `multi_a(${[threshold, ...keys.sort()].join(",")})`;
  });
}

test("what is put together is read by Firn and by rust-miniscript, with the same addresses, in every script", () => {
  for (const form of ["p2wsh", "p2sh-p2wsh", "p2tr", "p2sh"] as const)
    for (const later of form === "p2sh" ? [undefined] : [undefined, LATER]) {
      const keys = [1, 2, 3].map((number) => keyAt(number, cosignerPath("any", "regtest", 0)));
      const text = assemble({ form, network: "regtest", keys, threshold: 2, ...(later ? { later } : {}) });
      const wallet = readWallet(text, "regtest", curve);
      assert.equal(wallet.descriptor, text, "it is canonical as it is written");
      assert.equal(
        assemble({
          form,
          network: "regtest",
          keys: keys.toReversed(),
          threshold: 2,
          ...(later ? { later } : {}),
        }),
        text,
      );
      for (const branch of [0, 1] as const) {
        const single = text.split("#")[0]!.replace(/<(\d);(\d)>/g, branch === 0 ? "$1" : "$2");
        const peer = Descriptor.fromString(sortedByHand(single, 5), "derivable");
        const script = peer.atDerivationIndex(5).scriptPubkey();
        assert.equal(toHex(compile(wallet, curve).derive(branch, 5).scriptPubKey), toHex(script), single);
      }
    }
});

test("all keys as one stand in musig(), with and without a later way, and the text is canonical", () => {
  const keys = [1, 2, 3].map((number) => keyAt(number, cosignerPath("any", "regtest", 0)));
  const plan = { form: "p2tr", network: "regtest", keys, threshold: 3, asOne: true } as const;
  for (const text of [assemble(plan), assemble({ ...plan, later: LATER })]) {
    assert.match(text, /^tr\(musig\(\[/);
    assert.equal(readWallet(text, "regtest", curve).descriptor, text);
  }
});

test("nobody has the key in the place of a taproot wallet's: point H, and a chain code that follows from the keys", () => {
  const keys = [1, 2].map((number) => keyAt(number, NATIVE));
  const node = HDKey.fromExtendedKey(unspendable(keys, "regtest"), {
    private: 0x04358394,
    public: 0x043587cf,
  });
  assert.equal(
    toHex(node.publicKey!.slice(1)),
    "50929b74c1a04954b78b4b6035e97a5e078a5a0f28ec96d547bfee9ace803ac0",
  );
  const both = Buffer.concat(keys.map(({ publicKey }) => publicKey));
  assert.equal(toHex(node.chainCode!), toHex(sha256(both)));
});

const importable = FORMS.map((form) => purse(form));

test("importdescriptors has both branches with checksums that rust-miniscript accepts, and makes Firn's addresses", () => {
  for (const { wallet, template } of importable) {
    const both = JSON.parse(importDescriptors(wallet)) as {
      desc: string;
      active: boolean;
      internal: boolean;
      timestamp: string;
      range: number[];
    }[];
    assert.deepEqual(
      both.map(({ internal }) => internal),
      [false, true],
    );
    for (const { desc, active, internal, timestamp, range } of both) {
      assert.deepEqual([active, timestamp, range], [true, "now", [0, 999]]);
      const peer = Descriptor.fromString(desc, "derivable");
      const script = template.derive(internal ? 1 : 0, 3).scriptPubKey;
      assert.equal(toHex(peer.atDerivationIndex(3).scriptPubkey()), toHex(script), desc);
      assert.throws(() =>
        Descriptor.fromString(
          desc.replace(/.$/, (last) => (last === "q" ? "p" : "q")),
          "derivable",
        ),
      );
    }
  }
});

const SHARED = (["p2wsh", "p2sh-p2wsh", "p2sh"] as const).map((form) => purse(form).wallet);

test("Coldcard's text, Caravan's file, Specter's map and line say the same wallet when they are read again", () => {
  for (const wallet of SHARED) {
    const same = (text: string) => {
      const read = readWallet(text, "regtest", curve);
      assert.equal(read.descriptor, wallet.descriptor, text);
      return read;
    };
    assert.equal(same(coldcardText(wallet)).name, wallet.name);
    const named = same(caravanJson(wallet, ["Anna", "", "Carl"]));
    assert.deepEqual(
      named.keys.map(({ name }) => name),
      ["Anna", "Key 2", "Carl"],
    );
    same(addwalletText(wallet));
    const map = same(specterJson(wallet, ["Anna", "", "Carl"]));
    assert.deepEqual(
      map.keys.map(({ name }) => name),
      ["Anna", "Key 2", "Carl"],
    );
  }
});

test("a file that has no place for a wallet is refused, never written with less", () => {
  const keys = [1, 2, 3].map((number) => keyAt(number, NATIVE));
  const later = readWallet(
    assemble({ form: "p2wsh", network: "regtest", keys, threshold: 2, later: LATER }),
    "regtest",
    curve,
  );
  const taproot = readWallet(
    assemble({ form: "p2tr", network: "regtest", keys, threshold: 2 }),
    "regtest",
    curve,
  );
  const unsorted = purse("p2wsh", { sorted: false }).wallet;
  for (const wallet of [later, taproot, unsorted, purse("p2wpkh").wallet])
    for (const write of [coldcardText, (one: typeof wallet) => caravanJson(one, [])])
      assert.equal(
        reasonOf(() => write(wallet)),
        "cosigner.no-file",
        wallet.descriptor,
      );
});

test("a wallet's statement has its whole descriptor and its network", () => {
  const [wallet] = SHARED;
  assert.equal(walletStatement(wallet!.descriptor, "signet"), `Firn wallet\nsignet\n${wallet!.descriptor}`);
  assert.ok(addressOf(compile(wallet!, curve).derive(0, 0).scriptPubKey, "regtest"));
});
