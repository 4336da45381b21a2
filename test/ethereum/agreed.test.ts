// Nothing is signed that the second reader reads otherwise, and nothing leaves that a stranger would not take.

import assert from "node:assert/strict";
import { test } from "node:test";
import { getBytes, Transaction } from "ethers";
import { addr, Transaction as Second } from "micro-eth-signer";
import { readAsked } from "../../src/ethereum/asked.ts";
import { type KnownEthereum, understand } from "../../src/ethereum/index.ts";
import { accountOf } from "../../src/flows/ethereum/own.ts";
import { nobleCurve } from "../../src/keys/index.ts";
import { HARDENED } from "../../src/limits.ts";
import type { EthereumMessage, Path } from "../../src/model.ts";
import { Refusal } from "../../src/refusal.ts";
import type { Work } from "../../src/request.ts";
import { type Safe, safeOf } from "../../src/safe.ts";
import { utf8 } from "../../src/text.ts";
import { at, contextWith, FRIEND } from "./call-world.ts";
import { txFields, typedText } from "./safe-stage.ts";
import { master, nodeOf } from "./support.ts";

const root = master("test test test test test test test test test test test junk");
const OWN = root.derivePath("m/44'/60'/0'/0/0");
const curve = nobleCurve();
const known: KnownEthereum = {
  ...({ network: "testnet4", fingerprint: root.fingerprint.slice(2), curve, safes: [] } as const),
  nodeAt: (path: Path) => nodeOf(root, path),
  nowSeconds: 1_767_225_600n,
};

type Asked = Pick<EthereumMessage, "data" | "dataType"> & Partial<EthereumMessage>;
const messageOf = (asked: Asked): EthereumMessage => ({
  ...({ kind: "ethereum", dialect: "ur" } as const),
  path: [44 + HARDENED, 60 + HARDENED, HARDENED, 0, 0],
  ...asked,
});
const ask = (asked: Asked, more: Partial<KnownEthereum> = {}) =>
  run(understand(messageOf(asked), { ...known, ...more }));

function run<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

function refuses(reason: string, act: () => unknown) {
  assert.throws(act, (problem) => problem instanceof Refusal && problem.reason === reason);
}

const unsigned = () =>
  getBytes(
    Transaction.from({
      ...{ type: 2, chainId: 1n, nonce: 7, to: FRIEND, value: 5n, gasLimit: 21_000n },
      ...{ maxFeePerGas: 2n, maxPriorityFeePerGas: 1n },
    }).unsignedSerialized,
  );
const typed = () => utf8(typedText({ ...txFields({ value: 3n }) }));
const KINDS = [
  ["a transaction", 4, unsigned, 0x05, 0x06],
  ["typed data", 2, typed, 0x33, 0x34],
  ["a message", 3, () => utf8("Pay 3"), 0x33, 0x34],
] as const;

for (const [name, dataType, bytes, from, to] of KINDS)
  test(`${name} that the second reader reads otherwise is refused`, () => {
    const data = bytes();
    const asked = readAsked(messageOf({ data, dataType }), contextWith([]));
    asked.agree();
    data[data.lastIndexOf(from)] = to;
    refuses("ethereum.readers-disagree", asked.agree);
  });

test("a request hears its second reader before it can be approved", (t) => {
  const request = ask({ data: unsigned(), dataType: 4 });
  t.mock.method(Second, "fromBytes", () => {
    throw new Error("not one of mine");
  });
  refuses("ethereum.readers-disagree", () => run(request.agree()));
  const verdict = { txid: request.spend.txid, outcome: "allow", rules: [] } as const;
  assert.throws(() => request.approve(verdict, "approve"), /before the second reader agreed/);
});

test("an account whose address another implementation makes otherwise signs nothing", () => {
  const lies = { ...curve, decompress: (key: Uint8Array) => curve.decompress(key).fill(7, 64) };
  const request = ask({ data: unsigned(), dataType: 4 }, { curve: lies });
  assert.notEqual(request.review.account.address, addr.fromPublicKey(getBytes(OWN.publicKey)));
  refuses("ethereum.readers-disagree", () => run(request.agree()));
});

test("a signature that is not the account's never leaves, whatever the curve says of it", () => {
  const lies = { ...curve, recoverEcdsa: () => getBytes(OWN.publicKey) };
  const request = ask({ data: unsigned(), dataType: 4 }, { check: lies });
  run(request.agree());
  const key = getBytes(root.derivePath("m/44'/60'/0'/0/1").privateKey);
  const foreign = curve.signEcdsa(getBytes(`0x${request.review.digest}`), key);
  assert.throws(() => run(request.finish([foreign])), /not this account's/);
});

test("what is signed in to is the site that asks, not the page that it names", () => {
  const text = `evil.example wants you to sign in with your Ethereum account:\n${OWN.address}\n\n\nURI: https://good.example/in\nVersion: 1\nChain ID: 1\nNonce: abcdefgh\nIssued At: 2026-01-01T00:00:00Z`;
  const { spend, review } = ask({ data: utf8(text), dataType: 3 });
  assert.equal(spend.ethereum?.site, "evil.example");
  assert.equal(review.tone, "danger");
});

test("an old Safe's transaction is signed for the chain that the Safe is registered on alone", () => {
  const safe: Safe = safeOf("Old", {
    ...({ chainId: 1n, address: at(`0x${"5a".repeat(20)}`), version: "1.1.1", threshold: 1 } as const),
    owners: [at(OWN.address)],
  });
  const data = utf8(typedText({ ...txFields({ value: 3n }) }, { safe: safe.address }, true));
  refuses("safe.other-chain", () => ask({ data, dataType: 2, chainId: 10n }, { safes: [safe] }));
  const { spend } = ask({ data, dataType: 2 }, { safes: [safe] });
  assert.equal(spend.ethereum?.chainId, 1n);
});

test("an address to be paid to is made by both curves, or by none", () => {
  const keyring = { account: (path: Path) => nodeOf(root, path) };
  const session = (check: typeof curve) =>
    ({ keyring, curve, check }) as unknown as Parameters<typeof accountOf>[0];
  const lies = { ...curve, decompress: (key: Uint8Array) => curve.decompress(key).fill(7, 64) };
  const first = { layout: "standard", index: 0 } as const;
  assert.equal(accountOf(session(curve), first).address, OWN.address);
  assert.throws(() => accountOf(session(lies), first), /curves disagree/);
});
