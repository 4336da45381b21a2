// The type system against BIP 379's own tables, cell by cell, at every part of generated scripts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import type { Place } from "../../src/bitcoin/expression.ts";
import { type Type, type Typed, typed } from "../../src/bitcoin/miniscript/types.ts";
import { Refusal } from "../../src/refusal.ts";
import { readScript, verdictOn } from "./miniscript-cast.ts";
import { KEYS, scripts } from "./miniscript-generate.ts";

interface Row {
  readonly requires: string;
  readonly type: string;
  readonly properties: string;
  readonly malleableUnless: string;
  readonly malleability: string;
}

const { rows }: { rows: Readonly<Record<string, Row>> } = JSON.parse(
  readFileSync("test/vectors/miniscript/bip-0379.json", "utf8"),
);

type Letter = "z" | "o" | "n" | "d" | "u" | "e" | "f" | "s";
type Parts = Readonly<Record<string, Type>>;

/** "sX and (sX or fY)", "zXoY or oXzY": letters that stand together are needed together. */
function holds(text: string, parts: Parts): boolean {
  const tokens = text
    .replaceAll(/([zonduefs][XYZ])(?=[zonduefs][XYZ])/g, "$1 and ")
    .match(/[zonduefs][XYZ]|and|or|[()]/g)!;
  let at = 0;
  const term = (): boolean => {
    const token = tokens[at++]!;
    if (token !== "(") return parts[token[1]!]![token[0] as Letter];
    const inner = either();
    assert.equal(tokens[at++], ")");
    return inner;
  };
  const both = (): boolean => {
    let value = term();
    while (tokens[at] === "and") {
      at += 1;
      value = term() && value;
    }
    return value;
  };
  const either = (): boolean => {
    let value = both();
    while (tokens[at] === "or") {
      at += 1;
      value = both() || value;
    }
    return value;
  };
  const value = either();
  assert.equal(at, tokens.length, text);
  return value;
}

/** "z=zXzY; u; (Tapscript only) u" → which letters hold. */
function lettersOf(cell: string, parts: Parts, place: Place): Set<string> {
  const clauses = cell.split(/[;,]/).map((clause) => clause.trim());
  const there = clauses.flatMap((clause) => {
    if (clause === "" || (clause.startsWith("(Tapscript only)") && place !== "tapscript")) return [];
    const [letter, formula] = clause.replace("(Tapscript only) ", "").split("=") as [string, string?];
    return formula === undefined || holds(formula, parts) ? [letter] : [];
  });
  return new Set(there);
}

/** What the tables say in prose of thresh. */
function threshLetters(threshold: number, of: readonly Type[]): { letters: Set<string>; sound: boolean } {
  const count = (letter: Letter) => of.filter((one) => one[letter]).length;
  const unsigned = of.length - count("s");
  const letters = new Set(["d", "u"]);
  if (count("z") === of.length) letters.add("z");
  if (count("z") === of.length - 1 && count("o") === 1) letters.add("o");
  if (unsigned <= threshold - 1) letters.add("s");
  if (unsigned === 0) letters.add("e");
  return { letters, sound: count("e") === of.length && unsigned <= threshold };
}

function check(one: Typed, place: Place, seen: Set<string>): void {
  for (const part of one.of) check(part, place, seen);
  const { kind } = one.node;
  const row = rows[/^[ascdvjn]$/.test(kind) ? `${kind}:` : kind.replace("sorted", "")]!;
  const [x, y, z] = one.of.map(({ type }) => type);
  // The tables call the second part of an or Z.
  const named = { X: x, Y: y, Z: kind === "andor" ? z : y } as Parts;
  const prose =
    one.node.kind === "thresh"
      ? threshLetters(
          one.node.threshold,
          one.of.map(({ type }) => type),
        )
      : undefined;
  const stack = prose?.letters ?? lettersOf(row.properties, named, place);
  for (const letter of ["z", "o", "n", "d", "u"] as const)
    assert.equal(one.type[letter], stack.has(letter), `${kind}: ${letter}`);
  const base = row.type.startsWith("same as") ? (y ?? x)!.base : row.type;
  assert.equal(one.type.base, base, kind);
  const sound = prose?.sound ?? (row.malleableUnless === "" || holds(row.malleableUnless, named));
  const whole = one.of.every(({ type }) => type.m);
  assert.equal(one.type.m, sound && whole, `${kind}: malleable`);
  const letters = prose?.letters ?? lettersOf(row.malleability, named, place);
  // Where strangers can alter it anyway, the tables promise nothing.
  if (one.type.m)
    for (const letter of ["e", "f", "s"] as const)
      assert.equal(one.type[letter], letters.has(letter), `${kind}: ${letter}`);
  seen.add(kind);
}

for (const place of ["p2wsh", "tapscript"] as const)
  test(`${place}: every part of 4,000 generated scripts has the type that BIP 379's tables give it`, () => {
    const seen = new Set<string>();
    for (const text of fc.sample(scripts(place), { numRuns: 4000, seed: 39 })) {
      let root: Typed;
      try {
        root = typed(readScript(text, place).node, place);
      } catch (error) {
        assert.ok(error instanceof Refusal && error.reason === "bitcoin.miniscript-type");
        continue;
      }
      check(root, place, seen);
    }
    for (const kind of Object.keys(rows).map((name) => name.replace(":", ""))) {
      if (kind === (place === "p2wsh" ? "multi_a" : "multi")) continue;
      assert.ok(seen.has(kind), `${kind} was never there`);
    }
  });

/** One of each base and set of letters that the requirements tell apart. */
const PARTS: Readonly<Record<string, string>> = {
  Bdu: "pk(@)",
  Bd: "l:older(9)",
  Bu: "1",
  B: "older(9)",
  V: "v:pk(@)",
  Vz: "v:older(9)",
  K: "pk_k(@)",
  Wdu: "s:pk(@)",
  Wd: "sl:older(9)",
  Wu: "a:1",
  W: "a:older(9)",
};

function typesAs(text: string, place: Place): boolean {
  let next = 0;
  const filled = text.replaceAll("@", () => KEYS[next++]!);
  return verdictOn(filled, place) !== "bitcoin.miniscript-type";
}

test("each requirement of the table refuses what lacks one letter of it, and nothing else", () => {
  const names = Object.keys(PARTS);
  const basic = (name: string) => "BKV".includes(name[0]!);
  const within = (name: string, wanted: string) => [...wanted].every((letter) => name.includes(letter));
  /** Around a part of a base, so that what is left over can stand alone. */
  const whole = (text: string, base: string) =>
    base === "V" ? `t:${text}` : base === "K" ? `c:${text}` : text;
  const fits: Readonly<Record<string, (x: string, y: string) => boolean>> = {
    and_v: (x, y) => within(x, "V") && basic(y),
    and_b: (x, y) => within(x, "B") && within(y, "W"),
    or_b: (x, y) => within(x, "Bd") && within(y, "Wd"),
    or_c: (x, y) => within(x, "Bdu") && within(y, "V"),
    or_d: (x, y) => within(x, "Bdu") && within(y, "B"),
    or_i: (x, y) => basic(x) && x[0] === y[0],
  };
  let taken = 0;
  for (const [kind, may] of Object.entries(fits))
    for (const x of names)
      for (const y of names) {
        const base = kind === "or_c" ? "V" : ["and_v", "or_i"].includes(kind) ? y[0]! : "B";
        const text = whole(`${kind}(${PARTS[x]},${PARTS[y]})`, base);
        assert.equal(typesAs(text, "p2wsh"), may(x, y), `${text}: ${x}, ${y}`);
        taken += may(x, y) ? 1 : 0;
      }
  assert.ok(taken > 60);
  for (const x of names)
    for (const y of names) {
      const thresh = `thresh(1,${PARTS[x]},${PARTS[y]})`;
      assert.equal(typesAs(thresh, "p2wsh"), within(x, "Bdu") && within(y, "Wdu"), thresh);
      for (const z of ["Bdu", "V", "K", "W"]) {
        const andor = whole(`andor(${PARTS[x]},${PARTS[y]},${PARTS[z]})`, y[0]!);
        assert.equal(typesAs(andor, "p2wsh"), within(x, "Bdu") && basic(y) && y[0] === z[0], andor);
      }
    }
  const wrappers: Readonly<Record<string, readonly string[]>> = {
    a: ["Bdu", "Bd", "Bu", "B"],
    s: ["Bdu", "Bd"],
    c: ["K"],
    d: ["Vz"],
    v: ["Bdu", "Bd", "Bu", "B"],
    j: ["Bdu"],
    n: ["Bdu", "Bd", "Bu", "B"],
  };
  for (const [letter, may] of Object.entries(wrappers))
    for (const x of names) {
      const inner = `${letter}${/^[a-z]+:/.test(PARTS[x]!) ? "" : ":"}${PARTS[x]}`;
      const text = "as".includes(letter) ? `and_b(1,${inner})` : whole(inner, letter === "v" ? "V" : "B");
      const joined = text.replace("t:v", "tv");
      assert.equal(typesAs(joined, "p2wsh"), may.includes(x), joined);
    }
});
