import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { HDKey } from "@scure/bip32";
import { mnemonicToSeedSync } from "@scure/bip39";
import { accountWallets } from "../../src/bitcoin/accounts.ts";
import { addressOf, scriptOf } from "../../src/bitcoin/address.ts";
import { childNode, compile, prepare } from "../../src/bitcoin/derive.ts";
import { checksum } from "../../src/bitcoin/descriptor/checksum.ts";
import { parseDescriptor, readAnyDescriptor } from "../../src/bitcoin/descriptor/descriptor.ts";
import { readExtended, writeExtended } from "../../src/bitcoin/descriptor/extended.ts";
import { readPath } from "../../src/bitcoin/descriptor/origin.ts";
import { nameWallet } from "../../src/bitcoin/descriptor/value.ts";
import { hash160, multisig, p2sh, witness } from "../../src/bitcoin/script.ts";
import type { Wallet } from "../../src/bitcoin/wallet.ts";
import { compare, fromHex, toHex, u32be } from "../../src/bytes.ts";
import { nobleCurve } from "../../src/keys/index.ts";
import { HARDENED } from "../../src/limits.ts";
import type { Network } from "../../src/model.ts";
import { curve, reasonOf, withChecksum } from "./wallet-cast.ts";

const bips = JSON.parse(readFileSync("test/vectors/bitcoin-wallet/bips.json", "utf8"));
const read = (text: string) => readExtended(text, "mainnet", "p2wpkh", curve, "key");

test("BIP 32: every extended public key is read and written back as it was", () => {
  const chains = bips.bip32.valid.flatMap((one: { chains: unknown[] }) => one.chains);
  assert.equal(chains.length, 17);
  for (const { xpub, path } of chains) {
    const key = read(xpub);
    const steps = readPath(path.slice(1))!;
    assert.equal(writeExtended(key, "mainnet"), xpub);
    assert.equal(key.depth, steps.length);
    assert.equal(key.childNumber, steps.at(-1) ?? 0);
  }
});

test("BIP 32: public derivation gives the vectors' keys, by both curves", () => {
  let steps = 0;
  for (const { chains } of bips.bip32.valid) {
    for (const [i, { xpub, path }] of chains.entries()) {
      const step = readPath(path.slice(1))!.at(-1) ?? HARDENED;
      if (step >= HARDENED) continue;
      steps++;
      const want = read(xpub);
      const parent = read(chains[i - 1].xpub);
      assert.equal(want.parentFingerprint, toHex(hash160(parent.publicKey).subarray(0, 4)));
      for (const one of [curve, nobleCurve()]) {
        const child = childNode(parent, step, one);
        assert.deepEqual(child, { publicKey: want.publicKey, chainCode: want.chainCode });
      }
    }
  }
  assert.equal(steps, 6);
});

test("BIP 32: every invalid extended key is refused", () => {
  assert.equal(bips.bip32.invalid.length, 16);
  for (const { key, why } of bips.bip32.invalid)
    assert.equal(
      reasonOf(() => read(key)),
      "bitcoin.wallet-key",
      why,
    );
});

test("BIP 32: a child whose number is no scalar is no child, and its address is refused, not guessed", () => {
  const broken = { ...curve, addPublic: () => undefined };
  const key = read(bips.bip32.valid[0].chains[0].xpub);
  assert.equal(childNode(key, 0, broken), undefined);
  const [wallet] = accountsOf("mainnet") as [Wallet];
  assert.equal(
    reasonOf(() => compile(wallet, broken).derive(0, 0)),
    "bitcoin.path-outside-wallet",
  );
});

test("BIP 67: keys are sorted by their bytes", () => {
  assert.equal(bips.bip67.length, 4);
  for (const { list, sorted, script, address } of bips.bip67) {
    const keys = list.map((hex: string) => fromHex(hex)!).sort(compare);
    assert.deepEqual(keys.map(toHex), sorted);
    const redeem = multisig(2, keys);
    assert.equal(toHex(redeem), script);
    assert.equal(addressOf(p2sh(hash160(redeem)), "mainnet"), address);
  }
});

function accountsOf(network: Network): Wallet[] {
  const master = HDKey.fromMasterSeed(mnemonicToSeedSync(bips.bip84.mnemonic));
  return accountWallets(network, (path) => {
    const node = path.reduce((at, step) => at.deriveChild(step), master);
    return {
      fingerprint: toHex(u32be(master.fingerprint)),
      publicKey: node.publicKey!,
      chainCode: node.chainCode!,
      depth: node.depth,
      parentFingerprint: toHex(u32be(node.parentFingerprint)),
    };
  });
}

const FIRST_THREE = [
  [0, 0],
  [0, 1],
  [1, 0],
] as const;

test("BIP 84: account 0 has the vectors' key and addresses", () => {
  const wallet = accountsOf("mainnet")[0]!;
  const { xpub, publicKeys, addresses } = bips.bip84;
  assert.equal(wallet.name, "Native segwit, account 0");
  // The vector writes zpub, which is the same key in another dress.
  assert.equal(
    writeExtended(readExtended(xpub, "mainnet", "p2wpkh", curve, "key"), "mainnet"),
    wallet.keys[0]!.extended,
  );
  const template = compile(wallet, curve);
  for (const [i, [branch, index]] of FIRST_THREE.entries()) {
    const derived = template.derive(branch, index);
    assert.equal(toHex(derived.publicKeys[0]!), publicKeys[i]);
    assert.equal(addressOf(derived.scriptPubKey, "mainnet"), addresses[i]);
  }
});

test("BIP 86: account 0 has the vectors' key, tweaks and addresses", () => {
  const wallet = accountsOf("mainnet")[1]!;
  const { xpub, internalKeys, outputKeys, scripts, addresses } = bips.bip86;
  assert.equal(wallet.keys[0]!.extended, xpub);
  const template = compile(wallet, curve);
  for (const [i, [branch, index]] of FIRST_THREE.entries()) {
    const { taproot, scriptPubKey } = template.derive(branch, index);
    assert.equal(toHex(taproot!.internalKey), internalKeys[i]);
    assert.equal(toHex(taproot!.outputKey), outputKeys[i]);
    assert.equal(toHex(scriptPubKey), scripts[i]);
    assert.equal(addressOf(scriptPubKey, "mainnet"), addresses[i]);
  }
});

test("BIP 49: account 0 has the vector's key and address", () => {
  const wallet = accountsOf("testnet3")[2]!;
  const { upub, publicKey, address } = bips.bip49;
  const key = readExtended(upub, "testnet3", "p2sh-p2wpkh", curve, "key");
  assert.equal(writeExtended(key, "testnet3"), wallet.keys[0]!.extended);
  const derived = compile(wallet, curve).derive(0, 0);
  assert.equal(toHex(derived.publicKeys[0]!), publicKey);
  assert.equal(addressOf(derived.scriptPubKey, "testnet3"), address);
});

test("BIP 44: account 0 gives the address that every wallet gives for these words", () => {
  const wallet = accountsOf("mainnet")[3]!;
  assert.equal(
    addressOf(compile(wallet, curve).derive(0, 0).scriptPubKey, "mainnet"),
    "1LqBGSKuX5yYUonjxT5qGfpUsXKYYWeabA",
  );
});

test("BIP 380: the checksum is the specification's", () => {
  assert.equal(checksum("raw(deadbeef)"), "89f8spxm");
  assert.notEqual(checksum("raw(deedbeef)"), "89f8spxm");
  assert.equal(checksum("raw(Ü)"), undefined);
  const good =
    "wpkh([0f056943/84h/0h/123h]xpub6CaWStGvcXqSW9BzU2vpCoP7aWjz9VfR5DS2nuYWVvKV2nug2dESg3HdFsaWHeoZaxuAhNcPB3TH2gq8MugS3JX1yGuhB4QbC2BneaYqB16/<0;1>/*)";
  assert.equal(checksum(good), "yk84tprf"); // a Coldcard's own export
});

test("BIP 380 to 386 and 389: no invalid expression is accepted, even under a right checksum", () => {
  const bad: string[] = bips.bip380.invalidKeys.map((key: string) => `wpkh(${key})`);
  for (const name of ["bip381", "bip382", "bip383", "bip386", "bip389"]) bad.push(...bips[name].invalid);
  assert.equal(bad.length, 47);
  for (const body of bad)
    assert.match(
      reasonOf(() => parseDescriptor(withChecksum(body), "mainnet", curve)),
      /^bitcoin\.(wallet|miniscript)-/,
      body,
    );
});

test("BIP 381 to 386: a descriptor that is valid but not a whole wallet is refused, never half understood", () => {
  for (const name of ["bip381", "bip382", "bip383", "bip386"])
    for (const { descriptor } of bips[name].valid)
      assert.match(
        reasonOf(() => parseDescriptor(withChecksum(descriptor), "mainnet", curve)),
        /^bitcoin\.(wallet|miniscript)-/,
        descriptor,
      );
});

/** The vectors put more steps between key and index than Firn takes: they are walked beforehand. */
function walked(xpub: string, steps: readonly number[]) {
  const node = steps.reduce(
    (at, step) => childNode(at, step, curve)!,
    read(xpub) as { publicKey: Uint8Array; chainCode: Uint8Array },
  );
  return { ...node, fingerprint: "ffffffff", path: [], extended: xpub, ours: false };
}

test("BIP 382: wpkh gives the vectors' scripts", () => {
  const vector = bips.bip382.valid.find((one: { descriptor: string }) => one.descriptor.endsWith("/1/2/*)"));
  const at = prepare(readAnyDescriptor(vector.descriptor, "mainnet", curve), curve);
  assert.deepEqual(
    [0, 1, 2].map((index) => toHex(at(0, index)!.scriptPubKey)),
    vector.scripts,
  );
});

test("BIP 383: sortedmulti gives the vectors' scripts", () => {
  const vector = bips.bip383.valid.find((one: { descriptor: string }) =>
    one.descriptor.startsWith("sortedmulti(2,xpub"),
  );
  const [first, second] = vector.descriptor.match(/xpub\w+/g);
  for (const index of [0, 1, 2]) {
    const keys = [walked(first, [index]), walked(second, [0, 0, index])].map((key) => key.publicKey);
    assert.equal(toHex(multisig(2, keys.sort(compare))), vector.scripts[index]);
  }
});

test("BIP 383: sixteen keys in sh(wsh(multi)) give the vector's script", async () => {
  const { sha256 } = await import("@noble/hashes/sha2.js");
  const vector = bips.bip383.valid.find((one: { descriptor: string }) =>
    one.descriptor.startsWith("sh(wsh(multi(16,0"),
  );
  const keys = vector.descriptor.match(/0[23][0-9a-f]{64}/g).map((hex: string) => fromHex(hex)!);
  assert.equal(keys.length, 16);
  assert.equal(toHex(p2sh(hash160(witness(0, sha256(multisig(16, keys)))))), vector.scripts[0]);
});

test("BIP 173 and 350: valid addresses are read and written, invalid ones are refused", () => {
  assert.equal(bips.bip350.valid.length, 8);
  for (const { address, script } of bips.bip350.valid) {
    const network = address.toLowerCase().startsWith("bc") ? "mainnet" : "testnet4";
    assert.equal(toHex(scriptOf(address, network)), script);
    assert.equal(addressOf(fromHex(script)!, network), address.toLowerCase());
  }
  for (const { address, why } of bips.bip350.invalid) {
    for (const network of ["mainnet", "testnet3"] as const)
      assert.equal(
        reasonOf(() => scriptOf(address, network)),
        "bitcoin.address",
        why,
      );
  }
});

test("A Coldcard's own exports are read as they are and lead to the first address that it states", () => {
  // Facts from Coldcard's docs/generic-wallet-export.md (github.com/Coldcard/firmware, commit 8eb0e008).
  for (const [descriptor, first] of [
    [
      "pkh([0f056943/44h/0h/123h]xpub6DStQXfAgHuLbMpCf86ruVkF4yT9pSLyWsFiqQTWY9osuinq8Dyee4W5jCjMfyku5LNkRB9oFinrY5ufn9XXEn8Vvzc2jnifKMaQCNV7RBZ/<0;1>/*)#4tl8jryn",
      "1GTNtzG5xX2UhdD5e3Nu7i1WPxFdjxQMJt",
    ],
    [
      "sh(wpkh([0f056943/49h/0h/123h]xpub6DDm8WzH5a9qjKkttzqSB3uGofNohU9D3n3UG8WMxkUZzJEMPTYiQRf1dvTFCQR82MjGW4LUMVuTtnW4hF17RpzCqVwhf6Z2fnJPWtjG164/<0;1>/*))#5j7t2n2u",
      "3CeBRbJKCpg7BpJME2vM8ZxhCjBnhG4toy",
    ],
    [
      "wpkh([0f056943/84h/0h/123h]xpub6CaWStGvcXqSW9BzU2vpCoP7aWjz9VfR5DS2nuYWVvKV2nug2dESg3HdFsaWHeoZaxuAhNcPB3TH2gq8MugS3JX1yGuhB4QbC2BneaYqB16/<0;1>/*)#yk84tprf",
      "bc1qhj6avwmp5lhpgqwm6dgxrf3v5lf67rjm99a8an",
    ],
  ] as const) {
    const wallet = nameWallet(parseDescriptor(descriptor, "mainnet", curve), "export");
    assert.equal(wallet.descriptor, descriptor);
    assert.equal(addressOf(compile(wallet, curve).derive(0, 0).scriptPubKey, "mainnet"), first);
  }
});
