// A 2-of-3 made by three Firns, watched and finalised by Electrum: all that passes between the four is pictures, digits
// read aloud, and one file on a stick.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { Psbt, Transaction } from "bitcoinjs-lib";
import { folderStick } from "../../device/stick/folder.ts";
import { addressOf, electrumFile, type ScriptForm, slip132 } from "../../src/bitcoin/index.ts";
import { pathText } from "../../src/screens/wallet.ts";
import { FORMS, purse } from "../bitcoin/build.ts";
import { gathers, registers, showsKey } from "../flows/ceremony-stage.ts";
import { picturePsbt } from "../flows/pictures.ts";
import { folder, holds, PIN, replyIn, script, UNLOCK } from "../flows/stage.ts";
import { type Spent, verifySpend } from "./consensus.ts";
import { electrum, installed } from "./electrum.ts";
import { isHere } from "./peer.ts";

const ask = installed ? electrum() : undefined;
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

const TO = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
const COINS = [100_000, 200_000, 50_000];

interface Looked {
  readonly type: string;
  readonly script: string;
  readonly stores: readonly {
    readonly derivation: string;
    readonly root_fingerprint: string;
    readonly xpub: string;
  }[];
  readonly receive: readonly string[];
  readonly change: readonly string[];
}

test("three Firns and Electrum: the wallet is made by pictures, signed by two, finalised and accepted", async (t) => {
  if (!isHere(t, "Electrum", installed)) return;
  const at = folder(t);
  const [first, second] = [
    await showsKey(at, 1, "regtest", "pictures"),
    await showsKey(at, 2, "regtest", "pictures"),
  ];
  const made = await gathers(at, first, second, { eye: "pictures" });
  const third = await registers(2, made, { eye: "pictures" });

  // Electrum gets its file on a stick.
  const stick = folderStick(folder(t));
  const writes = `${UNLOCK}pick Wallets and addresses\npick Family\npick For other devices and programs\npick Electrum\npress back\nsee It is on the stick\npress ok\npress ok\npress back\npress back\npress back\nsee Sign a transaction\n`;
  await holds(writes, { disk: made.disk, stick });
  const [name] = await stick.names();
  assert.equal(name, "firn-Family-electrum.json");
  const file = new TextDecoder().decode((await stick.read(name!, 100_000))!);

  const wants = { coins: COINS, to: TO, amount: 320_000, fee: 2_000 };
  const asked = (await ask!({ do: "make", file, ...wants })) as { wallet: number; psbt: string };
  const signs = async (disk: typeof made.disk, bytes: Uint8Array, OUT: string) => {
    const CAMERA = await picturePsbt(`${OUT}-in`, bytes, { density: "medium" });
    await holds(script("sign"), { disk, set: { PIN, CAMERA, OUT }, eye: "pictures" });
    return replyIn(OUT).bytes;
  };
  const one = await signs(made.disk, Buffer.from(asked.psbt, "base64"), join(at, "one"));
  const half = await ask!({ do: "finish", wallet: asked.wallet, texts: [base64(one)] });
  assert.deepEqual(half, { complete: false }, "one signature is not enough");
  const two = await signs(third.disk, one, join(at, "two"));
  const done = (await ask!({ do: "finish", wallet: asked.wallet, texts: [base64(two)] })) as {
    complete: boolean;
    final: string;
  };
  assert.ok(done.complete);
  assert.equal(verifySpend(Buffer.from(done.final, "hex"), spentBy(asked.psbt)), 2 * COINS.length);
});

/** What a PSBT's inputs bring, as bitcoinjs-lib reads it. */
function spentBy(text: string): Spent[] {
  const { data, txInputs } = Psbt.fromBase64(text);
  return data.inputs.map(({ witnessUtxo, nonWitnessUtxo }, i) => {
    const out = witnessUtxo ?? Transaction.fromBuffer(nonWitnessUtxo!).outs[txInputs[i]!.index]!;
    return { script: out.script, amountSats: BigInt(out.value) };
  });
}

const SCRIPTS: Readonly<Partial<Record<ScriptForm, string>>> = {
  "p2sh-p2wpkh": "p2wpkh-p2sh",
  "p2sh-p2wsh": "p2wsh-p2sh",
};

for (const form of FORMS.filter((one) => one !== "p2tr"))
  test(`Electrum opens the file of a ${form} wallet, knows its keys and finds its addresses; so does the bare key`, async (t) => {
    if (!isHere(t, "Electrum", installed)) return;
    const { wallet, template } = purse(form);
    const looked = (await ask!({ do: "look", file: electrumFile(wallet) })) as Looked;
    const addresses = (branch: number) =>
      [0, 1, 2].map((index) => addressOf(template.derive(branch, index).scriptPubKey, "regtest"));
    assert.deepEqual([looked.receive, looked.change], [addresses(0), addresses(1)]);
    assert.equal(looked.script, SCRIPTS[form] ?? form);
    for (const [i, key] of wallet.keys.entries()) {
      assert.equal(looked.stores[i]!.root_fingerprint, key.fingerprint);
      assert.equal(looked.stores[i]!.derivation.replaceAll("'", "h"), pathText(key.path));
    }
    const bare = (await ask!({ do: "key", text: slip132(wallet.keys[0]!, form, "regtest") })) as {
      xtype: string;
    };
    assert.equal(bare.xtype, form === "p2pkh" || form === "p2sh" ? "standard" : (SCRIPTS[form] ?? form));
  });
