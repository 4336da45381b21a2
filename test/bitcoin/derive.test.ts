// npm run derive, run as anybody would run it, and what it prints against two other implementations.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { test } from "node:test";
import { Output } from "@bitcoinerlab/descriptors-scure";
import { Descriptor } from "@bitgo/wasm-miniscript";
import { networks } from "bitcoinjs-lib";
import fc from "fast-check";
import { addressOf, prepare, readAnyDescriptor } from "../../src/bitcoin/index.ts";
import { LIMITS } from "../../src/limits.ts";
import { cosigner, curve, keyText, withChecksum } from "./wallet-cast.ts";

const H = 0x80000000;
const ROOT = resolve(import.meta.dirname, "../..");

function derive(...args: string[]) {
  return spawnSync(process.execPath, ["scripts/derive.ts", ...args], { cwd: ROOT, encoding: "utf8" });
}

// ---------------------------------------------------------------- generated descriptors

/** A new key each time, written as programs write them: with an origin or without, with its own branches. */
type Keys = () => string;

const keysOf = (style: { origin: boolean; deep: boolean }): Keys => {
  let number = 0;
  return () => {
    const text = keyText(cosigner(++number, "regtest"), [H + 87, H + 1, H + number]);
    const bare = style.origin ? text : text.replace(/^\[.*\]/, "");
    return `${bare}${style.deep ? "/7" : ""}/<${number % 3 === 0 ? "2;3" : "0;1"}>/*`;
  };
};

const HASH = "926a54995ca48600920a19bf7bc502ca5f2f7d07e6f804c4f00ebf0325084dfc";

interface Numbers {
  readonly wait: number;
  readonly lock: number;
}

/** Miniscript that is sane in P2WSH and, with multi as multi_a, in tapscript. */
const POLICIES: readonly ((key: Keys, n: Numbers) => string)[] = [
  (key) => `pk(${key()})`,
  (key) => `pkh(${key()})`,
  (key, { wait }) => `and_v(v:pk(${key()}),older(${wait}))`,
  (key, { lock }) => `and_v(v:pkh(${key()}),after(${lock}))`,
  (key, { wait }) => `or_d(pk(${key()}),and_v(v:pkh(${key()}),older(${wait})))`,
  (key, { wait }) => `andor(pk(${key()}),older(${wait}),pk(${key()}))`,
  (key) => `or_b(pk(${key()}),s:pk(${key()}))`,
  (key, { wait }) => `or_i(and_v(v:pkh(${key()}),older(${wait})),pk(${key()}))`,
  (key, { wait }) => `thresh(2,pk(${key()}),s:pk(${key()}),sln:older(${wait}))`,
  (key) => `and_v(v:pk(${key()}),sha256(${HASH}))`,
  (key) => `and_v(v:pk(${key()}),hash160(${HASH.slice(0, 40)}))`,
  (key, { lock }) => `or_d(multi(2,${key()},${key()},${key()}),and_v(v:pk(${key()}),after(${lock})))`,
  (key) => `and_v(v:multi(1,${key()},${key()}),pk(${key()}))`,
];

const numbers: fc.Arbitrary<Numbers> = fc.record({
  wait: fc.oneof(fc.integer({ min: 1, max: 65_535 }), fc.constant((1 << 22) | 144)),
  lock: fc.oneof(fc.integer({ min: 1, max: 900_000 }), fc.constant(1_900_000_000)),
});

const policy = fc.nat(POLICIES.length - 1).map((place) => POLICIES[place]!);
const quorum = (kinds: readonly string[], most: number) =>
  fc
    .record({ kind: fc.constantFrom(...kinds), of: fc.integer({ min: 1, max: most }), share: fc.nat(99) })
    .map(({ kind, of, share }) => (key: Keys) => {
      const needed = 1 + (share % of);
      return `${kind}(${needed},${Array.from({ length: of }, key).join(",")})`;
    });

type Text = (key: Keys, n: Numbers) => string;

const leaf: fc.Arbitrary<Text> = fc.oneof(
  // A leaf that is pkh alone @scure/btc-signer does not take.
  policy
    .filter((make) => make !== POLICIES[1])
    .map(
      (make): Text =>
        (key, n) =>
          make(key, n).replaceAll("multi(", "multi_a("),
    ),
  quorum(["multi_a"], 5),
);
const tree: fc.Arbitrary<Text> = fc.letrec<{ tree: Text }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.tuple(tie("tree"), tie("tree")).map(
      ([left, right]): Text =>
        (key, n) =>
          `{${left(key, n)},${right(key, n)}}`,
    ),
  ),
})).tree;

const POINT_H = "50929b74c1a04954b78b4b6035e97a5e078a5a0f28ec96d547bfee9ace803ac0";
const multis = ["multi", "sortedmulti"];
const kinds: Readonly<Record<string, fc.Arbitrary<Text>>> = {
  pkh: fc.constant((key) => `pkh(${key()})`),
  wpkh: fc.constant((key) => `wpkh(${key()})`),
  "sh(wpkh)": fc.constant((key) => `sh(wpkh(${key()}))`),
  tr: fc.constant((key) => `tr(${key()})`),
  "sh with a quorum": quorum(multis, 15).map((make) => (key) => `sh(${make(key)})`),
  "wsh with a quorum": quorum(multis, 16).map((make) => (key) => `wsh(${make(key)})`),
  "sh(wsh) with a quorum": quorum(multis, 16).map((make) => (key) => `sh(wsh(${make(key)}))`),
  "wsh with miniscript": policy.map(
    (make): Text =>
      (key, n) =>
        `wsh(${make(key, n)})`,
  ),
  "tr with a tree": tree.map(
    (make): Text =>
      (key, n) =>
        `tr(${key()},${make(key, n)})`,
  ),
  "tr with nobody's key": tree.map(
    (make): Text =>
      (key, n) =>
        `tr(${POINT_H},${make(key, n)})`,
  ),
};

/** What the others read: they know no tuples. */
const onBranch = (text: string, member: number) =>
  text.replace(/<(\d+);(\d+)>/g, (_, first, second) => (member === 0 ? first : second));

function ours(text: string): (member: number, index: number) => string | undefined {
  const at = prepare(readAnyDescriptor(text, "regtest", curve), curve);
  return (member, index) => addressOf(at(member, index)!.scriptPubKey, "regtest");
}

function byRust(text: string): (member: number, index: number) => string | undefined {
  return (member, index) => {
    const whole = Descriptor.fromString(onBranch(text, member), "derivable");
    return addressOf(whole.atDerivationIndex(index).scriptPubkey(), "regtest");
  };
}

function byScure(text: string): (member: number, index: number) => string {
  return (member, index) =>
    new Output({ descriptor: onBranch(text, member), index, network: networks.regtest }).getAddress();
}

const styles = fc.record({ origin: fc.boolean(), deep: fc.boolean() });

for (const [kind, texts] of Object.entries(kinds))
  test(`addresses of ${kind} are what rust-miniscript and descriptors-scure say`, () => {
    fc.assert(
      fc.property(
        ...[texts, styles, numbers, fc.constantFrom(0, 1), fc.oneof(fc.nat(20), fc.nat(H - 1))],
        (make, style, n, member, index) => {
          const next = keysOf(style);
          let used = 0;
          const text = make(() => {
            used++;
            return next();
          }, n);
          // A tree grows more leaves now and then than a wallet may have keys.
          fc.pre(used <= LIMITS.walletKeys);
          const address = ours(text)(member, index);
          assert.equal(address, byRust(text)(member, index), text);
          assert.equal(address, byScure(text)(member, index), text);
          assert.equal(ours(withChecksum(text))(member, index), address);
        },
      ),
      { numRuns: 60 },
    );
  });

test("quorums of 17 to 20 keys, which @scure/btc-signer does not write, are what rust-miniscript says", () => {
  for (const count of [17, 18, 19, 20]) {
    const key = keysOf({ origin: true, deep: false });
    const text = `wsh(sortedmulti(${count - 3},${Array.from({ length: count }, key).join(",")}))`;
    assert.equal(ours(text)(0, count), byRust(text)(0, count));
  }
});

test("sortedmulti_a, which rust-miniscript does not read, is what descriptors-scure says", () => {
  fc.assert(
    fc.property(quorum(["sortedmulti_a"], 8), styles, fc.nat(1000), (make, style, index) => {
      const text = `tr(${POINT_H},${make(keysOf(style))})`;
      assert.equal(ours(text)(1, index), byScure(text)(1, index), text);
    }),
    { numRuns: 50 },
  );
});

// ---------------------------------------------------------------- the command

const KEY = keyText(cosigner(1, "mainnet"), [H + 84, H, H]);
const body = `wpkh(${KEY}/<0;1>/*)`;
const scureLines = (branch: number, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => {
    const descriptor = `wpkh(${KEY}/${branch}/*)`;
    return `${from + i} ${new Output({ descriptor, index: from + i, network: networks.bitcoin }).getAddress()}\n`;
  }).join("");

test("ten addresses of the first branch are printed unless asked otherwise: index and address, one a line", () => {
  const { status, stdout, stderr } = derive(withChecksum(body));
  assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: scureLines(0, 0, 9), stderr: "" });
});

test("branch, first and last index and network are taken as they are given", () => {
  assert.equal(derive(body, "--branch", "1", "--from", "7", "--to", "8").stdout, scureLines(1, 7, 8));
  assert.equal(derive(body, "--from", "2147483647").stdout.split(" ")[0], "2147483647");
  assert.equal(derive(body.replace("<0;1>", "1"), "--to", "0").stdout, scureLines(1, 0, 0));
  const practice = `wpkh(${keyText(cosigner(1, "regtest"), [H + 84, H + 1, H])}/<0;1>/*)`;
  assert.match(derive(practice, "--network", "signet", "--to", "0").stdout, /^0 tb1q/);
  assert.match(derive(practice, "--network", "regtest", "--to", "0").stdout, /^0 bcrt1q/);
});

test("a descriptor without a wildcard has one address", () => {
  const { stdout, status } = derive(body.replace("/<0;1>/*", "/0/3"));
  assert.equal(status, 0);
  assert.equal(stdout.replace(/^0/, "3"), scureLines(0, 3, 3));
});

test("what is refused is said on the error output with its name, and nothing is printed", () => {
  const wrong: readonly (readonly [string, string])[] = [
    [`${body}#aaaaaaaa`, "bitcoin.descriptor-checksum"],
    [body.replace("wpkh", "combo"), "bitcoin.wallet-form"],
    ["hello", "bitcoin.wallet-unreadable"],
    [body.replace("<0;1>/*", "0h/*"), "bitcoin.wallet-hardened"],
    [body.replace("xpub", "xprv"), "bitcoin.wallet-private-key"],
    [body.replace("xpub", "tpub"), "bitcoin.wallet-key"],
    [`wsh(or_i(pk(${KEY}/0/*),1))`, "bitcoin.miniscript"],
  ];
  for (const [text, reason] of wrong) {
    const { status, stdout, stderr } = derive(text);
    assert.deepEqual({ status, stdout }, { status: 1, stdout: "" }, `${text}\n${stderr}`);
    assert.ok(stderr.includes(reason), `${reason}: ${stderr}`);
    assert.ok(!stderr.includes("xprv"), "a private key is not repeated");
  }
});

test("wrong use is told with the usage, and nothing is printed", () => {
  for (const args of [
    [],
    [body, body],
    [body, "--network", "bitcoin"],
    [body, "--from", "5", "--to", "4"],
    [body, "--from", "-1"],
    [body, "--from", "1e3"],
    [body, "--to", "2147483648"],
    [body, "--to", "10000"],
    [body, "--branch", "2"],
    [body.replace("<0;1>", "0"), "--branch", "1"],
    [body.replace("<0;1>/*", "0/0"), "--to", "4"],
    [body, "--change"],
  ]) {
    const { status, stdout, stderr } = derive(...args);
    assert.deepEqual({ status, stdout }, { status: 2, stdout: "" }, stderr);
    assert.match(stderr, /npm run derive -- DESCRIPTOR/);
  }
});

test("ten thousand addresses come at one call, and whoever reads two of them has them", () => {
  const { stdout, status } = derive(body, "--to", "9999");
  assert.equal(status, 0);
  assert.equal(stdout.split("\n").length, 10_001);
  const head = spawnSync(
    "sh",
    ["-c", `"$0" scripts/derive.ts "$1" --to 9999 | head -n 2`, process.execPath, body],
    {
      cwd: ROOT,
      encoding: "utf8",
    },
  );
  assert.deepEqual([head.stdout, head.stderr], [scureLines(0, 0, 1), ""]);
});
