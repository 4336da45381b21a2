import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256 } from "@noble/hashes/sha2.js";
import { createBase58check } from "@scure/base";
import fc from "fast-check";
import { canonical, parseDescriptor, quorumOf, readWallet } from "../../src/bitcoin/index.ts";
import { toHex } from "../../src/bytes.ts";
import { LIMITS } from "../../src/limits.ts";
import type { Network } from "../../src/model.ts";
import { Refusal } from "../../src/refusal.ts";
import { utf8 } from "../../src/text.ts";
import type { Play } from "./wallet-cast.ts";
import {
  accountPath,
  bodyOf,
  cosigner,
  curve,
  keyText,
  nodeAt,
  reasonOf,
  SEVERAL,
  SINGLE,
  withChecksum,
} from "./wallet-cast.ts";

const base58check = createBase58check(sha256);
const parse = (body: string, network: Network = "regtest") =>
  parseDescriptor(withChecksum(body), network, curve);
const refusedAs = (body: string, reason: string, network: Network = "regtest") =>
  assert.equal(
    reasonOf(() => parse(body, network)),
    reason,
    body,
  );

const PATH = accountPath("p2wsh");
const KEY = (number: number) => keyText(cosigner(number), PATH);
const TWO_OF_THREE: Play = { form: "p2wsh", cosigners: [1, 2, 3], threshold: 2 };
/** The same wallet with one thing changed. */
const spoiled = (from: string | RegExp, to: string) => {
  const body = bodyOf(TWO_OF_THREE);
  const changed = body.replace(from, to);
  assert.notEqual(changed, body);
  return changed;
};

test("Every form is read, and its canonical text is the text itself", () => {
  const plays: Play[] = [
    ...SINGLE.map((form) => ({ form })),
    ...SEVERAL.flatMap((form) =>
      (["multi", "sortedmulti"] as const).map((multi) => ({
        form,
        multi,
        cosigners: [1, 2, 3],
        threshold: 2,
      })),
    ),
  ];
  for (const network of ["mainnet", "testnet3", "testnet4", "signet", "regtest"] as const)
    for (const play of plays) {
      const text = withChecksum(bodyOf({ ...play, network }));
      const value = parseDescriptor(text, network, curve);
      assert.equal(canonical(value), text);
      assert.equal(value.form, play.form);
      assert.equal(quorumOf(value)?.sorted, SEVERAL.includes(play.form) && play.multi !== "multi");
      assert.equal(quorumOf(value)?.threshold, play.threshold ?? 1);
    }
});

test("The canonical text writes h, lower case and both branches, however the coordinator wrote them", () => {
  const want = withChecksum(bodyOf(TWO_OF_THREE));
  const upper = bodyOf(TWO_OF_THREE).replace(/\[[0-9a-f]{8}/g, (fingerprint) => fingerprint.toUpperCase());
  for (const body of [
    bodyOf(TWO_OF_THREE).replace(/h/g, (h, at, all) => (/\d/.test(all[at - 1]) ? "'" : h)),
    bodyOf(TWO_OF_THREE).replace(/(?<=\d)h/g, "H"),
    upper,
    bodyOf({ ...TWO_OF_THREE, children: "" }),
    bodyOf({ ...TWO_OF_THREE, children: "/0/*" }),
  ])
    assert.equal(canonical(parse(body)), want);
});

test("A receive descriptor /0/* means receive 0 and change 1, a change descriptor /1/* alone is refused", () => {
  const { receive, change } = parse(bodyOf({ form: "p2wpkh", children: "/0/*" }));
  assert.deepEqual([receive, change], [0, 1]);
  refusedAs(bodyOf({ form: "p2wpkh", children: "/1/*" }), "bitcoin.wallet-branches");
  refusedAs(bodyOf({ form: "p2wpkh", children: "/*" }), "bitcoin.wallet-branches");
  refusedAs(bodyOf({ form: "p2wpkh", children: "/0/0/*" }), "bitcoin.wallet-branches");
});

test("The first branch of a pair receives and the second takes change, in every key the same", () => {
  const { receive, change } = parse(bodyOf({ form: "p2wpkh", children: "/<7;9>/*" }));
  assert.deepEqual([receive, change], [7, 9]);
  refusedAs(bodyOf({ form: "p2wpkh", children: "/<1;1>/*" }), "bitcoin.wallet-branches");
  refusedAs(bodyOf({ form: "p2wpkh", children: "/<0;1;2>/*" }), "bitcoin.wallet-branches");
  refusedAs(bodyOf({ form: "p2wpkh", children: "/<0;2147483648>/*" }), "bitcoin.wallet-branches");
  refusedAs(spoiled("/<0;1>/*", "/<0;2>/*"), "bitcoin.wallet-branches");
});

test("The wallet fingerprint is the first 8 hex digits of SHA-256 of the canonical descriptor", () => {
  const wallet = readWallet(withChecksum(bodyOf({ ...TWO_OF_THREE, children: "/0/*" })), "regtest", curve);
  assert.equal(wallet.descriptor, withChecksum(bodyOf(TWO_OF_THREE)));
  assert.equal(wallet.fingerprint, toHex(sha256(utf8(wallet.descriptor))).slice(0, 8));
});

test("A descriptor without checksum is refused", () => {
  const body = bodyOf(TWO_OF_THREE);
  for (const text of [body, `${body}#`])
    assert.equal(
      reasonOf(() => parseDescriptor(text, "regtest", curve)),
      "bitcoin.descriptor-checksum-missing",
    );
});

test("A wrong checksum is refused, wherever the one wrong character stands", () => {
  const text = withChecksum(bodyOf({ form: "p2wpkh" }));
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "#") continue;
    const changed = text.slice(0, at) + (text[at] === "2" ? "3" : "2") + text.slice(at + 1);
    assert.equal(
      reasonOf(() => parseDescriptor(changed, "regtest", curve)),
      "bitcoin.descriptor-checksum",
      String(at),
    );
  }
  for (const tail of ["q", "#", " x"])
    assert.equal(
      reasonOf(() => parseDescriptor(text + tail, "regtest", curve)),
      "bitcoin.descriptor-checksum",
    );
});

test("A quorum of none, and one larger than the keys, are refused", () => {
  for (const threshold of ["0", "4", "00", "99"])
    refusedAs(spoiled("sortedmulti(2", `sortedmulti(${threshold}`), "bitcoin.wallet-threshold");
  for (const threshold of ["", "a", "-1", "1e1", "100", "2 "])
    refusedAs(spoiled("sortedmulti(2", `sortedmulti(${threshold}`), "bitcoin.wallet-threshold");
});

test("P2SH holds fifteen keys and P2WSH twenty, and one more is refused", () => {
  const many = (form: Play["form"], count: number) =>
    bodyOf({ form, cosigners: Array.from({ length: count }, (_, i) => i + 1), threshold: 2 });
  assert.equal(parse(many("p2sh", 15)).keys.length, 15);
  refusedAs(many("p2sh", 16), "bitcoin.wallet-too-many-keys");
  for (const form of ["p2wsh", "p2sh-p2wsh"] as const) {
    assert.equal(parse(many(form, 20)).keys.length, 20);
    refusedAs(many(form, 21), "bitcoin.wallet-too-many-keys");
  }
});

test("The same key twice is refused, also under another origin; so is one origin for two keys", () => {
  refusedAs(bodyOf({ ...TWO_OF_THREE, cosigners: [1, 2, 1] }), "bitcoin.wallet-key-twice");
  const [one, two] = [KEY(1), KEY(2)];
  const renamed = one.replace(/^\[.{8}/, "[12345678");
  refusedAs(`wsh(sortedmulti(2,${one},${renamed}))`, "bitcoin.wallet-key-twice");
  const apart = `wsh(and_v(v:pk(${one}/<0;1>/*),pk(${renamed}/<2;3>/*)))`;
  refusedAs(apart, "bitcoin.wallet-key-twice");
  assert.equal(parse(apart.replaceAll("[12345678", one.slice(0, 9))).keys.length, 1);
  const usurped = two.replace(/^\[.{8}/, one.slice(0, 9));
  refusedAs(`wsh(sortedmulti(2,${one},${usurped}))`, "bitcoin.wallet-key-twice");
});

test("A wallet of another network is refused, and so is one key of another network among ours", () => {
  const body = bodyOf(TWO_OF_THREE);
  refusedAs(body, "bitcoin.wallet-network", "mainnet");
  refusedAs(bodyOf({ ...TWO_OF_THREE, network: "mainnet" }), "bitcoin.wallet-network", "testnet4");
  const mixed = body.replace(KEY(3), keyText(cosigner(3, "mainnet"), PATH));
  assert.notEqual(mixed, body);
  refusedAs(mixed, "bitcoin.wallet-network");
});

test("A key without origin, or with a blank one, is refused", () => {
  refusedAs(spoiled(/\[[^\]]*\]/, ""), "bitcoin.wallet-origin-missing");
  refusedAs(spoiled(/\[.{8}/, "[00000000"), "bitcoin.wallet-origin-missing");
});

test("An origin that contradicts its key is refused", () => {
  refusedAs(spoiled("/48h/1h/0h/2h]", "/48h/1h/0h]"), "bitcoin.wallet-origin");
  refusedAs(spoiled("/48h/1h/0h/2h]", "/48h/1h/0h/2h/0]"), "bitcoin.wallet-origin");
  const one = cosigner(1);
  const master = keyText(one, []);
  assert.equal(parse(`wpkh(${master})`).keys[0]!.fingerprint, one.fingerprint);
  refusedAs(`wpkh(${master.replace(/^\[.{8}/, "[12345678")})`, "bitcoin.wallet-origin");
  const step = keyText(one, [5]);
  assert.equal(parse(`wpkh(${step})`).keys[0]!.fingerprint, one.fingerprint);
  refusedAs(`wpkh(${step.replace(/^\[.{8}/, "[12345678")})`, "bitcoin.wallet-origin");
});

test("A misspelt origin is refused", () => {
  for (const origin of [
    "[1234567/48h]",
    "[123456789/48h]",
    "[1234567g/48h]",
    "[12345678/48x]",
    "[12345678/-1]",
    "[12345678/]",
    "[12345678//1]",
    "[12345678/01]",
    "[12345678/2147483648]",
    "[12345678/<0;1>]",
    "[12345678/*]",
    "[12345678/48h",
    "[[12345678]",
    "[12345678][12345678]",
    "[]",
    `[12345678${"/1".repeat(7)}]`,
  ])
    assert.match(
      reasonOf(() => parse(`wpkh(${keyText(cosigner(1), PATH).replace(/^\[.*\]/, () => origin)})`)),
      /^bitcoin\.wallet-(origin|key)$/,
      origin,
    );
});

test("A path too deep to be signed for is refused", () => {
  const deepest = Array.from({ length: LIMITS.pathDepth - 2 }, (_, i) => i);
  assert.equal(parse(`wpkh(${keyText(cosigner(1), deepest)})`).keys[0]!.path.length, 6);
  refusedAs(`wpkh(${keyText(cosigner(1), [...deepest, 1])})`, "bitcoin.wallet-origin");
});

test("Hardened steps after a public key are refused", () => {
  for (const children of ["/0h/*", "/<0h;1h>/*", "/<0;1>/*h", "/<0;1>/*'", "/0'/*"])
    refusedAs(bodyOf({ form: "p2wpkh", children }), "bitcoin.wallet-hardened");
});

test("A missing wildcard, and two of them, are refused", () => {
  for (const children of ["/0", "/<0;1>", "/0/5", "/*/*", "/<0;1>/*/*", "/<0;1>/*/0", "/"])
    refusedAs(bodyOf({ form: "p2wpkh", children }), "bitcoin.wallet-wildcard");
});

test("A key off the curve, cut short, misread or of no known kind is refused", () => {
  const text = nodeAt(cosigner(1).master, PATH).publicExtendedKey;
  const remade = (change: (bytes: Uint8Array) => void) => {
    const bytes = base58check.decode(text);
    change(bytes);
    return KEY(1).replace(text, base58check.encode(bytes));
  };
  const offCurve = remade((bytes) => {
    bytes.fill(0, 46);
    bytes[77] = 5; // x = 5 has no y
  });
  const notAKey = remade((bytes) => {
    bytes[45] = 4;
  });
  const unknown = remade((bytes) => {
    bytes[0] = 9;
  });
  const misread = KEY(1).replace(text, text.slice(0, -1) + (text.endsWith("x") ? "y" : "x"));
  const long = KEY(1).replace(text, text + "1".repeat(200));
  const short = KEY(1).replace(text, base58check.encode(base58check.decode(text).slice(0, 77)));
  for (const key of [
    offCurve,
    notAKey,
    unknown,
    misread,
    long,
    short,
    KEY(1).replace(text, ""),
    KEY(1).replace(text, "0OIl"),
  ])
    refusedAs(`wpkh(${key})`, "bitcoin.wallet-key");
});

test("A SLIP-132 key is taken for the form that it stands for, written back as xpub, and refused elsewhere", () => {
  const dressed = (key: string, version: number) =>
    key.replace(/(?<=\])\w+/, (text) => {
      const bytes = base58check.decode(text);
      new DataView(bytes.buffer, bytes.byteOffset).setUint32(0, version);
      return base58check.encode(bytes);
    });
  for (const [prefix, version, form] of [
    ["vpub", 0x045f1cf6, "p2wpkh"],
    ["upub", 0x044a5262, "p2sh-p2wpkh"],
    ["Vpub", 0x02575483, "p2wsh"],
    ["Upub", 0x024289ef, "p2sh-p2wsh"],
  ] as const) {
    const body = bodyOf({ form });
    const changed = dressed(body, version);
    assert.ok(changed.includes(`]${prefix}`));
    assert.equal(canonical(parse(changed)), withChecksum(body));
    const elsewhere = form === "p2wpkh" ? "p2tr" : "p2wpkh";
    refusedAs(dressed(bodyOf({ form: elsewhere }), version), "bitcoin.wallet-key-form");
  }
});

test("Text after the last bracket, and text that is no descriptor, are refused", () => {
  refusedAs(`${bodyOf({ form: "p2wpkh" })}x`, "bitcoin.wallet-unreadable");
  refusedAs(`wsh(sortedmulti(1,${KEY(1)})`, "bitcoin.miniscript-unreadable");
  refusedAs("hello", "bitcoin.wallet-unreadable");
  refusedAs("", "bitcoin.wallet-unreadable");
});

test("Scripts that Firn does not know are refused by that name, though their checksum is right", () => {
  const key = `${KEY(1)}/<0;1>/*`;
  for (const body of [
    `multi(1,${key})`,
    `pk(${key})`,
    `combo(${key})`,
    "raw(51)",
    "addr(bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4)",
    `sh(sh(multi(1,${key})))`,
    `sh(pk(${key}))`,
    `wpkh(wpkh(${key}))`,
    `wpkh(${key},${key})`,
    `wsh(multi_a(1,${key}))`,
    `tr(${key},multi(1,${KEY(2)}))`,
    `wsh(sortedmulti(1,musig(${KEY(1)},${KEY(2)})))`,
  ])
    refusedAs(body, "bitcoin.wallet-form");
});

test("A private key in any dress is refused, said so, and never repeated", () => {
  const one = cosigner(1, "mainnet");
  const secret = one.master.privateKey!;
  const wif = (mark: number, tail: number[]) => base58check.encode(Uint8Array.of(mark, ...secret, ...tail));
  const texts = [
    one.master.privateExtendedKey!,
    cosigner(1).master.privateExtendedKey!,
    "zprvAdG4iTXWBoARxkkzNpNh8r6Qag3irQB8PzEMkAFeTRXxHpbF9z4QgEvBRmfvqWvGp42t42nvgGpNgYSJA9iefm1yYNZKEm7z6qUWCroSQnE",
    wif(0x80, [1]),
    wif(0x80, []),
    wif(0xef, [1]),
    wif(0xef, []),
  ];
  for (const key of texts) {
    const wallets = [
      withChecksum(`wpkh([12345678/84h]${key}/<0;1>/*)`),
      `wpkh(${key})`,
      `wpkh(${key}/0/*)#qqqqqqqq`,
      `Name: x\nPolicy: 1 of 1\nFormat: P2WSH\nDerivation: m/48'\n12345678: ${key}`,
      key,
    ];
    for (const text of wallets) {
      try {
        readWallet(text, "mainnet", curve);
        assert.fail("taken");
      } catch (error) {
        assert.ok(error instanceof Refusal);
        assert.equal(error.reason, "bitcoin.wallet-private-key");
        assert.ok(!`${error.message}${error.stack}`.includes(key.slice(4, 20)));
      }
    }
  }
});

test("Control and foreign characters are refused, white space around the text is not", () => {
  const text = withChecksum(bodyOf({ form: "p2wpkh" }));
  for (const char of ["\u0000", "\u0007", "\u001b", "\u007f", "\u0085", "\u202e", "\u200b", "é"])
    for (const changed of [`${text.slice(0, 9)}${char}${text.slice(9)}`, text + char, char + text]) {
      const reason = reasonOf(() => parseDescriptor(changed, "regtest", curve));
      assert.equal(reason, "bitcoin.wallet-characters", JSON.stringify(char));
      assert.match(
        reasonOf(() => readWallet(changed, "regtest", curve)),
        /characters|unreadable|checksum/,
      );
    }
  assert.equal(readWallet(`\r\n ${text}\n`, "regtest", curve).descriptor, text);
  assert.equal(
    reasonOf(() => parseDescriptor(text.replace(",", ",\n").replace("/", "\n/"), "regtest", curve)),
    "bitcoin.wallet-characters",
  );
});

test("A text longer than the limit is refused before it is read", () => {
  const long = "wpkh(".padEnd(LIMITS.walletTextChars + 1, "1");
  assert.equal(
    reasonOf(() => parseDescriptor(long, "regtest", curve)),
    "bitcoin.wallet-too-long",
  );
  assert.equal(
    reasonOf(() => readWallet("Name: ".padEnd(LIMITS.walletFileChars + 1, "x"), "regtest", curve)),
    "bitcoin.wallet-too-long",
  );
});

test("The worst text within the limit is answered in under a second", () => {
  const room = LIMITS.walletTextChars - 64;
  const key = keyText(cosigner(1), PATH);
  const worst = [
    "z".repeat(room),
    `${"K".repeat(52)},`.repeat(room / 53),
    `wpkh([12345678${"/1".repeat(room / 2 - 20)}]x)`,
    `wsh(multi(1,${"[".repeat(room - 20)}))`,
    `wsh(multi(1,${`${key},`.repeat(80)}))`,
    `wpkh([${"]".repeat(room - 20)})`,
    `wpkh([12345678]${"z".repeat(room - 20)})`,
  ];
  for (const body of worst) {
    const start = process.cpuUsage();
    for (const text of [withChecksum(body), body, `Name: ${body}`])
      reasonOf(() => readWallet(text, "regtest", curve));
    const { user, system } = process.cpuUsage(start);
    assert.ok((user + system) / 1000 < 1000, body.slice(0, 30));
  }
});

test("No text makes a parser throw anything but a Refusal", () => {
  const answer = (text: string) => {
    try {
      readWallet(text, "regtest", curve);
    } catch (error) {
      assert.ok(error instanceof Refusal, String(error));
    }
  };
  const good = withChecksum(bodyOf(TWO_OF_THREE));
  const alphabet = [
    ..."()[]{}<>;,/*h'H#0123456789abcdefxpub \n:",
    "wsh(",
    "sortedmulti(",
    "tr(",
    "Policy: 2 of 3\n",
    KEY(1),
  ];
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), answer), { numRuns: 500 });
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...alphabet), { maxLength: 60 }), (parts) => {
      const body = parts.join("");
      answer(body);
      answer(withChecksum(body));
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(fc.nat(good.length), fc.nat(40), fc.string({ maxLength: 10 }), (at, cut, put) => {
      const body = (good.slice(0, at) + put + good.slice(at + cut)).replace(/#.*/s, "");
      answer(withChecksum(body));
    }),
    { numRuns: 500 },
  );
});
