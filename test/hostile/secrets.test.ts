// After signing, locking and crashing no secret is anywhere: not on the card, not on a screen, not in a line of output.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { HDKey } from "@scure/bip32";
import { mnemonicToEntropy, mnemonicToSeedSync } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import type { Operations } from "../../device/disk/operations.ts";
import { HARDENED } from "../../src/limits.ts";
import { PHRASES, psbt, purse } from "../bitcoin/build.ts";
import { holds, papers, play, psbtTexts, quickStretch, script, walletTexts } from "../flows/stage.ts";

const AT = mkdtempSync(join(tmpdir(), "firn-secrets-"));
after(() => rmSync(AT, { recursive: true, force: true }));

const WORDS = PHRASES[2];
const PIN = "8306241759";
const PASSPHRASE = "a passphrase of several words";

const entropy = mnemonicToEntropy(WORDS, wordlist);
const seed = mnemonicToSeedSync(WORDS);
const master = HDKey.fromMasterSeed(seed);
const account = [84, 1, 0].reduce((node, step) => node.deriveChild(HARDENED + step), master);
const key = account.deriveChild(0).deriveChild(0);

/** Every form in which a secret could lie about: raw, in text, with its halves. */
function formsOf(name: string, secret: Uint8Array): (readonly [string, Buffer])[] {
  const raw = Buffer.from(secret);
  return [
    [name, raw],
    [`${name}, its first half`, raw.subarray(0, raw.length / 2)],
    [`${name} in hex`, Buffer.from(raw.toString("hex"))],
    [`${name} in base64`, Buffer.from(raw.toString("base64").replace(/=+$/, ""))],
    [`${name} as numbers`, Buffer.from([...raw].join(","))],
  ];
}

const words = WORDS.split(" ");
const SECRETS: readonly (readonly [string, Buffer])[] = [
  ...formsOf("entropy", entropy),
  ...formsOf("seed", seed),
  ...formsOf("master key", master.privateKey!),
  ...formsOf("chain code", master.chainCode!),
  ...formsOf("account key", account.privateKey!),
  ...formsOf("signing key", key.privateKey!),
  ...formsOf("seed with the passphrase", mnemonicToSeedSync(WORDS, PASSPHRASE)),
  ["master in base58", Buffer.from(master.privateExtendedKey)],
  ["account in base58", Buffer.from(account.privateExtendedKey)],
  ["PIN", Buffer.from(PIN)],
  ["passphrase", Buffer.from(PASSPHRASE)],
  ...words
    .slice(2)
    .map((_, i): [string, Buffer] => [
      `words ${i + 1} to ${i + 3}`,
      Buffer.from(words.slice(i, i + 3).join(" ")),
    ]),
  [
    "word numbers",
    Buffer.from(words.map((word) => String(wordlist.indexOf(word)).padStart(4, "0")).join("")),
  ],
];

function assertClean(where: string, text: Uint8Array | string): void {
  const bytes = Buffer.from(text as Uint8Array);
  const folded = Buffer.from(bytes.toString("latin1").replace(/[|\s]+/g, " "), "latin1");
  for (const [name, secret] of SECRETS)
    for (const one of [bytes, folded]) assert.equal(one.indexOf(secret), -1, `${name} is in ${where}`);
}

const OURS = { network: "testnet4", phrases: [WORDS] } as const;
const own = purse("p2wpkh", OURS);
const vault = purse("p2wsh", { ...OURS, phrases: [WORDS, PHRASES[0], PHRASES[1]] });
const SPEND = psbtTexts(psbt(own), "base64");
const VALUES = { PIN, WORDS, NETWORK: "testnet4" };
/** Everything that ever was on the disk: what was written and then replaced counts too. */
const written: Uint8Array[] = [];
const card = (real: Operations): Operations => ({
  ...real,
  write: (name, bytes) => {
    written.push(bytes);
    return real.write(name, bytes);
  },
  append: (name, bytes) => {
    written.push(bytes);
    return real.append(name, bytes);
  },
});

test("the search finds what it looks for", () => {
  for (const [name, secret] of SECRETS)
    assert.throws(
      () => assertClean("a sample", Buffer.concat([Buffer.from("x"), secret, Buffer.from("y")])),
      /is in a sample/,
      name,
    );
  assert.throws(() => assertClean("a screen", `| ${words.slice(3, 5).join("  ")}   |\n| ${words[5]}`));
});

function assertScreensClean(printed: string): void {
  const screens = printed.split(/(?=^\+-+\+\n\| )/m);
  assert.ok(screens.length > 5);
  for (const screen of screens) if (!/^\| Your words/m.test(screen)) assertClean("a screen", screen);
}

test("after set-up, signing, refusal and lock no secret is on the card or on any screen but the words' own", async () => {
  const home = await holds(script("setup"), { set: VALUES, card });
  assertScreensClean(home.printed);
  const CAMERA = papers(join(AT, "vault"), walletTexts(vault.wallet.descriptor));
  const { disk, printed } = await holds(script("register"), { disk: home.disk, set: { PIN, CAMERA }, card });
  assertClean("registration", printed);
  const signing = await holds(
    `${script("sign")}\npick Lock\nsee PIN\ntype 111111\npress ok\nsee vault.wrong-pin`,
    {
      disk,
      set: { PIN, CAMERA: papers(join(AT, "spend"), SPEND), OUT: join(AT, "out") },
      card,
    },
  );
  assertClean("signing", signing.printed);
  for (const [name, bytes] of signing.disk) assertClean(name, bytes);
  assert.ok(written.length > 20);
  for (const bytes of written) assertClean("what was ever written", bytes);
});

test("a passphrase is masked while it is typed, and sealed with the words", async () => {
  const steps = "pick Type a passphrase\ntype $PASS\npress ok\ntype $PASS\npress ok";
  const text = script("setup").replace("pick No passphrase", steps);
  const { disk, printed } = await holds(text, { set: { ...VALUES, PASS: PASSPHRASE } });
  assertScreensClean(printed);
  for (const [name, bytes] of disk) assertClean(name, bytes);
});

test("a bug in the middle of signing says nothing of what it knew", async () => {
  const home = await holds(script("setup"), { set: VALUES });
  const CAMERA = papers(join(AT, "spend"), SPEND);
  const { main } = await import("../../src/main.ts");
  const broken: typeof main = (ports) =>
    main({
      ...ports,
      store: {
        names: () => ports.store.names(),
        read: (name) => ports.store.read(name),
        replace: (name, bytes) => ports.store.replace(name, bytes),
        truncate: (name, length) => ports.store.truncate(name, length),
        remove: (name) => ports.store.remove(name),
        append: async (name, bytes) => {
          if (bytes.length > 300) throw new TypeError("the card's driver has a bug");
          return ports.store.append(name, bytes);
        },
      },
    });
  const result = await play(script("sign"), {
    disk: home.disk,
    main: broken,
    set: { PIN, CAMERA, OUT: join(AT, "o") },
  });
  assert.ok(result.problem instanceof TypeError, String(result.failure));
  assert.equal(result.starts, 1);
  assertClean("what was said", `${result.failure}${result.printed}${result.problem.stack}`);
  for (const [name, bytes] of result.disk) assertClean(name, bytes);
});

test("a PIN that was typed, right or wrong, chosen or asked for, is wiped once it was used", async () => {
  const given: { pin: Uint8Array; text: string }[] = [];
  const stretch: typeof quickStretch = {
    ...quickStretch,
    argon2id: (pin, ...rest) => {
      given.push({ pin, text: Buffer.from(pin).toString() });
      return quickStretch.argon2id(pin, ...rest);
    },
  };
  const set = { PIN, WORDS, NETWORK: "signet" };
  const { disk } = await holds(script("setup"), { set, stretch });
  await holds(`type 1111\npress ok\nsee vault.wrong-pin\npress ok\ntype ${PIN}\npress ok\nsee Sign`, {
    disk,
    stretch,
  });
  assert.deepEqual(
    given.map(({ text }) => text),
    [PIN, PIN, "1111", PIN],
  );
  for (const { pin } of given) assert.ok(pin.every((byte) => byte === 0));
});

test("after every change of the lock and after a wipe no PIN of any kind is on the card, ever was, or on any screen", async () => {
  const pins = { NEW: "582049173", DURESS: "904137286", WIPE: "271638504" };
  const set = { ...VALUES, ...pins };
  const two = (name: string) => `type $${name}\npress ok\ntype $${name}\npress ok\n`;
  const unlock = "see PIN\ntype $NEW\npress ok\npick Settings\n";
  const home = await holds(script("setup"), { set, card });
  const before = written.length;
  const { disk, printed } = await holds(
    `see PIN\ntype $PIN\npress ok\npick Settings\npick Change the PIN\ntype $PIN\npress ok\n${two("NEW")}see Your PIN is changed
     page\npress ok\n${unlock}pick Duress PIN\npage\npress ok\ntype $NEW\npress ok\n${two("DURESS")}pick A child\npress ok
     see Your key\npage\npress ok\npick Take these limits\npage\npress ok\n${unlock}pick Wipe PIN\npage\npress ok\ntype $NEW
     press ok\n${two("WIPE")}press ok\n${unlock}pick Seal\npage\npress ok\ntype $NEW\npress ok\npage\npress ok\nsee PIN
     type $DURESS\npress ok\nsee Sign a transaction\npick Lock\ntype 111111111\npress ok\nsee vault.wrong-pin\npress ok`,
    { disk: home.disk, set, card },
  );
  const wiped = await holds("type $WIPE\npress ok\nsee vault.wiped\npress ok\nsee Welcome", {
    disk,
    set,
    card,
  });
  assert.equal(wiped.disk.size, 0);
  assert.ok(written.length > before + 20);
  const secrets = Object.values(pins).map((pin): readonly [string, Buffer] => [
    `PIN ${pin}`,
    Buffer.from(pin),
  ]);
  const places = [printed, wiped.printed, ...disk.values(), ...written.slice(before)];
  for (const place of places) {
    assertClean("a change of the lock", place);
    for (const [name, secret] of secrets)
      assert.equal(Buffer.from(place as Uint8Array).indexOf(secret), -1, name);
  }
});
