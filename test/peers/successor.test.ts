// Electrum moves the money of a wallet to the one that takes its place: two Firns sign what it made, and it completes it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Transaction } from "bitcoinjs-lib";
import { addressOf, quorumOf } from "../../src/bitcoin/index.ts";
import { pathText } from "../../src/screens/wallet.ts";
import { B, fresh, NEXT, old, replaced, signs, taken } from "../flows/wallet-life-stage.ts";
import { verifySpend } from "./consensus.ts";
import { electrum, installed } from "./electrum.ts";
import { isHere } from "./peer.ts";

const COINS = [100_000, 200_000, 50_000];
const FEE = 2_000;

test("Electrum sweeps a wallet to its successor with the signatures of two Firns", async (t) => {
  if (!isHere(t, "Electrum", installed)) return;
  const ask = electrum();
  const to = addressOf(fresh.template.derive(0, 0).scriptPubKey, "regtest")!;
  const keys = old.wallet.keys.map(({ extended, path, fingerprint }) => ({
    ...{ xpub: extended, path: pathText(path), fingerprint },
  }));
  const { threshold } = quorumOf(old.wallet)!;
  const question = { form: "p2wsh", threshold, keys, coins: COINS, to, amount: 350_000 - FEE, fee: FEE };
  const made = (await ask({ do: "make", ...question })) as { readonly wallet: number; readonly psbt: string };
  const first = await replaced(t);
  const second = await taken(t, B, first.texts);
  const one = await signs(t, first.disk, Buffer.from(made.psbt, "base64"));
  const two = await signs(t, second.disk, one.bytes);
  for (const { printed } of [one, two]) {
    assert.ok(printed.includes("You move money to the successor"));
    assert.ok(printed.includes(`To ${NEXT}, which takes its place`));
    assert.ok(!printed.includes("From a replaced wallet"));
  }
  const texts = [Buffer.from(two.bytes).toString("base64")];
  const done = (await ask({ do: "finish", wallet: made.wallet, texts })) as {
    readonly complete: boolean;
    readonly final: string;
  };
  assert.equal(done.complete, true);
  const raw = Buffer.from(done.final, "hex");
  const { outs, ins } = Transaction.fromBuffer(raw);
  assert.deepEqual(
    outs.map(({ script, value }) => [Buffer.from(script).toString("hex"), value]),
    [[Buffer.from(fresh.template.derive(0, 0).scriptPubKey).toString("hex"), 348_000n]],
  );
  const amounts = [...COINS];
  assert.equal(ins.length, amounts.length);
  t.diagnostic(`${raw.length} bytes, ${verifySpend(raw, spentBy(raw))} signatures verified`);
});

/** Each of the wallet's first receive addresses holds one coin, in the order of COINS. */
function spentBy(raw: Buffer) {
  return Transaction.fromBuffer(raw).ins.map(({ witness }) => {
    const script = witness.at(-1)!;
    const index = [0, 1, 2].find((one) =>
      Buffer.from(old.template.derive(0, one).witnessScript!).equals(Buffer.from(script)),
    )!;
    return { script: old.template.derive(0, index).scriptPubKey, amountSats: BigInt(COINS[index]!) };
  });
}
