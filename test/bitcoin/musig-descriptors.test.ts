// Descriptors with musig() (BIP 390): the scripts of the vectors, the refusals of what is invalid, and what Firn refuses beside.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sha256 } from "@noble/hashes/sha2.js";
import { HDKey } from "@scure/bip32";
import { p2tr } from "@scure/btc-signer";
import { keyAggExport, keyAggregate, sortKeys } from "@scure/btc-signer/musig2.js";
import { prepare } from "../../src/bitcoin/derive.ts";
import {
  checksum,
  compile,
  parseDescriptor,
  readAnyDescriptor,
  readWallet,
} from "../../src/bitcoin/index.ts";
import { equal, toHex } from "../../src/bytes.ts";
import { type Reason, Refusal } from "../../src/refusal.ts";
import { utf8 } from "../../src/text.ts";
import { curve } from "./build.ts";

const FILE = join(import.meta.dirname, "..", "vectors", "musig", "bip-0390.json");
const { valid, invalid } = JSON.parse(readFileSync(FILE, "utf8"));
const scriptsAt = (text: string) => prepare(readAnyDescriptor(text, "mainnet", curve), curve);

function refusalOf(act: () => unknown): Refusal {
  try {
    act();
  } catch (problem) {
    assert.ok(problem instanceof Refusal, String(problem));
    return problem;
  }
  return assert.fail("it was taken");
}

/** What Firn does not take, though BIP 390 does: other script forms, and a key that is there twice. */
const NOT_TAKEN: readonly (readonly [RegExp, Reason])[] = [
  [/^rawtr\(musig\(Kw/, "bitcoin.wallet-private-key"],
  [/^rawtr\(/, "bitcoin.wallet-form"],
  [/\/1\)\/2\)$/, "bitcoin.wallet-key-twice"],
];

for (const { descriptor, scripts } of valid as { descriptor: string; scripts: string[] }[]) {
  const refused = NOT_TAKEN.find(([form]) => form.test(descriptor));
  if (refused)
    test(`BIP 390: ${descriptor.slice(0, 30)}… is refused: ${refused[1]}`, () => {
      assert.equal(refusalOf(() => scriptsAt(descriptor)(0, 0)).reason, refused[1]);
    });
  else
    test(`BIP 390: ${descriptor.slice(0, 30)}… makes the scripts of the vector`, () => {
      const at = scriptsAt(descriptor);
      assert.ok(scripts.length > 0);
      for (const [index, script] of scripts.entries())
        assert.equal(toHex(at(0, index)!.scriptPubKey), script, `index ${index}`);
    });
}

test("BIP 390: none of the invalid descriptors is taken", () => {
  assert.equal(invalid.length, 14);
  for (const { descriptor, case: words } of invalid)
    assert.match(
      refusalOf(() => scriptsAt(descriptor)).reason,
      /^bitcoin\.(wallet|descriptor|miniscript)-/,
      words,
    );
});

// ---------------------------------------------------------------- wallets

const masters = ["a", "b", "c"].map((name) => HDKey.fromMasterSeed(sha256(utf8(`musig ${name}`))));
const H = 0x80000000;
const ACCOUNT = "/87h/0h/0h";
const account = (master: HDKey) => [87, 0, 0].reduce((node, step) => node.deriveChild(step + H), master);
const origin = (master: HDKey) => `[${master.fingerprint.toString(16).padStart(8, "0")}${ACCOUNT}]`;
const keyText = (master: HDKey) => `${origin(master)}${account(master).publicExtendedKey}`;
const whole = (body: string) => `${body}#${checksum(body)}`;
const [A, B, C] = masters.map(keyText) as [string, string, string];

/** Made with other packages alone: aggregate, derive below it, key path. */
function scriptBelow(branch: number, index: number): string {
  const keys = sortKeys(masters.map((master) => account(master).publicKey!));
  const publicKey = keyAggregate(keys).aggPublicKey.toBytes(true);
  const chainCode = sha256(utf8("MuSig2MuSig2MuSig2"));
  const node = new HDKey({ publicKey, chainCode }).deriveChild(branch).deriveChild(index);
  return toHex(p2tr(node.publicKey!.slice(1)).script);
}

function scriptOver(branch: number, index: number): string {
  const keys = masters.map((master) => account(master).deriveChild(branch).deriveChild(index).publicKey!);
  return toHex(p2tr(keyAggExport(keyAggregate(sortKeys(keys)))).script);
}

const BELOW = `tr(musig(${A},${B},${C})/<0;1>/*)`;
const OVER = `tr(musig(${A}/<0;1>/*,${B}/<0;1>/*,${C}/<0;1>/*))`;

test("a wallet derives below its aggregate key, or aggregates at each index, as other packages do", () => {
  for (const [body, scriptOf] of [
    [BELOW, scriptBelow],
    [OVER, scriptOver],
  ] as const) {
    const wallet = readWallet(whole(body), "mainnet", curve, "Three together");
    assert.equal(wallet.descriptor, whole(body));
    const { derive } = compile(wallet, curve);
    for (const [branch, index] of [
      [0, 0],
      [0, 7],
      [1, 3],
    ] as const)
      assert.equal(toHex(derive(branch, index).scriptPubKey), scriptOf(branch, index), `${branch}/${index}`);
  }
});

test("the order in which the keys are written changes no address", () => {
  const other = `tr(musig(${C},${A},${B})/<0;1>/*)`;
  const [one, two] = [BELOW, other].map((body) => compile(readWallet(whole(body), "mainnet", curve), curve));
  assert.ok(equal(one!.derive(0, 4).scriptPubKey, two!.derive(0, 4).scriptPubKey));
});

test("a key that stands twice in a musig is refused when the wallet is read", () => {
  const twice = `tr(musig(${A},${B},${A})/<0;1>/*)`;
  const refusal = refusalOf(() => readWallet(whole(twice), "mainnet", curve));
  assert.equal(refusal.reason, "bitcoin.wallet-key-twice");
});

test("musig stands in taproot alone", () => {
  for (const body of [`wsh(pk(musig(${A},${B})/<0;1>/*))`, `wpkh(musig(${A},${B})/<0;1>/*)`])
    assert.match(
      refusalOf(() => parseDescriptor(whole(body), "mainnet", curve)).reason,
      /^bitcoin\.(wallet|descriptor|miniscript)-/,
    );
});
