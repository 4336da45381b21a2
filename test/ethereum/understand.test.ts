// From what a wallet program asks to what leaves: each kind of request, through the Keyring, as ethers would sign it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { getBytes, hexlify, Interface, Transaction, type TransactionLike, TypedDataEncoder } from "ethers";
import fc from "fast-check";
import { nodeStretch } from "../../device/host/stretch.ts";
import type { EthereumReply } from "../../src/act.ts";
import { type Address, addressBytes, readAddress } from "../../src/eip55.ts";
import { type EthereumRequest, understand } from "../../src/ethereum/index.ts";
import { entropyOf, Keyring, nobleCurve, wordNumber } from "../../src/keys/index.ts";
import { HARDENED } from "../../src/limits.ts";
import type { EthereumMessage } from "../../src/model.ts";
import { Refusal } from "../../src/refusal.ts";
import type { Work } from "../../src/request.ts";
import { utf8 } from "../../src/text.ts";
import { master } from "./support.ts";

const WORDS = "test test test test test test test test test test test junk";
const pathOf = (index: number) => [44 + HARDENED, 60 + HARDENED, HARDENED, 0, index];
const wallet = master(WORDS).derivePath("m/44'/60'/0'/0/0");
const own = readAddress(wallet.address);
assert.ok(own !== undefined && own !== "checksum");

const curve = nobleCurve();
const words = Uint16Array.from(WORDS.split(" "), (word) => wordNumber(word)!);
const keyring = await Keyring.open({
  material: { kind: "words", entropy: entropyOf(words), passphrase: new Uint8Array(0) },
  network: "testnet4",
  curve,
  stretch: nodeStretch(),
});
const known = {
  ...({ network: "testnet4", fingerprint: keyring.fingerprint, curve, safes: [] } as const),
  nodeAt: (path: readonly number[]) => keyring.account(path),
  nowSeconds: 1_767_225_600n,
};

function run<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

async function sign(request: EthereumRequest): Promise<EthereumReply> {
  run(request.agree());
  const { txid } = request.spend;
  const verdict = { txid, outcome: "allow", rules: [] } as const;
  const approval = request.approve(verdict, "approve");
  await approval.record(async () => undefined);
  return run(request.finish(run(keyring.sign(approval))));
}

type Asked = Pick<EthereumMessage, "data" | "dataType"> & Partial<EthereumMessage>;
const ask = (asked: Asked) =>
  run(understand({ kind: "ethereum", dialect: "ur", path: pathOf(0), ...asked }, known));

const TO = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const PLAIN = { to: TO, value: 5n * 10n ** 17n, nonce: 3, gasLimit: 21_000n, chainId: 1n };
const TRANSACTIONS: Readonly<Record<string, TransactionLike>> = {
  legacy: { ...PLAIN, type: 0, gasPrice: 20n * 10n ** 9n },
  "legacy on a chain with a large number": { ...PLAIN, type: 0, gasPrice: 10n ** 9n, chainId: 11155111n },
  "EIP 2930": { ...PLAIN, type: 1, gasPrice: 20n * 10n ** 9n },
  "EIP 1559": { ...PLAIN, type: 2, maxFeePerGas: 40n * 10n ** 9n, maxPriorityFeePerGas: 10n ** 9n },
};

for (const [name, like] of Object.entries(TRANSACTIONS))
  test(`a transaction (${name}) leaves as ethers signs it`, async () => {
    const tx = Transaction.from(like);
    const data = getBytes(tx.unsignedSerialized);
    const dataType = tx.type === 0 ? 1 : 4;
    const requestId = new Uint8Array(16).fill(7);
    const request = ask({ data, dataType, requestId, chainId: tx.chainId, address: addressBytes(own) });
    const reply = await sign(request);
    const signed = Transaction.from(await wallet.signTransaction(like));
    const { r, s, yParity, networkV, v } = signed.signature!;
    const last = tx.type === 0 ? (networkV ?? BigInt(v)) : BigInt(yParity);
    const width = last.toString(16).length + (last.toString(16).length % 2);
    assert.equal(hexlify(reply.signature), `${r}${s.slice(2)}${last.toString(16).padStart(width, "0")}`);
    assert.deepEqual(reply.requestId, requestId);
    assert.deepEqual(
      request.spend.takes.map(({ asset }) => asset),
      ["coin/eth"],
    );
    assert.equal(request.spend.takes[0]!.units, PLAIN.value + request.review.fee!.units);
    assert.deepEqual(request.spend.outpoints, [`${tx.chainId}/${own.toLowerCase()}/3`]);
    assert.equal(request.review.digest, tx.unsignedHash.slice(2));
    assert.equal(request.review.tone, "calm");
  });

test("a message leaves as ethers signs it, takes nothing and names no chain", async () => {
  const request = ask({ data: utf8("Good evening\nat eight"), dataType: 3 });
  const reply = await sign(request);
  assert.equal(hexlify(reply.signature), await wallet.signMessage("Good evening\nat eight"));
  assert.deepEqual(request.spend.takes, []);
  assert.equal(request.review.chain, undefined);
});

const MAIL = {
  types: {
    EIP712Domain: [
      { name: "name", type: "string" },
      { name: "chainId", type: "uint256" },
      { name: "verifyingContract", type: "address" },
    ],
    Mail: [
      { name: "to", type: "address" },
      { name: "contents", type: "string" },
    ],
  },
  primaryType: "Mail",
  domain: { name: "Ether Mail", chainId: 1, verifyingContract: "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC" },
  message: { to: TO, contents: "Hello" },
};

test("typed data leaves as ethers signs it", async () => {
  const request = ask({ data: utf8(JSON.stringify(MAIL)), dataType: 2, chainId: 1n });
  const reply = await sign(request);
  const { EIP712Domain: _, ...types } = MAIL.types;
  assert.equal(hexlify(reply.signature), await wallet.signTypedData(MAIL.domain, types, MAIL.message));
  assert.equal(`0x${request.review.digest}`, TypedDataEncoder.hash(MAIL.domain, types, MAIL.message));
  assert.deepEqual(request.spend.ethereum?.oddities, ["unknown typed data"]);
});

test("typed data of another chain than the request names is refused", () => {
  const data = utf8(JSON.stringify(MAIL));
  refuses("ethereum.domain-chain", () => ask({ data, dataType: 2, chainId: 137n }));
});

function refuses(reason: string, act: () => unknown) {
  assert.throws(act, (problem) => problem instanceof Refusal && problem.reason === reason);
}

test("a transaction of another chain than the request names is refused", () => {
  const data = getBytes(Transaction.from(TRANSACTIONS.legacy!).unsignedSerialized);
  refuses("ethereum.other-chain", () => ask({ data, dataType: 1, chainId: 137n }));
});

test("what one own account moves out of another one counts", () => {
  const call = new Interface(["function transferFrom(address,address,uint256)"]);
  const usdc = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48";
  const moved = (from: string) => {
    const data = call.encodeFunctionData("transferFrom", [from, `0x${"a1".repeat(20)}`, 5n]);
    const tx = Transaction.from({ ...TRANSACTIONS["EIP 1559"], to: usdc, value: 0n, data });
    const { takes } = ask({ data: getBytes(tx.unsignedSerialized), dataType: 4 }).spend;
    return takes.find(({ asset }) => asset.startsWith("1/"))?.units;
  };
  assert.equal(moved(TO), 5n);
  assert.equal(moved(`0x${"b2".repeat(20)}`), undefined);
});

test("a sign-in for another chain than the request names is refused", () => {
  const text = (chain: number) =>
    `example.com wants you to sign in with your Ethereum account:\n${own}\n\n\nURI: https://example.com/in\nVersion: 1\nChain ID: ${chain}\nNonce: abcdefgh\nIssued At: 2026-01-01T00:00:00Z`;
  refuses("ethereum.other-chain", () => ask({ data: utf8(text(137)), dataType: 3, chainId: 1n }));
  for (const chainId of [137n, undefined]) {
    const named = chainId === undefined ? {} : { chainId };
    assert.equal(ask({ data: utf8(text(137)), dataType: 3, ...named }).review.form, "sign-in");
  }
});

test("a request for another account, another key or another path is refused", () => {
  const data = utf8("Hello");
  refuses("ethereum.not-ours", () => ask({ data, dataType: 3, address: getBytes(TO) }));
  refuses("ethereum.not-ours", () => ask({ data, dataType: 3, fingerprint: "12345678" }));
  refuses("ethereum.path", () => ask({ data, dataType: 3, path: [84 + HARDENED, HARDENED, HARDENED, 0, 0] }));
  refuses("ethereum.path", () => ask({ data, dataType: 3, path: [] }));
  const named = ask({ data, dataType: 3, address: getBytes(TO), path: pathOf(1) });
  assert.equal(named.review.account.address, TO);
});

test("a program that never learned the master key asks with zeros in its place", () => {
  assert.equal(ask({ data: utf8("Hello"), dataType: 3, fingerprint: "00000000" }).count, 1);
});

const VENDOR = readAddress("0x5c44cdddb6a900fa2b585dd299e03d12fa4293bc") as Address;

test("an address on a list of the policy is known by it, and one that only looks like it is said to", () => {
  const listed = new Map([[VENDOR, "vendors"]]);
  const sent = (to: string) => {
    const data = getBytes(Transaction.from({ ...PLAIN, type: 2, to }).unsignedSerialized);
    const message = { kind: "ethereum", dialect: "ur", path: pathOf(0), data, dataType: 4 } as const;
    return run(understand(message, { ...known, listed })).review;
  };
  const [honest] = sent(VENDOR).acts;
  const named = honest!.facts.find(({ value }) => value.kind === "address")?.value;
  assert.equal(named?.kind === "address" && named.name, "an address on your list vendors");
  assert.deepEqual([honest!.tone, honest!.says], ["calm", []]);
  const alike = sent(`${VENDOR.slice(0, 6)}${"1".repeat(32)}${VENDOR.slice(-4)}`.toLowerCase());
  assert.equal(alike.tone, "danger");
  assert.match(alike.acts[0]!.says.join(), /begins and ends like that of an address on your list vendors/);
});

test("what the caller does to its bytes afterwards changes nothing that is signed", async () => {
  const data = utf8("Pay Anna");
  const request = ask({ data, dataType: 3 });
  data.set(utf8("Pay Evil"));
  assert.equal(hexlify((await sign(request)).signature), await wallet.signMessage("Pay Anna"));
});

test("no bytes of any data type make understanding throw anything but a Refusal", () => {
  const good = getBytes(Transaction.from(TRANSACTIONS["EIP 1559"]!).unsignedSerialized);
  const json = utf8(JSON.stringify(MAIL));
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.tuple(fc.constantFrom(good, json), fc.nat(), fc.nat(255)).map(([from, at, value]) => {
      const changed = from.slice();
      changed[at % changed.length] = value;
      return changed;
    }),
  );
  let understood = 0;
  fc.assert(
    fc.property(bytes, fc.constantFrom(1, 2, 3, 4), (data, dataType) => {
      try {
        run(ask({ data, dataType }).agree());
        understood++;
      } catch (problem) {
        assert.ok(problem instanceof Refusal, String(problem));
        assert.notEqual(problem.reason, "ethereum.readers-disagree");
      }
    }),
    {
      numRuns: 3000,
      examples: [
        [good, 4],
        [json, 2],
      ],
    },
  );
  assert.ok(understood >= 2);
});
