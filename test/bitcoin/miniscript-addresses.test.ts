// Whole wallets of generated scripts, registered as text and derived, against rust-miniscript.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Descriptor } from "@bitgo/wasm-miniscript";
import fc from "fast-check";
import { compile, readWallet } from "../../src/bitcoin/index.ts";
import { toHex } from "../../src/bytes.ts";
import { HARDENED } from "../../src/limits.ts";
import { Refusal } from "../../src/refusal.ts";
import { readScript, verdictOn } from "./miniscript-cast.ts";
import { scripts } from "./miniscript-generate.ts";
import { cosigner, curve, keyText, withChecksum } from "./wallet-cast.ts";

const H = HARDENED;
const KEYS = Array.from({ length: 20 }, (_, i) => keyText(cosigner(i + 1), [H + 48, H + 1, H + i, H + 2]));

/** Sane, with no hidden d: (which this version of rust-miniscript does not take for a unit in tapscript). */
function sane(place: "p2wsh" | "tapscript", count: number, seed: number): string[] {
  return fc
    .sample(scripts(place), { numRuns: count, seed })
    .filter((text) => verdictOn(text, place) === "sane" && readScript(text, place).keys.length <= 8)
    .filter((text) => place === "p2wsh" || !/\b[a-z]*d[a-z]*:/.test(text));
}

/** Every key another account, each third one with branches of its own where it is no plain quorum. */
function withKeys(text: string): string {
  let next = 0;
  return text.replaceAll(/0[23][0-9a-f]{64}/g, () => {
    const number = next++;
    return `${KEYS[number]}/${number % 3 === 2 && !text.startsWith("multi") ? "<4;7>" : "<0;1>"}/*`;
  });
}

/** The descriptor of one branch, as a program without tuples has it. */
function branch(text: string, member: 0 | 1): string {
  return text.replaceAll(/<(\d);(\d)>/g, member === 0 ? "$1" : "$2");
}

function compare(text: string): void {
  const wallet = readWallet(withChecksum(text), "regtest", curve, "Generated");
  const again = readWallet(wallet.descriptor, "regtest", curve, "Generated");
  assert.equal(again.descriptor, wallet.descriptor, "what is written is read as the same");
  const template = compile(wallet, curve);
  for (const member of [0, 1] as const)
    for (const index of [0, 2147483647]) {
      const derived = template.derive(member === 0 ? wallet.receive : wallet.change, index);
      const peer = Descriptor.fromString(branch(text, member), "derivable").atDerivationIndex(index);
      assert.equal(toHex(derived.scriptPubKey), toHex(peer.scriptPubkey()), text);
    }
}

test("wsh and sh(wsh) of generated scripts have rust-miniscript's addresses, on both branches", () => {
  const texts = sane("p2wsh", 300, 382);
  assert.ok(texts.length > 100);
  for (const [i, text] of texts.entries())
    compare(i % 4 === 0 ? `sh(wsh(${withKeys(text)}))` : `wsh(${withKeys(text)})`);
});

/** Leaves by twos, the tree as lopsided as the number says. */
function grown(leaves: readonly string[], number: number): string {
  if (leaves.length === 1) return leaves[0]!;
  const left = number % 2 === 0 ? 1 : Math.ceil(leaves.length / 2);
  return `{${grown(leaves.slice(0, left), number >> 1)},${grown(leaves.slice(left), number >> 1)}}`;
}

test("tr of generated leaves in trees of every shape have rust-miniscript's addresses", () => {
  const leaves = sane("tapscript", 300, 386);
  const internal = `02${"11".repeat(32)}`;
  let compared = 0;
  for (let at = 0; at + 5 < leaves.length; ) {
    const count = 1 + (compared % 5);
    const some = leaves.slice(at, at + count);
    at += count;
    const text = `tr(${internal},${grown(some, compared)})`;
    if ((text.match(/0[23][0-9a-f]{64}/g) ?? []).length > KEYS.length) continue;
    compare(withKeys(text));
    compared += 1;
  }
  assert.ok(compared > 30, String(compared));
});

test("a wallet whose script is not safe is refused with the rule that it breaks, wherever the script stands", () => {
  const reason = (text: string) => {
    try {
      readWallet(withChecksum(text), "regtest", curve, "Unsafe");
      return "read";
    } catch (error) {
      assert.ok(error instanceof Refusal, String(error));
      return error.reason;
    }
  };
  const [a, b] = [`${KEYS[0]}/<0;1>/*`, `${KEYS[1]}/<0;1>/*`];
  const unsafe = [
    ["older(5)", "bitcoin.miniscript-unsigned"],
    [`or_i(pk(${a}),older(5))`, "bitcoin.miniscript-unsigned"],
    [`and_v(v:pk(${a}),or_i(older(5),older(6)))`, "bitcoin.miniscript-malleable"],
    [`and_v(v:pk(${a}),and_v(v:after(5),after(500000000)))`, "bitcoin.miniscript-locks-mixed"],
    [`and_v(v:pk(${a}),older(65536))`, "bitcoin.miniscript-lock"],
    [`and_b(0,s:pk(${a}))`, "bitcoin.miniscript-never"],
    [`and_b(pk(${a}),pk(${b}))`, "bitcoin.miniscript-type"],
    [`and_v(v:pk(${a}),pk(${a}))`, "bitcoin.wallet-key-twice"],
    [`or_i(pk(${a}),pk(${b})`, "bitcoin.miniscript-unreadable"],
  ] as const;
  for (const [text, expected] of unsafe)
    for (const around of [
      `wsh(${text})`,
      `sh(wsh(${text}))`,
      `tr(${KEYS[2]}/<0;1>/*,{pk(${KEYS[3]}/<0;1>/*),${text}})`,
    ])
      if (!(around.startsWith("tr") && expected.endsWith("unreadable")))
        assert.equal(reason(around), expected, around.replaceAll(/\[[^,)]*/g, "K"));
});
