// Three Firns make a wallet together, and what whoever stands between them can try.

import assert from "node:assert/strict";
import { pbkdf2Sync } from "node:crypto";
import { join } from "node:path";
import { test } from "node:test";
import { Psbt as Peer } from "@bitgo/wasm-miniscript";
import { Transaction as ScureTransaction } from "@scure/btc-signer";
import { initEccLib, networks, Psbt } from "bitcoinjs-lib";
import * as ecc from "tiny-secp256k1";
import type { DiskState } from "../../device/sim/recording.ts";
import { compile, readWallet, type Wallet } from "../../src/bitcoin/index.ts";
import { toHex } from "../../src/bytes.ts";
import { anyPurse } from "../bitcoin/any-wallet.ts";
import { masterOf, nodeAt, PHRASES, psbt, purse } from "../bitcoin/build.ts";
import { verifySpend } from "../peers/consensus.ts";
import { codeIn, gathers, registers, shipped, showsKey } from "./ceremony-stage.ts";
import { stateOf } from "./policy-stage.ts";
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
  replyIn,
  script,
  UNLOCK,
} from "./stage.ts";

initEccLib(ecc);

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 15 },
];

/** Room for large codes, of which few are drawn. */
const LARGE = { columns: 160, rows: 90 };

const vault = purse("p2wsh");

/** What the other devices read in the codes. */
function walletIn(texts: readonly string[]): Wallet {
  const message = collect(texts, ["wallet"]);
  assert.ok(message.kind === "wallet");
  return readWallet(message.text, "regtest", vault.curve);
}

for (const size of SIZES)
  test(`three Firns make a 2-of-3 wallet, all hold the same, two sign, and others finalise (${size.columns}×${size.rows})`, async (t) => {
    const at = folder(t);
    const [first, second] = [await showsKey(at, 1), await showsKey(at, 2)];
    const made = await gathers(at, first, second, { size });
    const registered = [await registers(1, made, { size }), await registers(2, made, { size })];
    const NAME = `2 of 3 ${walletIn(made.texts).fingerprint}`;
    for (const { disk } of registered)
      await holds(shipped("compare"), { disk, size, set: { PIN, NAME, CODE: made.code } });

    const state = await stateOf(made.disk);
    assert.deepEqual(state.wallets[0]!.name, "Family");
    assert.deepEqual([...state.wallets[0]!.cosigners!].sort(), ["", "Anna", "Berta"]);

    // Whoever gathered signs first; the second passes it on signed by both.
    const asked = psbt(vault, { inputs: 3 });
    const one = await signs(made.disk, asked, join(at, "one"), size);
    const two = await signs(registered[1]!.disk, one, join(at, "two"), size);
    finalises(two, asked);
  });

async function signs(disk: DiskState, bytes: Uint8Array, at: string, size = SIZES[0]!): Promise<Uint8Array> {
  const set = { PIN, CAMERA: papers(`${at}-in`, psbtTexts(bytes)), OUT: at };
  await holds(script("sign"), { disk, set, size });
  return replyIn(at).bytes;
}

/** By bitcoinjs-lib and by @scure/btc-signer; bitcoinjs then verifies the scripts as nodes do. */
function finalises(bytes: Uint8Array, asked: Uint8Array): void {
  const peer = Psbt.fromBuffer(bytes, { network: networks.regtest });
  assert.ok(
    peer.validateSignaturesOfAllInputs((key, hash, signature) => ecc.verify(hash, key, signature, true)),
  );
  const final = peer.finalizeAllInputs().extractTransaction(true).toBuffer() as Uint8Array;
  const other = ScureTransaction.fromPSBT(bytes);
  other.finalize();
  assert.equal(toHex(other.extract()), toHex(final));
  const spent = Psbt.fromBuffer(asked).data.inputs.map(({ witnessUtxo }) => ({
    script: witnessUtxo!.script,
    amountSats: BigInt(witnessUtxo!.value),
  }));
  assert.equal(verifySpend(final, spent), 2 * spent.length);
}

test("the same keys make the same wallet, whoever gathers them and in whatever order", async (t) => {
  const at = folder(t);
  const [first, second] = [await showsKey(at, 1), await showsKey(at, 2)];
  const made = await gathers(at, first, second);
  const turned = await gathers(join(at, "turned"), second, first);
  assert.deepEqual([turned.texts, turned.code], [made.texts, made.code]);
  // Its addresses are those of the keys in any other order.
  const wallet = walletIn(made.texts);
  assert.deepEqual(
    compile(wallet, vault.curve).derive(0, 7).scriptPubKey,
    vault.template.derive(0, 7).scriptPubKey,
  );
});

/** As docs/ceremony.md says, by Node's own PBKDF2. */
function codeOf(statement: string, digits: number): string {
  const hash = pbkdf2Sync(statement, "Firn spoken code", 32_768, 32, "sha512").toString("hex");
  const number = (BigInt(`0x${hash}`) % 10n ** BigInt(digits)).toString().padStart(digits, "0");
  return number.match(/.{5}/g)!.join(" ");
}

test("the codes on the glass are those that anyone can compute from what the document says", async (t) => {
  const at = folder(t);
  const [first, second] = [await showsKey(at, 1), await showsKey(at, 2)];
  const made = await gathers(at, first, second);
  const wallet = walletIn(made.texts);
  assert.equal(made.code, codeOf(`Firn wallet\nregtest\n${wallet.descriptor}`, 40));
  const node = nodeAt(masterOf(PHRASES[1]), wallet.keys[0]!.path);
  const lines = [`[3f635a63/48h/1h/0h/2h]`, toHex(node.publicKey!), toHex(node.chainCode!)];
  assert.equal(first.code, codeOf(["Firn cosigner key", "regtest", ...lines].join("\n"), 25));
});

// ---------------------------------------------------------------- hostile

const TO_GATHERING = `${UNLOCK}pick Wallets and addresses\npick Make a wallet together\npick Native segwit (P2WSH)\nsee Which account?\npress ok\nsee Cosigners: 1\n`;
const TAKES = "pick Add a cosigner's key\nscan-file $KEY\n";
/** Nothing was kept, whatever was tried. */
const NOTHING =
  "press ok\nsee Cosigners: 1\npress back\nsee Make a wallet together\npress back\nsee Sign a transaction\n";

async function leavesNothing(steps: string, set: Readonly<Record<string, string>>): Promise<string> {
  const { disk, printed } = await holds(`${TO_GATHERING}${steps}`, { disk: await homeOf(), set });
  assert.deepEqual((await stateOf(disk)).wallets, []);
  assert.ok(!(await journalOf(disk)).some(({ kind }) => kind === "wallet-registered"));
  return printed;
}

test("a key that was exchanged on the way shows another code, and is not taken when the owner says so", async (t) => {
  const at = folder(t);
  const [theirs, attackers] = [await showsKey(at, 1), await showsKey(at, 2)];
  assert.notEqual(theirs.code, attackers.code);
  const set = { KEY: join(attackers.camera, "../key-2-regtest/codes.txt"), CODE: theirs.code };
  const steps = `${TAKES}see A cosigner's key\nunseen $CODE\npage\npress ok\nsee What the cosigner read\nunseen $CODE\npick It differs\nsee cosigner.code-differs\n${NOTHING}`;
  await leavesNothing(steps, set);
});

test("where nobody compared, the Firn whose key was exchanged refuses the wallet", async (t) => {
  const at = folder(t);
  // In Anna's place comes a key of somebody else, and the gathering owner says that the code is the same.
  const made = await gathers(at, await showsKey(at, 2), await showsKey(at, 1));
  const phrase = "letter advice cage absurd amount doctor acoustic avoid letter advice cage above";
  const CAMERA = made.camera;
  const steps = `${UNLOCK}pick Wallets\npick Register a wallet\ncamera ${CAMERA}\nsee bitcoin.wallet-without-our-key\n`;
  const { disk } = await holds(steps, { disk: await homeOf("regtest", phrase) });
  assert.deepEqual((await stateOf(disk)).wallets, []);
});

test("the same key on another practice network has another code: the networks' keys look alike, the codes do not", async (t) => {
  const at = folder(t);
  const [regtest, signet] = [await showsKey(at, 1), await showsKey(at, 1, "signet")];
  assert.deepEqual(signet.texts, regtest.texts);
  assert.notEqual(signet.code, regtest.code);
});

/** A file of texts, as scan-file takes it. */
const paper = (at: string, text: string): string => join(papers(at, [text]), "0001.png");

const refusals: readonly { what: string; text: (key: string) => string; reason: string }[] = [
  {
    what: "a record that claims this device's fingerprint",
    text: (key) => key.replace("3f635a63", "73c5da0a"),
    reason: "cosigner.claims-ours",
  },
  {
    what: "a key without its origin",
    text: (key) => key.replace(/^\[.*\]/, ""),
    reason: "bitcoin.wallet-origin-missing",
  },
  {
    what: "a key from another network's path",
    text: (key) => key.replace("48h/1h", "48h/0h"),
    reason: "bitcoin.wallet-network",
  },
  {
    what: "a key whose path is not as long as it says",
    text: (key) => key.replace("/48h/1h/0h/2h", "/48h/1h/0h"),
    reason: "bitcoin.wallet-origin",
  },
];

const OTHER = `[3f635a63/48h/1h/0h/2h]`;

async function plainKey(at: string, which: 0 | 1 | 2): Promise<string> {
  const OUT = join(at, `plain-${which}`);
  const steps = shipped("cosigner-key").replace("pick Another Firn", "pick Specter");
  await holds(steps, { disk: await homeOf("regtest", PHRASES[which]), set: { PIN, OUT } });
  return codesIn(OUT)[0]!;
}

for (const { what, text, reason } of refusals)
  test(`${what} is refused as ${reason}, and leaves nothing`, async (t) => {
    const at = folder(t);
    const key = await plainKey(at, 1);
    assert.ok(key.startsWith(OTHER), key);
    const KEY = paper(join(at, "changed"), text(key));
    await leavesNothing(`${TAKES}see ${reason}\npage\n${NOTHING}`, { KEY });
  });

test("this device's own key, coming back, is refused as the same key twice", async (t) => {
  const KEY = paper(join(folder(t), "own"), await plainKey(folder(t), 0));
  await leavesNothing(`${TAKES}see cosigner.twice\npage\n${NOTHING}`, { KEY });
});

test("a mainnet key is refused on regtest", async (t) => {
  const at = folder(t);
  const { texts } = await showsKey(at, 1, "mainnet");
  await leavesNothing(`${TAKES}see bitcoin.wallet-network\npage\n${NOTHING}`, {
    KEY: paper(join(at, "x"), texts.join("\n")),
  });
});

const TAKEN =
  "see A cosigner's key\npage\npress ok\npick All of it is the same\ntype Anna\npress ok\nsee Cosigners: 2\n";

test("a second key of the same seed is refused, and what was gathered is still there", async (t) => {
  const at = folder(t);
  const KEY = paper(join(at, "first"), await plainKey(at, 1));
  const OUT = join(at, "second");
  const another = shipped("cosigner-key")
    .replace("pick Another Firn", "pick Specter")
    .replace("see Which account?\npress ok", "see Which account?\npress back\ntype 1\npress ok");
  await holds(another, { disk: await homeOf("regtest", PHRASES[1]), set: { PIN, OUT } });
  const AGAIN = paper(join(at, "again"), codesIn(OUT)[0]!);
  const steps = `${TAKES}${TAKEN}pick Add a cosigner's key\nscan-file $AGAIN\nsee cosigner.same-device\npage\npress ok\nsee Cosigners: 2\npress back\nsee Stop here?\npress ok\nsee Make a wallet together\npress back\nsee Sign a transaction\n`;
  await leavesNothing(steps, { KEY, AGAIN });
});

test("a key for another script is taken only after a hold", async (t) => {
  const at = folder(t);
  const OUT = join(at, "nested");
  const nested = shipped("cosigner-key").replace("pick native segwit", "pick nested segwit");
  await holds(nested, { disk: await homeOf("regtest", PHRASES[1]), set: { PIN, OUT } });
  const KEY = join(OUT, "codes.txt");
  const left = `${TAKES}see A key for something else\npress back\nsee Cosigners: 1\npress back\nsee Make a wallet\npress back\nsee Sign`;
  await leavesNothing(left, { KEY });
  const held = `${TAKES}see A key for something else\npage\nhold ok\n${TAKEN}press back\npress ok\nsee Make a wallet\npress back\nsee Sign`;
  await leavesNothing(held, { KEY });
});

test("a ceremony that is left at any step, or cut, registers nothing", async (t) => {
  const at = folder(t);
  const KEY = paper(join(at, "key"), await plainKey(at, 1));
  const ends = [
    `${TAKES}${TAKEN}pick set the quorum\npress back\nsee Cosigners: 2\npress back\npress ok\nsee Make a wallet`,
    `${TAKES}${TAKEN}pick set the quorum\npick 2 of 2\npick No: always\nsee Name the wallet\npress ok\npage\npress back\nsee Cosigners: 2`,
    `${TAKES}${TAKEN}pick set the quorum\npick 2 of 2\npick No: always\nsee Name the wallet\npress ok\npage\ncut\nsee PIN`,
  ];
  for (const steps of ends) await leavesNothing(steps, { KEY });
});

// ---------------------------------------------------------------- other scripts

const OTHERS: readonly { script: string; key: string; later: string; begins: RegExp }[] = [
  {
    script: "Nested segwit",
    key: "nested segwit",
    later: "pick No: always",
    begins: /^sh\(wsh\(sortedmulti\(2,/,
  },
  { script: "Legacy", key: "legacy", later: "", begins: /^sh\(sortedmulti\(2,/ },
  {
    script: "Taproot",
    key: "any script",
    later: "pick Each signs\npick No: always",
    begins: /^tr\(tpub[^,]*,sortedmulti_a\(2,/,
  },
  {
    script: "Native segwit",
    key: "native segwit",
    later: "pick 6 months",
    begins: /^wsh\(or_d\(multi\(2,.*and_v\(v:multi\(1,.*older\(26280\)/,
  },
  {
    script: "Taproot",
    key: "any script",
    later: "pick Each signs\npick a year",
    begins: /^tr\(tpub.*\{sortedmulti_a\(2,.*and_v\(v:multi_a\(1,.*older\(52560\)/,
  },
  {
    script: "Taproot",
    key: "any script",
    later: "pick MuSig2\npick No: always",
    begins: /^tr\(musig\(\[[^,()]*,\[[^,()]*\)\/<0;1>\/\*\)#/,
  },
  {
    script: "Taproot",
    key: "any script",
    later: "pick MuSig2\npick 6 months",
    begins: /^tr\(musig\(.*\)\/<0;1>\/\*,and_v\(v:multi_a\(1,.*older\(26280\)\)\)#/,
  },
];

for (const { script: form, key, later, begins } of OTHERS)
  test(`${form}${later.includes("MuSig") ? ", as one key" : ""}${later.includes("No") || later === "" ? "" : ", with a later way"}: made by two, registered by the other, the same code on both`, async (t) => {
    const at = folder(t);
    const disk = await homeOf("regtest", PHRASES[1]);
    const account = key === "legacy" ? "" : "see Which account?\npress ok\n";
    const shows = shipped("cosigner-key")
      .replace("pick native segwit", `pick ${key}`)
      .replace("see Which account?\npress ok\n", account);
    await holds(shows, { disk, set: { PIN, OUT: join(at, "key") } });
    const steps = `${UNLOCK}pick Wallets and addresses\npick Make a wallet together\npick ${form}\n${account}${TAKES}${TAKEN}pick set the quorum\npick 2 of 2\n${later}\nsee Name the wallet\npress ok\npage\nhold ok\nsee Registered\npage\npress ok\npress ok\npick Another Firn\ncodes $OUT\npress ok\npress back\nsee Code of the whole wallet\npage\npress ok\n`;
    const set = { KEY: join(at, "key/codes.txt"), OUT: join(at, "wallet") };
    const made = await holds(steps, { disk: await homeOf(), set });
    const texts = codesIn(set.OUT);
    const CAMERA = papers(join(at, "papers"), texts);
    const other = await holds(script("register").replace("see Quorum\n", ""), {
      disk,
      set: { PIN, CAMERA },
    });
    const { descriptor, name } = (await stateOf(other.disk)).wallets[0]!;
    assert.match(descriptor, begins);
    const CODE = codeIn(made.printed, 8);
    await holds(shipped("compare"), { disk: other.disk, set: { PIN, NAME: name, CODE } });
    // Two rounds live in one session of each: they have tests of their own.
    if (descriptor.includes("musig(")) return;
    const asked = psbt(anyPurse(descriptor.split("#")[0]!), { inputs: 2 });
    const one = await signs(made.disk, asked, join(at, "one"), LARGE);
    const two = await signs(other.disk, one, join(at, "two"), LARGE);
    const peer = Peer.deserialize(two);
    peer.finalize();
    const final = Psbt.fromBuffer(Buffer.from(peer.serialize()), { network: networks.regtest });
    assert.equal(final.extractTransaction(true).ins.length, 2);
  });
