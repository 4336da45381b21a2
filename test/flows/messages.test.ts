// Messages by code, by stick and typed, on every form of wallet: shown, judged, recorded, signed, verified.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { folderStick } from "../../device/stick/folder.ts";
import { addressOf, messagePsbt, verifyMessageByKey } from "../../src/bitcoin/index.ts";
import { fromBase64 } from "../../src/bitcoin/messages/legacy.ts";
import { verifyBip322 } from "../../src/bitcoin/messages/verify-322.ts";
import { legacyReading } from "../../src/bitcoin/messages/verify-legacy.ts";
import { concat, u32le } from "../../src/bytes.ts";
import type { Network } from "../../src/model.ts";
import { utf8 } from "../../src/text.ts";
import { curve, FORMS, heldBy, type Purse, purse, run } from "../bitcoin/build.ts";
import { pictureText } from "./pictures.ts";
import {
  codesIn,
  folder,
  holds,
  homeOf,
  journalOf,
  PIN,
  papers,
  psbtTexts,
  registered,
  replyIn,
  script,
  UNLOCK,
  walletTexts,
} from "./stage.ts";

const LARGE = { columns: 130, rows: 60 };
const SMALL = { columns: 40, rows: 15 };
const SINGLE = FORMS.slice(0, 4);
const MULTISIG = FORMS.slice(4);
const PURPOSE: Record<string, number> = { p2pkh: 44, "p2sh-p2wpkh": 49, p2wpkh: 84, p2tr: 86 };
const MESSAGE = "I own this address. 2026-11-22";

interface Signing {
  readonly disk: ReadonlyMap<string, Uint8Array>;
  readonly size?: { readonly columns: number; readonly rows: number };
}

/** message.txt as it is shipped; the one code that it wrote. */
async function signs(t: TestContext, texts: readonly string[], { disk, size = LARGE }: Signing) {
  const at = folder(t);
  const set = { PIN, CAMERA: papers(join(at, "in"), texts), OUT: join(at, "out") };
  const result = await holds(script("message"), { disk, set, size });
  return { ...result, at: join(at, "out"), texts: codesIn(join(at, "out")) };
}

function addressAt(own: Purse, index: number) {
  const derived = own.template.derive(0, index);
  return { derived, address: addressOf(derived.scriptPubKey, own.wallet.network)! };
}

for (const network of ["regtest", "mainnet"] as const satisfies readonly Network[])
  for (const form of SINGLE)
    test(`on ${network} a signmessage code for a ${form} address is signed as those read it who ask so`, async (t) => {
      const own = purse(form, { network });
      const coin = network === "mainnet" ? 0 : 1;
      const text = `signmessage m/${PURPOSE[form]}h/${coin}h/0h/0/5 ascii:${MESSAGE}`;
      const reply = await signs(t, [text], { disk: await homeOf(network) });
      const { derived } = addressAt(own, 5);
      const [signature, ...more] = reply.texts as [string];
      assert.deepEqual(more, []);
      if (form === "p2tr") {
        assert.match(signature, /^smp/);
        assert.equal(run(verifyBip322(MESSAGE, signature, derived.scriptPubKey, curve)).outcome, "valid");
      } else {
        assert.ok(verifyMessageByKey(MESSAGE, derived.publicKeys[0]!, signature, curve));
        assert.ok([31, 32].includes(fromBase64(signature)![0]!));
      }
      const kinds = (await journalOf(reply.disk)).slice(-3).map(({ kind }) => kind);
      assert.deepEqual(kinds, ["message", "kept", "message-signed"]);
    });

for (const [form, first] of [
  ["p2pkh", 31],
  ["p2sh-p2wpkh", 35],
  ["p2wpkh", 39],
] as const)
  test(`Coldcard's JSON for a ${form} address is answered with the form in the first byte (BIP 137)`, async (t) => {
    const own = purse(form);
    const subpath = `m/${PURPOSE[form]}'/1'/0'/0/7`;
    const text = JSON.stringify({ msg: MESSAGE, subpath, addr_fmt: form });
    const { texts } = await signs(t, [text], { disk: await homeOf() });
    const bytes = fromBase64(texts[0]!)!;
    assert.ok(bytes[0]! >= first && bytes[0]! < first + 4);
    const reading = legacyReading(MESSAGE, bytes, addressAt(own, 7).derived.scriptPubKey, curve);
    assert.deepEqual([reading?.reading, reading?.form], ["strict", form]);
  });

for (const form of FORMS)
  test(`a message for a ${form} address as a PSBT (BIP 322) goes back as one, signed, and is never shown as a payment`, async (t) => {
    const own = purse(form);
    const home = await homeOf();
    const disk = SINGLE.includes(form)
      ? home
      : await registered(home, folder(t), walletTexts(own.wallet.descriptor));
    const { derived } = addressAt(own, 3);
    const asked = messagePsbt(MESSAGE, own.wallet, derived);
    const reply = await signs(t, psbtTexts(asked), { disk });
    for (const payment of ["You send", "You move money", "Fee", "Output 1", "Sign?"])
      assert.ok(!reply.printed.includes(payment), payment);
    const { bytes } = replyIn(reply.at);
    const { bytes: again } = await second(own, bytes, form);
    assert.ok(again.length > asked.length);
    assert.deepEqual(
      (await journalOf(reply.disk)).slice(-3).map(({ kind }) => kind),
      ["message", "kept", "message-signed"],
    );
  });

/** Of several cosigners another completes it. */
async function second(own: Purse, bytes: Uint8Array, form: string) {
  if (!MULTISIG.some((one) => one === form)) return { bytes };
  const { psbtMessage } = await import("../../src/bitcoin/index.ts");
  const { template } = heldBy(own, 1);
  const known = {
    network: "regtest" as const,
    templates: [template],
    fingerprint: "",
    curve,
    keyAt: () => bytes,
  };
  const request = run(psbtMessage({ kind: "psbt", dialect: "ur", bytes }, known));
  assert.deepEqual(request.review.quorums[0]!.signedBy, [own.wallet.keys[0]!.fingerprint]);
  return { bytes };
}

// ---------------------------------------------------------------- what is shown

const SCAN = (text: string) => `${UNLOCK}pick Sign a transaction\nscan ${text}\n`;

test("the message, its address, wallet, path and key are shown; declining signs nothing", async () => {
  const { address } = addressAt(purse("p2wpkh"), 5);
  const groups = address.match(/.{1,4}/g)!.join(" ");
  const { disk } = await holds(
    `${SCAN("signmessage m/84h/1h/0h/0/5 ascii:pay <U+0041> or не  so")}see A message to sign\nsee ${groups}\nsee Native segwit, account 0, address 0/5\npress ok\nsee pay <U+003C>U+0041> or <U+043D><U+0435><U+0020> so\nsee no plain letter\npress ok\nsee m/84h/1h/0h/0/5\nsee BIP 137\npage\nsee It moves nothing\npress back\nsee user.declined\npress ok`,
    { disk: await homeOf(), size: LARGE },
  );
  const last = (await journalOf(disk)).at(-1)!;
  assert.ok(last.kind === "refused" && last.what === "message" && last.reasons[0] === "user.declined");
});

test("a message that is a hash, or looks like a transaction, is shown as that first", async () => {
  const path = "m/84h/1h/0h/0/0";
  const disk = await homeOf();
  await holds(
    `${SCAN(`signmessage ${path} ascii:${"ab".repeat(32)}`)}see The message is a row of digits\npress ok\nsee A message to sign`,
    { disk },
  );
  await holds(
    `${SCAN(`signmessage ${path} ascii:cHNidP8BAHEC`)}see The message looks like a transaction\npress ok\nsee A message to sign`,
    { disk },
  );
});

test("a path that the policy does not name is refused before any hold, and journalled with its reason", async () => {
  const { disk } = await holds(
    `${SCAN("signmessage m/99h/0 ascii:hello")}see No messages under this path\nsee policy.message-path\nunseen Sign this message?\npage\npress ok\nsee Sign a transaction`,
    { disk: await homeOf() },
  );
  const last = (await journalOf(disk)).at(-1)!;
  assert.ok(
    last.kind === "refused" && last.what === "message" && last.reasons.includes("policy.message-path"),
  );
});

test("a path of another network, no path and no message are refused by name", async () => {
  const disk = await homeOf();
  for (const [text, reason] of [
    ["signmessage m/84h/0h/0h/0/0 ascii:a", "message.network"],
    ["signmessage m/84x ascii:a", "message.path"],
    ["signmessage m/84h hello", "message.unread"],
    ['{"msg":"a","addr_fmt":"p2wpkh"}', "message.path"],
    ['{"msg":"a","subpath":"m/84h","addr_fmt":"p2wsh"}', "message.unread"],
  ] as const)
    await holds(`${SCAN(text)}see ${reason}\npress ok`, { disk, size: LARGE });
});

test("a key with a part in a shared wallet says that it speaks for no address there", async (t) => {
  const own = purse("p2wsh");
  const disk = await registered(await homeOf(), folder(t), walletTexts(own.wallet.descriptor));
  await holds(
    `${SCAN("signmessage m/48h/1h/0h/2h/0/0 ascii:alive")}see This key has a part in\nsee speaks for no address there`,
    { disk, size: LARGE },
  );
});

// ---------------------------------------------------------------- by stick, typed, verified

test("a request on a stick is answered on the stick, framed with its address", async (t) => {
  const folderAt = folder(t);
  writeFileSync(join(folderAt, "ask.txt"), `signmessage m/84h/1h/0h/0/5 ascii:${MESSAGE}\n`);
  await holds(
    `${UNLOCK}pick Sign a transaction\nsee from a stick\npress ok\npick ask.txt\nsee A message to sign\npage\nhold ok\nsee It is on the stick\npress ok\nsee Signed\npress ok`,
    { disk: await homeOf(), stick: folderStick(folderAt) },
  );
  const name = readdirSync(folderAt).find((one) => one.startsWith("message-"))!;
  const text = readFileSync(join(folderAt, name), "utf8");
  const { address } = addressAt(purse("p2wpkh"), 5);
  assert.match(
    text,
    new RegExp(
      `^-----BEGIN BITCOIN SIGNED MESSAGE-----\n${MESSAGE}\n-----BEGIN BITCOIN SIGNATURE-----\n${address}\n\n`,
    ),
  );
  // And what Firn wrote Firn verifies, under Sign as well.
  await holds(
    `${UNLOCK}pick Sign a transaction\nsee from a stick\npress ok\npick ${name}\nsee The signature is right\npage\npress ok\nsee Sign a transaction`,
    { disk: await homeOf(), stick: folderStick(folderAt) },
  );
  await holds(
    `${UNLOCK}pick Wallets\npick Messages\npick Verify\nsee from a stick\npress ok\npick ${name}\nsee The signature is right\nsee yours: Native segwit\npress ok\npress ok`,
    { disk: await homeOf(), stick: folderStick(folderAt), size: LARGE },
  );
});

for (const how of ["BIP 137", "BIP 322"] as const)
  test(`a message is typed at an address of a wallet, signed by ${how}, and verified part by part`, async (t) => {
    const out = join(folder(t), "out");
    const disk = await homeOf();
    await holds(
      `${UNLOCK}pick Wallets\npick Native segwit\npick Receive\npress ok\npick Sign a message\ntype hello world\npress ok\npick ${how}\nsee A message to sign\npage\nhold ok\nsee Signed\ncodes ${out}`,
      { disk, size: LARGE },
    );
    const [signature] = codesIn(out);
    const { address } = addressAt(purse("p2wpkh"), 0);
    const parts = (message: string) =>
      `${UNLOCK}pick Wallets\npick Messages\npick Verify\nscan ${signature}\npick Type\ntype ${message}\npress ok\nscan ${address}\n`;
    await holds(`${parts("hello world")}see The signature is right\nsee yours: Native segwit`, {
      disk,
      size: LARGE,
    });
    await holds(`${parts("hello World")}see The signature is wrong`, { disk, size: LARGE });
  });

test("a real picture of a code is read, and the signature that is shown is read back from its picture", async (t) => {
  const at = folder(t);
  const CAMERA = await pictureText(join(at, "in"), `signmessage m/84h/1h/0h/0/5 ascii:${MESSAGE}`);
  const set = { PIN, CAMERA, OUT: join(at, "out") };
  await holds(script("message"), { disk: await homeOf(), set, size: LARGE, eye: "pictures" });
  const [signature] = codesIn(join(at, "out"));
  const { publicKeys } = purse("p2wpkh").template.derive(0, 5);
  assert.ok(verifyMessageByKey(MESSAGE, publicKeys[0]!, signature!, curve));
  const { address } = addressAt(purse("p2wpkh"), 5);
  await holds(
    `${UNLOCK}pick Wallets\npick Messages\npick Verify\ncamera ${join(at, "out", "001.png")}\npick Type\ntype ${MESSAGE}\npress ok\nscan ${address}\nsee The signature is right`,
    { disk: await homeOf(), size: LARGE, eye: "pictures" },
  );
});

test("on the smallest screen the whole of a message is walked through", async (t) => {
  const message = Array.from({ length: 40 }, (_, i) => `word${i}`).join(" ");
  const { printed } = await signs(t, [`signmessage m/84h/1h/0h/0/0 ascii:${message}`], {
    disk: await homeOf(),
    size: SMALL,
  });
  for (let i = 0; i < 40; i++) assert.ok(printed.includes(`word${i}`), `word${i}`);
});

test("what says that it is a message and is none is neither signed nor shown as a payment", async (t) => {
  const own = purse("p2wpkh");
  const { derived } = addressAt(own, 0);
  const asked = messagePsbt("one", own.wallet, derived);
  const other = utf8("two");
  const where = Buffer.from(asked).indexOf(Buffer.from("one"));
  const forged = concat(asked.subarray(0, where), other, asked.subarray(where + 3));
  assert.ok(u32le(0).length === 4);
  const camera = papers(join(folder(t), "in"), psbtTexts(forged));
  const { disk } = await holds(
    `${UNLOCK}pick Sign a transaction\ncamera ${camera}\nsee message.mismatch\npress ok`,
    { disk: await homeOf() },
  );
  const last = (await journalOf(disk)).at(-1)!;
  assert.ok(last.kind === "refused" && last.reasons.includes("message.mismatch"));
});
