// BIP 85: every application of the published text, and a second implementation beside it.

import assert from "node:assert/strict";
import { createHmac, pbkdf2Sync } from "node:crypto";
import { test } from "node:test";
import { HDKey } from "@scure/bip32";
import { entropyToMnemonic, mnemonicToSeedSync } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import fc from "fast-check";
import { toHex } from "../../../src/bytes.ts";
import {
  type Bip85Source,
  type Bip85Use,
  bip85,
  bip85Entropy,
  bip85Path,
} from "../../../src/keys/forms/bip85.ts";
import { Keyring, masterOf, type Node, passphraseBytes } from "../../../src/keys/index.ts";
import type { Network } from "../../../src/model.ts";
import type { Stretch } from "../../../src/ports.ts";
import { Refusal } from "../../../src/refusal.ts";
import { CURVES, fast, hex, quickStretch, vectors } from "../make.ts";

const pbkdf2Sha512: Stretch["pbkdf2Sha512"] = async (secret, salt, rounds, length) =>
  new Uint8Array(pbkdf2Sync(secret, salt, rounds, length, "sha512"));

const published = JSON.parse(vectors("bip85.json"));

/** The master key of an xprv, made by the second implementation. */
function masterNode(xprv: string): Node {
  const key = HDKey.fromExtendedKey(xprv);
  return {
    secret: Uint8Array.from(key.privateKey!),
    chainCode: Uint8Array.from(key.chainCode!),
    depth: 0,
    childNumber: 0,
  };
}

const source = (network: Network = "mainnet", curve = fast): Bip85Source => ({
  network,
  deriveBip85: (path) => bip85Entropy(curve, masterNode(published.root), path),
});

const numbersIn = (path: string): number[] =>
  path
    .split("/")
    .slice(1)
    .map((step) => 0x80000000 + Number.parseInt(step, 10));

/** What the path of a vector asks for. */
function useOf(path: string): Bip85Use {
  const [application, ...rest] = numbersIn(path)
    .slice(1)
    .map((step) => step - 0x80000000);
  const index = rest.at(-1)!;
  const size = rest.at(-2)!;
  if (application === 39) return { kind: "words", words: size as 12, index };
  if (application === 2) return { kind: "wif", index };
  if (application === 32) return { kind: "xprv", index };
  if (application === 128169) return { kind: "hex", bytes: size, index };
  return { kind: application === 707764 ? "base64" : "base85", chars: size, index };
}

function made(use: Bip85Use, network?: Network, curve = fast): string {
  const child = bip85(source(network, curve), use);
  return child.kind === "text" ? child.text : entropyToMnemonic(child.entropy, wordlist);
}

test("the entropy of BIP 85 is that of its two test cases, on both curves", () => {
  for (const { path, entropy } of published.vectors.slice(0, 2))
    for (const curve of CURVES)
      assert.equal(toHex(bip85Entropy(curve, masterNode(published.root), numbersIn(path))), entropy);
});

test("every published child comes out letter for letter, on both curves", () => {
  const children = published.vectors.slice(2);
  assert.equal(children.length, 8);
  for (const { path, entropy, bip39_mnemonic, wif, xprv, pwd } of children)
    for (const curve of CURVES) {
      const use = useOf(path);
      assert.deepEqual(bip85Path(use), numbersIn(path));
      assert.equal(made(use, "mainnet", curve), bip39_mnemonic ?? wif ?? xprv ?? pwd ?? entropy);
    }
});

/** The same by other people's code: HDKey for the path, Node for the HMAC. */
function second(path: readonly number[]): Buffer {
  let key = HDKey.fromExtendedKey(published.root);
  for (const step of path) key = key.deriveChild(step);
  return createHmac("sha512", "bip-entropy-from-k").update(key.privateKey!).digest();
}

test("any child is what a second implementation makes of the same path", () => {
  const index = fc.integer({ min: 0, max: 0x7fffffff });
  const uses = fc.oneof<fc.Arbitrary<Bip85Use>[]>(
    fc.record({
      kind: fc.constant("words" as const),
      words: fc.constantFrom(12 as const, 15 as const, 18 as const, 21 as const, 24 as const),
      index,
    }),
    fc.record({ kind: fc.constant("hex" as const), bytes: fc.integer({ min: 16, max: 64 }), index }),
    fc.record({ kind: fc.constant("base64" as const), chars: fc.integer({ min: 20, max: 86 }), index }),
    fc.record({ kind: fc.constant("xprv" as const), index }),
  );
  fc.assert(
    fc.property(uses, (use) => {
      const entropy = second(bip85Path(use));
      const child = made(use);
      switch (use.kind) {
        case "words":
          return child === entropyToMnemonic(entropy.subarray(0, (use.words / 3) * 4), wordlist);
        case "hex":
          return child === entropy.subarray(0, use.bytes).toString("hex");
        case "base64":
          return child === entropy.toString("base64").slice(0, use.chars);
        default: {
          const key = new HDKey({
            privateKey: Uint8Array.from(entropy.subarray(32)),
            chainCode: Uint8Array.from(entropy.subarray(0, 32)),
          });
          return child === key.privateExtendedKey;
        }
      }
    }),
    { numRuns: 60 },
  );
});

// `python3 -c "import base64; print(base64.b85encode(bytes.fromhex(ENTROPY)).decode())"`
test("a password of 80 letters is what Python's b85encode makes of the published entropy", () => {
  const { entropy } = published.vectors.at(-1);
  const fixed: Bip85Source = { network: "mainnet", deriveBip85: () => hex(entropy) };
  assert.deepEqual(bip85(fixed, { kind: "base85", chars: 80, index: 0 }), {
    kind: "text",
    text: "_s`{TW89)i4`uwnp5{Hxh0%|78*5%18;3KmWLe1sr(S}zqAvgWx#peX6iX>OsBuFXpj5WYRf1}cQ9@D)",
  });
});

test("a key of a test network has testnet's forms", () => {
  const wif = made({ kind: "wif", index: 0 }, "testnet4");
  assert.match(wif, /^c[1-9A-HJ-NP-Za-km-z]{51}$/);
  const tprv = made({ kind: "xprv", index: 0 }, "regtest");
  const versions = { private: 0x04358394, public: 0x043587cf };
  assert.deepEqual(
    HDKey.fromExtendedKey(tprv, versions).privateKey,
    HDKey.fromExtendedKey(made({ kind: "xprv", index: 0 })).privateKey,
  );
});

test("what BIP 85 has no child for is refused before anything is derived", () => {
  const untouched: Bip85Source = {
    network: "mainnet",
    deriveBip85: () => assert.fail("it was derived"),
  };
  const uses: Bip85Use[] = [
    { kind: "hex", bytes: 15, index: 0 },
    { kind: "hex", bytes: 65, index: 0 },
    { kind: "base64", chars: 19, index: 0 },
    { kind: "base64", chars: 87, index: 0 },
    { kind: "base85", chars: 9, index: 0 },
    { kind: "base85", chars: 81, index: 0 },
    { kind: "wif", index: 0x80000000 },
    { kind: "wif", index: -1 },
    { kind: "xprv", index: 0.5 },
  ];
  for (const use of uses)
    assert.throws(() => bip85(untouched, use), new Refusal("forms.bip85-range", detailOf(use)));
});

function detailOf(use: Bip85Use): string {
  if (use.kind === "hex") return "the number of bytes is from 16 to 64";
  if (use.kind === "base64") return "the length is from 20 to 86";
  if (use.kind === "base85") return "the length is from 10 to 80";
  return "the number is from 0 to 2147483647";
}

test("a Keyring makes the children of its key, passphrase and all, until it is wiped", async () => {
  const entropy = hex("00".repeat(16));
  const passphrase = passphraseBytes("TREZOR");
  const stretch = { ...quickStretch(), pbkdf2Sha512 };
  const parts = {
    ...{ entropy, passphrase },
    material: { kind: "words", entropy, passphrase } as const,
    ...{ network: "mainnet" as const, curve: fast, stretch },
  };
  const keyring = await Keyring.open(parts);
  const seed = mnemonicToSeedSync(entropyToMnemonic(entropy, wordlist), "TREZOR");
  const use = { kind: "words", words: 24, index: 3 } as const;
  const node = masterOf(fast, seed);
  const direct: Bip85Source = { network: "mainnet", deriveBip85: (path) => bip85Entropy(fast, node, path) };
  assert.deepEqual(bip85(keyring, use), bip85(direct, use));
  keyring.wipe();
  assert.throws(() => bip85(keyring, use), /wiped/);
});

test("a path with a step that is not hardened is a bug, and nothing comes out", () => {
  const node = masterNode(published.root);
  for (const path of [[], [83696968], [0x80000000 + 83696968, 2]])
    assert.throws(() => bip85Entropy(fast, node, path), /hardened/);
});

test("the master key is as it was, and what a child came from is overwritten", () => {
  const node = masterNode(published.root);
  const before = toHex(node.secret) + toHex(node.chainCode);
  let entropy: Uint8Array | undefined;
  const keeping: Bip85Source = {
    network: "mainnet",
    deriveBip85(path) {
      entropy = bip85Entropy(fast, node, path);
      return entropy;
    },
  };
  bip85(keeping, { kind: "words", words: 12, index: 7 });
  assert.equal(toHex(node.secret) + toHex(node.chainCode), before);
  assert.ok(entropy?.every((byte) => byte === 0));
});
