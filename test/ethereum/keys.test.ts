// Which keys answer on Ethereum: those of its accounts, for their own address, and none of Bitcoin's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { getBytes, hashMessage, recoverAddress } from "ethers";
import fc from "fast-check";
import { messageDigest } from "../../src/bitcoin/messages/legacy.ts";
import { toHex } from "../../src/bytes.ts";
import { addressBytes } from "../../src/eip55.ts";
import { ownAccount } from "../../src/ethereum/accounts.ts";
import { understand } from "../../src/ethereum/index.ts";
import { nobleCurve } from "../../src/keys/curve-noble.ts";
import { HARDENED as H, LIMITS } from "../../src/limits.ts";
import type { EthereumMessage, Path } from "../../src/model.ts";
import { Refusal } from "../../src/refusal.ts";
import { utf8 } from "../../src/text.ts";
import { ERC4527, master, nodeOf, written } from "./support.ts";

const ROOT = master(ERC4527.metamask_pairing.mnemonic);
const curve = nobleCurve();
const nodeAt = (path: Path) => nodeOf(ROOT, path);
const FINGERPRINT = ROOT.fingerprint.slice(2);

function read(fields: Partial<EthereumMessage>) {
  const message: EthereumMessage = {
    ...{ kind: "ethereum", dialect: "ur", data: utf8("hello"), dataType: 3 },
    path: [44 + H, 60 + H, H, 0, 0],
    ...fields,
  };
  const known = {
    network: "regtest",
    fingerprint: FINGERPRINT,
    curve,
    nodeAt,
    safes: [],
    nowSeconds: 0n,
  } as const;
  const work = understand(message, known);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

const refused = (reason: string, act: () => unknown): void =>
  assert.throws(act, (error: unknown) => error instanceof Refusal && error.reason === reason);

test("a request for a key of Bitcoin's, or of any path that is no account's, is refused before anything is read", () => {
  const paths: readonly Path[] = [
    [84 + H, H, H, 0, 0],
    [84 + H, 1 + H, H, 0, 0],
    [86 + H, H, H, 0, 0],
    [44 + H, H, H, 0, 0],
    [49 + H, H, H, 0, 0],
    [48 + H, H, H, 2 + H, 0, 0],
    [44 + H, 60 + H, H],
    [],
  ];
  for (const path of paths)
    for (const dataType of [1, 2, 3, 4] as const)
      refused("ethereum.path", () => read({ path, dataType, data: new Uint8Array(3) }));
});

test("a request for the address of another account, or of another key, is refused", () => {
  const of = (index: number) =>
    addressBytes(ownAccount({ layout: "standard", index }, nodeAt, curve).address);
  assert.equal(read({ address: of(0), fingerprint: FINGERPRINT }).review.account.name, "account 0");
  refused("ethereum.not-ours", () => read({ address: of(1) }));
  refused("ethereum.not-ours", () => read({ fingerprint: "00000001" }));
});

test("every account of every layout answers with its own key, and says which it is", () => {
  const index = fc.nat(LIMITS.ethereumAccounts - 1);
  const layout = fc.constantFrom("standard", "ledger-live", "ledger-legacy");
  fc.assert(
    fc.property(layout, index, (layout, index) => {
      const own = ownAccount({ layout, index }, nodeAt, curve);
      const { review } = read({ path: own.path, address: addressBytes(own.address) });
      assert.equal(review.account.address, ROOT.derivePath(written(own.path)).address);
      assert.equal(review.account.name, own.name);
      assert.deepEqual(review.says, []);
    }),
    { numRuns: 40 },
  );
});

test("an account that no program finds is said to be one, in caution", () => {
  const { review } = read({ path: [44 + H, 60 + H, H, 0, LIMITS.ethereumAccounts] });
  assert.match(review.says.join(" "), /account 100: no program finds so high a number/);
  assert.equal(review.tone, "caution");
});

test("no signature of a message serves both: Bitcoin's is none of Ethereum's by the same key, nor the other way round", () => {
  const path = "m/44'/60'/0'/0/0";
  const { privateKey, publicKey, address } = ROOT.derivePath(path);
  const [secret, key] = [getBytes(privateKey), getBytes(publicKey)];
  fc.assert(
    fc.property(fc.string(), (text) => {
      const { review } = read({ data: utf8(text) });
      assert.equal(`0x${review.digest}`, hashMessage(text));
      const ofBitcoin = curve.signEcdsa(messageDigest(text), secret);
      const ofEthereum = curve.signEcdsa(getBytes(hashMessage(text)), secret);
      for (const v of ["1b", "1c"])
        assert.notEqual(recoverAddress(hashMessage(text), `0x${toHex(ofBitcoin)}${v}`), address);
      assert.equal(curve.verifyEcdsa(messageDigest(text), key, ofBitcoin), true);
      assert.equal(curve.verifyEcdsa(messageDigest(text), key, ofEthereum), false);
    }),
    { numRuns: 50 },
  );
});
