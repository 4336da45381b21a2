// Bytes that are no honest transaction: refused by the field that is wrong, and never anything but a refusal.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  concat,
  encodeRlp,
  getBytes,
  hexlify,
  Signature,
  Transaction,
  toBeHex,
  verifyAuthorization,
  Wallet,
} from "ethers";
import fc from "fast-check";
import {
  agreeOnTransaction,
  type EthereumTransaction,
  readTransaction,
} from "../../src/ethereum/transaction/index.ts";
import { leastGas } from "../../src/ethereum/transaction/sense.ts";
import { LIMITS } from "../../src/limits.ts";
import { type Reason, Refusal } from "../../src/refusal.ts";
import { dataTypeOf, ethersOf, planOf, secret, unsignedBytes } from "./transaction-plans.ts";

type Tree = string | readonly Tree[];
const TO = "0x3535353535353535353535353535353535353535";
const KEY = `0x${"46".repeat(32)}`;

/** 0 as RLP has it: no byte at all. */
const num = (value: bigint | number) => (BigInt(value) === 0n ? "0x" : toBeHex(value));

// Honest fields of each type, by place; a test changes one.
const LEGACY: readonly Tree[] = [
  num(9),
  num(20e9),
  num(21000),
  TO,
  num(10n ** 18n),
  "0x",
  num(1),
  "0x",
  "0x",
];
const LISTED: readonly Tree[] = [num(1), num(9), num(20e9), num(30000), TO, num(1), "0x", []];
const CAPPED: readonly Tree[] = [num(1), num(9), num(2e9), num(20e9), num(90000), TO, num(1), "0x", []];
const BLOB = `0x01${"ab".repeat(31)}`;
const BLOBS: readonly Tree[] = [...CAPPED, num(7), [BLOB]];

function handover(fields: Partial<{ chainId: bigint; address: string; nonce: bigint }> = {}): Tree[] {
  const asked = { chainId: 1n, address: TO, nonce: 5n, ...fields };
  const { r, s, yParity } = Signature.from(new Wallet(KEY).authorizeSync(asked).signature);
  return [num(asked.chainId), asked.address, num(asked.nonce), num(yParity), num(BigInt(r)), num(BigInt(s))];
}
const HANDED: readonly Tree[] = [...CAPPED, [handover()]];
const HONEST: Readonly<Record<number, readonly Tree[]>> = {
  0: LEGACY,
  1: LISTED,
  2: CAPPED,
  3: BLOBS,
  4: HANDED,
};

function bytesOf(type: number, fields: readonly Tree[]): Uint8Array {
  const list = encodeRlp(fields as Parameters<typeof encodeRlp>[0]);
  return getBytes(type === 0 ? list : concat([Uint8Array.of(type), list]));
}

/** The honest one with a field put in place of another. */
function changed(type: number, place: number, field: Tree): Uint8Array {
  return bytesOf(type, HONEST[type]!.with(place, field));
}

const read = (type: number, data: Uint8Array) => readTransaction(data, type === 0 ? 1 : 4);

function refuses(type: number, data: Uint8Array, reason: Reason, detail: string | RegExp) {
  assert.throws(
    () => read(type, data),
    (error) => {
      assert.ok(error instanceof Refusal, String(error));
      assert.equal(error.reason, reason, error.detail);
      if (typeof detail === "string") assert.equal(error.detail, detail);
      else assert.match(error.detail, detail);
      return true;
    },
  );
}

test("the honest ones that all others here are made of are read", () => {
  for (const type of [0, 1, 2, 3, 4]) {
    const data = bytesOf(type, HONEST[type]!);
    const tx = read(type, data);
    agreeOnTransaction(tx, data);
    assert.deepEqual([tx.type, tx.chainId, tx.nonce, tx.to], [type, 1n, 9n, TO]);
  }
});

test("a legacy transaction that names no chain is refused", () => {
  refuses(0, bytesOf(0, LEGACY.slice(0, 6)), "ethereum.no-chain", "");
  for (const [type, place] of [
    [0, 6],
    [1, 0],
    [2, 0],
    [3, 0],
    [4, 0],
  ] as const)
    refuses(type, changed(type, place, "0x"), "ethereum.no-chain", "chain id: 0");
});

test("a chain id that no program can count exactly is refused", () => {
  const most = BigInt(Number.MAX_SAFE_INTEGER);
  assert.equal(read(0, changed(0, 6, num(most))).chainId, most);
  refuses(0, changed(0, 6, num(most + 1n)), "ethereum.field", /^chain id: /);
  refuses(2, changed(2, 0, num(most + 1n)), "ethereum.field", /^chain id: /);
});

test("a signed transaction is refused, of every type", () => {
  for (const type of [0, 1, 2, 3, 4] as const)
    fc.assert(
      fc.property(planOf(type), secret, (plan, key) => {
        const signed = ethersOf(plan);
        signed.signature = new Wallet(key).signingKey.sign(signed.unsignedHash);
        refuses(type, getBytes(signed.serialized), "ethereum.already-signed", "");
      }),
      { numRuns: 40 },
    );
});

test("an s that stands where none belongs is a signature", () => {
  refuses(0, changed(0, 8, num(1)), "ethereum.already-signed", "");
});

test("a type that the request calls otherwise is refused, both ways", () => {
  for (const type of [1, 2, 3, 4])
    assert.throws(
      () => readTransaction(bytesOf(type, HONEST[type]!), 1),
      new Refusal("ethereum.data-type", `of type ${type}, called legacy`),
    );
  assert.throws(
    () => readTransaction(bytesOf(0, LEGACY), 4),
    new Refusal("ethereum.data-type", "legacy, called typed"),
  );
});

test("what is hashed for a handover, a message or typed data is no transaction", () => {
  const authorization = getBytes(concat(["0x05", encodeRlp([num(1), TO, num(5)])]));
  const typed = getBytes(concat(["0x1901", `0x${"11".repeat(64)}`]));
  const personal = getBytes(concat(["0x19", Buffer.from("Ethereum Signed Message:\n5hello")]));
  for (const dataType of [1, 4]) {
    const type = dataType === 1 ? 0 : 2;
    refuses(type, authorization, "ethereum.raw-authorization", "");
    refuses(type, typed, "ethereum.disguised", "");
    refuses(type, personal, "ethereum.disguised", "");
  }
});

test("types that nobody has defined are refused", () => {
  for (let first = 0; first < 0x80; first++)
    if (![1, 2, 3, 4, 5, 0x19].includes(first))
      refuses(
        2,
        getBytes(concat([Uint8Array.of(first), encodeRlp([...CAPPED] as never)])),
        "ethereum.unknown-type",
        `type ${first}`,
      );
  for (let first = 0x80; first < 0xc0; first++)
    refuses(2, Uint8Array.of(first, 0, 0), "ethereum.encoding", "transaction: neither a list nor of a type");
  refuses(2, new Uint8Array(0), "ethereum.encoding", "transaction: nothing there");
});

const LEGACY_FIELDS = ["nonce", "gas price", "gas limit", "to", "value", "data", "chain id", "r", "s"];
const HEAD = ["chain id", "nonce"];
const CAPPED_FIELDS = ["priority fee", "highest fee", "gas limit", "to", "value", "data", "access list"];
const NAMES: Readonly<Record<number, readonly string[]>> = {
  0: LEGACY_FIELDS,
  1: [...HEAD, "gas price", "gas limit", "to", "value", "data", "access list"],
  2: [...HEAD, ...CAPPED_FIELDS],
  3: [...HEAD, ...CAPPED_FIELDS, "blob fee", "blob hashes"],
  4: [...HEAD, ...CAPPED_FIELDS, "authorizations"],
};
const LISTS = ["access list", "blob hashes", "authorizations"];
const NO_NUMBERS = ["to", "data", ...LISTS];

test("every number is refused with zeros before it, and above 256 bits; every field as the wrong kind", () => {
  let looked = 0;
  for (const type of [0, 1, 2, 3, 4])
    for (const [place, name] of NAMES[type]!.entries()) {
      looked++;
      const list = LISTS.includes(name);
      if (list) refuses(type, changed(type, place, "0x01"), "ethereum.encoding", `${name}: no list`);
      else
        refuses(
          type,
          changed(type, place, ["0x01"]),
          "ethereum.encoding",
          `${name}: a list in place of a value`,
        );
      if (NO_NUMBERS.includes(name)) continue;
      refuses(
        type,
        changed(type, place, "0x00"),
        "ethereum.encoding",
        `${name}: a number with zeros before it`,
      );
      refuses(
        type,
        changed(type, place, "0x0001"),
        "ethereum.encoding",
        `${name}: a number with zeros before it`,
      );
      refuses(
        type,
        changed(type, place, `0x01${"00".repeat(32)}`),
        "ethereum.field",
        `${name}: larger than 256 bits`,
      );
    }
  assert.equal(looked, 9 + 8 + 9 + 11 + 10);
});

test("a field too few, a field too many, and trailing bytes are refused", () => {
  for (const type of [0, 1, 2, 3, 4]) {
    const fields = HONEST[type]!;
    refuses(type, bytesOf(type, fields.slice(0, -1)), "ethereum.encoding", /fields in place of/);
    refuses(type, bytesOf(type, [...fields, "0x"]), "ethereum.encoding", /fields in place of/);
    const whole = bytesOf(type, fields);
    refuses(
      type,
      getBytes(concat([whole, "0x00"])),
      "ethereum.encoding",
      "transaction: goes on after its end",
    );
    refuses(type, whole.subarray(0, -1), "ethereum.encoding", /ends in the middle/);
  }
});

test("an address of another length is refused", () => {
  for (const length of [1, 19, 21, 32])
    refuses(
      2,
      changed(2, 5, hexlify(new Uint8Array(length).fill(7))),
      "ethereum.field",
      `to: ${length} bytes in place of 20`,
    );
  refuses(2, changed(2, 8, [["0x07", []]]), "ethereum.field", "access list, entry 1: 1 bytes in place of 20");
});

test("lengths that are not in their shortest form are refused", () => {
  const bad: readonly (readonly [string, RegExp])[] = [
    ["0xf801c0", /length not in its shortest form/],
    ["0xf90001c0", /length with zeros before it/],
    ["0xc28109", /not in its shortest form/],
    ["0xc3b80109", /length not in its shortest form/],
    ["0xff7fffffffffffffffc0", /ends in the middle/],
    ["0xffffffffffffffffff", /ends in the middle/],
    ["0xbfffffffffffffffff", /neither a list nor of a type/],
    ["0xc0", /0 fields in place of 9/],
    ["0xf8", /ends in the middle/],
  ];
  for (const [hex, detail] of bad) refuses(0, getBytes(hex), "ethereum.encoding", detail);
});

test("a nonce that can never be used, and one below it", () => {
  const most = (1n << 64n) - 2n;
  assert.equal(read(2, changed(2, 1, num(most))).nonce, most);
  refuses(2, changed(2, 1, num(most + 1n)), "ethereum.field", `nonce: ${most + 1n}, and ${most} is the most`);
});

test("fees that contradict each other, or are more than there can be, are refused", () => {
  refuses(2, changed(2, 2, num(20e9 + 1)), "ethereum.fees", /^priority fee: 20000000001 wei/);
  assert.equal(read(2, changed(2, 2, num(20e9))).maxPriorityFeePerGas, 20_000_000_000n);
  refuses(0, changed(0, 1, num((1n << 256n) - 1n)), "ethereum.fees", "value and fee: more than there can be");
  refuses(0, changed(0, 4, num((1n << 256n) - 1n)), "ethereum.fees", "value and fee: more than there can be");
});

test("gas that does not pay for the bytes is said, to the unit; more than any block holds is refused", () => {
  // Per EIP: 21000, 16 and 4 a byte; 2400 and 1900; 32000 and 2 a word; 25000 a handover.
  const slots: Tree = [`0x${"01".repeat(32)}`, `0x${"02".repeat(32)}`];
  const cases: readonly (readonly [number, readonly Tree[], number, number])[] = [
    [0, LEGACY, 2, 21_000],
    [2, CAPPED.with(7, "0x00ff00"), 4, 21_000 + 24],
    [1, LISTED.with(7, [[TO, slots]]), 3, 21_000 + 2400 + 3800],
    [2, CAPPED.with(5, "0x").with(7, `0x${"ff".repeat(33)}`), 4, 21_000 + 32_000 + 33 * 16 + 4],
    [4, HANDED, 4, 46_000],
  ];
  for (const [type, fields, place, least] of cases) {
    assert.equal(leastGas(read(type, bytesOf(type, fields.with(place, num(least))))), BigInt(least));
  }
  assert.equal(read(2, changed(2, 4, num(2n ** 50n))).gasLimit, 2n ** 50n);
  refuses(2, changed(2, 4, num(2n ** 50n + 1n)), "ethereum.field", /^gas limit: /);
});

test("blobs: at least one, of version 1, for a recipient", () => {
  refuses(3, changed(3, 10, []), "ethereum.field", "blob hashes: none");
  refuses(
    3,
    changed(3, 10, [BLOB, `0x02${"ab".repeat(31)}`]),
    "ethereum.field",
    "blob hash 2: not of version 1",
  );
  refuses(3, changed(3, 10, ["0x01"]), "ethereum.field", "blob hash 1: 1 bytes in place of 32");
  refuses(3, changed(3, 5, "0x"), "ethereum.field", "to: empty, in a transaction of type 3");
  // As a node passes it on: the transaction in a list with its blobs.
  refuses(
    3,
    getBytes(concat(["0x03", encodeRlp([[...BLOBS], [], [], []] as never)])),
    "ethereum.encoding",
    /4 fields in place of 11/,
  );
});

test("handovers: at least one, for this chain or all, signed, for a recipient", () => {
  const with1 = (one: Tree[]) => changed(4, 9, [one]);
  assert.equal(
    read(4, with1(handover({ chainId: 0n }))).authorizations[0]!.authority,
    new Wallet(KEY).address,
  );
  refuses(4, changed(4, 9, []), "ethereum.field", "authorizations: none");
  refuses(4, changed(4, 5, "0x"), "ethereum.field", "to: empty, in a transaction of type 4");
  refuses(
    ...([4, with1(handover({ chainId: 10n })), "ethereum.authorization"] as const),
    "authorization 1: for chain 10, in a transaction of chain 1",
  );
  refuses(
    4,
    with1(handover().with(3, num(2))),
    "ethereum.field",
    "authorization 1, parity: 2, and 1 is the most",
  );
  refuses(4, with1(handover().with(2, num((1n << 64n) - 1n))), "ethereum.field", /^authorization 1, nonce: /);
  refuses(4, with1(handover().slice(0, 5)), "ethereum.encoding", "authorization 1: 5 parts in place of 6");
  const nobody = "authorization 1: its signature is nobody's";
  refuses(4, with1(handover().with(4, "0x")), "ethereum.authorization", nobody);
  refuses(4, with1(handover().with(5, num((1n << 256n) - 1n))), "ethereum.authorization", nobody);
  // The same signature with s in the upper half leads back to the same account, and no chain takes it (EIP 2).
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const [, , , parity, , s] = handover() as string[];
  const high = handover()
    .with(5, num(order - BigInt(s!)))
    .with(3, num(parity === "0x" ? 1 : 0));
  refuses(4, with1(high), "ethereum.authorization", nobody);
});

test("lists longer than can be looked at are refused", () => {
  const many = (count: number, one: Tree): Tree => Array.from({ length: count }, () => one);
  const entry: Tree = [TO, []];
  refuses(
    2,
    changed(2, 8, many(LIMITS.accessEntries + 1, entry)),
    "ethereum.field",
    /^access list: more than/,
  );
  const slots: Tree = [[TO, many(LIMITS.accessSlots + 1, `0x${"01".repeat(32)}`)]];
  refuses(2, changed(2, 8, slots), "ethereum.field", /^access list, entry 1, slots: more than/);
  refuses(3, changed(3, 10, many(LIMITS.blobHashes + 1, BLOB)), "ethereum.field", /^blob hashes: more than/);
  refuses(
    4,
    changed(4, 9, many(LIMITS.authorizations + 1, handover())),
    "ethereum.field",
    /^authorizations: more than/,
  );
  refuses(2, new Uint8Array(LIMITS.ethereumBytes + 1).fill(2), "ethereum.field", /^transaction: .* bytes/);
});

// ---------------------------------------------------------------- any bytes

function readOrRefused(data: Uint8Array, dataType: 1 | 4): EthereumTransaction | undefined {
  try {
    const tx = readTransaction(data, dataType);
    agreeOnTransaction(tx, data);
    return tx;
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error));
    assert.notEqual(error.reason, "ethereum.readers-disagree", error.detail);
    return undefined;
  }
}

test("any bytes at all are refused, or read by both readers alike", () => {
  const any = fc.tuple(
    fc.constantFrom(0x01, 0x02, 0x03, 0x04, 0xc9, 0xec, 0xf8),
    fc.uint8Array({ maxLength: 120 }),
  );
  fc.assert(
    fc.property(any, fc.constantFrom(1 as const, 4 as const), ([first, rest], dataType) => {
      readOrRefused(Uint8Array.of(first, ...rest), dataType);
    }),
    { numRuns: 3000 },
  );
});

/** All that is shown: without the digest. */
function shownOf({ digest, ...fields }: EthereumTransaction): string {
  return JSON.stringify(fields, (_, value) =>
    typeof value === "bigint" ? `${value}n` : value instanceof Uint8Array ? hexlify(value) : value,
  );
}

/** A third reader. It counts nonces in numbers that are exact only below 2^53. */
function readAsEthersDoes(tx: EthereumTransaction, data: Uint8Array) {
  if (tx.nonce > BigInt(Number.MAX_SAFE_INTEGER)) return;
  const theirs = Transaction.from(hexlify(data));
  assert.deepEqual(
    [theirs.to, theirs.value, theirs.data, theirs.chainId, BigInt(theirs.nonce), theirs.gasLimit],
    [tx.to ?? null, tx.value, hexlify(tx.data), tx.chainId, tx.nonce, tx.gasLimit],
  );
  assert.deepEqual(
    [theirs.gasPrice, theirs.maxFeePerGas, theirs.maxPriorityFeePerGas, theirs.maxFeePerBlobGas],
    [tx.gasPrice, tx.maxFeePerGas, tx.maxPriorityFeePerGas, tx.maxFeePerBlobGas].map((one) => one ?? null),
  );
  assert.deepEqual(
    theirs.accessList?.map(({ address, storageKeys }) => [address, ...storageKeys]) ?? [],
    tx.accessList.map(({ address, slots }) => [address, ...slots.map((slot) => hexlify(slot))]),
  );
  assert.deepEqual(
    theirs.blobVersionedHashes ?? [],
    tx.blobHashes.map((hash) => hexlify(hash)),
  );
  assert.deepEqual(
    theirs.authorizationList?.map((one) => [
      one.chainId,
      one.address,
      one.nonce,
      verifyAuthorization(one, one.signature),
    ]) ?? [],
    tx.authorizations.map((one) => [one.chainId, one.delegate, one.nonce, one.authority]),
  );
  assert.equal(theirs.unsignedHash, hexlify(tx.digest));
}

for (const type of [0, 1, 2, 3, 4] as const)
  test(`one byte changed in a transaction of type ${type}: refused, or another digest and other fields, which ethers reads too`, () => {
    fc.assert(
      fc.property(planOf(type), fc.nat(), fc.integer({ min: 1, max: 255 }), (plan, where, by) => {
        const data = unsignedBytes(plan);
        const before = readTransaction(data, dataTypeOf(plan));
        const other = data.slice();
        other[where % data.length]! ^= by;
        const after = readOrRefused(other, dataTypeOf(plan));
        if (after === undefined) return;
        assert.notEqual(hexlify(after.digest), hexlify(before.digest));
        assert.notEqual(shownOf(after), shownOf(before));
        readAsEthersDoes(after, other);
      }),
      { numRuns: type === 4 ? 300 : 1500 },
    );
  });

test("every byte of an honest transaction counts: each change of one bit is refused, or is shown", () => {
  for (const type of [0, 1, 2, 3]) {
    const data = bytesOf(type, HONEST[type]!);
    const before = read(type, data);
    let otherwise = 0;
    for (let bit = 0; bit < data.length * 8; bit++) {
      const other = data.slice();
      other[bit >> 3]! ^= 1 << (bit & 7);
      const after = readOrRefused(other, type === 0 ? 1 : 4);
      if (after === undefined) continue;
      otherwise++;
      assert.notEqual(shownOf(after), shownOf(before));
    }
    assert.ok(otherwise > 150, `${otherwise}`);
  }
});

test("a reader that saw any field otherwise is found out", () => {
  const other: Partial<Record<keyof EthereumTransaction, unknown>> = {
    ...{ chainId: 5n, nonce: 8n, to: undefined, value: 2n, data: Uint8Array.of(1), gasLimit: 90_001n },
    ...{
      maxFeePerGas: 1n,
      maxPriorityFeePerGas: 1n,
      maxFeePerBlobGas: 8n,
      blobHashes: [],
      accessList: [{ address: TO, slots: [] }],
    },
    ...{ authorizations: [], digest: new Uint8Array(32), type: 2 },
  };
  const seen = new Set<string>();
  for (const type of [0, 1, 2, 3, 4]) {
    const data = bytesOf(type, HONEST[type]!);
    const mine = read(type, data);
    const fields = type <= 1 ? { ...other, gasPrice: 1n } : other;
    for (const [field, value] of Object.entries(fields)) {
      const applies =
        field in mine && !(field === "type" && type === 2) && !(field === "accessList" && type === 0);
      const empty = Array.isArray(value) && value.length === 0;
      if (!applies || (empty && (mine[field as keyof EthereumTransaction] as unknown[]).length === 0))
        continue;
      seen.add(field);
      const wrong = { ...mine, [field]: value } as EthereumTransaction;
      assert.throws(
        () => agreeOnTransaction(wrong, data),
        { reason: "ethereum.readers-disagree" },
        `${type} ${field}`,
      );
    }
  }
  assert.deepEqual([...seen].sort(), [...Object.keys(other), "gasPrice"].sort());
});
