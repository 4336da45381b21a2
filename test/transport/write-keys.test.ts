// What Firn writes of keys and wallets as UR, read by others and by itself, and compared with the papers letter by letter.

import assert from "node:assert/strict";
import { test } from "node:test";
import { URDecoder } from "@ngraveio/bc-ur";
import { sha256 } from "@noble/hashes/sha2.js";
import { HDKey } from "@scure/bip32";
import { fromHex, toHex, u32be } from "../../src/bytes.ts";
import type { Density, Path } from "../../src/model.ts";
import { utf8 } from "../../src/text.ts";
import {
  splitAccountUr,
  splitBytesUr,
  splitHdKeyUr,
  splitOutputUr,
  type UrForm,
  type UrKey,
} from "../../src/transport/index.ts";
import { accountBody, outputBody } from "../../src/transport/write-keys.ts";
import { collect, vectors } from "./support.ts";

const H = 0x80000000;
const DENSITIES: readonly Density[] = ["least", "low", "medium", "high"];

function keyFrom(seed: number, path: Path, practice = false): UrKey {
  const versions = practice ? { private: 0x04358394, public: 0x043587cf } : undefined;
  const master = HDKey.fromMasterSeed(sha256(u32be(seed)), versions);
  const node = path.reduce((one, step) => one.deriveChild(step), master);
  return {
    fingerprint: toHex(u32be(master.fingerprint)),
    path,
    publicKey: node.publicKey!,
    chainCode: node.chainCode!,
    parentFingerprint: toHex(u32be(node.parentFingerprint)),
    practice,
  };
}

const extendedOf = (seed: number, path: Path, practice = false) => {
  const versions = practice ? { private: 0x04358394, public: 0x043587cf } : undefined;
  const master = HDKey.fromMasterSeed(sha256(u32be(seed)), versions);
  return path.reduce((one, step) => one.deriveChild(step), master).publicExtendedKey;
};

/** The paper's seven outputs, each with its form and its place. */
const PAPER: readonly { form: UrForm; path: Path }[] = [
  { form: "pkh", path: [H + 44, H, H] },
  { form: "sh-wpkh", path: [H + 49, H, H] },
  { form: "wpkh", path: [H + 84, H, H] },
  { form: "sh", path: [H + 45] },
  { form: "sh-wsh", path: [H + 48, H, H, H + 1] },
  { form: "wsh", path: [H + 48, H, H, H + 2] },
  { form: "tr", path: [H + 86, H, H] },
];

test("each output of BCR-2020-015's account is written as the paper prints it, but for the two tags that break readers, and with its depth", () => {
  const paper = vectors("ur-registry-bcr").papers.find((one: { paper: string }) =>
    one.paper.startsWith("bcr-2020-015"),
  );
  const { cbor } = paper.vectors.find((one: { cbor?: string }) => one.cbor);
  const outputs: string[] = cbor.slice("a2011a37b5eed40287".length).split("d90134").slice(1);
  assert.equal(outputs.length, PAPER.length);
  for (const [i, { form, path }] of PAPER.entries()) {
    const printed = outputs[i]!.replace("d9019a", "");
    const [, publicKey, chainCode, parent] =
      /^.*?035821([0-9a-f]{66})045820([0-9a-f]{64}).*081a([0-9a-f]{8})$/.exec(printed)!;
    const key: UrKey = {
      ...{ fingerprint: "37b5eed4", path, practice: false, parentFingerprint: parent! },
      ...{ publicKey: fromHex(publicKey!)!, chainCode: fromHex(chainCode!)! },
    };
    const depth = `030${path.length}`;
    const expected = printed.replace("d90130a2", "d90130a3").replace("021a37b5eed4", `021a37b5eed4${depth}`);
    assert.equal(toHex(accountBody(key, form)), `a2011a37b5eed40281${expected}`, form);
  }
});

for (const practice of [false, true])
  test(`Firn reads the account and the key that it writes, in every form and density${practice ? ", on practice networks" : ""}`, () => {
    for (const { form, path: usual } of PAPER) {
      const path = usual.length === 1 ? usual : usual.with(1, practice ? H + 1 : H);
      const key = keyFrom(7, path, practice);
      const steps = path.map((step) => `/${step - H}h`).join("");
      const text = `[${key.fingerprint}${steps}]${extendedOf(7, path, practice)}/<0;1>/*`;
      const wrapped = `${form.replaceAll("-", "(")}(${text})${form.includes("-") ? ")" : ""}`;
      for (const density of DENSITIES) {
        const account = collect(splitAccountUr(key, form, density).texts, ["key"]);
        assert.deepEqual(account, { kind: "key", dialect: "ur", text: wrapped });
        const alone = collect(splitHdKeyUr(key, density).texts, ["key"]);
        assert.deepEqual(alone, { kind: "key", dialect: "ur", text });
      }
    }
  });

test("bc-ur reads what Firn shows, to the byte, under the old names", () => {
  const key = keyFrom(1, [H + 48, H, H, H + 2]);
  const keys = [1, 2, 3].map((seed) => keyFrom(seed, [H + 48, H, H, H + 2]));
  const wallet = { form: "wsh", keys, quorum: { threshold: 2, sorted: true } } as const;
  for (const density of DENSITIES)
    for (const [type, { texts }, body] of [
      ["crypto-account", splitAccountUr(key, "wsh", density), accountBody(key, "wsh")],
      ["crypto-output", splitOutputUr(wallet, density), outputBody(wallet)],
    ] as const) {
      const decoder = new URDecoder();
      for (const text of texts) if (!decoder.isComplete()) decoder.receivePart(text);
      assert.ok(decoder.isSuccess());
      assert.deepEqual([decoder.resultUR().type, toHex(decoder.resultUR().cbor)], [type, toHex(body)]);
    }
});

test("a wallet as crypto-output is read back with its keys, quorum and order", () => {
  const path = [H + 48, H, H, H + 2];
  const keys = [1, 2, 3].map((seed) => keyFrom(seed, path));
  const texts = [1, 2, 3].map(
    (seed, i) => `[${keys[i]!.fingerprint}/48h/0h/0h/2h]${extendedOf(seed, path)}/<0;1>/*`,
  );
  for (const [form, open, close] of [
    ["wsh", "wsh(", ")"],
    ["sh-wsh", "sh(wsh(", "))"],
    ["sh", "sh(", ")"],
  ] as const)
    for (const sorted of [true, false]) {
      const quorum = { threshold: 2, sorted };
      const message = collect(splitOutputUr({ form, keys, quorum }, "medium").texts, ["wallet"]);
      const body = `${open}${sorted ? "sorted" : ""}multi(2,${texts.join(",")})${close}`;
      assert.ok(message?.kind === "wallet" && message.text.startsWith(`${body}#`), body);
    }
});

test("a text as UR of type bytes arrives letter for letter", () => {
  const text =
    "Name: Family\nPolicy: 2 of 3\nFormat: P2WSH\n\nDerivation: m/48'/0'/0'/2'\nB8688DF1: xpub1\n".repeat(9);
  for (const density of DENSITIES) {
    const decoder = new URDecoder();
    for (const part of splitBytesUr(text, density).texts)
      if (!decoder.isComplete()) decoder.receivePart(part);
    assert.deepEqual(new Uint8Array(decoder.resultUR().decodeCBOR()), utf8(text));
  }
});
