// Accounts of Ethereum: the addresses that every other program derives, and no path beside them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { computeAddress } from "ethers";
import fc from "fast-check";
import { publicKeyToAddress } from "viem/accounts";
import { toHex } from "../../src/bytes.ts";
import {
  accountAt,
  accountOfPath,
  addressOfKey,
  isFar,
  LAYOUTS,
  nameOfAccount,
  ownAccount,
  pathOfAccount,
  writeAccountPath,
} from "../../src/ethereum/accounts.ts";
import { nobleCurve } from "../../src/keys/curve-noble.ts";
import { HARDENED, LIMITS } from "../../src/limits.ts";
import type { Path } from "../../src/model.ts";
import { Refusal } from "../../src/refusal.ts";
import { ERC4527, master, nodeOf, written } from "./support.ts";

const { mnemonic, expected_addresses: EXPECTED } = ERC4527.metamask_pairing;
const ROOT = master(mnemonic);
const nodeAt = (path: Path) => nodeOf(ROOT, path);
const H = HARDENED;
const curve = nobleCurve();

test("the first ten accounts are those that MetaMask publishes for these words", () => {
  const found = Array.from(
    { length: 10 },
    (_, index) => ownAccount({ layout: "standard", index }, nodeAt, curve).address,
  );
  assert.deepEqual(found, EXPECTED);
});

test("every account of every layout has the address that ethers derives at its path", () => {
  const index = fc.integer({ min: 0, max: HARDENED - 1 });
  fc.assert(
    fc.property(fc.constantFrom(...LAYOUTS), index, (layout, index) => {
      const account = ownAccount({ layout, index }, nodeAt, curve);
      assert.equal(account.address, ROOT.derivePath(written(account.path)).address);
      assert.equal(writeAccountPath(account.path), written(account.path));
      assert.deepEqual(accountAt(account.path, nodeAt, curve), account);
    }),
    {
      numRuns: 60,
      examples: [
        ["ledger-live", 0],
        ["ledger-legacy", 0],
        ["standard", 2 ** 31 - 1],
      ],
    },
  );
});

test("the address of any key is the one that ethers and viem give it", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (secret) => {
      if (!curve.isSecret(secret)) return;
      const key = curve.publicKey(secret);
      const address = addressOfKey(key, curve);
      assert.equal(address, computeAddress(`0x${toHex(key)}`));
      assert.equal(address, publicKeyToAddress(`0x${toHex(curve.decompress(key))}`));
    }),
    { numRuns: 500 },
  );
});

test("the layouts' paths are the ones that programs use, and their names tell them apart", () => {
  const told = LAYOUTS.map((layout) => [
    nameOfAccount({ layout, index: 3 }),
    writeAccountPath(pathOfAccount({ layout, index: 3 })),
  ]);
  assert.deepEqual(told, [
    ["account 3", "m/44'/60'/0'/0/3"],
    ["Ledger Live account 3", "m/44'/60'/3'/0/0"],
    ["old Ledger account 3", "m/44'/60'/0'/3"],
  ]);
});

test("account 0 of Ledger Live is account 0: one key has one name", () => {
  const live = ownAccount({ layout: "ledger-live", index: 0 }, nodeAt, curve);
  assert.deepEqual(live, ownAccount({ layout: "standard", index: 0 }, nodeAt, curve));
  assert.equal(live.name, "account 0");
});

test("no other path signs: Bitcoin's, another coin's, another account, hardened or not, longer or shorter", () => {
  const wrong: readonly Path[] = [
    [],
    [44 + H],
    [44 + H, 60 + H],
    [44 + H, 60 + H, H],
    [44 + H, 60 + H, H + 1],
    [44 + H, 60 + H, H + 1, 0],
    [44 + H, 60 + H, H + 1, 0, 1],
    [44 + H, 60 + H, H + 1, 1, 0],
    [44 + H, 60 + H, H, 1, 0],
    [44 + H, 60 + H, H, 0, H],
    [44 + H, 60 + H, H, H, 0],
    [44 + H, 60 + H, H, H],
    [44 + H, 60 + H, 0, 0, 0],
    [44 + H, 60, H, 0, 0],
    [44, 60 + H, H, 0, 0],
    [44 + H, 60 + H, H, 0, 0, 0],
    [44 + H, 61 + H, H, 0, 0],
    [44 + H, H, H, 0, 0],
    [44 + H, 1 + H, H, 0, 0],
    [49 + H, 60 + H, H, 0, 0],
    [84 + H, H, H, 0, 0],
    [86 + H, H, H, 0, 0],
    [48 + H, H, H, 2 + H, 0, 0],
  ];
  for (const path of wrong) {
    assert.equal(accountOfPath(path), undefined, written(path));
    assert.throws(
      () => accountAt(path, () => assert.fail("a key was derived"), curve),
      (error) => error instanceof Refusal && error.reason === "ethereum.path",
    );
  }
});

test("of all paths only the layouts' are accounts, and each is the path of the account that it is", () => {
  const step = fc.oneof(
    fc.constantFrom(0, 1, H, H + 1, H + 44, H + 60, 44, 60),
    fc.integer({ min: 0, max: 2 * H - 1 }),
  );
  const near = fc
    .tuple(fc.constantFrom(...LAYOUTS), fc.integer({ min: 0, max: H - 1 }), fc.nat(4), step)
    .map(([layout, index, at, put]) =>
      pathOfAccount({ layout, index }).map((old, i) => (i === at ? put : old)),
    );
  fc.assert(
    fc.property(fc.oneof(near, fc.array(step, { maxLength: LIMITS.pathDepth })), (path) => {
      const account = accountOfPath(path);
      const text = written(path);
      const isOne = /^m\/44'\/60'\/(0'\/0\/\d+|\d+'\/0\/0|0'\/\d+)$/.test(text);
      assert.equal(account !== undefined, isOne, text);
      if (account) assert.deepEqual(pathOfAccount(account), path);
    }),
    { numRuns: 20_000 },
  );
});

test("an account past those that are looked through is far, and is said to be", () => {
  assert.equal(isFar({ layout: "standard", index: LIMITS.ethereumAccounts - 1 }), false);
  assert.equal(isFar({ layout: "standard", index: LIMITS.ethereumAccounts }), true);
});
