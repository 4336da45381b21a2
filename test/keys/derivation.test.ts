import assert from "node:assert/strict";
import { test } from "node:test";
import { createBase58check } from "@scure/base";
import { concat, toHex, u32be } from "../../src/bytes.ts";
import { childOf, fingerprintOf, masterOf, type Node } from "../../src/keys/index.ts";
import type { Curve } from "../../src/model.ts";
import { CURVES, hex, sha256, vectors } from "./make.ts";

const base58check = createBase58check(sha256);
const bip32 = JSON.parse(vectors("bip32.json"));

function extended(curve: Curve, node: Node, parent: Node | undefined): { pub: string; prv: string } {
  const middle = concat(
    Uint8Array.of(node.depth),
    parent ? hex(fingerprintOf(curve.publicKey(parent.secret))) : new Uint8Array(4),
    u32be(node.childNumber),
    node.chainCode,
  );
  return {
    pub: base58check.encode(concat(hex("0488b21e"), middle, curve.publicKey(node.secret))),
    prv: base58check.encode(concat(hex("0488ade4"), middle, Uint8Array.of(0), node.secret)),
  };
}

for (const curve of CURVES) {
  test(`${curve.name} derives BIP 32 vectors 1 to 4, leading zeros kept`, () => {
    assert.equal(bip32.vectors.length, 4);
    for (const { seed, chains } of bip32.vectors)
      for (const { path, pub, prv } of chains) {
        let parent: Node | undefined;
        let node = masterOf(curve, hex(seed));
        for (const step of path.split("/").slice(1)) {
          parent = node;
          const number = Number.parseInt(step, 10) + (step.endsWith("h") ? 0x80000000 : 0);
          node = childOf(curve, node, number, () => curve.publicKey(parent!.secret));
        }
        assert.deepEqual(extended(curve, node, parent), { pub, prv }, path);
      }
  });

  test(`${curve.name} takes no key out of BIP 32 vector 5 that is none`, () => {
    let keys = 0;
    for (const { extended, why } of bip32.invalid) {
      if (why === "invalid checksum") {
        assert.throws(() => base58check.decode(extended));
        continue;
      }
      const key = base58check.decode(extended).subarray(45);
      const asSecret = key[0] === 0 && curve.isSecret(key.slice(1));
      const asPoint = curve.isPoint(key.slice());
      if (/invalid (pubkey|prvkey)|private key/.test(why)) {
        keys++;
        assert.equal(asSecret || asPoint, false, why);
      }
    }
    assert.equal(keys, 7);
  });

  test(`a hardened step asks ${curve.name} for no point operation`, () => {
    const seed = hex(bip32.vectors[0].seed);
    const refusing = new Proxy(curve, {
      get(target, name: keyof Curve) {
        if (name === "addSecret" || name === "isSecret") return target[name];
        return assert.fail(`${name} was asked for`);
      },
    });
    const node = childOf(refusing, masterOf(refusing, seed), 0x80000000, () => assert.fail("a public key"));
    assert.equal(node.depth, 1);
  });
}

test("a fingerprint is eight hex digits, small letters", () => {
  const master = masterOf(CURVES[0]!, hex(bip32.vectors[0].seed));
  assert.equal(fingerprintOf(CURVES[0]!.publicKey(master.secret)), "3442193e");
  assert.equal(toHex(master.chainCode).length, 64);
});
