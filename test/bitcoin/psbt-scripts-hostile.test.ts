// What an attacker, a broken program or a careless cosigner could say of scripts, leaves and locks.

import assert from "node:assert/strict";
import { test } from "node:test";
import { INPUT } from "../../src/bitcoin/psbt/fields.ts";
import { readPsbt } from "../../src/bitcoin/psbt/psbt.ts";
import { concat, equal, toHex } from "../../src/bytes.ts";
import { Refusal } from "../../src/refusal.ts";
import { anyPurse, POINT_H } from "./any-wallet.ts";
import {
  encode,
  type Parts,
  type Plan,
  type Purse,
  plan,
  psbt,
  reasonOf,
  request,
  row,
  run,
  signed,
  signer,
  type TestRow,
  tasksOf,
} from "./build.ts";

const TREE =
  "tr(@0/<0;1>/*,{pk(@1/<0;1>/*),{and_v(v:multi_a(2,@1/<2;3>/*,@2/<0;1>/*),older(144)),multi_a(1,@1/<4;5>/*,@2/<2;3>/*)}})";
const VAULT = "wsh(or_d(multi(2,@0/<0;1>/*,@1/<0;1>/*),and_v(v:pkh(@2/<0;1>/*),older(26000))))";
/** What Anna holds: a key in every leaf, and not the internal one. */
const anna = anyPurse(TREE, { ours: [1] });
const heir = anyPurse(VAULT, { ours: [2] });
const SIGNED = [INPUT.partialSignature, INPUT.tapKeySignature, INPUT.tapScriptSignature] as readonly number[];
const OLD = { sequence: 144 };

/** The reason and detail why this plan, changed like that, is refused. */
function refusalOf(
  own: Purse,
  what: Plan,
  change: (parts: Parts) => void = () => {},
  ...more: Purse[]
): string {
  const parts = plan(own, what);
  change(parts);
  try {
    request(own, encode(parts), ...more);
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error));
    return `${error.reason} (${error.detail})`;
  }
  return "understood";
}

const leafRows = (parts: Parts, input = 0): TestRow[] =>
  parts.inputs[input]!.filter(({ type }) => type === INPUT.tapLeaf);
const leavesOf = (own: Purse, index = 0) => own.template.derive(0, index).taproot!.leaves;

/** The rows of signatures that this device makes for one input. */
async function madeBy(own: Purse, bytes: Uint8Array, input = 0) {
  const { whole } = await signed(own, bytes);
  return run(readPsbt(whole.bytes)).inputs[input]!.filter(({ type }) => SIGNED.includes(type));
}

// ---------------------------------------------------------------- leaves

test("a leaf that is not of the wallet's tree is refused, though its control block looks right", () => {
  const add = (parts: Parts) => {
    const [first] = leafRows(parts);
    parts.inputs[0]!.push(
      row(
        INPUT.tapLeaf,
        Uint8Array.of(0x51, 0xc0),
        first!.key.map((byte, i) => (i > 40 ? byte ^ 1 : byte)),
      ),
    );
  };
  assert.match(
    refusalOf(anna, {}, add),
    /^bitcoin\.leaf-unknown \(input 1: a script that the wallet does not have\)$/,
  );
});

test("a leaf's script under another leaf's control block is refused", () => {
  const swap = (parts: Parts) => {
    const [first, second] = leafRows(parts);
    [first!.key, second!.key] = [second!.key, first!.key];
  };
  assert.equal(refusalOf(anna, {}, swap), "bitcoin.script-mismatch (input 1: control block)");
});

test("a control block with the other parity, or another internal key, is refused", () => {
  for (const at of [0, 1]) {
    const bend = (parts: Parts) => {
      const [first] = leafRows(parts);
      first!.key = first!.key.map((byte, i) => (i === at ? byte ^ 1 : byte));
    };
    assert.equal(refusalOf(anna, {}, bend), "bitcoin.script-mismatch (input 1: control block)");
  }
});

test("a leaf of another version is refused, in an input and in an output's tree", () => {
  const version = (parts: Parts) => {
    const [first] = leafRows(parts);
    first!.value = concat(first!.value.slice(0, -1), Uint8Array.of(0xc2));
  };
  assert.equal(refusalOf(anna, {}, version), "bitcoin.leaf-unknown (input 1: leaf version 0xc2)");
  const tree = row(0x06, Uint8Array.of(0, 0xc2, 1, 0x51));
  assert.equal(
    refusalOf(anna, {}, (parts) => parts.outputs[1]!.push(tree)),
    "bitcoin.leaf-unknown (output 2: leaf version 0xc2)",
  );
});

test("a derivation that names the hash of a foreign leaf is refused, in an input and in an output", () => {
  const name = (map: TestRow[], type: number) => {
    const own = map.find((one) => one.type === type)!;
    own.value = concat(Uint8Array.of(own.value[0]! + 1), new Uint8Array(32).fill(9), own.value.slice(1));
  };
  for (const [change, where] of [
    [(parts: Parts) => name(parts.inputs[0]!, INPUT.tapDerivation), "input 1"],
    [(parts: Parts) => name(parts.outputs[1]!, 0x07), "output 2"],
  ] as const)
    assert.match(
      refusalOf(anna, {}, change),
      new RegExp(`^bitcoin\\.leaf-unknown \\(${where}: the hash of a leaf`),
    );
});

test("a merkle root that is not the wallet's is refused", () => {
  const bend = (parts: Parts) => {
    const root = parts.inputs[0]!.find(({ type }) => type === INPUT.tapMerkleRoot)!;
    root.value = new Uint8Array(32).fill(1);
  };
  assert.equal(refusalOf(anna, {}, bend), "bitcoin.script-mismatch (input 1: merkle root)");
});

/** BIP 371's tree of an output, leaves with their depths as given. */
const treeRow = (...leaves: readonly (readonly [number, Uint8Array])[]) =>
  row(
    0x06,
    concat(...leaves.map(([depth, script]) => concat(Uint8Array.of(depth, 0xc0, script.length), script))),
  );

test("the tree of our change must be the wallet's, whichever way its branches are turned", () => {
  const [a, b, c] = anna.template.derive(1, 0).taproot!.leaves.map(({ script }) => script) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const of = (one: TestRow) => refusalOf(anna, {}, (parts) => parts.outputs[1]!.push(one));
  assert.equal(of(treeRow([1, a], [2, b], [2, c])), "understood");
  assert.equal(of(treeRow([2, c], [2, b], [1, a])), "understood");
  for (const wrong of [
    treeRow([1, b], [2, a], [2, c]),
    treeRow([1, a], [2, b]),
    treeRow([1, a], [1, b]),
    treeRow([0, a]),
    treeRow([1, a], [2, b], [2, c], [1, a]),
    treeRow([2, a], [2, b], [2, c]),
  ])
    assert.equal(of(wrong), "bitcoin.script-mismatch (output 2: script tree)");
});

test("another wallet of the same keys and another tree is not ours: neither its coins nor its addresses", () => {
  const other = anyPurse(TREE.replace("older(144)", "older(143)"), { ours: [1] });
  assert.equal(reasonOf(anna, psbt(other)), "bitcoin.not-ours");
  const outputs = [{ of: other, branch: 1, index: 0, amountSats: 50_000n }];
  assert.equal(request(anna, psbt(anna, { outputs })).review.outputs[0]!.owner, "foreign");
  const inputs = [{}, { of: other }];
  assert.equal(reasonOf(anna, psbt(anna, { inputs })), "bitcoin.claimed-input");
  const turned = anyPurse(VAULT.replace("older(26000)", "older(25999)"), { ours: [2] });
  assert.equal(reasonOf(heir, psbt(turned, { sequence: 26_000 })), "bitcoin.not-ours");
});

test("a witness script of the same keys and another lock is refused by name", () => {
  const other = anyPurse(VAULT.replace("older(26000)", "older(1)"), { ours: [2] });
  const swap = (parts: Parts) => {
    const script = parts.inputs[0]!.find(({ type }) => type === INPUT.witnessScript)!;
    script.value = other.template.derive(0, 0).witnessScript!;
  };
  assert.equal(
    refusalOf(heir, { sequence: 26_000 }, swap),
    "bitcoin.script-mismatch (input 1: witness script)",
  );
});

// ---------------------------------------------------------------- ways and locks

test("a lock that is not open is no way, and the refusal says what would open it", () => {
  const needs = "input 1 needs an nSequence of at least 26000 and at most 65535";
  for (const sequence of [0xfffffffd, 0xffffffff, 25_999, 0x400000 | 26_000, 0x80000000 | 26_000])
    assert.equal(refusalOf(heir, { sequence }), `bitcoin.no-way-open (${needs})`, String(sequence));
  assert.equal(
    refusalOf(heir, { sequence: 26_000, txVersion: 1 }),
    "bitcoin.no-way-open (input 1 needs a transaction version of at least 2 and an nSequence of at least 26000 and at most 65535)",
  );
  for (const sequence of [26_000, 26_001, 65_535, 0x10000 | 26_000])
    assert.equal(refusalOf(heir, { sequence }), "understood", String(sequence));
});

test("where one input of several opens no way, nothing is signed, and that input is named", () => {
  const inputs = [{ sequence: 26_000 }, { sequence: 25_999 }];
  assert.match(refusalOf(heir, { inputs }), /^bitcoin\.no-way-open \(input 2 needs /);
});

test("a lock until a date is open from that date on, in its own unit, and only with a sequence that is not final", () => {
  const text = `wsh(or_d(pk(@0/<0;1>/*),and_v(v:pk(@1/<0;1>/*),after(900000))))`;
  const late = anyPurse(text, { ours: [1] });
  const open = (what: Plan) => refusalOf(late, what);
  assert.equal(open({ lockTime: 900_000 }), "understood");
  assert.equal(open({ lockTime: 900_001 }), "understood");
  assert.equal(
    open({ lockTime: 899_999 }),
    "bitcoin.no-way-open (input 1 needs an nLockTime of at least 900000)",
  );
  assert.match(open({ lockTime: 1_700_000_000 }), /^bitcoin\.no-way-open/);
  assert.equal(
    open({ lockTime: 900_000, sequence: 0xffffffff }),
    "bitcoin.no-way-open (input 1 needs an nLockTime of at least 900000 and an nSequence below 4294967295)",
  );
});

test("a way that had to wait is warned of, and said with who signed and what is missing", () => {
  const { review } = request(heir, psbt(heir, { inputs: 2, sequence: 26_000 }));
  assert.ok(review.warnings.includes("locked-way"));
  const [quorum] = review.quorums;
  assert.deepEqual(
    quorum!.ways.map(({ ours, locked, missing, inputs }) => [ours, locked, missing, inputs]),
    [
      [false, false, 2, 2],
      [true, true, 0, 2],
    ],
  );
  const first = anyPurse(VAULT, { ours: [0] });
  const usual = request(first, psbt(first, { inputs: 2 })).review;
  assert.ok(!usual.warnings.includes("locked-way"));
  assert.deepEqual(
    usual.quorums[0]!.ways.map(({ ours, locked, missing }) => [ours, locked, missing]),
    [[true, false, 1]],
  );
});

test("where the leaves that are offered hold no way of ours, nothing is signed", () => {
  const only = (place: number) => (parts: Parts) => {
    const script = leavesOf(anna)[place]!.script;
    const gone = leafRows(parts).filter(({ value }) => !equal(value.slice(0, -1), script));
    parts.inputs[0] = parts.inputs[0]!.filter((one) => !gone.includes(one));
  };
  assert.equal(refusalOf(anna, {}, only(0)), "understood");
  assert.equal(
    refusalOf(anna, {}, only(1)),
    "bitcoin.no-way-open (input 1 offers no leaf that is open and holds your key)",
  );
});

test("each leaf that is open and ours is signed by itself, a shut one is not", async () => {
  const leaves = leavesOf(anna);
  const hashes = async (what: Plan) =>
    (await madeBy(anna, psbt(anna, what))).map(({ key }) => toHex(key.slice(32))).sort();
  const expected = (...places: number[]) => places.map((place) => toHex(leaves[place]!.hash)).sort();
  assert.deepEqual(await hashes({}), expected(0, 2));
  assert.deepEqual(await hashes(OLD), expected(0, 1, 2));
});

test("the key path is never signed where only leaves are ours, however the PSBT asks for it", async () => {
  const bare = plan(anna, {});
  const unwanted: readonly number[] = [INPUT.tapLeaf, INPUT.tapMerkleRoot, INPUT.tapInternalKey];
  bare.inputs[0] = bare.inputs[0]!.filter(({ type }) => !unwanted.includes(type));
  for (const one of bare.inputs[0]!)
    if (one.type === INPUT.tapDerivation)
      one.value = concat(Uint8Array.of(0), one.value.slice(1 + 32 * one.value[0]!));
  const made = await madeBy(anna, encode(bare));
  assert.deepEqual(
    made.map(({ type }) => type),
    [INPUT.tapScriptSignature, INPUT.tapScriptSignature],
  );
  const claim = (parts: Parts) => {
    const internal = parts.inputs[0]!.find(({ type }) => type === INPUT.tapInternalKey)!;
    internal.value = anna.template.derive(0, 0).publicKeys[1]!.slice(1);
  };
  assert.equal(refusalOf(anna, {}, claim), "bitcoin.script-mismatch (input 1: internal key)");
});

test("where the internal key is ours no leaf is signed", async () => {
  const head = anyPurse(TREE.replace("@2/<2;3>", "@0/<2;3>"), { ours: [0] });
  const made = await madeBy(head, psbt(head, OLD));
  assert.deepEqual(
    made.map(({ type }) => type),
    [INPUT.tapKeySignature],
  );
});

// ---------------------------------------------------------------- signatures that are there

/** What a cosigner signed, put into a fresh PSBT after a change. */
async function carrying(
  holder: number,
  change: (one: { key: Uint8Array; value: Uint8Array }) => void,
  what: Plan = {},
) {
  const bytes = psbt(anna, what);
  const rows = await madeBy(anyPurse(TREE, { ours: [holder] }), bytes);
  const parts = plan(anna, what);
  for (const { type, key, value } of rows) {
    const one = { key: key.slice(), value: value.slice() };
    change(one);
    if (!parts.inputs[0]!.some((other) => other.type === type && equal(other.key, one.key)))
      parts.inputs[0]!.push(row(type, one.value, one.key));
  }
  return parts;
}

const saidOf = (parts: Parts) => refusalOf(anna, {}, (own) => Object.assign(own, parts));

test("a cosigner's signature of a leaf is verified, named, and counted for its own way only", async () => {
  const parts = await carrying(2, () => {});
  const { review } = request(anna, encode(parts));
  const { fingerprint } = anna.wallet.keys.find((_, place) => place === 2)!;
  assert.deepEqual(review.inputs[0]!.signedBy, [fingerprint]);
  assert.deepEqual(
    review.quorums[0]!.ways.map(({ leaf, signedBy, missing }) => [leaf, signedBy, missing]),
    [
      [undefined, [], 1],
      [0, [], 0],
      [2, [2], 0],
    ],
  );
});

test("a signature moved to another leaf, or to a leaf that is not there, is refused", async () => {
  const [first, second] = leavesOf(anna);
  for (const [hash, words] of [
    [second!.hash, "it is by a key that is not in this leaf"],
    [first!.hash, "it is by a key that is not in this leaf"],
    [new Uint8Array(32).fill(5), "it is for a leaf that is not in this wallet"],
  ] as const) {
    const parts = await carrying(2, (one) => one.key.set(hash, 32));
    assert.equal(saidOf(parts), `bitcoin.signature-invalid (input 1: ${words})`);
  }
  const own = anna.template.derive(0, 0).publicKeys;
  const toSecond = await carrying(2, (one) => {
    one.key.set(own[3]!.slice(1), 0);
    one.key.set(second!.hash, 32);
  });
  assert.equal(saidOf(toSecond), "bitcoin.signature-invalid (input 1: it does not verify)");
});

test("a leaf's signature passed off as the key path's is refused, and one of another kind of script", async () => {
  const parts = await carrying(2, () => {});
  const one = parts.inputs[0]!.find(({ type }) => type === INPUT.tapScriptSignature)!;
  const asKeyPath = plan(anna, {});
  asKeyPath.inputs[0]!.push(row(INPUT.tapKeySignature, one.value));
  assert.equal(saidOf(asKeyPath), "bitcoin.signature-invalid (input 1: it does not verify)");
  const add = (owned: Parts) => owned.inputs[0]!.push(row(INPUT.tapScriptSignature, one.value, one.key));
  assert.equal(
    refusalOf(heir, { sequence: 26_000 }, add),
    "bitcoin.signature-invalid (input 1: it is for a leaf that is not in this wallet)",
  );
});

test("a leaf's signature that binds less than everything is refused with what it would allow", async () => {
  for (const [type, words] of [
    [0x00, /DEFAULT/],
    [0x02, /NONE/],
    [0x03, /SINGLE/],
    [0x81, /ANYONECANPAY/],
    [0x83, /ANYONECANPAY/],
  ] as const) {
    const parts = await carrying(2, (one) => {
      one.value = concat(one.value, Uint8Array.of(type));
    });
    const said = saidOf(parts);
    assert.match(said, /^bitcoin\.sighash \(input 1, a signature: /);
    assert.match(said, words);
  }
  const all = await carrying(2, (one) => {
    one.value = concat(one.value, Uint8Array.of(1));
  });
  assert.equal(saidOf(all), "bitcoin.signature-invalid (input 1: it does not verify)");
});

test("with ALL written out a leaf's signature says so, verifies, and is read again", async () => {
  const made = await madeBy(anna, psbt(anna, { sighash: 1 }));
  assert.deepEqual(
    made.map(({ value }) => [value.length, value[64]]),
    [
      [65, 1],
      [65, 1],
    ],
  );
  const again = (await signed(anna, psbt(anna, { sighash: 1 }))).whole.bytes;
  assert.equal(reasonOf(anna, again), "bitcoin.already-signed");
});

test("where our signature of one leaf is there, only the other is made", async () => {
  const parts = plan(anna, {});
  const [first] = await madeBy(anna, encode(parts));
  parts.inputs[0]!.push(row(first!.type, first!.value, first!.key));
  const of = request(anna, encode(parts));
  assert.equal(of.count, 1);
  assert.ok(of.review.warnings.includes("already-signed"));
  assert.equal(of.review.quorums[0]!.ways.filter(({ ours }) => ours).length, 2);
});

test("a signature of ours for a leaf that verifies for another transaction never leaves", async () => {
  const of = request(anna, psbt(anna));
  const other = signer(anna)(await tasksOf(request(anna, psbt(anna, { lockTime: 1 }))));
  await tasksOf(of);
  assert.throws(() => run(of.finish(other)), /does not verify/);
});

// ---------------------------------------------------------------- secrets

const { createHash } = await import("node:crypto");
const SECRET = new Uint8Array(32).fill(4);
const DIGEST = new Uint8Array(createHash("sha256").update(SECRET).digest());
const swap = anyPurse(`wsh(and_v(v:pk(@0/<0;1>/*),sha256(${toHex(DIGEST)})))`);

test("a secret that is there is shown, one that is missing is named, a wrong one is refused", () => {
  const of = (change: (parts: Parts) => void) => {
    const parts = plan(swap, {});
    change(parts);
    return request(swap, encode(parts)).review.quorums[0]!.ways[0]!.secrets;
  };
  const named = { hash: "sha256", digestHex: toHex(DIGEST) };
  assert.deepEqual(
    of(() => {}),
    [named],
  );
  const there = row(INPUT.sha256, SECRET, DIGEST);
  assert.deepEqual(
    of((parts) => parts.inputs[0]!.push(there)),
    [{ ...named, secretHex: toHex(SECRET) }],
  );
  const wrong = row(INPUT.sha256, new Uint8Array(32), DIGEST);
  assert.equal(
    refusalOf(swap, {}, (parts) => parts.inputs[0]!.push(wrong)),
    "bitcoin.secret-wrong (input 1: sha256)",
  );
});

// ---------------------------------------------------------------- who decides

test("a wallet that others can recover after a wait counts as leaving, one that only we can does not", () => {
  const from = anyPurse("wpkh(@0/<0;1>/*)", { name: "Purse" });
  const sharedIn = (text: string) => {
    const own = anyPurse(text);
    const outputs = [{ of: own, index: 3, amountSats: 50_000n }];
    return request(from, psbt(from, { outputs }), own).review.outputs[0]!.shared === true;
  };
  const ours = (recovery: string) =>
    `wsh(or_d(pk(@0/<0;1>/*),and_v(v:pkh(${recovery}/<2;3>/*),older(65535))))`;
  assert.equal(sharedIn(ours("@1")), true);
  assert.equal(sharedIn(ours("@0")), false);
  assert.equal(sharedIn("wsh(and_v(v:pk(@0/<0;1>/*),pk(@1/<0;1>/*)))"), true);
  assert.equal(
    sharedIn("wsh(or_d(multi(2,@0/<0;1>/*,@1/<0;1>/*),and_v(v:pkh(@0/<2;3>/*),older(9))))"),
    false,
  );
  assert.equal(sharedIn(`tr(${POINT_H},pk(@0/<0;1>/*))`), false);
  assert.equal(sharedIn("tr(@1/<0;1>/*,pk(@0/<0;1>/*))"), true);
  // Whoever knows the secret could take it alone; we without it could not.
  assert.equal(sharedIn(`wsh(and_v(v:pk(@0/<0;1>/*),sha256(${toHex(DIGEST)})))`), true);
});

// ---------------------------------------------------------------- whose

test("branches of any pair lead to the wallet's receive and change, by any key's origin alone", () => {
  const text = "wsh(or_d(pk(@0/<0;1>/*),and_v(v:pkh(@1/<2;3>/*),older(10))))";
  const own = anyPurse(text, { ours: [0, 1] });
  for (const place of [0, 1]) {
    const parts = plan(own, {});
    for (const map of [...parts.inputs, ...parts.outputs]) {
      const origins = map.filter(
        ({ type, value }) => value.length === 28 && (type === 0x06 || type === 0x02),
      );
      const kept = origins.filter(
        ({ value }) => value[20] === (map === parts.inputs[0] ? 2 * place : 2 * place + 1),
      );
      map.splice(0, map.length, ...map.filter((one) => !origins.includes(one) || kept.includes(one)));
    }
    const { review } = request(own, encode(parts));
    assert.deepEqual([review.inputs[0]!.owner, review.outputs[1]!.owner], ["own", "change"]);
    assert.equal(review.outputs[1]!.path, "1/0");
  }
});
