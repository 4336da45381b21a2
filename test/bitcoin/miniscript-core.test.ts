// Bitcoin Core's own cases: scripts, types, malleability, and the four limits.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Node, Place } from "../../src/bitcoin/expression.ts";
import { scriptSize } from "../../src/bitcoin/miniscript/compile.ts";
import { costsOf } from "../../src/bitcoin/miniscript/cost.ts";
import { checkNode, writeNode } from "../../src/bitcoin/miniscript/index.ts";
import { typed } from "../../src/bitcoin/miniscript/types.ts";
import { Refusal } from "../../src/refusal.ts";
import { readScript, scriptHex, textFor, verdictOn } from "./miniscript-cast.ts";

interface Case {
  readonly text: string;
  readonly flags: readonly string[];
  readonly p2wsh?: string;
  readonly tapscript?: string;
  readonly ops?: number;
  readonly items?: number;
  readonly witnessP2wsh?: number;
  readonly witnessTapscript?: number;
  readonly stack?: number;
}

const { cases }: { cases: readonly Case[] } = JSON.parse(
  readFileSync("test/vectors/miniscript/core.json", "utf8"),
);
const PLACES = ["p2wsh", "tapscript"] as const;
const invalidIn = ({ flags }: Case, place: Place) =>
  flags.includes("invalid") || flags.includes(`${place}_invalid`);

/** With the signatures that Bitcoin Core counts: the longest that are relayed. */
function limitsOf(node: Node, place: Place) {
  const { sat } = costsOf(node, {
    of: "most",
    signature: place === "tapscript" ? 66 : 73,
    publicKey: place === "tapscript" ? 33 : 34,
    signs: () => true,
    meets: () => true,
  });
  assert.ok(sat);
  const ops = scriptSize(node, place).ops + sat.keys;
  return { ops, items: sat.taken + 1, witness: sat.bytes, stack: sat.peak + 1 };
}

test("there are 97 cases, each for P2WSH and for tapscript", () => {
  assert.equal(cases.length, 97);
});

test("what Bitcoin Core calls invalid is refused, and what it takes has a type", () => {
  let refused = 0;
  for (const one of cases)
    for (const place of PLACES) {
      if (invalidIn(one, place)) {
        const reason = verdictOn(one.text, place);
        assert.match(reason, /^bitcoin\.(miniscript-(type|lock|place)|wallet-threshold)$/, one.text);
        refused += 1;
      } else {
        const { node } = readScript(one.text, place);
        assert.equal(typed(node, place).type.base, "B", one.text);
      }
    }
  assert.equal(refused, 75);
});

test("scripts are byte for byte Bitcoin Core's", () => {
  let compared = 0;
  for (const one of cases)
    for (const place of PLACES) {
      const expected = one[place];
      if (expected === undefined || invalidIn(one, place)) continue;
      assert.equal(scriptHex(readScript(one.text, place), place), expected, one.text);
      compared += 1;
    }
  assert.equal(compared, 63);
});

test("malleability, the need for a signature and mixed locks are judged as Bitcoin Core does", () => {
  for (const one of cases)
    for (const place of PLACES) {
      if (invalidIn(one, place)) continue;
      const { type } = typed(readScript(one.text, place).node, place);
      assert.equal(type.m, one.flags.includes("nonmal"), `${one.text}: malleable`);
      assert.equal(type.s, one.flags.includes("needsig"), `${one.text}: needs a signature`);
      assert.equal(!type.k, one.flags.includes("timelockmix"), `${one.text}: mixes locks`);
    }
});

test("operations, stack and witness are at most what Bitcoin Core reckons", () => {
  let compared = 0;
  for (const one of cases)
    for (const place of PLACES) {
      if (one.ops === undefined || invalidIn(one, place)) continue;
      const limits = limitsOf(readScript(one.text, place).node, place);
      assert.equal(limits.ops, one.ops, `${one.text}: operations`);
      assert.equal(limits.items, one.items, `${one.text}: items`);
      assert.equal(limits.stack, one.stack, `${one.text}: stack`);
      const witness = place === "p2wsh" ? one.witnessP2wsh : one.witnessTapscript;
      if (witness !== undefined) assert.equal(limits.witness, witness, `${one.text}: witness`);
      compared += 1;
    }
  assert.equal(compared, 55);
});

test("what was read is written as Bitcoin Core writes it, and read again as the same", () => {
  for (const one of cases)
    for (const place of PLACES) {
      if (invalidIn(one, place)) continue;
      const script = readScript(one.text, place);
      const text = textFor(script, "p2wsh");
      assert.deepEqual(readScript(text, place), script, one.text);
    }
  const written = (text: string) => textFor(readScript(text, "p2wsh"), "p2wsh");
  const key = "03d30199d74fb5a22d47b6e054e2f378cedacffcb89904a61d75d0dbd407143e65";
  assert.equal(written(`sc:pk_k(${key})`), `s:pk(${key})`);
  assert.equal(written(`c:pk_h(${key})`), `pkh(${key})`);
  assert.equal(written("and_v(or_i(v:1,or_i(0,v:1)),1)"), "t:or_i(v:1,lv:1)");
  assert.equal(written("or_i(0,0)"), "l:0");
  assert.equal(written("andor(0,1,0)"), "and_n(0,1)");
});

/** Public keys that nobody needs to have: they are only counted here. */
const keyNumber = (i: number) => `02${(i + 1).toString(16).padStart(64, "0")}`;

test("more operations, items or bytes than P2WSH takes are refused, and tapscript takes them", () => {
  for (const count of [99, 110]) {
    const text = `${Array.from({ length: count - 1 }, (_, i) => `and_b(pk(${keyNumber(i)}),a:`).join("")}pk(${keyNumber(count)})${")".repeat(count - 1)}`;
    assert.equal(verdictOn(text, "p2wsh"), "bitcoin.miniscript-too-large");
    assert.equal(verdictOn(text, "tapscript"), "sane");
    const { ops, items, stack } = limitsOf(readScript(text, "tapscript").node, "tapscript");
    assert.deepEqual([ops, items, stack], [count + (count - 1) * 3, count, count + 1]);
  }
});

test("a stack of a thousand elements is the highest that a script may reach", () => {
  const use = { kind: "fixed", publicKey: new Uint8Array(33).fill(2), xonly: false } as const;
  let node: Node = { kind: "c", of: [{ kind: "pk_k", use: 0 }] };
  const more = () => {
    node = {
      kind: "and_b",
      of: [
        { kind: "older", value: 1 },
        { kind: "a", of: [node] },
      ],
    };
  };
  for (let i = 0; i < 998; i++) more();
  assert.equal(limitsOf(node, "tapscript").stack, 1000);
  checkNode(node, "tapscript", [use]);
  more();
  assert.throws(
    () => checkNode(node, "tapscript", [use]),
    (error) => error instanceof Refusal && error.message.includes("1001 elements on the stack, at most 1000"),
  );
});

test("OP_CHECKMULTISIG costs as many operations as it has keys, and as many items as it takes signatures, plus one", () => {
  const { node } = readScript(`multi(1,${[0, 1, 2].map(keyNumber).join(",")})`, "p2wsh");
  const { ops, items } = limitsOf(node, "p2wsh");
  assert.deepEqual([ops, items], [4, 2]);
});

test("the largest witness, counted by hand where parts are left unsatisfied", () => {
  let next = 0;
  const size = (template: string) => {
    const text = template.replaceAll("@", () => keyNumber(next++));
    const { items, witness } = limitsOf(readScript(text, "p2wsh").node, "p2wsh");
    return [items, witness];
  };
  // j: alone is left with one empty item; then an empty item and two signatures.
  assert.deepEqual(size("or_d(j:multi(1,@),multi(2,@,@))"), [4, 1 + 1 + 2 * 73]);
  assert.deepEqual(size("or_b(dv:older(5),s:pk(@))"), [2, 1 + 73]);
  // pkh shows its key even where nobody signs.
  assert.deepEqual(size("or_d(pkh(@),pkh(@))"), [4, 1 + 34 + 73 + 34]);
  // The most items are not where the most bytes are: three empty ones and a signature.
  assert.deepEqual(size("or_d(multi(2,@,@,@),pk(@))"), [4, 1 + 2 * 73]);
  assert.deepEqual(size("thresh(1,pk(@),s:pk(@),s:pk(@))"), [3, 73 + 1 + 1]);
  assert.deepEqual(size("andor(pk(@),older(5),pkh(@))"), [3, 1 + 73 + 34]);
  assert.deepEqual(size("or_i(pk(@),and_v(v:pk(@),pk(@)))"), [3, 1 + 2 * 73]);
  // l: takes a 0 to go to its part, u: a 1.
  assert.deepEqual(size("or_b(l:pk(@),au:pk(@))"), [4, 73 + 1 + (1 + 2)]);
});

test("a key at two places is refused, on whatever levels these are", () => {
  const [a, b] = [keyNumber(1), keyNumber(2)];
  for (const text of [
    `and_v(v:pk(${a}),pk(${a}))`,
    `or_b(pk(${a}),a:pkh(${a}))`,
    `or_i(and_b(pk(${a}),s:pk(${b})),and_b(older(1),s:pk(${a})))`,
    `multi(1,${a},${b},${a})`,
  ])
    assert.equal(verdictOn(text, "p2wsh"), "bitcoin.wallet-key-twice", text);
  const deep = `thresh(2,pkh(${a}),s:pk(${b}),a:and_b(dv:older(1),s:pk(${a})))`;
  assert.equal(verdictOn(deep, "p2wsh"), "bitcoin.wallet-key-twice");
  assert.equal(verdictOn(`pk(${a})`, "p2wsh"), "sane");
});

test("d: leaves exactly 1 in tapscript alone, where no miner may break MINIMALIF", () => {
  const [a, b, c] = [keyNumber(1), keyNumber(2), keyNumber(3)];
  const text = `thresh(3,pk(${a}),s:pk(${b}),s:pk(${c}),sdv:older(32))`;
  assert.equal(verdictOn(text, "p2wsh"), "bitcoin.miniscript-type");
  assert.equal(verdictOn(text, "tapscript"), "sane");
});

test("the innermost part that breaks a rule is the one that is named", () => {
  const key = keyNumber(1);
  const cases = [
    [
      `andor(pk(${key}),and_b(after(1),a:after(1000000000)),pk(${keyNumber(2)}))`,
      "bitcoin.miniscript-locks-mixed: and_b(after(1),a:after(1000000000))",
    ],
    [
      `or_i(and_v(v:older(5),or_i(older(1),older(2))),pk(${key}))`,
      "bitcoin.miniscript-unsigned: and_v(v:older(5),or_i(older(1),older(2))) can be spent without any signature",
    ],
    [`and_v(v:pk(${key}),or_i(older(1),older(2)))`, "bitcoin.miniscript-malleable: or_i(older(1),older(2))"],
    [`and_v(pk(${key}),1)`, "bitcoin.miniscript-type: in t:pk(key 1): pk(key 1) is Bondu, needed is V"],
  ] as const;
  for (const [text, message] of cases)
    assert.throws(
      () => {
        const { node, uses } = readScript(text, "p2wsh");
        checkNode(node, "p2wsh", uses);
      },
      { message },
    );
  assert.equal(writeNode({ kind: "0" }, String), "0");
});
