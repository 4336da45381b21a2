// What it takes to spend: conditions and ways against every satisfaction that another program finds, locks by BIP 65,
// 68 and 112, and the shapes of wallets that people use.

import assert from "node:assert/strict";
import { test } from "node:test";
import { satisfier } from "@bitcoinerlab/miniscript";
import fc from "fast-check";
import type { Body, Place, Tree, Use } from "../../src/bitcoin/expression.ts";
import {
  type Atom,
  conditionOf,
  isMet,
  isOpen,
  isUnlocked,
  locksOf,
  readNode,
  satisfiable,
  type Timing,
  waysOf,
} from "../../src/bitcoin/miniscript/index.ts";
import { toHex } from "../../src/bytes.ts";
import { LIMITS } from "../../src/limits.ts";
import type { Condition, Way } from "../../src/ways.ts";
import { readScript, verdictOn } from "./miniscript-cast.ts";
import { scripts } from "./miniscript-generate.ts";

const PLACES = ["p2wsh", "tapscript"] as const;
const NOBODYS = () => false;

function child(key: number): Use {
  return { kind: "child", key, steps: [[0, 1], "*"] };
}

/** Keys are letters: A is key 0, B key 1. Each place is a use of its own. */
function lettered(text: string, place: Place = "p2wsh") {
  const uses: Use[] = [];
  const node = readNode(text, place, (key) => uses.push(child(key.charCodeAt(0) - 65)) - 1);
  return { node, uses };
}

/** "all(A,older 10)", "2 of(A,B,C)", "any(A,B)". */
function said(condition: Condition): string {
  switch (condition.kind) {
    case "key":
      return String.fromCharCode(65 + condition.key);
    case "older":
    case "after":
      return `${condition.kind} ${condition.value}`;
    case "musig":
      return `musig(${condition.of.map(said).join(",")})`;
    case "threshold": {
      const { threshold, of } = condition;
      const name = threshold === of.length ? "all" : threshold === 1 ? "any" : `${threshold} of`;
      return `${name}(${of.map(said).join(",")})`;
    }
    case "preimage":
      return `${condition.hash} ${toHex(condition.digest).slice(0, 4)}`;
    default:
      return condition.kind;
  }
}

function waysSaid(text: string): string[] {
  const { node, uses } = lettered(text);
  return waysOf({ kind: "script", node }, uses, NOBODYS).map(({ condition }) => said(condition));
}

interface Satisfaction {
  readonly keys: ReadonlySet<string>;
  readonly digests: ReadonlySet<string>;
  readonly timing: Timing;
}

/** Everything that @bitcoinerlab/miniscript finds, those included that strangers could alter. */
function satisfactions(text: string, place: Place): Satisfaction[] {
  const { nonMalleableSats, malleableSats } = satisfier(text, { tapscript: place === "tapscript" });
  return [...nonMalleableSats, ...malleableSats].map(({ asm, nSequence, nLockTime }) => ({
    keys: new Set([...asm.matchAll(/<sig\(([0-9a-f]{66})\)>/g)].map((match) => match[1]!)),
    digests: new Set([...asm.matchAll(/_preimage\(([0-9a-f]+)\)>/g)].map((match) => match[1]!)),
    timing: { version: 2, sequence: nSequence ?? 0xfffffffe, lockTime: nLockTime ?? 0 },
  }));
}

/** Sane scripts of up to six keys with their uses as child keys, and all their satisfactions. */
function* cases(place: Place, count: number) {
  for (const text of fc.sample(scripts(place), { numRuns: count, seed: 65 })) {
    if (verdictOn(text, place) !== "sane") continue;
    const { node, keys } = readScript(text, place);
    if (keys.length > 6) continue;
    const uses = keys.map((_, i) => child(i));
    yield { text, node, uses, keys: keys.map(toHex), found: satisfactions(text, place) };
  }
}

function holdsBy(keys: readonly string[], { keys: signed, digests, timing }: Satisfaction) {
  return (atom: Atom) => {
    if (atom.kind === "key") return signed.has(keys[atom.key]!);
    if (atom.kind === "preimage") return digests.has(toHex(atom.digest));
    return atom.kind !== "fixed" && isOpen(atom, timing);
  };
}

const anyMet = (ways: readonly Way[], holds: (atom: Atom) => boolean) =>
  ways.some(({ condition }) => isMet(condition, holds));

for (const place of PLACES)
  test(`${place}: every satisfaction that another program finds meets the condition, and one of the ways`, () => {
    let compared = 0;
    for (const { text, node, uses, keys, found } of cases(place, 3000)) {
      const condition = conditionOf(node, uses);
      const ways = waysOf({ kind: "script", node }, uses, NOBODYS);
      for (const one of found) {
        assert.ok(isMet(condition, holdsBy(keys, one)), `${text} ${said(condition)}`);
        assert.ok(anyMet(ways, holdsBy(keys, one)), text);
        compared += 1;
      }
    }
    assert.ok(compared > 2000, String(compared));
  });

/** Which atoms of a script are to be had: by chance, the same for the same number. */
function chance(number: number, place: number): boolean {
  return ((Math.imul(number + 1, 2654435761) ^ Math.imul(place + 7, 40503)) >>> 9) % 3 > 0;
}

for (const place of PLACES)
  test(`${place}: whoever has too little for every satisfaction does not meet the condition, nor any way`, () => {
    const seen = { met: 0, unmet: 0 };
    for (const { text, node, uses, keys, found } of cases(place, 1500)) {
      const condition = conditionOf(node, uses);
      const ways = waysOf({ kind: "script", node }, uses, NOBODYS);
      for (let i = 0; i < 12; i++) {
        const signed = new Set(keys.filter((_, key) => chance(i, key)));
        const digests = new Set(i % 2 === 0 ? found.flatMap((one) => [...one.digests]) : []);
        const timing = found[i % found.length]!.timing;
        const had: Satisfaction = { keys: signed, digests, timing };
        const locks = (one: Satisfaction) =>
          one.timing.sequence === 0xfffffffe ? undefined : one.timing.sequence;
        const enough = found.some(
          (one) =>
            [...one.keys].every((key) => signed.has(key)) &&
            [...one.digests].every((digest) => digests.has(digest)) &&
            (locks(one) === undefined || opens("older", locks(one)!, timing)) &&
            (one.timing.lockTime === 0 || opens("after", one.timing.lockTime, timing)),
        );
        const met = isMet(condition, holdsBy(keys, had));
        assert.equal(met, enough, `${text} ${said(condition)}`);
        assert.equal(anyMet(ways, holdsBy(keys, had)), enough, text);
        seen[met ? "met" : "unmet"] += 1;
      }
    }
    assert.ok(seen.met > 500 && seen.unmet > 500, JSON.stringify(seen));
  });

function opens(kind: "older" | "after", value: number, timing: Timing): boolean {
  return isOpen({ kind, value }, timing);
}

test("the wallets that people use are said as they think of them", () => {
  const shapes: readonly (readonly [string, readonly string[]])[] = [
    ["pk(A)", ["A"]],
    ["multi(2,A,B,C)", ["2 of(A,B,C)"]],
    ["sortedmulti(1,A,B)", ["any(A,B)"]],
    // A main key, and another after some time.
    ["or_d(pk(A),and_v(v:pkh(B),older(52560)))", ["A", "all(B,older 52560)"]],
    // A quorum, and any one of two after some time.
    [
      "or_d(multi(2,A,B,C),and_v(v:thresh(1,pkh(D),a:pkh(E)),older(65535)))",
      ["2 of(A,B,C)", "all(any(D,E),older 65535)"],
    ],
    // A second factor that falls away.
    ["and_v(v:pk(A),or_d(pk(B),older(12960)))", ["all(A,B)", "all(A,older 12960)"]],
    // A quorum in which time counts as one.
    ["thresh(3,pk(A),s:pk(B),s:pk(C),sln:older(12960))", ["3 of(A,B,C,older 12960)"]],
    ["andor(pk(A),after(840000),multi(2,B,C))", ["all(A,after 840000)", "all(B,C)"]],
    ["or_i(or_i(pk(A),pkh(B)),and_v(v:pk(C),older(5)))", ["A", "B", "all(C,older 5)"]],
    ["t:or_c(pk(A),v:pk(B))", ["A", "B"]],
    ["thresh(1,pk(A),a:and_v(v:pk(B),older(9)))", ["A", "all(B,older 9)"]],
    ["thresh(2,pk(A),s:pk(B))", ["all(A,B)"]],
    ["thresh(1,pk(A),s:pk(B),a:pkh(C))", ["any(A,B,C)"]],
    ["and_v(and_v(v:pk(A),v:pk(B)),pk(C))", ["all(A,B,C)"]],
    [
      `and_v(v:sha256(${"ab".repeat(32)}),or_i(pk(A),and_v(v:pk(B),after(500000000))))`,
      ["all(sha256 abab,A)", "all(sha256 abab,B,after 500000000)"],
    ],
  ];
  for (const [text, ways] of shapes) assert.deepEqual(waysSaid(text), ways, text);
});

test("what can never be is no way, and what stands there twice is one", () => {
  assert.deepEqual(waysSaid("l:pk(A)"), ["A"]);
  assert.deepEqual(waysSaid("and_n(pk(A),pk(B))"), ["all(A,B)"]);
  assert.deepEqual(waysSaid("or_i(pk(A),pk(A))"), ["A"]);
  assert.deepEqual(waysSaid("or_i(and_v(v:pk(A),pk(B)),and_v(v:pk(A),and_v(v:pk(B),1)))"), ["all(A,B)"]);
  assert.deepEqual(waysSaid("0"), []);
  const { node, uses } = lettered("and_b(0,a:pk(A))");
  assert.equal(conditionOf(node, uses).kind, "never");
});

test("a condition of its own kind holds an or within an or as one, and an and likewise", () => {
  const conditionSaid = (text: string) => {
    const { node, uses } = lettered(text);
    return said(conditionOf(node, uses));
  };
  assert.equal(conditionSaid("or_i(or_i(pk(A),pkh(B)),pk(C))"), "any(A,B,C)");
  assert.equal(conditionSaid("or_d(multi(1,A,B),and_v(v:pk(C),older(9)))"), "any(any(A,B),all(C,older 9))");
  assert.equal(
    conditionSaid("and_v(v:pk(A),and_v(v:or_i(pk(B),pk(C)),older(9)))"),
    "all(A,any(B,C),older 9)",
  );
});

test("what always is counts, and two that differ in anything are two", () => {
  const conditionSaid = (text: string) => {
    const { node, uses } = lettered(text);
    return said(conditionOf(node, uses));
  };
  assert.equal(conditionSaid("or_i(1,pk(A))"), "all()");
  assert.equal(conditionSaid("thresh(1,pk(A),s:pk(B),a:1)"), "all()");
  assert.equal(conditionSaid("thresh(2,pk(A),s:pk(B),a:1)"), "any(A,B)");
  assert.equal(conditionSaid("and_v(v:1,pk(A))"), "A");
  const [one, other] = ["ab".repeat(32), "cd".repeat(32)];
  assert.equal(conditionSaid(`and_v(v:sha256(${one}),sha256(${other}))`), "all(sha256 abab,sha256 cdcd)");
  assert.equal(conditionSaid(`and_v(v:sha256(${one}),hash256(${one}))`), "all(sha256 abab,hash256 abab)");
  assert.equal(conditionSaid(`and_v(v:sha256(${one}),sha256(${one}))`), "sha256 abab");
  assert.equal(conditionSaid("and_v(v:older(5),after(5))"), "all(older 5,after 5)");
  const fixed = (byte: number): Use => ({
    kind: "fixed",
    publicKey: new Uint8Array(33).fill(byte),
    xonly: false,
  });
  const either = readNode("or_i(pk(A),pk(B))", "p2wsh", (key) => key.charCodeAt(0) - 65);
  const count = (uses: readonly Use[]) => waysOf({ kind: "script", node: either }, uses, NOBODYS).length;
  assert.deepEqual([count([fixed(2), fixed(3)]), count([fixed(2), fixed(2)])], [2, 1]);
});

test("a script with more ways than anybody would read says them together", () => {
  const or = (i: number) =>
    `or_i(pk(${String.fromCharCode(65 + 2 * i)}),pk(${String.fromCharCode(66 + 2 * i)}))`;
  const both = (count: number): string =>
    count === 1 ? or(0) : `and_v(v:${or(count - 1)},${both(count - 1)})`;
  assert.equal(waysSaid(both(6)).length, 64);
  assert.equal(LIMITS.ways, 64);
  const [only, ...others] = waysSaid(both(7));
  assert.equal(others.length, 0);
  assert.equal(only, "all(any(M,N),any(K,L),any(I,J),any(G,H),any(E,F),any(C,D),any(A,B))");
  assert.equal(waysSaid(`or_d(pk(Z),${both(7)})`).length, 2);
});

test("taproot: the key path first, then leaf by leaf from the left; nobody's key is no way", () => {
  const uses: Use[] = [child(0)];
  const leaf = (text: string): Tree => ({
    leaf: readNode(text, "tapscript", (key) => uses.push(child(key.charCodeAt(0) - 65)) - 1),
  });
  const left: Tree = { left: leaf("multi_a(2,B,C)"), right: leaf("or_i(pk(B),and_v(v:pk(C),older(9)))") };
  const body: Body = { kind: "taproot", internal: 0, tree: { left, right: leaf("pk(D)") } };
  const short = (ways: readonly Way[]) => ways.map((way) => [said(way.condition), way.leaf]);
  const leaves = [
    ["all(B,C)", 0],
    ["B", 1],
    ["all(C,older 9)", 1],
    ["D", 2],
  ];
  assert.deepEqual(short(waysOf(body, uses, NOBODYS)), [["A", undefined], ...leaves]);
  assert.deepEqual(short(waysOf(body, uses, (use) => use === uses[0])), leaves);
  assert.deepEqual(short(waysOf({ kind: "taproot", internal: 0 }, uses, NOBODYS)), [["A", undefined]]);
  assert.deepEqual(short(waysOf({ kind: "key", use: 0 }, uses, NOBODYS)), [["A", undefined]]);
});

test("a key that is nobody's signs nothing, wherever it stands", () => {
  const { node, uses } = lettered("or_d(multi(2,A,B,C),or_d(multi(2,A,C),and_v(v:pkh(C),older(9))))");
  const ways = (nobodys: number) =>
    waysOf({ kind: "script", node }, uses, (use) => use.kind === "child" && use.key === nobodys).map(
      ({ condition }) => said(condition),
    );
  assert.deepEqual(ways(9), ["2 of(A,B,C)", "all(A,C)", "all(C,older 9)"]);
  assert.deepEqual(ways(2), ["all(A,B)"]);
  assert.deepEqual(ways(0), ["all(B,C)", "all(C,older 9)"]);
});

test("keys that sign together are one condition, and a bare key is nobody's we know", () => {
  const publicKey = new Uint8Array(33).fill(2);
  const uses: Use[] = [
    {
      kind: "musig",
      of: [
        { kind: "child", key: 0, steps: [] },
        { kind: "child", key: 1, steps: [] },
      ],
      steps: [],
    },
    { kind: "fixed", publicKey, xonly: false },
  ];
  const condition = (use: number): Condition => conditionOf({ kind: "pk_k", use }, uses);
  assert.equal(said(condition(0)), "musig(A,B)");
  assert.equal(satisfiable(condition(0), new Set([0])), false);
  assert.equal(satisfiable(condition(0), new Set([0, 1])), true);
  assert.equal(satisfiable(condition(1), new Set([0, 1])), false);
});

test("older opens by BIP 68 and 112: version, the bit that switches it off, the unit, and the low 16 bits", () => {
  const older = (value: number, sequence: number, version = 2) =>
    isOpen({ kind: "older", value }, { version, sequence, lockTime: 0 });
  assert.equal(older(144, 144), true);
  assert.equal(older(144, 143), false);
  assert.equal(older(144, 65535), true);
  assert.equal(older(144, 144, 1), false, "transactions of version 1 have no relative locks");
  assert.equal(older(144, 144, -1), true, "a version is read as unsigned: 2^32 - 1");
  assert.equal(older(144, 0x80000090), false, "switched off");
  assert.equal(older(144, 0xffffffff), false);
  assert.equal(older(144, 0x400090), false, "time is no height");
  assert.equal(older(0x400090, 144), false, "height is no time");
  assert.equal(older(0x400090, 0x400090), true);
  assert.equal(older(144, 0x3f0090), true, "bits without a meaning have none");
  assert.equal(older(144, 0x3f008f), false);
});

test("after opens by BIP 65: the same unit, no less, and an input that is not final", () => {
  const after = (value: number, lockTime: number, sequence = 0xfffffffe) =>
    isOpen({ kind: "after", value }, { version: 1, sequence, lockTime });
  assert.equal(after(840000, 840000), true);
  assert.equal(after(840000, 839999), false);
  assert.equal(after(499999999, 500000000), false, "a time is no height");
  assert.equal(after(500000000, 499999999), false, "a height is no time");
  assert.equal(after(500000000, 500000000), true);
  assert.equal(after(840000, 840000, 0xffffffff), false, "a final input switches nLockTime off");
  assert.equal(after(840000, 840000, 0), true);
});

test("a condition is unlocked where its time has come, whoever may sign", () => {
  const { node, uses } = lettered("andor(pk(A),older(10),and_v(v:pk(B),after(900)))");
  const [first, second] = waysOf({ kind: "script", node }, uses, NOBODYS);
  const timing = { version: 2, sequence: 10, lockTime: 0 };
  assert.equal(isUnlocked(first!.condition, timing), true);
  assert.equal(isUnlocked(second!.condition, timing), false);
  assert.equal(isUnlocked(second!.condition, { ...timing, lockTime: 900 }), true);
  assert.equal(isUnlocked(conditionOf(node, uses), { ...timing, sequence: 9 }), false);
});

test("which locks some keys cannot do without, the longest of each unit", () => {
  const locks = (text: string, ...keys: readonly number[]) => {
    const { node, uses } = lettered(text);
    return locksOf(conditionOf(node, uses), new Set(keys)).map(({ kind, value }) => `${kind} ${value}`);
  };
  const inheritance = "or_d(pk(A),or_d(and_v(v:pk(B),older(100)),and_v(v:pk(C),older(200))))";
  assert.deepEqual(locks(inheritance, 0), []);
  assert.deepEqual(locks(inheritance, 1), ["older 100"]);
  assert.deepEqual(locks(inheritance, 2), ["older 200"]);
  assert.deepEqual(locks(inheritance, 1, 2), ["older 100"]);
  assert.deepEqual(locks(inheritance, 3), [], "keys that never can");
  const decaying = "thresh(3,pk(A),s:pk(B),s:pk(C),sln:older(300),sln:older(400))";
  assert.deepEqual(locks(decaying, 0, 1, 2), []);
  assert.deepEqual(locks(decaying, 0, 1), ["older 300"]);
  assert.deepEqual(locks(decaying, 0), ["older 400"]);
  assert.deepEqual(locks("and_v(v:pk(A),and_v(v:older(9),and_v(v:older(8),after(7))))", 0), [
    "older 9",
    "after 7",
  ]);
});

test("who can spend alone: locks wait for nobody, keys do", () => {
  const { node, uses } = lettered("or_d(multi(2,A,B,C),and_v(v:pk(D),older(65535)))");
  const condition = conditionOf(node, uses);
  const alone = (...keys: readonly number[]) => satisfiable(condition, new Set(keys));
  assert.deepEqual([alone(0), alone(0, 1), alone(1, 2), alone(3), alone()], [false, true, true, true, false]);
});

test("ways keep every script's meaning, sane or not, whatever is to be had", () => {
  const seen = { met: 0, unmet: 0 };
  for (const text of fc.sample(scripts("p2wsh"), { numRuns: 3000, seed: 112 })) {
    const { node, keys } = readScript(text, "p2wsh");
    const uses = keys.map((_, i) => child(i));
    const condition = conditionOf(node, uses);
    const ways = waysOf({ kind: "script", node }, uses, NOBODYS);
    assert.ok(ways.length <= LIMITS.ways);
    const names: string[] = [];
    for (let i = 0; i < 8; i++) {
      const holds = (atom: Atom) => {
        const name = said(atom);
        if (!names.includes(name)) names.push(name);
        return chance(i, names.indexOf(name));
      };
      const met = isMet(condition, holds);
      assert.equal(anyMet(ways, holds), met, `${text} ${said(condition)}`);
      seen[met ? "met" : "unmet"] += 1;
    }
  }
  assert.ok(seen.met > 2000 && seen.unmet > 2000, JSON.stringify(seen));
});
