import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compile } from "../../src/bitcoin/derive.ts";
import { readWalletFile } from "../../src/bitcoin/formats/index.ts";
import { addressOf, readWallet, slip132, writePath } from "../../src/bitcoin/index.ts";
import type { WalletKey } from "../../src/bitcoin/wallet.ts";
import { fromHex } from "../../src/bytes.ts";
import { LIMITS } from "../../src/limits.ts";
import type { Network } from "../../src/model.ts";
import { Refusal } from "../../src/refusal.ts";
import { utf8 } from "../../src/text.ts";
import { messageOfFile, splitBytesUr, splitText } from "../../src/transport/index.ts";
import { collect } from "../transport/support.ts";
import { accountPath, cosigner, curve, nodeAt, reasonOf, walletOf, withChecksum } from "./wallet-cast.ts";
import { body, type Model, model, WRITERS } from "./wallet-files.ts";

function firstOf(text: string, network: Network): string {
  const wallet = readWallet(text, network, curve);
  return addressOf(compile(wallet, curve).derive(wallet.receive, 0).scriptPubKey, network)!;
}

/** The model with the address that its descriptor makes. */
function whole(wallet: Model): Model {
  return { ...wallet, firstAddress: firstOf(withChecksum(body(wallet)), wallet.network) };
}

test("One wallet is the same wallet from the files of all programs, in all three scripts, on money and practice", () => {
  for (const form of ["p2sh", "p2sh-p2wsh", "p2wsh"] as const)
    for (const network of ["mainnet", "regtest"] as const)
      for (const sorted of [true, false]) {
        const wallet = whole({ ...model(form, network), sorted });
        const { descriptor, fingerprint } = readWallet(withChecksum(body(wallet)), network, curve);
        for (const [program, writer] of Object.entries(WRITERS)) {
          if (!sorted && writer.sorts) continue;
          const read = readWallet(writer.write(wallet), network, curve);
          assert.equal(read.descriptor, descriptor, program);
          assert.equal(read.fingerprint, fingerprint);
          assert.equal(firstOf(writer.write(wallet), network), wallet.firstAddress);
        }
      }
});

test("Names of wallet and cosigners come along where a file has them, and a file's own checksum is told", () => {
  const wallet = whole(model());
  for (const [program, writer] of Object.entries(WRITERS)) {
    const file = readWalletFile(writer.write(wallet));
    assert.equal(file.name, writer.named ? "Vault" : undefined, program);
    assert.deepEqual(file.cosigners, writer.cosigners ? ["Ann", "Bea", "Cid"] : undefined, program);
    assert.equal(file.checksummed, writer.checksum === true, program);
    assert.equal(file.firstAddress, writer.firstAddress ? wallet.firstAddress : undefined, program);
  }
  const named = readWallet(WRITERS["Caravan's file"]!.write(wallet), "regtest", curve);
  assert.deepEqual(
    named.keys.map(({ name }) => name),
    ["Ann", "Bea", "Cid"],
  );
});

test("Names of Specter's devices are given to nobody where there are fewer or more of them than keys", () => {
  const file = JSON.parse(WRITERS["Specter's wallet"]!.write(model()));
  for (const devices of [["Ann", "Bea"], ["Ann", "Bea", "Cid", "Dan"], []])
    assert.equal(readWalletFile(JSON.stringify({ ...file, devices })).cosigners, undefined);
  const plain = readWalletFile(JSON.stringify({ ...file, devices: ["Ann", "Bea", "Cid"] }));
  assert.deepEqual(plain.cosigners, ["Ann", "Bea", "Cid"]);
});

test("Every program's file is known as a wallet by the camera and on the stick, and comes through as it is", () => {
  const wallet = whole(model());
  for (const [program, { write }] of Object.entries(WRITERS)) {
    const text = write(wallet).trim();
    const wanted = { kind: "wallet", dialect: "plain", text };
    assert.deepEqual(messageOfFile(utf8(`\uFEFF${text}\r\n`)), wanted, program);
    for (const { texts } of [splitText(text, "high"), splitText(text, "low"), splitBytesUr(text, "medium")]) {
      const message = collect(texts, ["wallet"]);
      assert.ok(message?.kind === "wallet" && message.text === text, program);
    }
  }
});

test("A file that holds far more than the wallet is read: Electrum's with its history", () => {
  const wallet = whole(model());
  const file = JSON.parse(WRITERS["Electrum's wallet"]!.write(wallet));
  file.addr_history = Object.fromEntries(
    Array.from({ length: 2000 }, (_, i) => [`bcrt1q${i}`.padEnd(62, "q"), [["ab".repeat(16), i]]]),
  );
  const text = JSON.stringify(file);
  assert.ok(text.length > 200_000 && text.length < LIMITS.walletFileChars);
  const message = messageOfFile(utf8(text));
  assert.ok(message.kind === "wallet");
  assert.equal(firstOf(message.text, "regtest"), wallet.firstAddress);
});

// ---------------------------------------------------------------- every defect in every format that can say it

const change = (wallet: Model, at: number, put: Partial<Model["keys"][number]>): Model => ({
  ...wallet,
  keys: wallet.keys.map((key, i) => (i === at ? { ...key, ...put } : key)),
});

const [, second] = model().keys;
const another = (network: Network, depth: number) =>
  nodeAt(cosigner(2, network).master, accountPath("p2wsh", network).slice(0, depth)).publicExtendedKey;

interface Defect {
  readonly spoil: (wallet: Model) => Model;
  /** By where the defect is seen first: some formats see it themselves. */
  readonly reasons: readonly string[];
  /** The key, line or number that is named. */
  readonly names: RegExp;
  readonly needs?: "children" | "counts" | "firstAddress";
}

const KEY_2 = /key 2|line \d+|x2\/|@1|keys 1 and 2/;

const DEFECTS: Readonly<Record<string, Defect>> = {
  "no signature is needed": {
    spoil: (wallet) => ({ ...wallet, threshold: 0 }),
    reasons: ["bitcoin.wallet-threshold"],
    names: /0 of 3/,
  },
  "more signatures than keys": {
    spoil: (wallet) => ({ ...wallet, threshold: 4 }),
    reasons: ["bitcoin.wallet-threshold"],
    names: /4 of 3/,
  },
  "a key twice": {
    spoil: (wallet) => change(wallet, 1, wallet.keys[0]!),
    reasons: ["bitcoin.wallet-key-twice"],
    names: KEY_2,
  },
  "two keys of one origin": {
    spoil: (wallet) => change(wallet, 1, { fingerprint: wallet.keys[0]!.fingerprint }),
    reasons: ["bitcoin.wallet-key-twice"],
    names: KEY_2,
  },
  "a key of another network": {
    spoil: (wallet) => change(wallet, 1, { extended: another("mainnet", 4) }),
    reasons: ["bitcoin.wallet-network"],
    names: KEY_2,
  },
  "a key that is not as deep as its path": {
    spoil: (wallet) => change(wallet, 1, { extended: another("regtest", 3) }),
    reasons: ["bitcoin.wallet-origin"],
    names: KEY_2,
  },
  "a key with a letter changed": {
    spoil: (wallet) =>
      change(wallet, 1, { extended: second!.extended.replace(/.$/, (z) => (z === "z" ? "y" : "z")) }),
    reasons: ["bitcoin.wallet-key"],
    names: KEY_2,
  },
  "a key marked for another script": {
    spoil: (wallet) =>
      change(wallet, 1, {
        extended: slip132(second as unknown as WalletKey, "p2sh-p2wsh", "regtest"),
      }),
    reasons: ["bitcoin.wallet-key-form"],
    names: KEY_2,
  },
  "a private key": {
    spoil: (wallet) =>
      change(wallet, 1, { extended: nodeAt(cosigner(2).master, accountPath("p2wsh")).privateExtendedKey }),
    reasons: ["bitcoin.wallet-private-key"],
    names: /^$/,
  },
  "no master fingerprint": {
    spoil: (wallet) => change(wallet, 1, { fingerprint: "00000000" }),
    reasons: ["bitcoin.wallet-origin-missing"],
    names: KEY_2,
  },
  "a path of too many steps": {
    spoil: (wallet) => ({
      ...wallet,
      keys: wallet.keys.map((key) => ({ ...key, path: "/1h/2h/3h/4h/5h/6h/7h" })),
    }),
    reasons: ["bitcoin.wallet-origin"],
    names: /key 1/,
  },
  "more keys than are said": {
    spoil: (wallet) => ({ ...wallet, total: 2 }),
    reasons: ["bitcoin.wallet-unreadable"],
    names: /2 keys, 3 are there|more keys than wallet_type 2of2/,
    needs: "counts",
  },
  "fewer keys than are said": {
    spoil: (wallet) => ({ ...wallet, total: 4 }),
    reasons: ["bitcoin.wallet-unreadable"],
    names: /4 keys, 3 are there|x4\//,
    needs: "counts",
  },
  "hardened steps after the keys": {
    spoil: (wallet) => ({ ...wallet, children: "/0h/*" }),
    reasons: ["bitcoin.wallet-hardened"],
    names: /key 1/,
    needs: "children",
  },
  "no place for the number": {
    spoil: (wallet) => ({ ...wallet, children: "/0/7" }),
    reasons: ["bitcoin.wallet-wildcard"],
    names: /key 1/,
    needs: "children",
  },
  "two places for the number": {
    spoil: (wallet) => ({ ...wallet, children: "/*/*" }),
    reasons: ["bitcoin.wallet-wildcard"],
    names: /key 1/,
    needs: "children",
  },
  "the change half alone": {
    spoil: (wallet) => ({ ...wallet, children: "/1/*" }),
    reasons: ["bitcoin.wallet-branches"],
    names: /key 1/,
    needs: "children",
  },
  "three branches": {
    spoil: (wallet) => ({ ...wallet, children: "/<0;1;2>/*" }),
    reasons: ["bitcoin.wallet-branches"],
    names: /key 1/,
    needs: "children",
  },
  "the same branch for both": {
    spoil: (wallet) => ({ ...wallet, children: "/<1;1>/*" }),
    reasons: ["bitcoin.wallet-branches"],
    names: /key 1/,
    needs: "children",
  },
  "another first address": {
    spoil: (wallet) => ({ ...wallet, firstAddress: whole({ ...wallet, threshold: 1 }).firstAddress }),
    reasons: ["bitcoin.wallet-first-address"],
    names: /is stated, it is/,
    needs: "firstAddress",
  },
};

/** Electrum says the script with a key's first letter, and so says the first of these defects another way. */
const EXCEPT: Readonly<Record<string, string>> = {
  "Electrum's wallet: a key of another network": "bitcoin.wallet-key-form",
  "Electrum's wallet: a key with a letter changed": "bitcoin.wallet-key-form",
};

test("Every defect is refused by its name, with the key or line, in every format that can say it", () => {
  const wallet = whole(model());
  let refused = 0;
  for (const [program, writer] of Object.entries(WRITERS))
    for (const [what, { spoil, reasons, names, needs }] of Object.entries(DEFECTS)) {
      if (needs !== undefined && !writer[needs]) continue;
      const where = `${program}: ${what}`;
      const except = EXCEPT[where];
      assert.throws(
        () => readWallet(writer.write(spoil(wallet)), "regtest", curve),
        (error) => {
          assert.ok(error instanceof Refusal, `${where}: ${String(error)}`);
          assert.ok(
            (except === undefined ? reasons : [except]).includes(error.reason),
            `${where}: ${error.reason} (${error.detail})`,
          );
          assert.match(error.detail, names, where);
          return true;
        },
        where,
      );
      refused++;
    }
  assert.equal(refused, 299);
});

// ---------------------------------------------------------------- single formats

test("Two descriptors that differ in more than the branch are no wallet, whichever line is changed", () => {
  const wallet = model();
  const other = {
    ...wallet,
    keys: [wallet.keys[0]!, wallet.keys[1]!, { ...wallet.keys[2]!, fingerprint: "0f0f0f0f" }],
  };
  const pairs = [
    [body(wallet, "/0/*"), body(other, "/1/*")],
    [body(wallet, "/0/*"), body({ ...wallet, threshold: 1 }, "/1/*")],
    [body(wallet, "/0/*"), body({ ...wallet, sorted: false }, "/1/*")],
    [body(wallet), body(wallet, "/2/*")],
    [body(wallet), body(other)],
  ];
  for (const pair of pairs)
    for (const text of [pair, pair.toReversed()].map((both) => both.map(withChecksum)))
      assert.equal(
        reasonOf(() => readWalletFile(text.join("\n"))),
        "bitcoin.wallet-pair",
        text.join("\n"),
      );
  const labels = `Change: ${withChecksum(body(wallet, "/0/*"))}\nChange: ${withChecksum(body(wallet, "/1/*"))}`;
  assert.equal(
    reasonOf(() => readWalletFile(labels)),
    "bitcoin.wallet-pair",
  );
  const core = { desc: withChecksum(body(wallet, "/0/*")), internal: false };
  assert.equal(
    reasonOf(() =>
      readWalletFile(
        JSON.stringify([core, { ...core, desc: withChecksum(body(other, "/1/*")), internal: true }]),
      ),
    ),
    "bitcoin.wallet-pair",
  );
});

test("A descriptor alone needs its checksum, and the right one; each of two lines has its own", () => {
  const [good, half, change] = [body(model()), body(model(), "/0/*"), body(model(), "/1/*")];
  const reason = (text: string) => reasonOf(() => readWalletFile(text));
  assert.equal(reason(good), "bitcoin.descriptor-checksum-missing");
  assert.equal(reason(`${good}#`), "bitcoin.descriptor-checksum-missing");
  assert.equal(reason(`${good}#qqqqqqqq`), "bitcoin.descriptor-checksum");
  assert.equal(reason(`${withChecksum(half)}\n${change}`), "bitcoin.descriptor-checksum-missing");
  assert.equal(reason(`${withChecksum(half)}\n${change}#qqqqqqqq`), "bitcoin.descriptor-checksum");
  for (const [program, writer] of Object.entries(WRITERS)) {
    if (!writer.checksum) continue;
    const text = writer.write({ ...model(), firstAddress: "bcrt1q" });
    const wrong = text.replace(
      /#([a-z0-9])(?=[a-z0-9]{7}\b)/,
      (_, letter) => `#${letter === "q" ? "p" : "q"}`,
    );
    assert.notEqual(wrong, text, program);
    assert.equal(reason(wrong), "bitcoin.descriptor-checksum", program);
  }
});

test("A file with several wallets is refused, and says which there are", () => {
  const key = body(model()).slice("wsh(sortedmulti(2,".length).split(",")[0]!;
  const lines = [`wpkh(${key})`, `sh(wpkh(${key}))`, `tr(${key})`].map(withChecksum);
  const core = JSON.stringify({
    wallet_name: "",
    descriptors: lines.map((desc) => ({ desc, active: true })),
  });
  assert.throws(() => readWalletFile(core), {
    reason: "bitcoin.wallet-several",
    detail: "wpkh, sh(wpkh), tr",
  });
  const half = (at: number, open: string) => withChecksum(`${open}(${key.replace("<0;1>", String(at))})`);
  const three = [half(0, "wpkh"), half(1, "wpkh"), half(0, "pkh")].join("\n");
  assert.equal(
    reasonOf(() => readWalletFile(three)),
    "bitcoin.wallet-several",
  );
  const account = { descriptor: lines[0] };
  const liana = JSON.stringify({ accounts: [account, account] });
  assert.throws(() => readWalletFile(liana), { reason: "bitcoin.wallet-several", detail: "2 accounts" });
});

test("A file of Electrum's with seed words or a key of its own is refused, whatever is sealed in it", () => {
  const wallet = whole(model());
  for (const [secret, value] of [
    ["seed", "abandon abandon"],
    ["xprv", "sealed with a password"],
    ["passphrase", "x"],
  ]) {
    const file = JSON.parse(WRITERS["Electrum's wallet"]!.write(wallet));
    file["x2/"][secret!] = value;
    assert.throws(() => readWalletFile(JSON.stringify(file)), {
      reason: "bitcoin.wallet-private-key",
      detail: `x2/: ${secret}`,
    });
    file["x2/"][secret!] = null;
    assert.equal(readWallet(JSON.stringify(file), "regtest", curve).keys.length, 3);
  }
});

test("Electrum's file for one key says its script by the key's prefix", () => {
  for (const form of ["p2pkh", "p2sh-p2wpkh", "p2wpkh"] as const) {
    const path = accountPath(form);
    const { fingerprint, master } = cosigner(1);
    const extended = nodeAt(master, path).publicExtendedKey;
    const xpub = slip132({ extended } as WalletKey, form, "regtest");
    const keystore = {
      type: "bip32",
      xpub,
      derivation: `m${writePath(path)}`,
      root_fingerprint: fingerprint,
    };
    const text = JSON.stringify({ wallet_type: "standard", keystore: { ...keystore, xprv: null } });
    const { descriptor } = readWallet(text, "regtest", curve);
    assert.equal(descriptor, walletOf({ form }).descriptor);
  }
});

test("An old file of Electrum's tells a Coldcard's fingerprint as a number, lowest byte first", () => {
  const wallet = whole(model());
  const file = JSON.parse(WRITERS["Electrum's wallet"]!.write(wallet));
  for (const [i, { fingerprint }] of wallet.keys.entries()) {
    const store = file[`x${i + 1}/`];
    delete store.root_fingerprint;
    store.ckcc_xfp = new DataView(fromHex(fingerprint)!.buffer).getUint32(0, true);
  }
  const { descriptor } = readWallet(withChecksum(body(wallet)), "regtest", curve);
  assert.equal(readWallet(JSON.stringify(file), "regtest", curve).descriptor, descriptor);
  for (const wrong of [-1, 1.5, 2 ** 32, "0F056943", null]) {
    file["x2/"].ckcc_xfp = wrong;
    assert.throws(() => readWalletFile(JSON.stringify(file)), {
      reason: "bitcoin.wallet-origin-missing",
      detail: "x2/: root_fingerprint",
    });
  }
});

test("A Caravan file says each key's origin, and its script as Caravan or as Sparrow writes it", () => {
  const wallet = whole(model("p2sh-p2wsh"));
  const text = WRITERS["Caravan's file"]!.write(wallet);
  assert.equal(firstOf(text.replace("P2SH-P2WSH", "P2SH_P2WSH"), "regtest"), wallet.firstAddress);
  const changed = (
    put: (file: { extendedPublicKeys: Record<string, unknown>[] } & Record<string, unknown>) => void,
  ) => {
    const file = JSON.parse(text);
    put(file);
    return () => readWalletFile(JSON.stringify(file));
  };
  const origin = (field: string, value: unknown) =>
    changed(({ extendedPublicKeys }) => {
      extendedPublicKeys[1]![field] = value;
    });
  for (const [field, value] of [
    ["xfp", "Unknown"],
    ["xfp", 1],
    ["bip32Path", "Unknown"],
    ["bip32Path", undefined],
  ] as const)
    assert.throws(origin(field, value), {
      reason: "bitcoin.wallet-origin-missing",
      detail: `key 2: ${field}`,
    });
  const script = (value: unknown) =>
    changed((file) => {
      file.addressType = value;
    });
  assert.throws(script("P2TR"), { reason: "bitcoin.wallet-form", detail: "addressType" });
  assert.throws(script("__proto__"), { reason: "bitcoin.wallet-form", detail: "addressType" });
  assert.throws(script(undefined), { reason: "bitcoin.wallet-unreadable", detail: "addressType is missing" });
});

test("A multisig text with lines of another coin's, or without what it must say, is refused by its line", () => {
  const text = WRITERS["Nunchuk's and Jade's text"]!.write(model());
  const refused = (from: string | RegExp, to: string, reason: string, detail: string) =>
    assert.throws(() => readWalletFile(text.replace(from, to)), { reason, detail });
  refused(
    "Format: P2WSH",
    `Format: P2WSH\r\nBlindingKey: ${"31".repeat(32)}`,
    "bitcoin.wallet-unreadable",
    "line 5",
  );
  refused("Format: P2WSH", "Format: P2WSH\r\nSorted: Maybe", "bitcoin.wallet-unreadable", "line 5");
  refused(/Format: P2WSH\r\n/, "", "bitcoin.wallet-unreadable", "no Format line");
  refused(/Policy:.*\r\n/, "", "bitcoin.wallet-unreadable", "no Policy line");
  refused(/Derivation: m\/48h\/1h/, "Derivation: m/48/0J/K", "bitcoin.wallet-origin", "line 6");
});

// ---------------------------------------------------------------- hostile files

test("No file makes a reader throw anything but a Refusal: files changed anywhere", () => {
  const wallet = whole(model());
  const texts = Object.values(WRITERS).map(({ write }) => write(wallet));
  const signs = fc.constantFrom(
    '"',
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ",",
    "#",
    "/",
    "*",
    "<",
    ">",
    ";",
    "@",
    "&",
    ":",
    "\n",
    "\\",
    "__proto__",
    "0",
    "9".repeat(12),
    "null",
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(40),
      fc.oneof(signs, fc.string({ unit: "binary", maxLength: 8 })),
      (text, where, cut, put) => {
        const at = Math.floor(where * text.length);
        only(Refusal, () => readWallet(text.slice(0, at) + put + text.slice(at + cut), "regtest", curve));
      },
    ),
    { numRuns: 3000 },
  );
});

test("No file makes a reader throw anything but a Refusal: JSON of any shape under the names that formats use", () => {
  const names = [
    "descriptor",
    "recv_descriptor",
    "change_descriptor",
    "desc",
    "descriptors",
    "template",
    "policy",
    "keys",
    "keys_info",
    "datavalues",
    "extendedPublicKeys",
    "quorum",
    "requiredSigners",
    "totalSigners",
    "addressType",
    "bip32Path",
    "xfp",
    "xpub",
    "wallet_type",
    "x1/",
    "x2/",
    "keystore",
    "derivation",
    "root_fingerprint",
    "ckcc_xfp",
    "accounts",
    "devices",
    "label",
    "name",
    "alias",
    "active",
    "internal",
    "@0",
    "__proto__",
    "constructor",
  ];
  const wallet = model();
  const values = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(
      "2of2",
      "P2WSH",
      "m/48h",
      "wsh(@0/**)",
      body(wallet),
      wallet.keys[0]!.extended,
      wallet.keys[0]!.fingerprint,
      "@0",
      2,
      -1,
      1e300,
    ),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: "small" },
      values,
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom(...names), tie("tree"), { maxKeys: 8 }),
    ),
  }));
  fc.assert(
    fc.property(tree, (value) =>
      only(Refusal, () => readWallet(JSON.stringify(value) ?? "", "regtest", curve)),
    ),
    { numRuns: 3000 },
  );
});

function only(kind: typeof Refusal, act: () => unknown): void {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof kind, String((error as Error).stack));
  }
}

test("The longest files are answered at once, and longer ones refused before they are read", () => {
  const most = LIMITS.walletFileChars;
  const deep = "[".repeat(most / 2) + "]".repeat(most / 2);
  const texts = [
    deep,
    `{"descriptor":${deep.slice(0, most - 20)}`,
    `[${'{"desc":"wpkh(x)"},'.repeat(10_000)}{"desc":""}]`,
    `{"name":"x","keys":[${'"x",'.repeat(60_000)}"x"],"template":"wsh(@0/**)"}`,
    "wsh(@0/**".padEnd(most, "@1,"),
    "Name: x\n".repeat(30_000),
    "wpkh(\n".repeat(40_000),
    `wpkh(${"/0/*".repeat(4000)})\nwpkh(${"/1/*".repeat(4000)})`,
    `BSMS 1.0\n${"wsh(".repeat(4000)}\n${"/0/*,".repeat(4000)}\nx`,
    `addwallet ${"&".repeat(most - 20)}`,
  ];
  for (const text of texts) {
    const start = performance.now();
    only(Refusal, () => readWallet(text.slice(0, most), "regtest", curve));
    assert.ok(performance.now() - start < 1000, text.slice(0, 40));
    assert.equal(
      reasonOf(() => readWallet(text.padEnd(most + 1, " x"), "regtest", curve)),
      "bitcoin.wallet-too-long",
    );
  }
});
