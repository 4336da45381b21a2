import assert from "node:assert/strict";
import { test } from "node:test";
import { Transaction } from "bitcoinjs-lib";
import { addressOf } from "../../src/bitcoin/index.ts";
import type { ScriptForm, Template } from "../../src/bitcoin/wallet.ts";
import { HARDENED } from "../../src/limits.ts";
import type { Dialect, Path, PsbtMessage } from "../../src/model.ts";
import { firstPolicy } from "../../src/policy/index.ts";
import { Refusal } from "../../src/refusal.ts";
import type { Request } from "../../src/request.ts";
import type { Policy, Rule } from "../../src/rules.ts";
import { split } from "../../src/transport/index.ts";
import { PHRASES } from "../bitcoin/build.ts";
import { collect } from "../transport/support.ts";
import { verifySpend } from "./consensus.ts";
import { electrum, installed } from "./electrum.ts";
import { descriptorFor, type Firn, firnOf, type KeyText } from "./firn.ts";
import { isHere } from "./peer.ts";

interface Made {
  readonly wallet: number;
  readonly psbt: string;
  readonly qr: string;
  readonly addresses: { readonly receive: string[]; readonly change: string[] };
}
interface Finished {
  readonly complete: boolean;
  readonly txid: string;
  readonly final: string;
}

const ask = installed ? electrum() : undefined;
const finished = ({ wallet }: Made, ...texts: string[]) =>
  ask!({ do: "finish", wallet, texts }) as Promise<Finished>;

// ---------------------------------------------------------------- the three cosigners

const firns = await Promise.all(PHRASES.map((phrase) => firnOf(phrase)));
const H = HARDENED;
const TO = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
const COINS = [100_000, 200_000, 50_000];

interface Setting {
  readonly form: ScriptForm;
  /** Electrum's name for the form. */
  readonly electrum: string;
  readonly path: Path;
  readonly cosigners: readonly Firn[];
}

const SINGLE: Setting = {
  form: "p2wpkh",
  electrum: "p2wpkh",
  path: [H + 84, H + 1, H],
  cosigners: firns.slice(0, 1),
};
const VAULT: Setting = {
  form: "p2wsh",
  electrum: "p2wsh",
  path: [H + 48, H + 1, H, H + 2],
  cosigners: firns,
};
const NESTED: Setting = {
  form: "p2sh-p2wsh",
  electrum: "p2wsh-p2sh",
  path: [H + 48, H + 1, H, H + 1],
  cosigners: firns,
};
const LEGACY: Setting = { form: "p2sh", electrum: "standard", path: [H + 45], cosigners: firns };
const NESTED_SINGLE: Setting = {
  form: "p2sh-p2wpkh",
  electrum: "p2wpkh-p2sh",
  path: [H + 49, H + 1, H],
  cosigners: firns.slice(0, 1),
};

async function made(setting: Setting): Promise<{ made: Made; templates: Template[] }> {
  const { form, cosigners, path } = setting;
  const keys: KeyText[] = cosigners.map((firn) => firn.key(path));
  const descriptor = descriptorFor(form, 2, keys);
  const question = { form: setting.electrum, threshold: 2, keys, coins: COINS, to: TO };
  const answer = await ask!({ do: "make", ...question, amount: 320_000, fee: 2_000 });
  return { made: answer as Made, templates: cosigners.map((firn) => firn.register(descriptor)) };
}

const psbtOf = (text: string, dialect: Dialect = "base64"): PsbtMessage => ({
  kind: "psbt",
  dialect,
  bytes: Buffer.from(text, "base64"),
});
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** Accepted by Electrum as complete: then bitcoinjs-lib must agree that every input may be spent. */
function accept(done: Finished, request: Request, template: Template, perInput: number): void {
  assert.equal(done.complete, true, "Electrum finds the transaction complete");
  const raw = Buffer.from(done.final, "hex");
  const tx = Transaction.fromBuffer(raw);
  assert.equal(tx.getId(), done.txid);
  for (const input of tx.ins) input.script = new Uint8Array(0);
  // A nested witness has a scriptSig, which is part of the id: without it the id is the one that was shown.
  assert.equal(tx.getId(), request.review.txid);
  if (!template.wallet.form.startsWith("p2sh")) assert.equal(done.txid, request.review.txid);
  const spent = request.review.inputs.map(({ amountSats, path }) => {
    const [branch, index] = path!.split("/").map(Number);
    return { amountSats, script: template.derive(branch!, index!).scriptPubKey };
  });
  assert.equal(verifySpend(raw, spent), COINS.length * perInput);
}

function checkReview(request: Request, made: Made, template: Template): void {
  const { review } = request;
  const amounts = review.inputs.map(({ amountSats }) => amountSats).toSorted();
  assert.deepEqual(amounts, COINS.map(BigInt).toSorted());
  assert.equal(review.feeSats, 2_000n);
  assert.equal(review.feeProven, true);
  const change = review.outputs.find(({ owner }) => owner === "change");
  const paid = review.outputs.find(({ owner }) => owner === "foreign");
  assert.equal(paid!.address, TO);
  assert.equal(paid!.amountSats, 320_000n);
  assert.equal(change!.amountSats, 28_000n);
  const addresses = (branch: number) =>
    [0, 1, 2].map((index) => addressOf(template.derive(branch, index).scriptPubKey, "regtest"));
  assert.deepEqual(addresses(0), made.addresses.receive);
  assert.deepEqual(addresses(1), made.addresses.change);
}

for (const setting of [SINGLE, NESTED_SINGLE])
  test(`Electrum finalises and accepts what Firn signed for its ${setting.form} wallet`, async (t) => {
    if (!isHere(t, "Electrum", installed)) return;
    const { made: electrums, templates } = await made(setting);
    const [firn] = setting.cosigners;
    const request = firn!.understand(psbtOf(electrums.psbt), templates[0]!);
    checkReview(request, electrums, templates[0]!);
    const reply = await firn!.sign(request);
    assert.equal(reply.signed, COINS.length);
    accept(await finished(electrums, electrums.psbt, base64(reply.whole.bytes)), request, templates[0]!, 1);
    accept(
      await finished(electrums, electrums.psbt, base64(reply.signaturesOnly.bytes)),
      request,
      templates[0]!,
      1,
    );
    accept(await finished(electrums, base64(reply.whole.bytes)), request, templates[0]!, 1);
  });

for (const setting of [VAULT, NESTED, LEGACY])
  test(`Electrum combines two Firns' signatures for its 2-of-3 ${setting.form} wallet, and accepts`, async (t) => {
    if (!isHere(t, "Electrum", installed)) return;
    const { made: electrums, templates } = await made(setting);
    const [first, , third] = setting.cosigners;
    const request = first!.understand(psbtOf(electrums.psbt), templates[0]!);
    checkReview(request, electrums, templates[0]!);
    const one = await first!.sign(request);
    assert.equal((await finished(electrums, electrums.psbt, base64(one.whole.bytes))).complete, false);

    // Side by side: both sign what Electrum made.
    const two = await third!.sign(third!.understand(psbtOf(electrums.psbt), templates[2]!));
    const both = [one, two].map((reply) => base64(reply.signaturesOnly.bytes));
    accept(await finished(electrums, electrums.psbt, ...both), request, templates[0]!, 2);
    accept(
      await finished(electrums, base64(two.whole.bytes), base64(one.whole.bytes)),
      request,
      templates[0]!,
      2,
    );

    // One after the other: the third sees that the first has signed.
    const passedOn = third!.understand(one.whole, templates[2]!);
    assert.deepEqual(passedOn.review.quorums[0]!.signedBy, [first!.keyring.fingerprint]);
    const last = await third!.sign(passedOn);
    accept(await finished(electrums, base64(last.whole.bytes)), request, templates[0]!, 2);
  });

test("Electrum reads Firn's reply from one code, in base43 and in base64", async (t) => {
  if (!isHere(t, "Electrum", installed)) return;
  const { made: electrums, templates } = await made(SINGLE);
  const [firn] = firns;
  const request = firn!.understand(psbtOf(electrums.psbt), templates[0]!);
  const reply = await firn!.sign(request);
  for (const dialect of ["base43", "base64"] as const)
    for (const psbt of [reply.whole, reply.signaturesOnly]) {
      const { texts } = split(psbt, { dialect, density: "high" });
      assert.equal(texts.length, 1);
      accept(await finished(electrums, electrums.psbt, texts[0]!), request, templates[0]!, 1);
    }
});

function unprovenAllowed(policy: Policy): Policy {
  const rules = policy.rules.map((rule): Rule => {
    const { limit } = rule;
    return limit.kind === "unusual" && limit.what === "unproven fee"
      ? { ...rule, limit: { ...limit, allowed: true } }
      : rule;
  });
  return { ...policy, rules };
}

test("Electrum's own code leaves out what proves the amounts: refused, unless the owner allows it", async (t) => {
  if (!isHere(t, "Electrum", installed)) return;
  const { made: electrums, templates } = await made(SINGLE);
  const [firn] = firns;
  const received = collect([electrums.qr])!;
  assert.ok(received.kind === "psbt" && received.dialect === "base43");
  const request = firn!.understand(received, templates[0]!);
  assert.equal(request.review.feeProven, false);
  assert.equal(request.review.txid, firn!.understand(psbtOf(electrums.psbt), templates[0]!).review.txid);
  await assert.rejects(
    firn!.sign(request),
    (no) => no instanceof Refusal && no.reason === "policy.fee-unproven",
  );
  const reply = await firn!.sign(request, unprovenAllowed(firstPolicy("regtest", "simulator")!));
  const { texts } = split(reply.whole, { density: "high" });
  assert.match(texts[0]!, /^[0-9A-Z$*+./:-]+$/, "it leaves as it came, in base43");
  accept(await finished(electrums, texts[0]!), request, templates[0]!, 1);
});

test("Electrum's base43 is read to the byte, and written the same", async (t) => {
  if (!isHere(t, "Electrum", installed)) return;
  const { made: electrums } = await made(VAULT);
  const received = collect([electrums.qr]);
  assert.ok(received?.kind === "psbt");
  assert.equal(split(received, { density: "high" }).texts[0], electrums.qr);
});
