// Requests of Ethereum as codes and files: every field as it came, and nothing that is not known.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CryptoKeypath, type DataType, EthSignRequest, PathComponent } from "@keystonehq/bc-ur-registry-eth";
import { UR, UREncoder } from "@ngraveio/bc-ur";
import fc from "fast-check";
import { decodeLine, encodeLine } from "../../device/wire/channel.ts";
import { readFromEye } from "../../device/wire/lines.ts";
import { Breach } from "../../device/wire/schema.ts";
import { toHex } from "../../src/bytes.ts";
import { HARDENED, LIMITS } from "../../src/limits.ts";
import type { EthereumMessage, Message } from "../../src/model.ts";
import { Refusal } from "../../src/refusal.ts";
import { utf8 } from "../../src/text.ts";
import { messageOfFile } from "../../src/transport/index.ts";
import { array, bool, byteString, map, tag, textString, uint } from "../../src/transport/write-cbor.ts";
import { collect } from "./support.ts";

// biome-ignore lint/suspicious/noExplicitAny: vectors are JSON of many shapes
const VECTORS: any = JSON.parse(
  readFileSync(new URL("../vectors/ethereum/erc4527.json", import.meta.url), "utf8"),
);
const ID = Buffer.from("9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d", "hex");
const ACCOUNT_0 = [44 + HARDENED, 60 + HARDENED, HARDENED, 0, 0];

function texts(body: Uint8Array, type = "eth-sign-request", most = 200): string[] {
  const encoder = new UREncoder(new UR(Buffer.from(body), type), most);
  return Array.from({ length: encoder.fragmentsLength }, () => encoder.nextPart());
}

function seen(body: Uint8Array, type = "eth-sign-request"): EthereumMessage {
  const message = collect(texts(body, type), ["ethereum"]);
  assert.ok(message?.kind === "ethereum");
  return message;
}

const refused = (reason: string, act: () => unknown): void =>
  assert.throws(act, (error: unknown) => error instanceof Refusal && error.reason === reason);

test("the registry's published request is read, field by field", () => {
  const [, second] = VECTORS.registry[0].tests;
  const message = collect(second.urs, ["ethereum"]);
  assert.ok(message?.kind === "ethereum");
  assert.equal(toHex(message.requestId!), toHex(ID));
  assert.equal(toHex(message.data), second.hex[0]);
  assert.deepEqual([message.dataType, message.chainId, message.origin], [1, 1n, undefined]);
  assert.deepEqual(message.path, [44 + HARDENED, 1 + HARDENED, 1 + HARDENED, 0, 1]);
  assert.equal(message.fingerprint, "12345678");
  const [first] = VECTORS.registry[0].tests;
  assert.equal((collect(first.urs, ["ethereum"]) as EthereumMessage).origin, "metamask");
});

const request = fc.record(
  {
    data: fc.uint8Array({ maxLength: 3000 }),
    dataType: fc.constantFrom(1, 2, 3, 4),
    path: fc.array(fc.integer({ min: 0, max: HARDENED - 1 }), { maxLength: LIMITS.pathDepth }),
    hardened: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
    fingerprint: fc.uint8Array({ minLength: 4, maxLength: 4 }).filter((bytes) => bytes.some(Boolean)),
    requestId: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    chainId: fc.bigInt({ min: 1n, max: BigInt(Number.MAX_SAFE_INTEGER) }),
    address: fc.uint8Array({ minLength: 20, maxLength: 20 }),
    origin: fc.string({ unit: "grapheme", maxLength: 40 }),
  },
  { requiredKeys: ["data", "dataType", "path", "hardened"] },
);

test("whatever the library of MetaMask writes is read as it is, and comes over the pipe as it was read", () => {
  fc.assert(
    fc.property(request, (given) => {
      const components = given.path.map(
        (index, i) => new PathComponent({ index, hardened: given.hardened[i]! }),
      );
      const fingerprint = given.fingerprint && Buffer.from(given.fingerprint);
      const written = new EthSignRequest({
        signData: Buffer.from(given.data),
        dataType: given.dataType as DataType,
        derivationPath: new CryptoKeypath(components, fingerprint),
        ...(given.requestId && { requestId: Buffer.from(given.requestId) }),
        ...(given.chainId !== undefined && { chainId: Number(given.chainId) }),
        ...(given.address && { address: Buffer.from(given.address) }),
        ...(given.origin && { origin: given.origin }),
      });
      const message = seen(written.toCBOR());
      assert.deepEqual(message, {
        kind: "ethereum",
        dialect: "ur",
        data: given.data,
        dataType: given.dataType,
        path: given.path.map((index, i) => index + (given.hardened[i] ? HARDENED : 0)),
        ...(given.requestId && { requestId: given.requestId }),
        ...(given.chainId !== undefined && { chainId: given.chainId }),
        ...(fingerprint && { fingerprint: fingerprint.toString("hex") }),
        ...(given.address && { address: given.address }),
        ...(given.origin && { origin: given.origin }),
      });
      const line = new TextEncoder().encode(encodeLine({ t: "message", message }).trimEnd());
      assert.deepEqual(decodeLine(line, readFromEye), { t: "message", message });
    }),
    { numRuns: 300 },
  );
});

// ---------------------------------------------------------------- by hand

const steps = (...numbers: number[]) =>
  array(numbers.flatMap((n) => [uint(n % HARDENED), bool(n >= HARDENED)]));
const PATH = tag(304, map({ 1: steps(...ACCOUNT_0), 2: uint(0x73c5da0a) }));
const FIELDS = { 1: tag(37, byteString(ID)), 2: byteString(utf8("hi")), 3: uint(3), 5: PATH };

test("a chain that is not named stays unnamed, and the paper's own tag of the data type is taken", () => {
  const bare = seen(map(FIELDS));
  assert.equal("chainId" in bare, false);
  assert.deepEqual(seen(map({ ...FIELDS, 3: tag(401, uint(3)) })), bare);
  assert.deepEqual(seen(map({ ...FIELDS, 3: tag(401, uint(3)) })).path, ACCOUNT_0);
});

test("a fingerprint of zero says that the program knows none", () => {
  const unknown = map({ 1: steps(...ACCOUNT_0), 2: uint(0), 3: uint(5) });
  assert.equal("fingerprint" in seen(map({ ...FIELDS, 5: tag(304, unknown) })), false);
});

const WRONG: readonly (readonly [string, string, Uint8Array])[] = [
  ["transport.unsupported", "a field that is not known", map({ ...FIELDS, 8: uint(1) })],
  ["transport.unsupported", "field 0", map({ 0: uint(1), ...FIELDS })],
  ["transport.damaged", "a name in the place of a number", concatMap(FIELDS, textString("x"))],
  ["transport.unsupported", "a fifth kind of data", map({ ...FIELDS, 3: uint(5) })],
  ["transport.unsupported", "data of kind 0", map({ ...FIELDS, 3: uint(0) })],
  ["transport.damaged", "a kind that is text", map({ ...FIELDS, 3: textString("3") })],
  ["transport.damaged", "no kind", map({ ...FIELDS, 3: undefined })],
  ["transport.damaged", "no data", map({ ...FIELDS, 2: undefined })],
  ["transport.damaged", "data that is text", map({ ...FIELDS, 2: textString("hi") })],
  ["transport.damaged", "no path", map({ ...FIELDS, 5: undefined })],
  ["transport.damaged", "a path without its tag", map({ ...FIELDS, 5: map({ 1: steps(0) }) })],
  [
    "transport.damaged",
    "a wildcard",
    map({ ...FIELDS, 5: tag(304, map({ 1: array([array([]), bool(false)]) })) }),
  ],
  [
    "transport.damaged",
    "a number without its mark",
    map({ ...FIELDS, 5: tag(304, map({ 1: array([uint(1)]) })) }),
  ],
  [
    "transport.damaged",
    "a number of 2^31",
    map({ ...FIELDS, 5: tag(304, map({ 1: array([uint(HARDENED), bool(false)]) })) }),
  ],
  [
    "transport.damaged",
    "nine steps",
    map({ ...FIELDS, 5: tag(304, map({ 1: steps(1, 2, 3, 4, 5, 6, 7, 8, 9) })) }),
  ],
  [
    "transport.damaged",
    "another depth",
    map({ ...FIELDS, 5: tag(304, map({ 1: steps(1, 2), 3: uint(3) })) }),
  ],
  [
    "transport.unsupported",
    "a path with a fourth field",
    map({ ...FIELDS, 5: tag(304, map({ 1: steps(1), 4: uint(3) })) }),
  ],
  ["transport.damaged", "an id of 15 bytes", map({ ...FIELDS, 1: tag(37, byteString(ID.subarray(1))) })],
  ["transport.damaged", "an id without its tag", map({ ...FIELDS, 1: byteString(ID) })],
  ["transport.damaged", "chain 0", map({ ...FIELDS, 4: uint(0) })],
  ["transport.damaged", "a chain of true", map({ ...FIELDS, 4: bool(true) })],
  ["transport.damaged", "an address of 19 bytes", map({ ...FIELDS, 6: byteString(new Uint8Array(19)) })],
  ["transport.damaged", "an address that is text", map({ ...FIELDS, 6: textString("0x00") })],
  ["transport.damaged", "a name of bytes", map({ ...FIELDS, 7: byteString(ID) })],
  [
    "transport.too-large",
    "a name of 257 letters",
    map({ ...FIELDS, 7: textString("x".repeat(LIMITS.originChars + 1)) }),
  ],
  ["transport.damaged", "an array", array([uint(1)])],
  ["transport.damaged", "a tag around it", tag(402, map(FIELDS))],
];

/** One more entry, whose key is what is given. */
function concatMap(fields: Record<number, Uint8Array | undefined>, key: Uint8Array): Uint8Array {
  const body = map({ ...fields, 99: uint(0) });
  const at = body.length - 3;
  assert.equal(toHex(body.subarray(at)), "186300");
  return Uint8Array.from([...body.subarray(0, at), ...key, 0]);
}

test("what is not as it should be is refused, by name", () => {
  for (const [reason, what, body] of WRONG)
    refused(reason, () => assert.fail(`${what}: ${JSON.stringify(seen(body))}`));
});

test("a field that stands there twice is refused", () => {
  const body = map({ ...FIELDS, 7: textString("a"), 8: textString("b") });
  const at = body.length - 3;
  assert.equal(body[at], 8);
  body[at] = 7;
  refused("transport.damaged", () => seen(body));
});

test("data over the bound is refused before it is copied, data at the bound is taken", () => {
  const fields = (length: number) => ({ ...FIELDS, 2: byteString(new Uint8Array(length)) });
  const file = (length: number) => utf8(texts(map(fields(length)), "eth-sign-request", 2000).join("\n"));
  const taken = messageOfFile(file(LIMITS.ethereumBytes)) as EthereumMessage;
  assert.equal(taken.data.length, LIMITS.ethereumBytes);
  refused("transport.too-large", () => messageOfFile(file(LIMITS.ethereumBytes + 1)));
});

test("the other codes of Ethereum are refused, each with what to do instead", () => {
  const batch = VECTORS.registry[3].tests[0].urs[0];
  const signature = VECTORS.registry[1].tests[0].urs[0];
  const cases = [
    ["transport.ethereum-batch", batch],
    ["transport.ethereum-signature", signature],
    ["transport.ethereum-signature", texts(uint(1), "eth-batch-signature")[0]],
    ["transport.ethereum-picture", texts(uint(1), "eth-nft-item")[0]],
    ["transport.asks-for-keys", texts(uint(1), "qr-hardware-call")[0]],
    ["transport.asks-for-keys", texts(uint(1), "key-derivation-call")[0]],
    ["transport.unsupported", texts(uint(1), "sol-sign-request")[0]],
  ] as const;
  for (const [reason, text] of cases) refused(reason, () => collect([text], ["ethereum"]));
});

test("a request of Ethereum is none of a payment, and no payment is one of Ethereum", () => {
  const all = texts(map({ ...FIELDS, 2: byteString(new Uint8Array(900)) }));
  assert.ok(all.length > 1);
  refused("transport.wrong-kind", () => collect(all.slice(0, 1), ["psbt", "message"]));
  refused("transport.wrong-kind", () =>
    collect(texts(byteString(new Uint8Array(900)), "crypto-psbt").slice(0, 1), ["ethereum"]),
  );
});

// ---------------------------------------------------------------- files

test("a file with the request's parts, a line each, in any order, is read as the codes are", () => {
  const body = map({ ...FIELDS, 2: byteString(new Uint8Array(900).fill(7)) });
  const parts = texts(body);
  assert.ok(parts.length > 3);
  const expected: Message = seen(body);
  for (const text of [
    parts.join("\n"),
    `\uFEFF${parts.toReversed().join("\r\n\r\n")}\r\n`,
    parts.join("\n").toUpperCase(),
  ])
    assert.deepEqual(messageOfFile(utf8(text), ["ethereum"]), expected);
  assert.deepEqual(messageOfFile(utf8(`${texts(map(FIELDS))[0]}\n`)), seen(map(FIELDS)));
});

test("a file with a part missing, with two requests, or with other lines is refused", () => {
  const parts = texts(map({ ...FIELDS, 2: byteString(new Uint8Array(900)) }));
  const [single] = texts(map(FIELDS));
  refused("transport.damaged", () => messageOfFile(utf8(parts.slice(1).join("\n"))));
  refused("transport.mixed", () =>
    messageOfFile(
      utf8([...parts, ...texts(map({ ...FIELDS, 2: byteString(new Uint8Array(901)) }))].join("\n")),
    ),
  );
  refused("transport.mixed", () => messageOfFile(utf8(`${single}\n${single}`)));
  refused("stick.unknown", () => messageOfFile(utf8([...parts, "a note"].join("\n"))));
});

// ---------------------------------------------------------------- hostile

test("mutated and random bytes are read or refused, and never anything else", () => {
  const whole = map({ ...FIELDS, 4: uint(1), 6: byteString(new Uint8Array(20)), 7: textString("x") });
  const mutated = fc
    .tuple(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }))
    .map(([at, byte]) => Uint8Array.from(whole, (old, i) => (i === at ? byte : old)));
  let taken = 0;
  const look = (body: Uint8Array): void => {
    try {
      const { message } = { message: collect(texts(body, "eth-sign-request", 4000), ["ethereum"]) };
      taken += message === undefined ? 0 : 1;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  };
  fc.assert(fc.property(fc.oneof(mutated, fc.uint8Array({ minLength: 1, maxLength: 200 })), look), {
    numRuns: 4000,
    examples: [[whole]],
  });
  assert.ok(taken > 0);
});

test("an eye that lies about a request breaks the pipe: no field is longer, larger or other than it may be", () => {
  const message = { kind: "ethereum", dialect: "ur", data: "aGk=", dataType: 3, path: [1, 2] };
  const line = (changed: object) => () =>
    readFromEye({ t: "message", message: { ...message, ...changed } }, "");
  line({ requestId: Buffer.alloc(16).toString("base64"), chainId: "9007199254740991", data: "" })();
  const wrong: readonly object[] = [
    { requestId: Buffer.alloc(15).toString("base64") },
    { chainId: "0" },
    { chainId: "-1" },
    { chainId: "9007199254740992" },
    { chainId: 1 },
    { dataType: 5 },
    { dataType: "3" },
    { path: Array(9).fill(0) },
    { path: [4294967296] },
    { path: [-1] },
    { fingerprint: "73C5DA0A" },
    { address: Buffer.alloc(21).toString("base64") },
    { origin: "x".repeat(LIMITS.originChars + 1) },
    { data: Buffer.alloc(LIMITS.ethereumBytes + 1).toString("base64") },
    { data: undefined },
    { gas: "1" },
  ];
  for (const changed of wrong) assert.throws(line(changed), Breach, JSON.stringify(changed).slice(0, 60));
});
