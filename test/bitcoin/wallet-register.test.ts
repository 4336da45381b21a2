import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { writePath } from "../../src/bitcoin/descriptor/origin.ts";
import {
  accountWallets,
  checkBeside,
  checkName,
  checkRegistration,
  markOurs,
  readWallet,
} from "../../src/bitcoin/index.ts";
import type { ScriptForm, Wallet } from "../../src/bitcoin/wallet.ts";
import { toHex, u32be } from "../../src/bytes.ts";
import { HARDENED, LIMITS } from "../../src/limits.ts";
import type { Network, Path } from "../../src/model.ts";
import { REFUSALS, Refusal } from "../../src/refusal.ts";
import { bitcoinWalletRefusals } from "../../src/refusals/bitcoin-wallet.ts";
import type { Cosigner, Play } from "./wallet-cast.ts";
import {
  accountPath,
  bodyOf,
  cosigner,
  curve,
  keyText,
  nodeAt,
  reasonOf,
  walletOf,
  withChecksum,
} from "./wallet-cast.ts";

const TWO_OF_THREE: Play = { form: "p2wsh", cosigners: [1, 2, 3], threshold: 2 };

/** What the keyring of cosigner 1 answers. */
const ownedBy = (one: Cosigner) => (fingerprint: string, path: Path) => {
  if (fingerprint !== one.fingerprint) return undefined;
  const node = nodeAt(one.master, path);
  return { publicKey: node.publicKey!, chainCode: node.chainCode! };
};
const mine = (wallet: Wallet) => markOurs(wallet, ownedBy(cosigner(1)));
const accounts = (network: Network = "regtest", account = 0) =>
  accountWallets(
    network,
    (path) => {
      const { master, fingerprint } = cosigner(1, network);
      const node = nodeAt(master, path);
      const parentFingerprint = toHex(u32be(node.parentFingerprint));
      return {
        fingerprint,
        publicKey: node.publicKey!,
        chainCode: node.chainCode!,
        depth: node.depth,
        parentFingerprint,
      };
    },
    account,
  );

const FORMAT: Partial<Record<ScriptForm, string>> = {
  p2wsh: "P2WSH",
  "p2sh-p2wsh": "P2SH-P2WSH",
  p2sh: "P2SH",
};

/** As Sparrow writes it: one Derivation line for all. */
function coldcard({ form, cosigners = [1, 2, 3], threshold = 2 }: Play, name = "Vault"): string {
  const path = accountPath(form);
  return [
    "# Coldcard Multisig setup file (created by Sparrow)",
    "#",
    `Name: ${name}`,
    `Policy: ${threshold} of ${cosigners.length}`,
    `Derivation: m${writePath(path).replaceAll("h", "'")}`,
    `Format: ${FORMAT[form]}`,
    "",
    ...cosigners.map((number) => {
      const one = cosigner(number);
      return `${one.fingerprint.toUpperCase()}: ${nodeAt(one.master, path).publicExtendedKey}`;
    }),
    "",
  ].join("\n");
}

test("A Coldcard text is the same wallet as the descriptor of the same keys", () => {
  for (const form of ["p2wsh", "p2sh-p2wsh", "p2sh"] as const) {
    const wallet = readWallet(coldcard({ form }), "regtest", curve);
    assert.equal(wallet.name, "Vault");
    assert.equal(wallet.descriptor, walletOf({ ...TWO_OF_THREE, form }).descriptor);
  }
  const other = coldcard({ form: "p2sh-p2wsh" }).replace("P2SH-P2WSH", "p2wsh-p2sh");
  assert.equal(readWallet(other, "regtest", curve).form, "p2sh-p2wsh");
});

test("A Coldcard text may name a derivation for each key, end lines as DOS does, and write h", () => {
  const want = walletOf(TWO_OF_THREE);
  const [one, two] = [cosigner(1), cosigner(2)];
  const deep: Path = [HARDENED + 48, HARDENED + 1, HARDENED + 7, HARDENED + 2];
  const text = [
    "Name: Vault",
    "Policy: 2 of 2",
    "Format: P2WSH",
    "Derivation: 48h/1h/0h/2h",
    `${one.fingerprint}: ${nodeAt(one.master, accountPath("p2wsh")).publicExtendedKey}`,
    "  # the other floor",
    `Derivation: m${writePath(deep)}`,
    `${two.fingerprint}: ${nodeAt(two.master, deep).publicExtendedKey}`,
  ].join("\r\n");
  const { keys } = readWallet(text, "regtest", curve);
  assert.deepEqual(keys[0], want.keys[0]);
  assert.deepEqual(keys[1]!.path, deep);
});

test("A Coldcard text that is not wholly understood is refused", () => {
  const good = coldcard(TWO_OF_THREE);
  const refused = (from: string | RegExp, to: string, reason: string) => {
    const text = good.replace(from, to);
    assert.notEqual(text, good);
    assert.equal(
      reasonOf(() => readWallet(text, "regtest", curve)),
      reason,
      text.slice(0, 200),
    );
  };
  refused(/Policy.*\n/, "", "bitcoin.wallet-unreadable");
  refused(/Format.*\n/, "", "bitcoin.wallet-unreadable");
  refused(/Derivation.*\n/, "", "bitcoin.wallet-origin-missing");
  refused("2 of 3", "2 of 4", "bitcoin.wallet-unreadable");
  refused("2 of 3", "0 of 3", "bitcoin.wallet-threshold");
  refused("2 of 3", "two of three", "bitcoin.wallet-threshold");
  refused("2 of 3\n", "2 of 3\nPolicy: 1 of 3\n", "bitcoin.wallet-unreadable");
  refused("P2WSH\n", "P2WSH\nFormat: P2SH\n", "bitcoin.wallet-unreadable");
  refused("P2WSH", "P2TR", "bitcoin.wallet-form");
  refused("m/48'/1'/0'/2'", "m/48'/1'/0'", "bitcoin.wallet-origin");
  refused("m/48'/1'/0'/2'", "m/48'/1'/0'/2x", "bitcoin.wallet-origin");
  refused("m/48'/1'/0'/2'", "master", "bitcoin.wallet-origin");
  refused("Format", "Sorted: no\nFormat", "bitcoin.wallet-unreadable");
  refused("Format", "hello\nFormat", "bitcoin.wallet-unreadable");
  refused(/[0-9A-F]{8}: tpub/, "00000000: tpub", "bitcoin.wallet-origin-missing");
  refused(
    cosigner(2).fingerprint.toUpperCase(),
    cosigner(1).fingerprint.toUpperCase(),
    "bitcoin.wallet-key-twice",
  );
  refused("Vault", "Va\u0007ult", "bitcoin.wallet-characters");
  assert.equal(
    reasonOf(() => readWallet(good, "mainnet", curve)),
    "bitcoin.wallet-network",
  );
  const many = coldcard({ form: "p2wsh", cosigners: Array.from({ length: 21 }, (_, i) => i + 1) });
  assert.equal(
    reasonOf(() => readWallet(many, "regtest", curve)),
    "bitcoin.wallet-too-many-keys",
  );
});

test("No Coldcard text makes the parser throw anything but a Refusal", () => {
  const good = coldcard(TWO_OF_THREE);
  fc.assert(
    fc.property(
      fc.nat(good.length),
      fc.nat(60),
      fc.string({ unit: "binary", maxLength: 12 }),
      (at, cut, put) => {
        try {
          readWallet(good.slice(0, at) + put + good.slice(at + cut), "regtest", curve);
        } catch (error) {
          assert.ok(error instanceof Refusal, String(error));
        }
      },
    ),
    { numRuns: 600 },
  );
});

test("A wallet's name is the one given, else the file's made safe to show, else quorum and fingerprint", () => {
  const text = coldcard(TWO_OF_THREE);
  const message = { kind: "wallet", dialect: "plain", text } as const;
  assert.equal(readWallet(message, "regtest", curve).name, "Vault");
  assert.equal(readWallet(message, "regtest", curve, "Ours").name, "Ours");
  const plain = walletOf(TWO_OF_THREE);
  assert.equal(plain.name, `2 of 3 ${plain.fingerprint}`);
  const foreign = coldcard(TWO_OF_THREE, "Fam\u202eília");
  assert.equal(readWallet(foreign, "regtest", curve).name, "Fam<U+202E><U+00ED>lia");
  const long = coldcard(TWO_OF_THREE, "é".repeat(300));
  assert.ok(readWallet(long, "regtest", curve).name.length <= 40);
  assert.equal(readWallet(coldcard(TWO_OF_THREE, ""), "regtest", curve).name, plain.name);
});

test("A name that a screen could not show truly is refused", () => {
  for (const name of ["", " a", "a ", "a\nb", "é", "\u202ea", "x".repeat(41), "\u0000"])
    assert.equal(
      reasonOf(() => checkName(name)),
      "bitcoin.wallet-name",
      JSON.stringify(name),
    );
  for (const name of ["a", "x".repeat(40), "A-1 (cold) #2"]) assert.equal(checkName(name), name);
});

test("A key is ours only where fingerprint, path, key and chain code are what we derive", () => {
  const wallet = walletOf(TWO_OF_THREE);
  assert.deepEqual(
    wallet.keys.map((key) => key.ours),
    [false, false, false],
  );
  assert.deepEqual(
    mine(wallet).keys.map((key) => key.ours),
    [true, false, false],
  );
  assert.deepEqual(
    markOurs(mine(wallet), () => undefined).keys.map((key) => key.ours),
    [false, false, false],
  );
});

test("A swapped key under our fingerprint is refused, whether the key, its chain code or its path was changed", () => {
  const ours = keyText(cosigner(1), accountPath("p2wsh"));
  const swapped = keyText(cosigner(9), accountPath("p2wsh")).replace(/^\[.{8}/, ours.slice(0, 9));
  const otherAccount = [...accountPath("p2wsh").slice(0, 2), HARDENED + 5, HARDENED + 2];
  const moved = ours.replace(/^\[.*\]/, `[${cosigner(1).fingerprint}${writePath(otherAccount)}]`);
  for (const key of [swapped, moved]) {
    const body = bodyOf(TWO_OF_THREE).replace(ours, key);
    const wallet = readWallet(withChecksum(body), "regtest", curve);
    assert.equal(
      reasonOf(() => mine(wallet)),
      "bitcoin.key-not-ours",
    );
  }
  const wallet = walletOf(TWO_OF_THREE);
  const [first, ...rest] = wallet.keys;
  const rechained = { ...wallet, keys: [{ ...first!, chainCode: new Uint8Array(32) }, ...rest] };
  assert.equal(
    reasonOf(() => mine(rechained)),
    "bitcoin.key-not-ours",
  );
  const rekeyed = { ...wallet, keys: [{ ...first!, publicKey: rest[0]!.publicKey }, ...rest] };
  assert.equal(
    reasonOf(() => mine(rekeyed)),
    "bitcoin.key-not-ours",
  );
});

test("A key of ours at money's path never signs for practice, nor a practice key for money", () => {
  for (const purpose of [44, 48, 49, 84, 86, 87]) {
    const path: Path = [HARDENED + purpose, HARDENED, HARDENED];
    const wallet = readWallet(withChecksum(`wpkh(${keyText(cosigner(1), path)})`), "regtest", curve);
    assert.equal(
      reasonOf(() => mine(wallet)),
      "bitcoin.wallet-coin-type",
    );
  }
  const practice: Path = [HARDENED + 48, HARDENED + 1, HARDENED, HARDENED + 2];
  const money = readWallet(
    withChecksum(`wpkh(${keyText(cosigner(1, "mainnet"), practice)})`),
    "mainnet",
    curve,
  );
  assert.equal(
    reasonOf(() => markOurs(money, ownedBy(cosigner(1)))),
    "bitcoin.wallet-coin-type",
  );
});

test("A wallet without a key of ours is not registered", () => {
  const foreign = mine(walletOf({ ...TWO_OF_THREE, cosigners: [2, 3, 4] }));
  assert.equal(
    reasonOf(() => checkRegistration(foreign, [])),
    "bitcoin.wallet-without-our-key",
  );
  checkRegistration(mine(walletOf(TWO_OF_THREE)), [...accounts(), foreign]);
});

test("The same wallet is not registered twice, however it is written", () => {
  const known = [...accounts(), mine(walletOf(TWO_OF_THREE))];
  for (const text of [
    coldcard(TWO_OF_THREE),
    coldcard({ ...TWO_OF_THREE, cosigners: [3, 1, 2] }),
    withChecksum(bodyOf({ ...TWO_OF_THREE, children: "/0/*" })),
  ]) {
    const again = mine(readWallet(text, "regtest", curve, "New name"));
    assert.equal(
      reasonOf(() => checkRegistration(again, known)),
      "bitcoin.wallet-known",
    );
  }
  const account = mine(walletOf({ form: "p2wpkh" }));
  assert.equal(
    reasonOf(() => checkRegistration(account, known)),
    "bitcoin.wallet-known",
  );
});

test("A known wallet's keys under another quorum, order, sorting, form or branches are refused by name", () => {
  const multi: Play = { ...TWO_OF_THREE, multi: "multi" };
  const wallet = (play: Play) => ({ ...mine(walletOf(play)), name: "Another" });
  const wrapped = withChecksum(`sh(${bodyOf(TWO_OF_THREE)})`);
  for (const [known, changed] of [
    [TWO_OF_THREE, wallet({ ...TWO_OF_THREE, threshold: 1 })],
    [TWO_OF_THREE, wallet(multi)],
    [multi, wallet(TWO_OF_THREE)],
    [multi, wallet({ ...multi, cosigners: [2, 1, 3] })],
    [TWO_OF_THREE, wallet({ ...TWO_OF_THREE, children: "/<2;3>/*" })],
    [TWO_OF_THREE, { ...mine(readWallet(wrapped, "regtest", curve)), name: "Another" }],
  ] as const)
    assert.equal(
      reasonOf(() => checkRegistration(changed, [mine(walletOf(known))])),
      "bitcoin.wallet-altered",
    );
});

test("What another key of this device knows as a wallet is no other wallet: not in another order, nor under the same fingerprint", () => {
  const known = mine(walletOf(TWO_OF_THREE));
  const permuted = mine(walletOf({ ...TWO_OF_THREE, cosigners: [3, 1, 2] }));
  const other = mine(walletOf({ ...TWO_OF_THREE, cosigners: [1, 5, 6] }));
  assert.notEqual(permuted.fingerprint, known.fingerprint);
  checkBeside(known, [known]);
  checkBeside(other, [known]);
  for (const wallet of [permuted, { ...other, fingerprint: known.fingerprint }])
    assert.equal(
      reasonOf(() => checkBeside(wallet, [known])),
      "bitcoin.wallet-altered",
    );
});

test("A name that another wallet has, or that reads like it, is refused", () => {
  const known = [{ ...mine(walletOf(TWO_OF_THREE)), name: "Vault" }, ...accounts()];
  for (const name of [
    "Vault",
    "vault",
    "VAULT",
    "Vau1t",
    "V.ault -",
    "native  segwit, account 0",
    "Native segwit. account O",
    "Native 5egwlt, account 0",
  ]) {
    const wallet = { ...mine(walletOf({ ...TWO_OF_THREE, cosigners: [1, 5, 6] })), name };
    assert.equal(
      reasonOf(() => checkRegistration(wallet, known)),
      "bitcoin.wallet-name-taken",
      name,
    );
  }
  const bad = { ...mine(walletOf({ ...TWO_OF_THREE, cosigners: [1, 5, 6] })), name: "\u202eVault" };
  assert.equal(
    reasonOf(() => checkRegistration(bad, known)),
    "bitcoin.wallet-name",
  );
});

test("Names that differ in more than their looks are two names, and one of signs alone can be taken", () => {
  const known = [{ ...mine(walletOf(TWO_OF_THREE)), name: "Vault 1" }, ...accounts()];
  for (const name of ["Vault 2", "Vault 11", "Taproot, account 1", "+++"])
    checkRegistration({ ...mine(walletOf({ ...TWO_OF_THREE, cosigners: [1, 5, 6] })), name }, known);
});

test("No more wallets are registered than a home is opened with", () => {
  const other = (number: number) => ({
    ...mine(walletOf({ ...TWO_OF_THREE, cosigners: [1, 100 + number, 200 + number] })),
    name: `Wallet number ${number}`,
  });
  const known = [...accounts()];
  for (let number = known.length; number < LIMITS.wallets; number++) {
    checkRegistration(other(number), known);
    known.push(other(number));
  }
  assert.equal(
    reasonOf(() => checkRegistration(other(LIMITS.wallets), known)),
    "bitcoin.wallets-full",
  );
});

test("A seed has four single-key wallets an account, with this network's coin type", () => {
  for (const [network, coin] of [
    ["mainnet", 0],
    ["regtest", 1],
    ["signet", 1],
  ] as const) {
    const wallets = accounts(network, 3);
    assert.deepEqual(
      wallets.map(({ name, form, keys }) => [name, form, `m${writePath(keys[0]!.path)}`]),
      [
        ["Native segwit, account 3", "p2wpkh", `m/84h/${coin}h/3h`],
        ["Taproot, account 3", "p2tr", `m/86h/${coin}h/3h`],
        ["Nested segwit, account 3", "p2sh-p2wpkh", `m/49h/${coin}h/3h`],
        ["Legacy, account 3", "p2pkh", `m/44h/${coin}h/3h`],
      ],
    );
    for (const wallet of wallets) {
      assert.ok(wallet.keys.every((key) => key.ours));
      const { ours: _, ...key } = readWallet(wallet.descriptor, network, curve).keys[0]!;
      assert.deepEqual({ ...key, ours: true }, wallet.keys[0]);
    }
  }
});

test("Every refusal of a wallet is in the table, in whole sentences without an exclamation mark", () => {
  for (const [reason, text] of Object.entries(bitcoinWalletRefusals)) {
    assert.equal(REFUSALS[reason as keyof typeof REFUSALS], text);
    assert.ok(!/!/.test(text.title + text.meaning + text.remedy), reason);
    assert.match(text.meaning, /^[A-Z].*\.$/, reason);
    assert.match(text.remedy, /^[A-Z].*\.$/, reason);
    assert.doesNotMatch(text.title, /\.$/, reason);
  }
});
