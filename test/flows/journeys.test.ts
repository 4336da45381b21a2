// The four scripts that are shipped, for every network, form, version and dialect.

import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { toHex } from "../../src/bytes.ts";
import type { Dialect } from "../../src/model.ts";
import { NETWORKS } from "../../src/model.ts";
import {
  encode,
  FORMS,
  heldBy,
  type Parts,
  PHRASES,
  plan,
  psbt,
  purse,
  request,
  row,
  signed,
} from "../bitcoin/build.ts";
import {
  codesIn,
  collect,
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
  walletTexts,
} from "./stage.ts";
import { coldcardText, cryptoOutputTexts } from "./wallet-codes.ts";

const SINGLE = FORMS.slice(0, 4);
const MULTISIG = FORMS.slice(4);
const DIALECTS = ["ur", "bbqr", "pmofn", "base64", "base43"] as const;
const SMALL = { columns: 40, rows: 15 };
/** Room for codes of medium size: fewer of them. */
const LARGE = { columns: 130, rows: 60 };

interface Signing {
  readonly disk: ReadonlyMap<string, Uint8Array>;
  readonly size?: { readonly columns: number; readonly rows: number };
}

/** sign.txt as it is shipped; what it wrote. */
async function signs(t: TestContext, texts: readonly string[], { disk, size = LARGE }: Signing) {
  const at = folder(t);
  const set = { PIN, CAMERA: papers(join(at, "in"), texts), OUT: join(at, "out") };
  const result = await holds(script("sign"), { disk, set, size });
  return { ...result, ...replyIn(join(at, "out")), texts: codesIn(join(at, "out")) };
}

for (const network of NETWORKS)
  test(`on ${network} every single-key form and a 2-of-3 are signed from set-up to codes`, async (t) => {
    const multisig = MULTISIG[NETWORKS.indexOf(network) % MULTISIG.length]!;
    const vault = walletTexts(purse(multisig, { network }).wallet.descriptor);
    const disk = await registered(await homeOf(network), folder(t), vault);
    for (const [index, form] of [...SINGLE, multisig].entries()) {
      const version = index % 2 === 0 ? 0 : 2;
      const dialect = DIALECTS[(index + NETWORKS.indexOf(network)) % DIALECTS.length]!;
      const own = purse(form, { network });
      const asked = psbt(own, { version, inputs: 2 });
      const reply = await signs(t, psbtTexts(asked, dialect), { disk });
      assert.equal(reply.dialect, dialect, form);
      assert.deepEqual(reply.bytes, (await signed(own, asked)).whole.bytes, `${form} ${version}`);
    }
  });

for (const form of FORMS)
  test(`a ${form} transaction of either version leaves in the dialect in which it came, signed`, async (t) => {
    const own = purse(form);
    const home = await homeOf();
    const disk = SINGLE.includes(form)
      ? home
      : await registered(home, folder(t), walletTexts(own.wallet.descriptor));
    for (const [index, dialect] of DIALECTS.entries()) {
      const version = (index + FORMS.indexOf(form)) % 2 === 0 ? 0 : 2;
      const asked = psbt(own, { version });
      const reply = await signs(t, psbtTexts(asked, dialect, "low"), { disk });
      // A single part of pMofN is plain base64, in Specter as here.
      const one = dialect === "pmofn" && reply.texts.length === 1;
      assert.equal(reply.dialect, one ? "base64" : dialect);
      const expected = await signed(own, asked);
      assert.deepEqual(reply.bytes, expected.whole.bytes);
      assert.deepEqual(
        (await journalOf(reply.disk)).slice(-3).map(({ kind }) => kind),
        ["spent", "kept", "signed"],
      );
      if (SINGLE.includes(form)) continue;
      // A cosigner's own device understands it, finds our signature valid, and completes the quorum.
      const other = heldBy(own, 1);
      assert.deepEqual(request(other, reply.bytes).review.quorums[0]!.signedBy, [
        own.wallet.keys[0]!.fingerprint,
      ]);
      assert.equal((await signed(other, reply.bytes)).signed, 1);
    }
  });

const SOURCES: readonly (readonly [string, (own: ReturnType<typeof purse>) => readonly string[]])[] = [
  ["a descriptor", ({ wallet }) => walletTexts(wallet.descriptor)],
  ["Coldcard's text", (own) => walletTexts(coldcardText(own, "Family"))],
  ["an animated crypto-output", (own) => cryptoOutputTexts(own, 120)],
];

for (const [what, texts] of SOURCES)
  test(`a 2-of-3 of each form, registered from ${what}, is signed with this key`, async (t) => {
    for (const form of MULTISIG)
      for (const network of ["mainnet", "testnet4"] as const) {
        const own = purse(form, { network });
        const disk = await registered(await homeOf(network), folder(t), texts(own));
        const lines = await journalOf(disk);
        const line = lines.find((entry) => entry.kind === "wallet-registered");
        assert.equal(line?.kind === "wallet-registered" && line.fingerprint, own.wallet.fingerprint);
        const asked = psbt(own);
        const { bytes } = await signs(t, psbtTexts(asked), { disk });
        assert.deepEqual(request(heldBy(own, 2), bytes).review.quorums[0]!.signedBy, ["73c5da0a"]);
      }
  });

test("the second signature of a 2-of-3 is added to the first, which stays as it came", async (t) => {
  const own = purse("p2wsh");
  const disk = await registered(await homeOf(), folder(t), walletTexts(own.wallet.descriptor));
  const first = (await signed(heldBy(own, 1), psbt(own, { inputs: 3 }))).whole.bytes;
  const { bytes, printed } = await signs(t, psbtTexts(first, "bbqr"), { disk });
  assert.ok(printed.includes(own.wallet.keys[1]!.fingerprint), "who signed already is shown");
  assert.deepEqual(bytes, (await signed(own, first)).whole.bytes);
});

/** The reply without what was added is what came: one run of bytes was put in for each input. */
function assertKept(asked: Uint8Array, reply: Uint8Array): void {
  let at = 0;
  for (const byte of reply) if (byte === asked[at]) at++;
  assert.equal(at, asked.length, "every byte that came is in the reply, in its order");
}

const UNKNOWN = Uint8Array.from(Buffer.from("kept as it came, whatever it is"));

test("fields that Firn does not know, its own of nobody and proprietary ones, are in the reply, in their order", async (t) => {
  for (const version of [0, 2] as const) {
    const own = purse("p2wpkh");
    const parts: Parts = plan(own, { version, inputs: 2 });
    for (const one of [parts.global, ...parts.inputs, ...parts.outputs]) {
      one.push(row(0xfc, UNKNOWN, Uint8Array.of(4, 102, 105, 114, 110, 1)));
      one.push(row(0xf0, UNKNOWN, Uint8Array.of(9)), row(0xe7, new Uint8Array(0)));
    }
    const asked = encode(parts);
    const { bytes } = await signs(t, psbtTexts(asked), { disk: await homeOf() });
    assertKept(asked, bytes);
    assert.equal(toHex(bytes).split(toHex(UNKNOWN)).length - 1, 2 * 5);
  }
});

test("a reply of more than ten codes leaves as signatures only, and the peer's library puts them together", async (t) => {
  const { Psbt } = await import("bitcoinjs-lib");
  const own = purse("p2wpkh");
  const asked = psbt(own, { inputs: 40 });
  const { bytes, texts } = await signs(t, psbtTexts(asked), { disk: await homeOf() });
  const { whole, signaturesOnly } = await signed(own, asked);
  assert.deepEqual(bytes, signaturesOnly.bytes);
  assert.ok(bytes.length < whole.bytes.length / 2 && texts.length > 0);
  const joined = Psbt.fromBuffer(Buffer.from(asked)).combine(Psbt.fromBuffer(Buffer.from(bytes)));
  joined.finalizeAllInputs();
  assert.equal(joined.extractTransaction().ins.length, 40);
});

test("a 40 by 15 screen walks all four scripts", async (t) => {
  const own = purse("p2wsh", { network: "signet" });
  const set = { PIN, WORDS: PHRASES[0], NETWORK: "signet" };
  const home = (await holds(script("setup"), { set, size: SMALL })).disk;
  const at = folder(t);
  const wallet = papers(join(at, "wallet"), walletTexts(own.wallet.descriptor));
  const { disk } = await holds(script("register"), { disk: home, set: { PIN, CAMERA: wallet }, size: SMALL });
  const reply = await signs(t, psbtTexts(psbt(own)), { disk, size: SMALL });
  assert.equal(reply.bytes.length > 0, true);
  const stolen = psbtTexts(psbt(purse("p2wpkh", { network: "signet", phrases: [PHRASES[1]] })));
  const camera = papers(join(at, "stolen"), stolen);
  await holds(script("refuse"), { disk, set: { PIN, CAMERA: camera, SEE: "bitcoin.not-ours" }, size: SMALL });
});

/** Every screen that a play printed. */
const screensOf = (printed: string) => printed.match(/\+-+\+\n(?:\|.*\|\n)+\+-+\+/g) ?? [];

test("on a 40 by 15 screen set-up, registering and a refusal cut nothing", async (t) => {
  const own = purse("p2wsh", { network: "signet" });
  const LONG = `${"letter advice cage absurd amount doctor acoustic avoid ".repeat(3).trim().slice(0, -5)}bless`;
  const played = [
    await holds(script("setup"), { set: { PIN, WORDS: LONG, NETWORK: "signet" }, size: SMALL }),
  ];
  const typed = script("setup").replace(
    "pick Take these limits",
    "pick Read them all\npage\nsee Unproven fee not allowed\npress ok\npick Type my own\ntype 1\npress ok\ntype 2\npress ok\ntype 0.1\npress ok\ntype 100\npress ok\ntype 10\npress ok\nsee only claim\npress ok\npage\npress ok",
  );
  const set = { PIN, WORDS: PHRASES[0], NETWORK: "signet" };
  played.push(await holds(typed, { set, size: SMALL }));
  const home = played[1]!.disk;
  const at = folder(t);
  const wallet = papers(join(at, "wallet"), walletTexts(own.wallet.descriptor));
  played.push(await holds(script("register"), { disk: home, set: { PIN, CAMERA: wallet }, size: SMALL }));
  const stolen = papers(join(at, "stolen"), psbtTexts(psbt(own)));
  const refusal = { PIN, CAMERA: stolen, SEE: "bitcoin.not-ours" };
  played.push(await holds(script("refuse"), { disk: home, set: refusal, size: SMALL }));
  for (const { printed } of played)
    for (const screen of screensOf(printed)) assert.ok(!screen.includes("… more"), screen);
  assert.ok(played.every(({ printed }) => screensOf(printed).length > 8));
});

// ---------------------------------------------------------------- while codes are shown

async function atCodes(t: TestContext, dialect: Dialect, more: string, inputs = 3) {
  const at = folder(t);
  const own = purse("p2wpkh");
  const asked = psbt(own, { inputs });
  const set = { PIN, CAMERA: papers(join(at, "in"), psbtTexts(asked, dialect)), OUT: join(at, "out") };
  const upToCodes = script("sign").replace(/codes \$OUT[\s\S]*/, "");
  const result = await holds(`${upToCodes}${more}`, { disk: await homeOf(), set });
  return { ...result, out: set.OUT, expected: (await signed(own, asked)).whole.bytes };
}

test("density, speed and form change while codes are shown, and the content never does", async (t) => {
  const { out, expected } = await atCodes(
    t,
    "ur",
    `see size smallest
     see speed 2/4
     codes $OUT/smallest
     press up
     see size small
     codes $OUT/small
     press up
     see size medium
     codes $OUT/medium
     press up
     see size large
     codes $OUT/large
     press up
     see size smallest
     see code 1 of
     clock +1s
     see code 5 of
     press down
     see speed 3/4
     clock +1s
     see code 10 of
     press back
     see Send as
     pick BBQr (Sparrow, Coldcard, Nunchuk), whole
     see Signed
     codes $OUT/bbqr
     press back
     press back
     see Signed
     codes $OUT/again
     press ok
     see Sign a transaction`,
  );
  const sizes = ["smallest", "small", "medium", "large"];
  const counts = sizes.map((name) => codesIn(join(out, name)).length);
  assert.deepEqual(
    counts,
    [...counts].sort((a, b) => b - a),
  );
  assert.ok(counts[0]! > counts[1]! && counts[1]! > counts[2]!);
  for (const name of [...sizes, "bbqr", "again"]) {
    const { bytes, dialect } = replyIn(join(out, name));
    assert.deepEqual(bytes, expected);
    assert.equal(dialect, name === "bbqr" || name === "again" ? "bbqr" : "ur");
  }
  assert.deepEqual(codesIn(join(out, "bbqr")), codesIn(join(out, "again")));
});

test("every form that the codes offer holds the reply, whole or its signatures", async (t) => {
  const labels = [
    "UR (Sparrow, BlueWallet, Nunchuk), whole",
    "UR (Sparrow, BlueWallet, Nunchuk), signatures",
    "BBQr (Sparrow, Coldcard, Nunchuk), whole",
    "BBQr (Sparrow, Coldcard, Nunchuk), signatures",
    "Text parts (Specter), whole",
    "Text parts (Specter), signatures",
    "One code, base43 (Electrum), whole",
    "One code, base64, signatures",
    "One code, hex, whole",
  ];
  const steps = labels.map((label, i) => `press back\npick ${label}\ncodes $OUT/${i}\n`).join("");
  const { out, expected } = await atCodes(t, "base64", steps, 1);
  for (const [i, label] of labels.entries()) {
    const { bytes } = replyIn(join(out, String(i)));
    assert.equal(Buffer.compare(bytes, expected) === 0, label.endsWith("whole"), label);
  }
});

test("half an hour of codes is no idle machine, and the long hold of back locks there", async (t) => {
  const { disk } = await atCodes(t, "ur", "clock +30m\nsee Signed\nhold back\nsee PIN");
  const kinds = (await journalOf(disk)).map(({ kind }) => kind);
  assert.deepEqual(kinds.slice(-5), ["spent", "kept", "signed", "frozen", "locked"]);
});

test("a reply that has outgrown its one code leaves in a form that has room, and says which", async (t) => {
  const own = purse("p2wpkh");
  for (const dialect of ["base64", "base43", "hex"] as const) {
    let inputs = 1;
    const fits = (count: number) => {
      try {
        return psbtTexts(psbt(own, { inputs: count }), dialect).length === 1;
      } catch {
        return false;
      }
    };
    while (fits(inputs + 1)) inputs++;
    const asked = psbt(own, { inputs });
    const reply = await signs(t, psbtTexts(asked, dialect), { disk: await homeOf() });
    const { whole, signaturesOnly } = await signed(own, asked);
    const same = [whole.bytes, signaturesOnly.bytes].some(
      (bytes) => Buffer.compare(bytes, reply.bytes) === 0,
    );
    assert.ok(same, `${dialect}, ${inputs} inputs`);
    assert.match(reply.printed, /hold ok to sign/);
  }
});

test("turning the size of codes through all of them never ends what was signed, in any dialect", async (t) => {
  for (const dialect of DIALECTS) {
    const turns = "press up\nsee Signed\n".repeat(5);
    const { out, expected } = await atCodes(t, dialect, `${turns}codes $OUT\npress down x5\nsee Signed`, 2);
    assert.deepEqual(replyIn(out).bytes, expected);
  }
});

test("UR parts leave as a loop of 1 to 2n", async (t) => {
  const { out } = await atCodes(t, "ur", "see size smallest\ncodes $OUT");
  const numbers = codesIn(out).map((text) =>
    /^UR:CRYPTO-PSBT\/(\d+)-(\d+)\//.exec(text)!.slice(1).map(Number),
  );
  const total = numbers[0]![1]!;
  assert.deepEqual(
    numbers,
    Array.from({ length: 2 * total }, (_, i) => [i + 1, total]),
  );
  assert.ok(total > 1);
  assert.equal(collect(codesIn(out).reverse()).kind, "psbt", "they may come in any order");
});
