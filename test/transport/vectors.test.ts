// Published vectors, and texts as coordinators show them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256 } from "@noble/hashes/sha2.js";
import { createBase58check } from "@scure/base";
import { concat, fromHex, toHex } from "../../src/bytes.ts";
import type { Message } from "../../src/model.ts";
import { utf8 } from "../../src/text.ts";
import { decodeBase43, encodeBase43 } from "../../src/transport/base43.ts";
import { readBytewords, writeBytewords } from "../../src/transport/bytewords.ts";
import { capacity, versionsFrom } from "../../src/transport/capacity.ts";
import { readCbor } from "../../src/transport/cbor.ts";
import { crc32 } from "../../src/transport/crc32.ts";
import { descriptorChecksum } from "../../src/transport/descriptor-checksum.ts";
import { encodeBase64 } from "../../src/transport/digits.ts";
import { degrees, fragmentsOf, pickDegree, xoshiro } from "../../src/transport/fountain.ts";
import { decodeBc32 } from "../../src/transport/ur1.ts";
import { urParts } from "../../src/transport/write-ur.ts";
import { collect, psbtOf, readBytes, vectors, wolf } from "./support.ts";

const core = vectors("ur-v2-core");
const registry = vectors("ur-registry-bcr");
const hex = (text: string): Uint8Array => fromHex(text)!;

function psbtHex(message: Message | undefined): string {
  assert.equal(message?.kind, "psbt");
  return toHex(message.bytes);
}

function walletText(message: Message | undefined): string {
  assert.equal(message?.kind, "wallet");
  return message.text;
}

test("CRC-32 gives the published sums", () => {
  for (const { utf8: text, hex: bytes, crc32: sum } of core.crc32)
    assert.equal(
      crc32(text === undefined ? hex(bytes) : utf8(text))
        .toString(16)
        .padStart(8, "0"),
      sum,
    );
});

test("bytewords are read and written as published, and a wrong word is noticed", () => {
  for (const { hex: bytes, minimal } of core.bytewords) {
    if (minimal === undefined) continue;
    assert.equal(writeBytewords(hex(bytes)), minimal);
    assert.deepEqual(readBytewords(minimal), hex(bytes));
  }
  for (const { style, text } of core.bytewords_invalid)
    if (style === "minimal" || text === "") assert.equal(readBytewords(text), undefined);
});

test("the fountain's dice, degrees and choices are the reference's", () => {
  const dice = xoshiro(utf8("Wolf"));
  const seen = core.xoshiro.seed_string_Wolf_nextInt_1_10.map(() => Math.floor(dice() * 10) + 1);
  assert.deepEqual(seen, core.xoshiro.seed_string_Wolf_nextInt_1_10);
  const { seqLen, degrees: wanted } = core.degrees;
  const table = degrees(seqLen);
  const wolfDice = xoshiro(utf8("Wolf"));
  const drawn = wanted.map(() => pickDegree(table, wolfDice));
  assert.deepEqual(drawn, wanted);
  const crc = crc32(wolf(1024));
  for (const [i, indexes] of core.fragment_chooser.indexes.entries())
    assert.deepEqual(
      fragmentsOf(i + 1, degrees(11), crc).sort((a, b) => a - b),
      indexes,
    );
});

test("UR parts are written with the published CBOR", () => {
  const message = wolf(256);
  const part = urParts(message, Math.ceil(256 / 9));
  for (const [i, cbor] of core.encoder_parts.cbor.entries())
    assert.equal(
      toHex(
        readBytewords(
          part(i + 1)
            .split("/")[2]!
            .toLowerCase(),
        )!,
      ),
      cbor,
    );
});

test("a published single UR and a published multi-part UR are read whole, in any order", () => {
  const wrapped = concat(Uint8Array.of(0x59, 0x01, 0x00), wolf(256));
  assert.deepEqual(readCbor(readBytewords(core.single_part_ur.ur.split("/")[1])!), {
    type: "bytes",
    bytes: wolf(50),
  });
  const parts: string[] = core.multi_part_ur.parts;
  const ours = urParts(wrapped, Math.ceil(wrapped.length / 9));
  for (const [i, text] of parts.entries())
    assert.equal(
      ours(i + 1)
        .split("/")
        .slice(1)
        .join("/")
        .toLowerCase(),
      text.split("/").slice(1).join("/"),
    );
  // What they carry is noise: read whole, and then known for nothing.
  assert.throws(() => collect(parts.slice(4)), { reason: "transport.unknown" });
  assert.throws(() => collect(parts.slice(0, 9).reverse()), { reason: "transport.unknown" });
});

test("psbt is read as UR under its new name", () => {
  const [psbt] = registry.papers[1].vectors.filter((v: { ur: string }) => v.ur.startsWith("ur:psbt"));
  const message = collect([psbt.ur]);
  assert.equal(psbtHex(message), psbt.cbor.slice(4));
  assert.equal(message?.kind === "psbt" && message.dialect, "ur");
});

test("a seed is read from UR as its entropy", () => {
  const message = collect(["ur:seed/oyadgdstaslplabghydrpfmkbggufgludprfgmamdpwmox"]);
  assert.deepEqual(message, {
    kind: "seed",
    dialect: "ur",
    seed: { form: "compact", entropy: hex("c7098580125e2ab0981253468b2dbc52") },
  });
});

test("words are read from crypto-bip39", () => {
  const words = Array.from({ length: 12 }, (_, i) => (i < 11 ? "abandon" : "about"));
  const list = words.flatMap((word) => [0x60 | word.length, ...utf8(word)]);
  const body = Uint8Array.from([0xa2, 0x01, 0x8c, ...list, 0x02, 0x62, 0x65, 0x6e]);
  assert.deepEqual(collect([`ur:crypto-bip39/${writeBytewords(body)}`]), {
    kind: "seed",
    dialect: "ur",
    seed: { form: "words", words },
  });
});

const bare = (text: string): string => text.replace(/#.{8}$/, "");

test("crypto-output becomes the descriptor that its paper prints, with a checksum", () => {
  const outputs = registry.papers.find((p: { paper: string }) => p.paper.includes("2020-010")).vectors;
  const printed = outputs.flatMap((v: { descriptors?: string[] }) => v.descriptors ?? []);
  const urs = outputs.flatMap((v: { ur?: string }) => v.ur ?? []);
  assert.equal(urs.length, 5);
  for (const i of [0, 1, 2]) assert.equal(bare(walletText(collect([urs[i]]))), printed[i]);
  // The fifth prints no origin where its CBOR names one.
  assert.equal(bare(walletText(collect([urs[4]]))).replace("[bd16bee5/0]", ""), printed[4]);
  // The fourth's CBOR leaves out the depth that its xpub has: key, chain code and paths must agree.
  const base58 = createBase58check(sha256);
  const [mine, theirs] = [bare(walletText(collect([urs[3]]))), printed[3].replaceAll("'", "h")];
  const key = (text: string): string => /xpub\w+/.exec(text)![0];
  assert.equal(mine.replace(key(mine), ""), theirs.replace(key(theirs), ""));
  assert.deepEqual(base58.decode(key(mine)).subarray(13), base58.decode(key(theirs)).subarray(13));
});

test("an output-descriptor of version 3 becomes the descriptor that its paper prints, under its name", () => {
  const { vectors: papers } = registry.papers.find((p: { paper: string }) => p.paper.includes("2023-010"));
  const cbor = papers
    .map((v: { cbor?: string }) => v.cbor)
    .filter((c?: string) => c?.startsWith("d99d74a301781c"))[0];
  const printed = papers
    .flatMap((v: { descriptors?: string[] }) => v.descriptors ?? [])
    .find((d: string) => d.includes("dc567276"));
  for (const [type, body] of [
    ["output-descriptor", cbor.slice(6)],
    ["crypto-output", cbor],
  ] as const)
    assert.deepEqual(named(collect([`ur:${type}/${writeBytewords(hex(body))}`])), {
      label: "Satoshi's Stash",
      descriptor: printed.replaceAll("'", "h"),
    });
});

/** What is named comes as JSON; the checksum is right. */
function named(message: Message | undefined): object {
  const { descriptor, ...names } = JSON.parse(walletText(message));
  assert.equal(descriptorChecksum(bare(descriptor)), descriptor.slice(-8));
  return { ...names, descriptor: bare(descriptor) };
}

type Item =
  | number
  | boolean
  | string
  | Uint8Array
  | readonly Item[]
  | Map<number, Item>
  | { tag: number; item: Item };

/** As much of CBOR (RFC 8949) as these types are made of. */
function cbor(item: Item): Uint8Array {
  const head = (major: number, value: number): Uint8Array =>
    value < 24
      ? Uint8Array.of((major << 5) | value)
      : value < 256
        ? Uint8Array.of((major << 5) | 24, value)
        : value < 65536
          ? Uint8Array.of((major << 5) | 25, value >> 8, value & 255)
          : Uint8Array.of((major << 5) | 26, value >>> 24, value >>> 16, value >>> 8, value);
  if (typeof item === "number") return head(0, item);
  if (typeof item === "boolean") return Uint8Array.of(item ? 0xf5 : 0xf4);
  if (typeof item === "string") return concat(head(3, utf8(item).length), utf8(item));
  if (item instanceof Uint8Array) return concat(head(2, item.length), item);
  if (item instanceof Map)
    return concat(head(5, item.size), ...[...item].flatMap(([key, value]) => [cbor(key), cbor(value)]));
  if ("tag" in item) return concat(head(6, item.tag), cbor(item.item));
  return concat(head(4, item.length), ...item.map(cbor));
}

/** A key at m/48h/1h/0h/2h; `children` as BCR-2020-007 has them. */
function hdKeyItem(number: number, more: readonly (readonly [number, Item])[] = []): Item {
  const path: Item = [48, true, 1, true, 0, true, 2, true];
  const origin = {
    tag: 40304,
    item: new Map<number, Item>([
      [1, path],
      [2, 0x11111111 * number],
    ]),
  };
  const key = concat(Uint8Array.of(2), new Uint8Array(32).fill(number));
  const fields: [number, Item][] = [
    [3, key],
    [4, new Uint8Array(32).fill(9)],
    [6, origin],
  ];
  return { tag: 40303, item: new Map<number, Item>([...fields, ...more]) };
}

const ur3 = (source: string, keys: readonly Item[], more: readonly (readonly [number, Item])[] = []) =>
  collect([
    `ur:output-descriptor/${writeBytewords(cbor(new Map<number, Item>([[1, source], [2, keys], ...more])))}`,
  ]);

test("what follows a key in an output-descriptor stands in the text, in the key, or is the usual pair", () => {
  const children = { tag: 40304, item: new Map<number, Item>([[1, [[2, false, 3, false], [], false]]]) };
  const [one, two] = [hdKeyItem(1), hdKeyItem(2)];
  const shape = (text: string) =>
    bare(text).replace(/\[[0-9a-f]{8}\/48h\/1h\/0h\/2h\]tpub[1-9A-Za-z]+/g, "K");
  const cases: readonly (readonly [string, readonly Item[], string])[] = [
    ["wsh(sortedmulti(2,@0,@1))", [one, two], "wsh(sortedmulti(2,K/<0;1>/*,K/<0;1>/*))"],
    ["wsh(sortedmulti(2,@0/<4;5>/*,@1/0/*))", [one, two], "wsh(sortedmulti(2,K/<4;5>/*,K/0/*))"],
    ["wpkh(@0)", [hdKeyItem(1, [[7, children]])], "wpkh(K/<2;3>/*)"],
    ["wpkh(@0/<0;1>/*)", [hdKeyItem(1, [[7, children]])], "wpkh(K/<0;1>/*)"],
    ["tr(musig(@0,@1)/<0;1>/*,pk(@0/<2;3>/*))", [one, two], "tr(musig(K,K)/<0;1>/*,pk(K/<2;3>/*))"],
    [
      "tr(@0,{pk(@1),and_v(v:pk(@0/<2;3>/*),older(144))})",
      [one, two],
      "tr(K/<0;1>/*,{pk(K/<0;1>/*),and_v(v:pk(K/<2;3>/*),older(144))})",
    ],
  ];
  for (const [source, keys, want] of cases) assert.equal(shape(walletText(ur3(source, keys))), want);
  assert.throws(() => ur3("wsh(multi(1,@0,@1))", [one]), { reason: "transport.damaged" });
  assert.throws(() => ur3(`wsh(multi(1,${"@0,".repeat(400)}@0))`, [one]), { reason: "transport.too-large" });
});

test("names of a UR's wallet and keys come along", () => {
  const keys = [hdKeyItem(1, [[9, "Ann"]]), hdKeyItem(2)];
  const read = named(ur3("wsh(sortedmulti(2,@0,@1))", keys, [[3, "Family"]])) as Record<string, unknown>;
  assert.equal(read.label, "Family");
  assert.deepEqual(read.devices, [{ label: "Ann" }, { label: "" }]);
  // Version 1 has names of keys alone.
  const multi = {
    tag: 407,
    item: new Map<number, Item>([
      [1, 2],
      [2, keys],
    ]),
  };
  const text = walletText(collect([`ur:crypto-output/${writeBytewords(cbor({ tag: 401, item: multi }))}`]));
  assert.deepEqual(JSON.parse(text).devices, [{ label: "Ann" }, { label: "" }]);
  assert.equal(JSON.parse(text).label, undefined);
});

/** wpkh of one hdkey: use-info and the second origin step (coin type) as given, no children. */
function wpkhUr(coinInfo: string, coinType: string): string {
  const origin = `06d90130a201861854f5${coinType}f500f5021a37b5eed4`;
  const count = coinInfo === "" ? "a3" : "a4";
  const key = `035821${"02".repeat(33)}045820${"11".repeat(32)}`;
  return `ur:crypto-output/${writeBytewords(hex(`d90194d9012f${count}${key}${coinInfo}${origin}`))}`;
}

test("the network of a crypto-output follows use-info, else the coin type; children default to both branches", () => {
  const main = walletText(collect([wpkhUr("", "00")]));
  assert.match(main, /^wpkh\(\[37b5eed4\/84h\/0h\/0h\]xpub\w+\/<0;1>\/\*\)#\w{8}$/);
  assert.match(walletText(collect([wpkhUr("", "01")])), /\]tpub/);
  assert.match(walletText(collect([wpkhUr("05d90131a10201", "00")])), /\]tpub/);
  assert.match(walletText(collect([wpkhUr("05d90131a10200", "01")])), /\]xpub/);
  assert.equal(descriptorChecksum(bare(main)), main.slice(-8));
});

test("descriptor checksums are BIP 380's", () => {
  assert.equal(descriptorChecksum("raw(deadbeef)"), "89f8spxm");
  assert.equal(descriptorChecksum("raw(Ü)"), undefined);
});

test("UR version 1 is read: single, with digest, and seven parts in any order", () => {
  const legacy = vectors("ur-v1-legacy");
  for (const { utf8: text, bc32 } of legacy.bc32) assert.deepEqual(decodeBc32(bc32), utf8(text));
  // Its payload is noise, so that only a right end of the reading can be told from a wrong one.
  assert.throws(() => collect(legacy.multipart.parts.toReversed()), { reason: "transport.unknown" });
  const broken = legacy.multipart.parts.with(3, legacy.multipart.parts[3].replace(/.$/, "q"));
  assert.throws(() => collect(broken), { reason: "transport.damaged" });
});

test("every BBQr of the reference encoder is read, in every encoding and any order; transactions are named", () => {
  for (const { fileType, rawBase64, parts } of vectors("bbqr").vectors) {
    const read = () => collect(parts.toReversed());
    if (fileType === "P") assert.equal(psbtHex(read()), toHex(Buffer.from(rawBase64, "base64")));
    else assert.throws(read, { reason: fileType === "T" ? "transport.wrong-kind" : "transport.unknown" });
  }
});

test("base43 is Electrum's, both ways", () => {
  const { vectors: list, psbt_base64: psbts } = vectors("base43-electrum");
  for (const { base43, hex: bytes } of list) {
    assert.equal(encodeBase43(hex(bytes)), base43);
    assert.deepEqual(decodeBase43(base43), hex(bytes));
  }
  assert.deepEqual(decodeBase43(encodeBase43(hex("0000ff00"))), hex("0000ff00"));
  const psbt = list.find((v: { kind: string }) => v.kind === "psbt");
  assert.equal(psbtHex(collect([psbt.base43])), psbt.hex);
  for (const text of psbts) assert.equal(psbtHex(collect([text])), toHex(Buffer.from(text, "base64")));
});

test("the nine SeedQR give their word numbers, and the nine CompactSeedQR their exact bytes", () => {
  for (const { seedqr, compactseedqr_hex: compact } of vectors("seedqr").vectors) {
    const indexes = seedqr.match(/.{4}/g).map(Number);
    assert.deepEqual(collect([seedqr]), { kind: "seed", seed: { form: "seedqr", indexes } });
    assert.deepEqual(collect([readBytes(hex(compact))]), {
      kind: "seed",
      seed: { form: "compact", entropy: hex(compact) },
    });
  }
});

test("words in a code are read as typed, in any case and spacing", () => {
  const words = vectors("seedqr").vectors[3].words.split(" ");
  assert.deepEqual(collect([words.join("  ").toUpperCase()]), {
    kind: "seed",
    seed: { form: "words", words },
  });
});

test("one static code: base64, hex in either case and raw bytes are the same PSBT", () => {
  const psbt = psbtOf(300);
  const texts = [
    encodeBase64(psbt),
    encodeBase64(psbt).replace(/=+$/, ""),
    toHex(psbt),
    toHex(psbt).toUpperCase(),
  ];
  for (const text of texts) assert.equal(psbtHex(collect([text])), toHex(psbt));
  assert.equal(psbtHex(collect([readBytes(psbt)])), toHex(psbt));
});

const KEYS = vectors("text-formats").addwallet[0].slice("addwallet My multisig&".length);
const COLDCARD = `# Coldcard Multisig setup file
Name: CC-2-of-3
Policy: 2 of 3
Derivation: m/48'/0'/0'/2'
Format: P2WSH

0F056943: xpub6DFekS5zvPSdW6WWjH2p7vPRkxmeeNGnirmj36AUyoAYbJvfKBj6UARWR5gQ6FRrr98dzT1XFTi6rfGo9AAAeutY1S6SoWijQ8BKxDhYQzDR
`;

test("a wallet's text is known by its look whatever program wrote it, and passed on whole", () => {
  const [key] = /\[[^\]]*\][^,)]*/.exec(KEYS)!;
  const texts = [
    KEYS,
    vectors("text-formats").addwallet[0],
    JSON.stringify({ label: "x", blockheight: 1, descriptor: KEYS }),
    JSON.stringify([{ desc: KEYS, internal: false }]),
    JSON.stringify({ wallet_name: "x", descriptors: [{ desc: KEYS }] }),
    JSON.stringify({ name: "x", quorum: {}, extendedPublicKeys: [] }),
    JSON.stringify({ wallet_type: "2of3", "x1/": {} }),
    JSON.stringify({ name: "x", accounts: [{ descriptor: KEYS }] }),
    JSON.stringify({ name: "x", descriptor_template: "wpkh(@0/**)", keys_info: [key] }),
    `# Receive and change descriptor (BIP389):\n${KEYS}\n\n# Receive descriptor (Bitcoin Core):\n${KEYS}`,
    `Receive: ${KEYS}\nChange: ${KEYS}`,
    `wpkh(@0/**)\n${key}`,
    `BSMS 1.0\n${KEYS}\nNo path restrictions\nbc1q`,
    COLDCARD.trim(),
  ];
  for (const text of texts) assert.equal(walletText(collect([` ${text}\n`])), text);
});

test("a record that a token seals is known from hex of other kinds", () => {
  const sealed = "5a".repeat(180);
  assert.equal(walletText(collect([sealed])), sealed);
  assert.equal(walletText(collect([sealed.toUpperCase()])), sealed.toUpperCase());
  assert.throws(() => collect([sealed.slice(2)]), { reason: "transport.unknown" });
  assert.throws(() => collect([`${sealed}5`]), { reason: "transport.unknown" });
  assert.throws(() => collect([`02000000${sealed}`]), { reason: "transport.wrong-kind" });
});

test("Coldcard text comes inside ur:bytes, BBQr and pMofN as well, line ends kept", () => {
  const bytes = utf8(COLDCARD);
  const ur = `UR:BYTES/${writeBytewords(concat(Uint8Array.of(0x59, bytes.length >> 8, bytes.length & 255), bytes)).toUpperCase()}`;
  assert.equal(walletText(collect([ur])), COLDCARD.trim());
  const bbqr = `B$HU0100${toHex(bytes).toUpperCase()}`;
  assert.equal(walletText(collect([bbqr])), COLDCARD.trim());
  for (let cut = 60; cut < 80; cut++)
    assert.equal(
      walletText(collect([`p2of2 ${COLDCARD.slice(cut)}`, `p1of2 ${COLDCARD.slice(0, cut)}`])),
      COLDCARD.trim(),
    );
});

test("Specter's parts are joined whatever their order", () => {
  const { example, regex } = vectors("text-formats").specter_parts;
  const text = encodeBase64(psbtOf(90));
  const parts = example.map((shape: string, i: number) =>
    shape.replace(/ .*/, ` ${text.slice(40 * i, i === 2 ? undefined : 40 * i + 40)}`),
  );
  for (const part of parts) assert.match(part, new RegExp(regex));
  const message = collect([parts[2], parts[0], parts[1]]);
  assert.equal(psbtHex(message), toHex(psbtOf(90)));
  assert.equal(message?.kind === "psbt" && message.dialect, "pmofn");
});

test("an address is read apart from what a payment request adds; where none is wanted it is named", () => {
  for (const text of vectors("text-formats").address_qr) {
    const read = collect([text]);
    assert.ok(read?.kind === "address", text);
    assert.equal(read.text, text.replace(/^bitcoin:/i, "").replace(/\?.*$/, ""));
    assert.equal(read.query, text.split("?")[1]);
    assert.throws(() => collect([text], ["psbt", "wallet", "seed", "document"]), {
      ...{ reason: "transport.wrong-kind", detail: "an address" },
    });
  }
});

test("keys and transactions are named as something else", () => {
  const formats = vectors("text-formats");
  const transaction = vectors("base43-electrum").vectors[0].hex;
  for (const text of [formats.coldcard_generic_json.xpub, transaction])
    assert.throws(() => collect([text]), { reason: "transport.wrong-kind" }, text);
});

test("the capacity table is the standard's, and version 23 is never chosen", () => {
  const table = vectors("qr-capacity");
  for (let version = 1; version <= 40; version++) {
    assert.equal(capacity(version, "alphanumeric"), table.L_alphanumeric[version]);
    assert.equal(capacity(version, "byte"), table.L_byte[version]);
  }
  assert.ok(!versionsFrom(1).includes(23));
});
