// Thousands of generated scripts against rust-miniscript and @bitcoinerlab/miniscript: the same scripts byte for
// byte, the same judgement, the same weight. Every difference in principle is named here and nowhere else.

import assert from "node:assert/strict";
import { test } from "node:test";
import { analyzeMiniscript, satisfier } from "@bitcoinerlab/miniscript";
import { Descriptor, Miniscript } from "@bitgo/wasm-miniscript";
import fc from "fast-check";
import type { Node, Place } from "../../src/bitcoin/expression.ts";
import { checkNode, witnessSize } from "../../src/bitcoin/miniscript/index.ts";
import { toHex } from "../../src/bytes.ts";
import { readScript, type Script, scriptHex, textFor, verdictOn } from "./miniscript-cast.ts";
import { scripts } from "./miniscript-generate.ts";

const PLACES = ["p2wsh", "tapscript"] as const;
/** BIP 341's point that nobody has the key of. */
const H = "50929b74c1a04954b78b4b6035e97a5e078a5a0f28ec96d547bfee9ace803ac0";

const xonly = (text: string, place: Place) =>
  place === "tapscript" ? text.replaceAll(/0[23]([0-9a-f]{64})/g, "$1") : text;

/** What rust-miniscript says: its script in hex, or why not. */
function rust(
  text: string,
  place: Place,
): { readonly hex?: string; readonly text?: string; readonly no: string } {
  try {
    const one = Miniscript.fromString(xonly(text, place), place === "tapscript" ? "tap" : "segwitv0");
    return { hex: toHex(one.encode()), text: one.toString(), no: "" };
  } catch (error) {
    return { no: String((error as { message?: string }).message ?? error) };
  }
}

/** What rust-miniscript complains of where this program names a reason; it may find several at once. */
const RUST_SAYS: Readonly<Record<string, RegExp>> = {
  "bitcoin.miniscript-type": /typecheck|^Top level/,
  "bitcoin.miniscript-unsigned": /All spend paths must require a signature/,
  "bitcoin.miniscript-malleable": /malleable/,
  "bitcoin.miniscript-locks-mixed": /combination of heightlock and timelock|malleable/,
  "bitcoin.wallet-key-twice": /repeated pubkeys|malleable|require a signature|combination/,
};

/** What @bitcoinerlab/miniscript says of a script that this program refuses with a reason. */
const JS_SAYS: Readonly<Record<string, (one: ReturnType<typeof analyzeMiniscript>) => boolean>> = {
  "bitcoin.miniscript-type": ({ valid }) => !valid,
  "bitcoin.miniscript-unsigned": ({ needsSignature }) => !needsSignature,
  "bitcoin.miniscript-malleable": ({ nonMalleable }) => !nonMalleable,
  "bitcoin.miniscript-locks-mixed": ({ timelockMix }) => timelockMix,
  "bitcoin.wallet-key-twice": ({ hasDuplicateKeys }) => hasDuplicateKeys,
};

/** This version of rust-miniscript takes d: for a unit nowhere; BIP 379 and Bitcoin Core do so in tapscript. */
const rustLacksUnit = (text: string, place: Place) => place === "tapscript" && /\b[a-z]*d[a-z]*:/.test(text);

function sample(place: Place, count: number): string[] {
  return fc.sample(scripts(place), { numRuns: count, seed: 379 });
}

for (const place of PLACES)
  test(`${place}: 4,000 generated scripts are taken or refused as two others do, and for the same reason`, () => {
    const seen = new Map<string, number>();
    for (const text of sample(place, 4000)) {
      const verdict = verdictOn(text, place);
      seen.set(verdict, (seen.get(verdict) ?? 0) + 1);
      // Stricter than both: older(65536) and the like wait another time than they say. They are looked at below.
      if (verdict === "bitcoin.miniscript-lock") continue;
      const analysis = analyzeMiniscript(text, { tapscript: place === "tapscript" });
      assert.equal(analysis.issane, verdict === "sane", text);
      assert.ok(JS_SAYS[verdict]?.(analysis) ?? verdict === "sane", `${verdict}: ${text}`);
      const { no } = rust(text, place);
      if (no.startsWith("typecheck") && rustLacksUnit(text, place)) continue;
      if (verdict === "sane") assert.equal(no, "", text);
      else assert.match(no, RUST_SAYS[verdict] ?? /^$/, `${verdict}: ${text}`);
    }
    for (const reason of ["sane", "bitcoin.miniscript-lock", ...Object.keys(RUST_SAYS)])
      assert.ok((seen.get(reason) ?? 0) > 0, `never seen: ${reason}`);
    assert.ok(seen.get("sane")! > 1000, "many of them are sane");
  });

test("a lock that waits another time than it says is refused here and taken by others", () => {
  const key = `02${H}`;
  for (const [value, waits] of [
    [65536, 0],
    [65537, 1],
    [4194304, 0],
    [4259840, 0],
    [8388609, 1],
    [2147483647, 65535],
  ]) {
    const text = `and_v(v:pk(${key}),older(${value}))`;
    assert.equal(verdictOn(text, "p2wsh"), "bitcoin.miniscript-lock", text);
    assert.equal(rust(text, "p2wsh").no, "");
    const { node, uses } = readScript(text, "p2wsh");
    assert.throws(() => checkNode(node, "p2wsh", uses), {
      message: new RegExp(`older\\(${value}\\) waits for ${waits}$`),
    });
  }
  assert.equal(verdictOn(`and_v(v:pk(${key}),older(65535))`, "p2wsh"), "sane");
  assert.equal(verdictOn(`and_v(v:pk(${key}),older(4259839))`, "p2wsh"), "sane");
});

test("d: in tapscript is the one thing that rust-miniscript refuses and Bitcoin Core takes", () => {
  const text = `or_d(dv:after(700000),pk(02${H}))`;
  assert.match(rust(text, "tapscript").no, /typecheck/);
  const sane = `and_v(v:pk(03fff97bd5755eeea420453a14355235d382f6472f8568a18b2f057a1460297556),${text})`;
  assert.match(rust(sane, "tapscript").no, /typecheck/);
  assert.equal(verdictOn(sane, "tapscript"), "sane");
  assert.equal(analyzeMiniscript(sane, { tapscript: true }).issane, true);
});

for (const place of PLACES)
  test(`${place}: scripts and canonical texts are rust-miniscript's, byte for byte`, () => {
    let compared = 0;
    for (const text of sample(place, 4000)) {
      if (verdictOn(text, place) !== "sane") continue;
      const peer = rust(text, place);
      if (peer.hex === undefined) continue;
      const script = readScript(text, place);
      assert.equal(scriptHex(script, place), peer.hex, text);
      assert.equal(textFor(script, place), peer.text, text);
      compared += 1;
    }
    assert.ok(compared > 1000);
  });

const MULTI = ["multi(2,@,@,@)", "sortedmulti(2,@,@,@)", "sortedmulti(15,@,@,@,@,@,@,@,@,@,@,@,@,@,@,@)"];

test("P2SH and sortedmulti make the scripts that rust-miniscript's descriptors make", () => {
  const keys = Array.from({ length: 15 }, (_, i) => `0${2 + (i % 2)}${xOf(i)}`);
  const fill = (text: string) => {
    let next = 0;
    return text.replaceAll("@", () => keys[next++]!);
  };
  for (const text of MULTI.map(fill)) {
    const sh = Descriptor.fromString(`sh(${text})`, "definite");
    assert.equal(scriptHex(readScript(text, "p2sh"), "p2sh"), toHex(sh.encode()), text);
    const wsh = Descriptor.fromString(`wsh(${text})`, "definite");
    assert.equal(scriptHex(readScript(text, "p2wsh"), "p2wsh"), toHex(wsh.encode()), text);
  }
});

/** x coordinates of small multiples of the generator, as Bitcoin Core's cases have them. */
function xOf(i: number): string {
  const all = sample("p2wsh", 400).flatMap((text) => [...text.matchAll(/0[23]([0-9a-f]{64})/g)]);
  const distinct = [...new Set(all.map((match) => match[1]!))];
  return distinct[i % distinct.length]!;
}

test("sortedmulti_a pushes x-only keys in the order of their bytes", () => {
  const [a, b, c] = [0, 1, 2].map(xOf).sort();
  const text = `sortedmulti_a(2,03${c},02${a},03${b})`;
  const expected = `20${a}ac20${b}ba20${c}ba529c`;
  assert.equal(scriptHex(readScript(text, "tapscript"), "tapscript"), expected);
});

const isQuorum = (node: Node): boolean =>
  (node.kind === "thresh" && node.threshold < node.of.length) || ("of" in node && node.of.some(isQuorum));

function rustWeight(script: Script, place: Place): number {
  const text = textFor(script, place);
  const descriptor = place === "p2wsh" ? `wsh(${text})` : `tr(${H},${text})`;
  return Descriptor.fromString(descriptor, "definite").maxWeightToSatisfy();
}

for (const place of PLACES)
  test(`${place}: the largest witness is the one that rust-miniscript expects`, () => {
    let equal = 0;
    for (const text of sample(place, 4000)) {
      if (verdictOn(text, place) !== "sane" || rust(text, place).no !== "") continue;
      const script = readScript(text, place);
      const signature = place === "p2wsh" ? 73 : 66;
      const size = witnessSize(script.node, place, script.uses, () => true, signature)!;
      const bytes = scriptHex(script, place).length / 2;
      const control = place === "p2wsh" ? 0 : 1 + 33;
      const weight = size.bytes + bytes + (bytes < 253 ? 1 : 3) + control;
      // For a quorum with k < n that version does not look for the dearest k parts; see the next test for these.
      if (isQuorum(script.node)) continue;
      assert.equal(weight, rustWeight(script, place), text);
      equal += 1;
    }
    assert.ok(equal > 800);
  });

/** Bytes and items of a satisfaction as @bitcoinerlab/miniscript writes it, signatures of 73 bytes. */
function sizeOf(asm: string, place: Place): { readonly bytes: number; readonly items: number } {
  const items = asm.split(" ").filter((item) => item !== "");
  const bytesOf = (item: string) => {
    if (item === "0") return 1;
    if (item === "1") return 2;
    if (item.startsWith("<sig(")) return 73;
    return item.includes("preimage") ? 33 : place === "p2wsh" ? 34 : 33;
  };
  return { items: items.length, bytes: items.reduce((sum, item) => sum + bytesOf(item), 0) };
}

for (const place of PLACES)
  test(`${place}: no satisfaction that another program finds is larger than the largest witness, and nearly always one is as large`, () => {
    let compared = 0;
    let larger = 0;
    for (const text of sample(place, 2500)) {
      if (verdictOn(text, place) !== "sane") continue;
      const script = readScript(text, place);
      if (script.keys.length > 6) continue;
      const { nonMalleableSats } = satisfier(text, { tapscript: place === "tapscript" });
      const found = nonMalleableSats.map(({ asm }) => sizeOf(asm, place));
      const most = witnessSize(script.node, place, script.uses, () => true, 73)!;
      const bytes = Math.max(...found.map((one) => one.bytes));
      const items = Math.max(...found.map((one) => one.items));
      assert.ok(bytes <= most.bytes && items <= most.items, text);
      compared += 1;
      larger += bytes < most.bytes || items < most.items ? 1 : 0;
    }
    assert.ok(compared > 500);
    // It knows which locks go with each other, and leaves out what these make pointless.
    assert.ok(larger < compared / 100, `${larger} of ${compared}`);
  });
