// What connects wallet programs, and what answers them, through the registry library that MetaMask and Rabby read with.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CryptoAccount, CryptoHDKey, ETHSignature } from "@keystonehq/bc-ur-registry-eth";
import { URDecoder } from "@ngraveio/bc-ur";
import { computeAddress, getBytes, HDNodeWallet } from "ethers";
import fc from "fast-check";
import { toHex } from "../../src/bytes.ts";
import { LAYOUTS, type Layout, pathOfAccount } from "../../src/ethereum/accounts.ts";
import { ethereumPairing, PAIRED_ACCOUNTS } from "../../src/ethereum/pairing.ts";
import { nobleCurve } from "../../src/keys/curve-noble.ts";
import type { CodeLoop, Density, Path } from "../../src/model.ts";
import { splitEthereumPairing, splitEthSignature } from "../../src/transport/index.ts";
import { ERC4527, master, nodeOf, written } from "./support.ts";

const { mnemonic, expected_addresses: EXPECTED, xpub } = ERC4527.metamask_pairing;
const ROOT = master(mnemonic);
const curve = nobleCurve();
const DENSITIES: readonly Density[] = ["least", "low", "medium", "high"];

/** As a program's camera gives it: letters in either case, parts in any order. */
function received({ texts }: CodeLoop): { type: string; cbor: Buffer } {
  const decoder = new URDecoder();
  for (const text of texts.toReversed()) decoder.receivePart(text);
  assert.ok(decoder.isSuccess());
  return decoder.resultUR();
}

function pairing(layout: Layout, root = ROOT) {
  return ethereumPairing(layout, (path: Path) => nodeOf(root, path), curve);
}

const shownAs = (layout: Layout, density: Density = "medium", root = ROOT) =>
  received(splitEthereumPairing(pairing(layout, root), density));

/** MetaMask's keyring-eth-qr (device.ts, commit c6a32ba): what it keeps of an extended key, and what it derives. */
function asMetaMask(key: CryptoHDKey) {
  const childrenPath = key.getChildren()?.getPath() || "0/*";
  const extended = HDNodeWallet.fromExtendedKey(key.getBip32Key());
  return {
    name: key.getName(),
    note: key.getNote(),
    xfp: key.getOrigin().getSourceFingerprint()?.toString("hex"),
    xpub: key.getBip32Key(),
    hdPath: `m/${key.getOrigin().getPath()}`,
    childrenPath,
    address: (index: number) => extended.derivePath(childrenPath.replace("*", String(index))).address,
  };
}

test("MetaMask derives the ten addresses that it publishes for these words, and the same extended key", () => {
  for (const density of DENSITIES) {
    const { type, cbor } = shownAs("standard", density);
    assert.equal(type, "crypto-hdkey");
    const read = asMetaMask(CryptoHDKey.fromCBOR(cbor));
    assert.deepEqual(
      EXPECTED.map((_: string, i: number) => read.address(i)),
      EXPECTED,
    );
    const { address: _, ...told } = read;
    assert.deepEqual(told, {
      name: "Firn 73c5da0a",
      note: "account.standard",
      xfp: "73c5da0a",
      xpub,
      hdPath: "m/44'/60'/0'",
      childrenPath: "0/*",
    });
  }
});

test("every fact of the standard key stands in it as the registry names it", () => {
  const key = CryptoHDKey.fromCBOR(shownAs("standard").cbor);
  assert.equal(key.isMaster() ?? false, false);
  assert.equal(key.isPrivateKey() ?? false, false);
  assert.equal(key.getUseInfo().getType(), 60);
  assert.equal(key.getOrigin().getDepth(), 3);
  assert.equal(
    `0x${key.getParentFingerprint().toString("hex")}`,
    ROOT.derivePath("m/44'/60'/0'").parentFingerprint,
  );
});

test("the older Ledger layout counts below m/44'/60'/0' itself", () => {
  const { type, cbor } = shownAs("ledger-legacy");
  assert.equal(type, "crypto-hdkey");
  const read = asMetaMask(CryptoHDKey.fromCBOR(cbor));
  assert.deepEqual(
    [read.note, read.hdPath, read.childrenPath],
    ["account.ledger_legacy", "m/44'/60'/0'", "*"],
  );
  for (let i = 0; i < 10; i++) assert.equal(read.address(i), ROOT.derivePath(`m/44'/60'/0'/${i}`).address);
});

test("Ledger Live's accounts come as single keys, by fives, each with its whole path", () => {
  for (const density of DENSITIES) {
    const { type, cbor } = shownAs("ledger-live", density);
    assert.equal(type, "crypto-account");
    const account = CryptoAccount.fromCBOR(cbor);
    assert.equal(account.getMasterFingerprint().toString("hex"), "73c5da0a");
    const outputs = account.getOutputDescriptors();
    assert.equal(outputs.length, PAIRED_ACCOUNTS);
    assert.equal(outputs.length % 5, 0);
    outputs.forEach((output, i) => {
      const key = output.getHDKey()!;
      assert.deepEqual(output.getScriptExpressions(), []);
      assert.equal(`M/${key.getOrigin().getPath()}`, `M/44'/60'/${i}'/0/0`);
      assert.equal(
        computeAddress(`0x${key.getKey().toString("hex")}`),
        ROOT.derivePath(`m/44'/60'/${i}'/0/0`).address,
      );
      assert.deepEqual([key.getName(), key.getNote()], ["Firn 73c5da0a", "account.ledger_live"]);
      assert.equal(key.getChainCode(), undefined);
    });
  }
});

test("a program that asks for account i of a layout asks for the path that Firn signs with for it", () => {
  for (const layout of LAYOUTS)
    for (const index of [0, 1, 7]) {
      const { type, cbor } = shownAs(layout);
      const asked =
        type === "crypto-hdkey"
          ? (({ hdPath, childrenPath }) => `${hdPath}/${childrenPath.replace("*", String(index))}`)(
              asMetaMask(CryptoHDKey.fromCBOR(cbor)),
            )
          : `m/${CryptoAccount.fromCBOR(cbor).getOutputDescriptors()[index]!.getHDKey()!.getOrigin().getPath()}`;
      assert.equal(asked, written(pathOfAccount({ layout, index })));
    }
});

test("the code of any seed gives the addresses that ethers derives from its words", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 32 }), fc.nat(1000), (seed, index) => {
      const root = HDNodeWallet.fromSeed(seed);
      const read = asMetaMask(CryptoHDKey.fromCBOR(shownAs("standard", "medium", root).cbor));
      assert.equal(read.address(index), root.derivePath(`m/44'/60'/0'/0/${index}`).address);
      assert.equal(`0x${read.xfp}`, root.fingerprint);
    }),
    { numRuns: 25 },
  );
});

test("no code holds a private key", () => {
  const secrets = ["m", "m/44'/60'/0'", "m/44'/60'/0'/0", "m/44'/60'/0'/0/0", "m/44'/60'/1'/0/0"].map(
    (path) => toHex(getBytes((path === "m" ? ROOT : ROOT.derivePath(path)).privateKey)),
  );
  for (const layout of LAYOUTS)
    for (const secret of secrets) assert.equal(toHex(shownAs(layout).cbor).includes(secret), false);
});

test("the key is written as MetaMask's own fixture is, but for depth, note and children", () => {
  const fixture = CryptoHDKey.fromCBOR(Buffer.from(ERC4527.metamask_pairing.hdkey_cbor, "hex"));
  const ours = CryptoHDKey.fromCBOR(shownAs("standard").cbor);
  assert.deepEqual(ours.getKey(), fixture.getKey());
  assert.deepEqual(ours.getChainCode(), fixture.getChainCode());
  assert.equal(ours.getOrigin().getPath(), fixture.getOrigin().getPath());
});

// ---------------------------------------------------------------- answers

test("an answer is read as it was written, its request's id with it, of 65 bytes and of more", () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  fc.assert(
    fc.property(
      bytes(16),
      fc.uint8Array({ minLength: 65, maxLength: 72 }),
      fc.option(fc.constantFrom("Firn", "metamask"), { nil: undefined }),
      fc.constantFrom(...DENSITIES),
      (requestId, signature, origin, density) => {
        const reply = { requestId, signature, signed: 1, ...(origin === undefined ? {} : { origin }) };
        const { type, cbor } = received(splitEthSignature(reply, density));
        assert.equal(type, "eth-signature");
        const read = ETHSignature.fromCBOR(cbor);
        assert.deepEqual(new Uint8Array(read.getRequestId()!), requestId);
        assert.deepEqual(new Uint8Array(read.getSignature()), signature);
        assert.equal(read.getOrigin(), origin);
      },
    ),
    { numRuns: 300 },
  );
});

test("an answer is one code wherever more than the least is shown, and one without an id has none", () => {
  const reply = { signature: new Uint8Array(65).fill(7), signed: 1 };
  for (const density of ["low", "medium", "high"] as const)
    assert.equal(splitEthSignature({ ...reply, requestId: new Uint8Array(16) }, density).texts.length, 1);
  assert.equal(
    ETHSignature.fromCBOR(received(splitEthSignature(reply, "low")).cbor).getRequestId(),
    undefined,
  );
});

test("the registry's published answer is written letter for letter", () => {
  const [{ urs, hex }] = ERC4527.registry[1].tests;
  const read = ETHSignature.fromCBOR(URDecoder.decode(urs[0]).cbor);
  const reply = {
    requestId: new Uint8Array(read.getRequestId()!),
    signature: new Uint8Array(Buffer.from(hex[0], "hex")),
    signed: 1,
  };
  const origin = read.getOrigin();
  const { texts } = splitEthSignature({ ...reply, ...(origin ? { origin } : {}) }, "high");
  assert.deepEqual(texts, [urs[0].toUpperCase()]);
});
