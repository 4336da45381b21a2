// Accounts and wallets leave for programs: what stands in the codes and in the files on the stick.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folderStick } from "../../device/stick/folder.ts";
import { readKeys, readWallet, type ScriptForm } from "../../src/bitcoin/index.ts";
import { HARDENED } from "../../src/limits.ts";
import type { Network } from "../../src/model.ts";
import { curve, PHRASES, purse } from "../bitcoin/build.ts";
import { stateOf } from "./policy-stage.ts";
import { codesIn, collect, folder, holds, homeOf, registered, UNLOCK, walletTexts } from "./stage.ts";

const LARGE = { columns: 160, rows: 90 };

interface Account {
  readonly form: ScriptForm;
  readonly words: string;
  readonly purpose: number;
}

const ACCOUNTS: readonly Account[] = [
  { form: "p2wpkh", words: "Native segwit", purpose: 84 },
  { form: "p2tr", words: "Taproot", purpose: 86 },
  { form: "p2sh-p2wpkh", words: "Nested segwit", purpose: 49 },
  { form: "p2pkh", words: "Legacy", purpose: 44 },
];

/** What the glass shows for each program, one after the other. */
async function shows(
  at: string,
  { words }: Account,
  network: Network,
  programs: readonly string[],
  number = 0,
) {
  const choose = `${UNLOCK}pick Wallets and addresses\npick An account for\nsee Which account?\n${number === 0 ? "" : `press back\ntype ${number}\n`}press ok\npick ${words}\n`;
  const each = programs.map((program) => `pick ${program}\ncodes ${join(at, program)}\npress ok\n`).join("");
  const end = number === 0 ? "press back\nsee Wallets\n" : "press back\nsee Register it too?\n";
  const result = await holds(`${choose}${each}${end}`, { disk: await homeOf(network), size: LARGE });
  return { ...result, texts: (program: string) => codesIn(join(at, program)) };
}

for (const account of ACCOUNTS)
  for (const network of ["mainnet", "regtest"] as const)
    test(`${account.words} on ${network}: each program gets the key that it reads, with its origin`, async (t) => {
      const coin = network === "mainnet" ? 0 : 1;
      const path = [account.purpose, coin, 0].map((step) => step + HARDENED);
      const asUr = ["Sparrow", "Nunchuk", "Keeper", "Zeus", ...(coin === 0 ? ["BlueWallet"] : [])];
      const { texts, printed } = await shows(folder(t), account, network, [...asUr, "Specter"]);
      const [specter] = readKeys(texts("Specter").join("\n"), network, curve);
      assert.deepEqual(specter!.key.path, path);
      assert.equal(specter!.key.fingerprint, "73c5da0a");
      for (const program of asUr) {
        assert.match(texts(program)[0]!, /^UR:CRYPTO-ACCOUNT\//);
        const message = collect(texts(program), ["key"]);
        assert.ok(message.kind === "key");
        const found = readKeys(message.text, network, curve);
        assert.deepEqual(
          found.map(({ key }) => key),
          [specter!.key],
          program,
        );
      }
      assert.equal(printed.includes("BlueWallet"), network === "mainnet", "it knows mainnet alone");
      assert.equal(printed.includes("Electrum"), account.form !== "p2tr", "it has no taproot");
    });

test("Electrum gets the letter that it knows, Core both branches, any other program the descriptor", async (t) => {
  const [native] = ACCOUNTS;
  const { texts } = await shows(folder(t), native!, "mainnet", [
    "Electrum",
    "Bitcoin Core",
    "Another program",
  ]);
  assert.match(texts("Electrum").join(), /^zpub[0-9A-Za-z]{107}$/);
  const own = readWallet(texts("Another program").join("\n"), "mainnet", curve);
  assert.equal(own.form, "p2wpkh");
  const core = JSON.parse(texts("Bitcoin Core").join("\n")) as { desc: string; internal: boolean }[];
  assert.equal(core.length, 2);
  for (const { desc, internal } of core) {
    assert.ok(desc.includes(`/${internal ? 1 : 0}/*)#`), desc);
    assert.ok(desc.includes(own.keys[0]!.extended));
  }
});

test("another account can be registered, so that Firn signs for it; the first is known by itself", async (t) => {
  const at = folder(t);
  const [native] = ACCOUNTS;
  const { texts } = await shows(at, native!, "regtest", ["Another program"], 7);
  assert.ok(
    readWallet(texts("Another program").join("\n"), "regtest", curve).descriptor.includes("/84h/1h/7h]"),
  );
  const steps = `${UNLOCK}pick Wallets and addresses\npick An account for\npress back\ntype 7\npress ok\npick Native\npress back\nsee Register it too?\npress ok\nsee Name the wallet\npress ok\npage\nhold ok\nsee Registered\npage\npress ok\nsee Native segwit, account 7\n`;
  const { disk } = await holds(steps, { disk: await homeOf() });
  const [kept] = (await stateOf(disk)).wallets;
  assert.ok(kept!.descriptor.includes("/84h/1h/7h]"));
});

test("on a stick each lies as the file that its program opens", async (t) => {
  const at = folder(t);
  const writes = (program: string) =>
    `pick ${program}\npress back\nsee It is on the stick\npress ok\npress ok\n`;
  const programs = ["Sparrow", "Electrum", "Bitcoin Core"].map(writes).join("");
  const steps = `${UNLOCK}pick Wallets and addresses\npick An account for\npress ok\npick Native\n${programs}press back\nsee Wallets\n`;
  await holds(steps, { disk: await homeOf(), stick: folderStick(at) });
  const file = (name: string) => readFileSync(join(at, name), "utf8");
  assert.match(file("firn-key-73c5da0a-p2wpkh.txt"), /^\[73c5da0a\/84h\/1h\/0h\]tpub[0-9A-Za-z]+\n$/);
  const electrum = JSON.parse(file("firn-electrum-73c5da0a-p2wpkh.json"));
  assert.deepEqual(
    [electrum.keystore.root_fingerprint, electrum.keystore.derivation, electrum.keystore.xpub.slice(0, 4)],
    ["73c5da0a", "m/84'/1'/0'", "vpub"],
  );
  assert.equal(JSON.parse(file("firn-core-73c5da0a-p2wpkh.json")).length, 2);
});

// ---------------------------------------------------------------- a registered wallet

const vault = purse("p2wsh");

const FORMS = [
  "Another Firn",
  "BlueWallet",
  "Coldcard (",
  "Nunchuk, Keeper",
  "crypto-output",
  "Specter (",
  "addwallet",
  "Caravan",
];

test("a shared wallet leaves in every form as the same wallet, and Firn reads each of them back", async (t) => {
  const at = folder(t);
  const disk = await registered(await homeOf(), join(at, "in"), walletTexts(vault.wallet.descriptor));
  const name = `2 of 3 ${vault.wallet.fingerprint}`;
  const each = FORMS.map((form, i) => `pick ${form}\ncodes ${join(at, String(i))}\npress ok\n`).join("");
  const steps = `${UNLOCK}pick Wallets and addresses\npick ${name}\npick For other devices\n${each}press back\nsee ${name}\n`;
  for (const size of [LARGE, { columns: 80, rows: 24 }]) {
    await holds(steps, { disk, size });
    for (const [i, form] of FORMS.entries()) {
      const lines = codesIn(join(at, String(i)));
      // A text of several lines in one code stands there as it is.
      const texts = /^(UR:|B\$)/.test(lines[0]!) ? lines : [lines.join("\n")];
      const message = collect(texts, ["wallet"]);
      assert.ok(message.kind === "wallet");
      assert.equal(readWallet(message.text, "regtest", curve).descriptor, vault.wallet.descriptor, form);
    }
  }
});

test("what a form has no place for is refused by name, and the others still leave", async (t) => {
  const at = folder(t);
  const single = purse("p2wpkh", { account: 3 }).wallet;
  const disk = await registered(await homeOf(), join(at, "in"), walletTexts(single.descriptor));
  const refused = ["Coldcard (", "Caravan", "BlueWallet"].map(
    (form) => `pick ${form}\nsee cosigner.no-file\npage\npress ok\nsee Show it to\n`,
  );
  const steps = `${UNLOCK}pick Wallets and addresses\npick ${single.fingerprint}\npick For other devices\n${refused.join("")}pick crypto-output\ncodes ${join(at, "out")}\npress ok\n`;
  await holds(steps, { disk });
  const message = collect(codesIn(join(at, "out")), ["wallet"]);
  assert.ok(message.kind === "wallet");
  assert.equal(readWallet(message.text, "regtest", curve).descriptor, single.descriptor);
});

test("a cosigner's key comes on a stick as well as by the camera", async (t) => {
  const at = folder(t);
  const stick = folderStick(at);
  const writes = `${UNLOCK}pick Wallets and addresses\npick Show a cosigner key\npick native segwit\npress ok\npage\npress ok\npick Specter\npress back\nsee It is on the stick\npress ok\npress ok\n`;
  await holds(writes, { disk: await homeOf("regtest", PHRASES[1]), stick });
  const steps = `${UNLOCK}pick Wallets and addresses\npick Make a wallet together\npick Native segwit\npress ok\npick Add a cosigner's key\nsee from a stick\npress ok\npick firn-key-3f635a63\nsee A cosigner's key\npage\npress ok\npick All of it is the same\ntype Anna\npress ok\nsee Anna 3f635a63\n`;
  await holds(steps, { disk: await homeOf(), stick });
});
