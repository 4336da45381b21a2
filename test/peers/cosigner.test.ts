// Electrum as a cosigner that holds a key of its own: it signs before Firn or after it, in every script of several keys
// that it knows, and completes the transaction.

import assert from "node:assert/strict";
import { test } from "node:test";
import { HDKey } from "@scure/bip32";
import { mnemonicToSeedSync } from "@scure/bip39";
import { Transaction } from "bitcoinjs-lib";
import { HARDENED as H } from "../../src/limits.ts";
import type { Path } from "../../src/model.ts";
import { PHRASES } from "../bitcoin/build.ts";
import { verifySpend } from "./consensus.ts";
import { electrum, installed } from "./electrum.ts";
import { descriptorFor, firnOf } from "./firn.ts";
import { isHere } from "./peer.ts";

interface Made {
  readonly wallet: number;
  readonly psbt: string;
}
interface Finished {
  readonly complete: boolean;
  readonly final: string;
}

const COINS = [100_000, 200_000, 50_000];
const TO = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
const PRACTICE = { private: 0x04358394, public: 0x043587cf };
const SETTINGS: readonly (readonly ["p2sh" | "p2sh-p2wsh" | "p2wsh", string, Path])[] = [
  ["p2sh", "standard", [H + 45]],
  ["p2sh-p2wsh", "p2wsh-p2sh", [H + 48, H + 1, H, H + 1]],
  ["p2wsh", "p2wsh", [H + 48, H + 1, H, H + 2]],
];

const ask = installed ? electrum() : undefined;
const psbtOf = (text: string) =>
  ({ kind: "psbt", dialect: "base64", bytes: Buffer.from(text, "base64") }) as const;
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** The last cosigner's key with its secret, as Electrum is given it. */
function secretOf(path: Path): string {
  const master = HDKey.fromMasterSeed(mnemonicToSeedSync(PHRASES[2]), PRACTICE);
  return path.reduce((at, step) => at.deriveChild(step), master).privateExtendedKey!;
}

for (const [form, name, path] of SETTINGS)
  test(`Electrum co-signs with Firn in a 2-of-3 ${form} wallet, first or last, and completes it`, async (t) => {
    if (!isHere(t, "Electrum", installed)) return;
    const firns = await Promise.all(PHRASES.map((phrase) => firnOf(phrase)));
    const keys = firns.map((firn) => firn.key(path));
    const [firn, , electrums] = firns;
    const template = firn!.register(descriptorFor(form, 2, keys));
    const held = keys.map((key, i) => (i === 2 ? { ...key, xprv: secretOf(path) } : key));
    const question = { form: name, threshold: 2, keys: held, coins: COINS, to: TO, amount: 320_000 };
    const { wallet, psbt } = (await ask!({ do: "make", ...question, fee: 2_000 })) as Made;
    const signs = (text: string) => ask!({ do: "sign", wallet, text }) as Promise<string>;
    const finishes = (...texts: string[]) => ask!({ do: "finish", wallet, texts }) as Promise<Finished>;

    const first = firn!.understand(psbtOf(psbt), template);
    const firnsFirst = await firn!.sign(first);
    const last = await finishes(await signs(base64(firnsFirst.whole.bytes)));

    const electrumsFirst = await signs(psbt);
    assert.equal((await finishes(electrumsFirst)).complete, false, "one signature is not enough");
    const passedOn = firn!.understand(psbtOf(electrumsFirst), template);
    assert.deepEqual(passedOn.review.quorums[0]!.signedBy, [electrums!.keyring.fingerprint]);
    assert.equal(passedOn.review.txid, first.review.txid);
    const whole = await firn!.sign(passedOn);

    for (const done of [last, await finishes(base64(whole.whole.bytes))]) {
      assert.equal(done.complete, true, "Electrum finds the transaction complete");
      const raw = Buffer.from(done.final, "hex");
      const spent = first.review.inputs.map(({ amountSats, path: at }) => {
        const [branch, index] = at!.split("/").map(Number);
        return { amountSats, script: template.derive(branch!, index!).scriptPubKey };
      });
      assert.equal(verifySpend(raw, spent), 2 * COINS.length);
      const tx = Transaction.fromBuffer(raw);
      for (const input of tx.ins) input.script = new Uint8Array(0);
      assert.equal(tx.getId(), first.review.txid);
    }
  });
