import assert from "node:assert/strict";
import { pbkdf2Sync } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { sha256 } from "@noble/hashes/sha2.js";
import { createBase58check } from "@scure/base";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import fc from "fast-check";
import { compile, prepare } from "../../src/bitcoin/derive.ts";
import { readAnyDescriptor } from "../../src/bitcoin/descriptor/descriptor.ts";
import {
  addressOf,
  decimalOf,
  isKeyRecord,
  keyRecordToSign,
  messageDigest,
  openRecord,
  readKeyRecord,
  readWallet,
  readWalletFile,
  recoverableToBase64,
  sealRecord,
  stretchOf,
  tokenFromDecimal,
  tokenFromHex,
  tokenFromWords,
  writeKeyRecord,
  writeWalletRecord,
} from "../../src/bitcoin/index.ts";
import { fromHex, toHex } from "../../src/bytes.ts";
import { Refusal } from "../../src/refusal.ts";
import { curve, reasonOf, walletOf } from "./wallet-cast.ts";

interface Mode {
  readonly mode: string;
  readonly tokens: readonly { readonly hex: string; readonly decimal: string }[];
  readonly token_mnemonic: readonly string[];
  readonly encryption_keys: readonly string[];
  readonly signers: readonly { readonly fingerprint: string; readonly path: string; readonly wif: string }[];
  /** The cosigners' records, then the wallet's. */
  readonly records: readonly string[];
  readonly dat: readonly string[];
  readonly hmac_keys: readonly string[];
  readonly macs: readonly string[];
}
const { modes }: { readonly modes: readonly Mode[] } = JSON.parse(
  readFileSync("test/vectors/bitcoin-wallet/bip129.json", "utf8"),
);
const [bare, plain, standard, extended] = modes as [Mode, Mode, Mode, Mode];

/** Node's own: another implementation than the one of the appliance's ports in a browser or a board. */
function keyOf(token: string): Uint8Array {
  const { secret, salt, rounds, length } = stretchOf(token);
  return new Uint8Array(pbkdf2Sync(secret, salt, rounds, length, "sha512"));
}

const tokenAt = ({ tokens }: Mode, i: number): string => (tokens[i] ?? tokens[0])?.hex ?? "00";
const keyRecords = ({ records }: Mode) => records.slice(0, -1);
const walletRecord = ({ records }: Mode) => records.at(-1)!;

test("BIP 129: tokens are read as decimal, hex and words, and make the vectors' keys", () => {
  for (const { tokens, encryption_keys } of [standard, extended])
    for (const [i, { hex, decimal }] of tokens.entries()) {
      assert.equal(tokenFromDecimal(decimal), hex);
      assert.equal(tokenFromHex(hex.toUpperCase()), hex);
      assert.equal(decimalOf(hex), decimal);
      assert.equal(toHex(keyOf(hex)), encryption_keys[i]);
    }
  const { token_mnemonic, tokens } = standard;
  assert.equal(
    tokenFromWords(token_mnemonic[0]!.split(" ").map((word) => wordlist.indexOf(word))),
    tokens[0]!.hex,
  );
  assert.equal(tokenFromWords([0, 0, 0, 0, 0, 0]), undefined, "the two bits are wrong");
  assert.equal(tokenFromWords([-1, 2048, 0, 0, 0, 0]), undefined);
  assert.equal(tokenFromDecimal("1"), "0000000000000001");
  assert.equal(tokenFromDecimal((2n ** 64n - 1n).toString()), "f".repeat(16));
  assert.equal(tokenFromDecimal((2n ** 64n).toString()), `${"0".repeat(15)}1${"0".repeat(16)}`);
  for (const none of ["", "-1", "1.5", "0x10", (2n ** 128n).toString(), "9".repeat(40)])
    assert.equal(tokenFromDecimal(none), undefined, none);
  for (const none of ["", "00", "a54044308ceac9", "a54044308ceac9bg", "a".repeat(31), "a".repeat(33)])
    assert.equal(tokenFromHex(none), undefined, none);
});

test("BIP 129: every sealed record of the vectors is opened, and sealed again letter for letter", () => {
  let opened = 0;
  for (const mode of [standard, extended]) {
    const signers = mode.records.length - 1;
    for (const [i, dat] of mode.dat.entries()) {
      // The cosigners' records come first; the wallet's, sealed with each token, after them.
      const token = tokenAt(mode, i < signers ? i : i - signers);
      const record = i < signers ? mode.records[i]! : walletRecord(mode);
      assert.equal(dat.slice(0, 64), mode.macs[i]);
      assert.equal(openRecord(dat, token, keyOf(token)), record);
      assert.equal(sealRecord(record, token, keyOf(token)), dat);
      opened++;
    }
  }
  assert.equal(opened, 9);
});

test("BIP 129: the cosigners' records of the vectors are signed by their keys, and are written again as they were", () => {
  let read = 0;
  for (const mode of modes)
    for (const [i, text] of keyRecords(mode).entries()) {
      const record = readKeyRecord(text, tokenAt(mode, i), curve);
      assert.equal(record.description, `Signer ${i + 1} key`);
      assert.equal(writeKeyRecord(record), text);
      assert.ok(isKeyRecord(text) && !isKeyRecord(walletRecord(mode)));
      read++;
    }
  assert.equal(read, 9);
});

test("BIP 129: the vectors' private keys sign the same records so that they are read", () => {
  const wif = createBase58check(sha256);
  for (const mode of modes)
    for (const [i, text] of keyRecords(mode).entries()) {
      const token = tokenAt(mode, i);
      const { signature: _, ...unsigned } = readKeyRecord(text, token, curve);
      const digest = messageDigest(keyRecordToSign(unsigned));
      const secret = wif.decode(mode.signers[i]!.wif).slice(1, 33);
      const made = recoverableToBase64(
        digest,
        curve.publicKey(secret),
        curve.signEcdsa(digest, secret),
        curve,
      );
      assert.ok(readKeyRecord(writeKeyRecord({ ...unsigned, signature: made }), token, curve));
    }
});

test("BIP 129: the wallets' records make the vectors' first addresses", () => {
  for (const mode of [plain, standard, extended]) {
    const wallet = readWallet(walletRecord(mode), "mainnet", curve);
    const first = addressOf(compile(wallet, curve).derive(wallet.receive, 0).scriptPubKey, "mainnet")!;
    assert.equal(first, walletRecord(mode).split("\n")[3]);
    const [, , restrictions] = walletRecord(mode).split("\n");
    assert.equal(writeWalletRecord(wallet.descriptor, first).split("\n")[2], restrictions);
    assert.equal(
      readWallet(writeWalletRecord(wallet.descriptor, first), "mainnet", curve).descriptor,
      wallet.descriptor,
    );
  }
  // Bare keys have one address for ever: the record is read, and is no wallet to be registered.
  const [, descriptor, , address] = walletRecord(bare).split("\n") as [string, string, string, string];
  const value = readAnyDescriptor(descriptor, "mainnet", curve);
  assert.equal(addressOf(prepare(value, curve)(0, 0)!.scriptPubKey, "mainnet"), address);
  assert.equal(readWalletFile(walletRecord(bare)).firstAddress, address);
  assert.throws(() => readWallet(walletRecord(bare), "mainnet", curve), Refusal);
});

test("A wallet of unlike branches, or with musig, leaves as a record without template, and is read as the same", () => {
  const texts = [
    walletOf({ form: "p2wsh", cosigners: [1, 2, 3], threshold: 2, children: "/<4;7>/*" }),
    walletOf({ form: "p2tr" }),
  ];
  for (const { descriptor, network, receive } of texts) {
    const wallet = readWallet(descriptor, network, curve);
    const first = addressOf(compile(wallet, curve).derive(receive, 0).scriptPubKey, network)!;
    assert.equal(readWallet(writeWalletRecord(descriptor, first), network, curve).descriptor, descriptor);
  }
});

// ---------------------------------------------------------------- what is refused

const [record] = keyRecords(standard) as [string];
const token = tokenAt(standard, 0);

test("A sealed record of which one letter was changed is not opened, nor with another token", () => {
  const [dat] = standard.dat as [string];
  const key = keyOf(token);
  for (let at = 0; at < dat.length; at += 7) {
    const changed = dat.slice(0, at) + (dat[at] === "0" ? "1" : "0") + dat.slice(at + 1);
    assert.equal(
      reasonOf(() => openRecord(changed, token, key)),
      "bsms.token",
    );
  }
  const other = tokenAt(extended, 0);
  assert.equal(
    reasonOf(() => openRecord(dat, other, keyOf(other))),
    "bsms.token",
  );
  // The same key, another token's name: the MAC is over both.
  assert.equal(
    reasonOf(() => openRecord(dat, other, key)),
    "bsms.token",
  );
  for (const none of ["", "zz", dat.slice(1), dat.slice(0, 64)])
    assert.equal(
      reasonOf(() => openRecord(none, token, key)),
      "bsms.unreadable",
    );
  assert.equal(
    reasonOf(() => readWalletFile(dat)),
    "bsms.sealed",
  );
});

test("A cosigner's record is refused with the line: other version or token, no key, no or another's signature", () => {
  const lines = record.split("\n");
  const put = (line: number, text: string) => lines.map((one, i) => (i === line - 1 ? text : one)).join("\n");
  const refused = (text: string, reason: string, detail?: RegExp) =>
    assert.throws(
      () => readKeyRecord(text, token, curve),
      (error) => {
        assert.ok(error instanceof Refusal, String(error));
        assert.equal(error.reason, reason, text);
        assert.match(error.detail, detail ?? /^$/);
        return true;
      },
    );
  refused(put(1, "BSMS 2.0"), "bsms.unreadable", /line 1/);
  refused(put(2, "zz"), "bsms.unreadable", /line 2/);
  refused(put(2, "00"), "bsms.other-token");
  refused(put(2, tokenAt(extended, 1)), "bsms.other-token");
  refused(put(3, lines[3]!), "bsms.unreadable", /line 3/);
  refused(put(3, lines[2]!.replace("xpub", "xpud")), "bsms.unreadable", /line 3/);
  refused(put(4, "x".repeat(81)), "bsms.unreadable", /line 4/);
  refused(lines.slice(0, 4).join("\n"), "bsms.signature-missing");
  refused(`${record}\nmore`, "bsms.unreadable", /line 6/);
  refused(put(4, "Signer 2 key"), "bsms.signature");
  refused(put(3, lines[2]!.replace("b7868815", "b7868816")), "bsms.signature");
  refused(put(5, keyRecords(standard)[1]!.split("\n")[4]!), "bsms.signature");
  refused(put(5, "not base64"), "bsms.signature");
  assert.throws(() => readWalletFile(record), { reason: "bitcoin.wallet-unreadable", detail: /key record/ });
});

test("A wallet's record is refused with the line: restrictions that are none, too few or another's, no address", () => {
  const lines = walletRecord(plain).split("\n");
  const put = (line: number, text: string) => lines.map((one, i) => (i === line - 1 ? text : one)).join("\n");
  const refused = (text: string, reason: string, detail: RegExp) =>
    assert.throws(() => readWallet(text, "mainnet", curve), { reason, detail });
  refused(put(1, "BSMS 1.1"), "bitcoin.wallet-unreadable", /line 1/);
  refused(put(3, "No path restrictions"), "bitcoin.wallet-branches", /line 3/);
  refused(put(3, "/0/*"), "bitcoin.wallet-branches", /line 3/);
  refused(put(3, "/0/*,/1/*,/2/*"), "bitcoin.wallet-branches", /line 3/);
  refused(put(3, "/0'/*,/1'/*"), "bitcoin.wallet-branches", /line 3/);
  refused(put(3, "/0/*,/0/*"), "bitcoin.wallet-branches", /key 1/);
  refused(put(3, "/1/*,/0/*"), "bitcoin.wallet-first-address", /is stated/);
  refused(put(2, lines[1]!.replaceAll("/**", "/<2;3>/*")), "bitcoin.wallet-branches", /line 3/);
  refused(lines.slice(0, 3).join("\n"), "bitcoin.wallet-unreadable", /line 4/);
  refused(lines.slice(0, 2).join("\n"), "bitcoin.wallet-unreadable", /line 3/);
  refused(`${lines.join("\n")}\nmore`, "bitcoin.wallet-unreadable", /line 5/);
  refused(put(4, `${lines[3]!.slice(0, -1)}k`), "bitcoin.wallet-first-address", /is stated/);
  assert.ok(readWallet(put(4, lines[3]!.toUpperCase()), "mainnet", curve));
});

test("No text makes the readers of records throw anything but a Refusal", () => {
  const only = (act: () => unknown) => {
    try {
      act();
    } catch (error) {
      assert.ok(error instanceof Refusal, String((error as Error).stack));
    }
  };
  const texts = [record, ...keyRecords(bare), walletRecord(plain), ...standard.dat];
  const key = fromHex(standard.encryption_keys[0]!)!;
  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(30),
      fc.string({ unit: "binary", maxLength: 6 }),
      (text, where, cut, put) => {
        const at = Math.floor(where * text.length);
        const changed = text.slice(0, at) + put + text.slice(at + cut);
        only(() => readKeyRecord(changed, token, curve));
        only(() => readWalletFile(changed));
        only(() => openRecord(changed, token, key));
      },
    ),
    { numRuns: 500 },
  );
});
