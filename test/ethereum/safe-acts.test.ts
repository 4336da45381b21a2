// What a Safe does: its inner calls, refunds, owner changes, batches, delegate calls, messages and set-ups.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { ethers } from "ethers";
import fc from "fast-check";
import type { Act } from "../../src/act.ts";
import { MOST_UNITS } from "../../src/assets.ts";
import { fromHex } from "../../src/bytes.ts";
import type { Address } from "../../src/eip55.ts";
import { actsOfCall } from "../../src/ethereum/calls/index.ts";
import type { CallToRead } from "../../src/ethereum/context.ts";
import { actsOfSafeTx } from "../../src/ethereum/safe/index.ts";
import { readPacked } from "../../src/ethereum/safe/multisend.ts";
import { readTyped } from "../../src/ethereum/typed/index.ts";
import { LIMITS } from "../../src/limits.ts";
import { Refusal } from "../../src/refusal.ts";
import { utf8 } from "../../src/text.ts";
import {
  ANNA,
  addressOf,
  BERT,
  CORA,
  contextOf,
  DORA,
  familySafe,
  SAFE_ADDRESS,
  SAFE_MESSAGE,
  type TxFields,
  told,
  txFields,
  typedText,
  typedTx,
  ZERO,
} from "./safe-stage.ts";

const USDC: Address = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48";
const MULTI_SEND = "0x38869bf66a61cF6bDB996A6aE40D5853Fd43B526";
const CALL_ONLY = "0x9641d764fc13c8B624c04430C7356C1C7C8102e2";
const SENTINEL = "0x0000000000000000000000000000000000000001";

const SAFE_ABI = new ethers.Interface([
  "function addOwnerWithThreshold(address,uint256)",
  "function removeOwner(address,address,uint256)",
  "function swapOwner(address,address,address)",
  "function changeThreshold(uint256)",
  "function enableModule(address)",
  "function disableModule(address,address)",
  "function setGuard(address)",
  "function setModuleGuard(address)",
  "function setFallbackHandler(address)",
  "function changeMasterCopy(address)",
  "function approveHash(bytes32)",
  "function signMessage(bytes)",
  "function execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)",
  "function execTransactionFromModule(address,uint256,bytes,uint8)",
  "function setup(address[],uint256,address,bytes,address,address,uint256,address)",
  "function createProxyWithNonce(address,bytes,uint256)",
  "function multiSend(bytes)",
  "function migrateSingleton()",
  "function performCreate(uint256,bytes)",
  "function transfer(address,uint256)",
]);
const data = (name: string, ...values: unknown[]) => SAFE_ABI.encodeFunctionData(name, values);

const signed = (fields: Partial<TxFields>, context = contextOf()): readonly Act[] =>
  actsOfSafeTx(typedTx(txFields(fields)), context)!;
const onItself = (call: string, context = contextOf()): Act =>
  signed({ to: SAFE_ADDRESS, data: call }, context)[1]!;
const says = ({ says: all }: Act) => all.join(" ");
const sent = (to: Address, call: string, value = 0n): readonly Act[] => {
  const read: CallToRead = { chainId: 1n, from: ANNA, to, value, data: fromHex(call.slice(2))!, depth: 0 };
  return actsOfCall(read, contextOf());
};
const refused = (act: () => unknown, reason: string) =>
  assert.throws(act, (problem) => problem instanceof Refusal && problem.reason === reason);

type Packed = readonly [operation: number, to: string, value: bigint, data: string];

function packed(...calls: readonly Packed[]): string {
  return ethers.concat(
    calls.map(([operation, to, value, inner]) =>
      ethers.solidityPacked(
        ["uint8", "address", "uint256", "uint256", "bytes"],
        [operation, to, value, ethers.dataLength(inner), inner],
      ),
    ),
  );
}
const batch = (...calls: readonly Packed[]) => data("multiSend", packed(...calls));

describe("what a Safe sends is counted once, as taken from it", () => {
  it("coin", () => {
    const acts = signed({ to: DORA, value: 5n });
    const amount = { asset: "coin/eth", units: 5n };
    assert.deepEqual(
      acts.flatMap(({ takes }) => takes),
      [amount],
    );
    assert.deepEqual(
      acts.flatMap(({ destinations }) => destinations),
      [{ to: DORA, amount }],
    );
    assert.deepEqual(
      acts.map(({ depth }) => depth),
      [0, 1],
    );
  });

  it("a token, decoded inside", () => {
    const acts = signed({ to: USDC, data: data("transfer", DORA, 7_000_000n) });
    assert.deepEqual(
      acts.flatMap(({ takes }) => takes),
      [{ asset: `1/${USDC.toLowerCase()}`, units: 7_000_000n }],
    );
    assert.ok(told(acts).includes(DORA));
  });
});

describe("a refund pays out of the Safe", () => {
  const refund = (fields: Partial<TxFields>) =>
    signed({ safeTxGas: 100_000n, baseGas: 50_000n, ...fields })[0]!;

  it("nothing is refunded at a price of 0, and what is named for it is said to be so", () => {
    assert.deepEqual(refund({}).takes, []);
    const named = refund({ gasToken: USDC, refundReceiver: DORA });
    assert.deepEqual([named.takes, named.tone], [[], "caution"]);
    assert.match(says(named), /nothing is refunded/);
  });

  it("an unknown receiver stands in red, and more than gas × price is counted, never less", () => {
    const act = refund({ gasPrice: 10n, refundReceiver: DORA });
    assert.equal(act.tone, "danger");
    assert.ok(act.takes[0]!.units >= 150_000n * 10n && act.takes[0]!.units < 300_000n * 10n);
    assert.deepEqual(act.destinations, [{ to: DORA, amount: act.takes[0] }]);
  });

  it("an owner as receiver is in caution; whoever carries it out, in red", () => {
    assert.equal(refund({ gasPrice: 1n, refundReceiver: BERT }).tone, "caution");
    assert.equal(refund({ gasPrice: 1n }).tone, "danger");
  });

  it("a token is counted as that token, an unlisted one is said to be so, and no price overflows", () => {
    assert.equal(refund({ gasPrice: 1n, gasToken: USDC }).takes[0]?.asset, `1/${USDC.toLowerCase()}`);
    assert.deepEqual(refund({ gasPrice: 1n, gasToken: DORA }).oddities, ["unlisted token"]);
    assert.equal(refund({ gasPrice: MOST_UNITS }).takes[0]?.units, MOST_UNITS);
  });
});

describe("owner changes say what becomes of the Safe", () => {
  const cases: readonly [call: string, title: string, said: RegExp, tone: string, afterwards: string][] = [
    [
      data("addOwnerWithThreshold", DORA, 3n),
      "Add an owner to the Safe",
      /^2 of 3 becomes 3 of 4\./,
      "caution",
      "3 of 4",
    ],
    [
      data("addOwnerWithThreshold", DORA, 1n),
      "Add an owner to the Safe",
      /2 of 3 becomes 1 of 4: one key alone can take everything\./,
      "danger",
      "1 of 4",
    ],
    [
      data("removeOwner", SENTINEL, CORA, 1n),
      "Remove an owner of the Safe",
      /2 of 3 becomes 1 of 2: one key alone/,
      "danger",
      "1 of 2",
    ],
    [
      data("removeOwner", SENTINEL, ANNA, 2n),
      "Remove an owner of the Safe",
      /Your account is no owner afterwards\./,
      "danger",
      "2 of 2",
    ],
    [
      data("swapOwner", SENTINEL, BERT, DORA),
      "Replace an owner of the Safe",
      /^It stays 2 of 3, with other owners\./,
      "caution",
      "2 of 3",
    ],
    [
      data("changeThreshold", 1n),
      "Change the threshold of the Safe",
      /2 of 3 becomes 1 of 3: one key alone/,
      "danger",
      "1 of 3",
    ],
    [
      data("changeThreshold", 3n),
      "Change the threshold of the Safe",
      /^2 of 3 becomes 3 of 3\./,
      "caution",
      "3 of 3",
    ],
  ];
  for (const [call, title, said, tone, afterwards] of cases)
    it(`${title}: ${afterwards}`, () => {
      const act = onItself(call);
      assert.deepEqual([act.title, act.tone, act.oddities], [title, tone, ["safe change"]]);
      assert.match(says(act), said);
      assert.deepEqual(act.facts.find(({ label }) => label === "Afterwards")?.value, {
        kind: "words",
        text: afterwards,
      });
      assert.deepEqual(
        act.calls.map(({ known, selector }) => [known, selector]),
        [[true, call.slice(0, 10)]],
      );
    });

  it("the owners afterwards are all listed, those that go are not", () => {
    const act = onItself(data("swapOwner", SENTINEL, BERT, DORA));
    const after = act.facts
      .filter(({ label }) => /^Owner \d afterwards/.test(label))
      .map(({ value }) => value);
    assert.deepEqual(
      after.map((value) => (value.kind === "address" ? value.address : "")),
      [ANNA, CORA, DORA],
    );
  });

  it("what the registered Safe would refuse is said in red", () => {
    const impossible = [
      data("addOwnerWithThreshold", BERT, 2n),
      data("addOwnerWithThreshold", ZERO, 2n),
      data("addOwnerWithThreshold", DORA, 5n),
      data("addOwnerWithThreshold", SAFE_ADDRESS, 2n),
      data("removeOwner", SENTINEL, DORA, 2n),
      data("removeOwner", SENTINEL, CORA, 3n),
      data("swapOwner", SENTINEL, DORA, CORA),
      data("swapOwner", SENTINEL, ANNA, CORA),
      data("changeThreshold", 0n),
      data("changeThreshold", 4n),
    ];
    for (const call of impossible) {
      const act = onItself(call);
      assert.equal(act.tone, "danger", call);
      assert.match(says(act), /The Safe as it is registered here would refuse this/, call);
    }
  });

  it("of one that is not registered nobody can tell", () => {
    const act = onItself(data("changeThreshold", 1n), contextOf({ safes: [] }));
    assert.deepEqual([act.tone, act.oddities], ["danger", ["safe change"]]);
    assert.match(says(act), /cannot tell who owns it afterwards\. One key alone can take everything\./);
  });

  it("a new owner who looks like another at his ends is pointed out", () => {
    const like = `${ANNA.slice(0, 8)}${"9".repeat(28)}${ANNA.slice(-6)}`.toLowerCase();
    const act = onItself(data("addOwnerWithThreshold", like, 2n));
    assert.equal(act.tone, "danger");
    assert.match(says(act), /begins and ends like/);
  });

  it("from anywhere but the Safe itself they stay calls that Firn cannot read", () => {
    for (const [call] of cases)
      assert.deepEqual(
        sent(SAFE_ADDRESS, call).map(({ title, oddities }) => [title, oddities]),
        [["A call that Firn cannot read", ["unknown call"]]],
      );
  });
});

describe("modules, guards, handlers and code", () => {
  it("a module can take everything from then on", () => {
    const act = onItself(data("enableModule", DORA));
    assert.deepEqual(
      [act.tone, act.oddities, act.takes],
      ["danger", ["safe change"], [{ asset: "coin/eth", units: MOST_UNITS }]],
    );
    assert.match(says(act), /without one owner's signature/);
    assert.equal(onItself(data("disableModule", SENTINEL, DORA)).tone, "caution");
  });

  it("guards stand in red, set or taken away", () => {
    for (const call of ["setGuard", "setModuleGuard"]) {
      assert.match(says(onItself(data(call, DORA))), /forbid every transaction/);
      assert.match(says(onItself(data(call, ZERO))), /no guard any more/);
      assert.equal(onItself(data(call, ZERO)).tone, "danger");
    }
  });

  it("Safe's own handlers and code are told from foreign ones", () => {
    const own = onItself(data("setFallbackHandler", "0xfd0732Dc9E303f09fCEf3a7388Ad10A83459Ec99"));
    assert.equal(own.tone, "caution");
    assert.equal(onItself(data("setFallbackHandler", DORA)).tone, "danger");
    const code = onItself(data("changeMasterCopy", "0x6851D6fDFAfD08c0295C392436245E5bc78B0185"));
    assert.deepEqual([code.tone, code.takes], ["caution", []]);
    const foreign = onItself(data("changeMasterCopy", DORA));
    assert.deepEqual([foreign.tone, foreign.oddities], ["danger", ["safe change", "control change"]]);
    assert.equal(foreign.takes[0]?.units, MOST_UNITS);
  });
});

describe("a delegate call is never what it is called", () => {
  const theft = (
    JSON.parse(readFileSync(new URL("../vectors/ethereum/safe.json", import.meta.url), "utf8")) as {
      transactions: readonly (Record<string, string> & { source: string })[];
    }
  ).transactions.find(({ source }) => source === "theft")!;

  it("the theft of 2025: named a transfer of nothing, it is shown in red as code that can take everything", () => {
    const safe = familySafe({ address: theft.safe as Address, version: "1.1.1", threshold: 3 });
    const { source: _, safe: address, hash: __, ...fields } = theft;
    const typed = readTyped(utf8(typedText({ ...fields, baseGas: "0" }, { safe: address! }, true)));
    const acts = actsOfSafeTx(typed, contextOf({ safes: [safe] }))!;
    const [, inner] = acts;
    assert.deepEqual([acts.length, inner?.tone], [2, "danger"]);
    assert.equal(inner?.title, "Code of another contract runs as the Safe");
    assert.deepEqual(inner?.oddities, ["delegate call", "unknown call"]);
    assert.deepEqual(inner?.takes, [{ asset: "coin/eth", units: MOST_UNITS }]);
    assert.deepEqual(inner?.calls, [
      {
        chainId: 1n,
        contract: "0x96221423681A6d52E184D440a8eFCEbB105C7242",
        selector: "0xa9059cbb",
        known: false,
        delegate: true,
      },
    ]);
    assert.match(says(inner!), /can take everything from the Safe/);
    assert.ok(acts.every(({ title }) => !/transfer|send/i.test(title)));
  });

  it("to Safe's own migration, message and creation contracts it is read", () => {
    const migration = signed({
      to: "0x526643F69b81B008F46d95CD5ced5eC0edFFDaC6",
      data: data("migrateSingleton"),
      operation: 1,
    })[1]!;
    assert.deepEqual(
      [migration.title, migration.oddities],
      ["The Safe moves to version 1.4.1", ["delegate call", "safe change"]],
    );
    const create = signed({
      to: "0x9b35Af71d77eaf8d7e40252370304687390A1A52",
      data: data("performCreate", 3n, "0x6001"),
      operation: 1,
    })[1]!;
    assert.deepEqual([create.oddities, create.takes[0]?.units], [["contract creation"], 3n]);
    const message = signed({
      to: "0xd53cd0aB83D845Ac265BE939c57F53AD838012c9",
      data: data("signMessage", ethers.id("x")),
      operation: 1,
    })[1]!;
    assert.deepEqual(message.oddities, ["delegate call", "unreadable message"]);
  });

  it("on a chain that is not listed no contract is Safe's own", () => {
    const chainId = 999_999_999n;
    const context = contextOf({ safes: [familySafe({ chainId })] });
    const call = txFields({ to: CALL_ONLY, data: batch([0, DORA, 1n, "0x"]), operation: 1 });
    const [, inner] = actsOfSafeTx(typedTx(call, { chainId }), context)!;
    assert.deepEqual(inner?.oddities, ["delegate call", "unknown call"]);
  });
});

describe("batches are unfolded", () => {
  it("each call is shown and counted", () => {
    for (const to of [MULTI_SEND, CALL_ONLY]) {
      const calls = batch([0, DORA, 5n, "0x"], [0, USDC, 0n, data("transfer", DORA, 9n)]);
      const acts = signed({ to, data: calls, operation: 1 });
      assert.deepEqual(
        acts.map(({ depth }) => depth),
        [0, 1, 2, 2],
      );
      assert.equal(acts[1]?.title, "A batch of 2 calls");
      assert.deepEqual(
        acts.flatMap(({ takes }) => takes),
        [
          { asset: "coin/eth", units: 5n },
          { asset: `1/${USDC.toLowerCase()}`, units: 9n },
        ],
      );
      assert.deepEqual(
        acts.flatMap(({ oddities }) => oddities),
        [],
      );
    }
  });

  it("a delegate call in one stays red", () => {
    const acts = signed({
      to: MULTI_SEND,
      data: batch([0, DORA, 1n, "0x"], [1, DORA, 0n, "0x12345678"]),
      operation: 1,
    });
    assert.deepEqual(acts[3]?.oddities, ["delegate call", "unknown call"]);
    assert.equal(acts[1]?.tone, "danger");
  });

  it("owners are followed from call to call, and summed up", () => {
    const calls = batch(
      [0, SAFE_ADDRESS, 0n, data("addOwnerWithThreshold", DORA, 2n)],
      [0, SAFE_ADDRESS, 0n, data("removeOwner", SENTINEL, BERT, 1n)],
    );
    const [, outer, first, second] = signed({ to: MULTI_SEND, data: calls, operation: 1 });
    assert.match(says(first!), /^2 of 3 becomes 2 of 4\./);
    assert.match(says(second!), /^2 of 4 becomes 1 of 3: one key alone can take everything\./);
    assert.deepEqual(outer?.facts.find(({ label }) => label === "Afterwards")?.value, {
      kind: "words",
      text: "1 of 3",
    });
  });

  it("what is not packed to the last byte is refused", () => {
    const one = packed([0, DORA, 1n, "0x"]);
    const broken = [
      ...[ethers.concat([one, "0x00"]), one.slice(0, -2), ethers.concat(["0x02", ethers.dataSlice(one, 1)])],
      packed([0, ZERO, 1n, "0x"]),
      ethers.concat([ethers.dataSlice(one, 0, 84), "0x01"]),
      ethers.concat(Array.from({ length: LIMITS.acts + 1 }, () => one)),
    ];
    for (const bytes of broken)
      refused(() => signed({ to: MULTI_SEND, data: data("multiSend", bytes), operation: 1 }), "safe.batch");
  });

  it("one inside another is refused", () => {
    const inner = batch([0, DORA, 1n, "0x"]);
    refused(
      () => signed({ to: MULTI_SEND, data: batch([1, CALL_ONLY, 0n, inner]), operation: 1 }),
      "safe.batch",
    );
  });

  it("packing reads back what ethers packs, and nothing else throws", () => {
    const one = fc.record({
      operation: fc.integer({ min: 0, max: 1 }),
      to: fc.integer({ min: 1, max: 999 }).map(addressOf),
      value: fc.bigInt({ min: 0n, max: MOST_UNITS }),
      data: fc.uint8Array({ maxLength: 40 }),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 20 }), (calls) => {
        const bytes = ethers.getBytes(
          packed(...calls.map((c) => [c.operation, c.to, c.value, ethers.hexlify(c.data)] as const)),
        );
        const read = readPacked(bytes).map(({ delegate, data: d, ...rest }) => ({
          ...rest,
          operation: delegate ? 1 : 0,
          data: new Uint8Array(d),
        }));
        assert.deepEqual(
          read,
          calls
            .map((c) => ({ ...c }))
            .map(({ to, value, operation, data: d }) => ({ to, value, operation, data: d })),
        );
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        try {
          readPacked(bytes);
        } catch (problem) {
          assert.ok(problem instanceof Refusal && problem.reason === "safe.batch");
        }
      }),
    );
  });
});

describe("carrying out, approving, acting as a module", () => {
  const carriedOut = (operation: number, inner: string, to: string = DORA) =>
    data("execTransaction", to, 5n, inner, operation, 0n, 0n, 0n, ZERO, ZERO, `0x${"11".repeat(130)}`);

  it("execTransaction names the Safe and decodes what it does", () => {
    const acts = sent(SAFE_ADDRESS, carriedOut(0, "0x"));
    assert.deepEqual([acts[0]?.title, acts[0]?.tone], ["Carry out a transaction of a Safe", "calm"]);
    assert.match(told(acts), /"Family"/);
    assert.deepEqual(
      acts.flatMap(({ takes }) => takes),
      [{ asset: "coin/eth", units: 5n }],
    );
    assert.deepEqual(acts[0]?.facts.find(({ label }) => label === "Signatures with it")?.value, {
      kind: "words",
      text: "2",
    });
    assert.equal(acts[0]?.calls[0]?.selector, "0x6a761202");
  });

  it("a delegate call in it is red, a Safe that is not registered in caution", () => {
    assert.deepEqual(sent(SAFE_ADDRESS, carriedOut(1, "0x12345678"))[1]?.oddities, [
      "delegate call",
      "unknown call",
    ]);
    const foreign = sent(addressOf(500), carriedOut(0, "0x"), 3n)[0]!;
    assert.equal(foreign.tone, "caution");
    assert.deepEqual(foreign.takes, [{ asset: "coin/eth", units: 3n }]);
  });

  it("approving a hash alone is refused", () => {
    refused(() => sent(SAFE_ADDRESS, data("approveHash", ethers.id("anything"))), "safe.hash-only");
  });

  it("a module's call is decoded, and takes from the Safe", () => {
    const acts = sent(
      SAFE_ADDRESS,
      data("execTransactionFromModule", USDC, 0n, data("transfer", DORA, 4n), 0),
    );
    assert.deepEqual([acts[0]?.tone, acts[0]?.oddities], ["danger", ["safe change"]]);
    assert.deepEqual(acts[1]?.takes, [{ asset: `1/${USDC.toLowerCase()}`, units: 4n }]);
  });
});

describe("messages and set-ups", () => {
  const message = (bytes: string) =>
    actsOfSafeTx(readTyped(utf8(typedText({ message: bytes }, { types: SAFE_MESSAGE }))), contextOf())!;

  it("a message that is a hash is red and unreadable, one that is text is shown", () => {
    const [hashed] = message(ethers.id("an order"));
    assert.deepEqual([hashed?.tone, hashed?.oddities, hashed?.takes], ["danger", ["unreadable message"], []]);
    const [text] = message(ethers.hexlify(ethers.toUtf8Bytes("Hello, it is us.")));
    assert.deepEqual([text?.tone, text?.oddities], ["caution", []]);
    assert.match(told([text!]), /Hello, it is us\./);
  });

  it("a set-up shows owners and threshold, and foreign code in red", () => {
    const factory: Address = "0x4e1DCf7AD4e460CfD30791CCC4F9c8a4f820ec67";
    const singleton = "0x41675C099F32341bf84BFc5382aF534df5C7461a";
    const handler = "0xfd0732Dc9E303f09fCEf3a7388Ad10A83459Ec99";
    const make = (
      to: string,
      fallback: string,
      payment: bigint,
      owners = [ANNA, BERT, CORA],
      need = 2n,
      code = singleton,
    ) =>
      sent(
        factory,
        data(
          "createProxyWithNonce",
          code,
          data("setup", owners, need, to, "0x", fallback, ZERO, payment, DORA),
          0n,
        ),
      )[0]!;
    const plain = make(ZERO, handler, 0n);
    assert.deepEqual([plain.title, plain.tone, plain.oddities], ["Set up a Safe", "calm", []]);
    assert.match(told([plain]), /"2 of 3"/);
    assert.deepEqual(make(DORA, handler, 0n).oddities, ["delegate call", "unknown call"]);
    assert.deepEqual(make(ZERO, DORA, 0n).oddities, ["safe change"]);
    assert.deepEqual(make(ZERO, handler, 9n).takes, [{ asset: "coin/eth", units: 9n }]);
    assert.deepEqual(make(ZERO, handler, 0n, undefined, undefined, DORA).oddities, ["unknown call"]);
    assert.equal(make(ZERO, handler, 0n, [BERT, CORA]).tone, "caution");
    assert.equal(make(ZERO, handler, 0n, [ANNA, BERT], 1n).tone, "caution");
    assert.deepEqual(make(ZERO, handler, 0n, [ANNA, ANNA]).oddities, ["unknown call"]);
  });
});
