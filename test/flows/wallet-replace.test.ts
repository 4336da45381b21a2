// A cosigner leaves: three Firns make the wallet in the old one's place, move the money there, and other programs
// complete what they signed.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { Transaction as ScureTransaction } from "@scure/btc-signer";
import { networks, Psbt } from "bitcoinjs-lib";
import { checksum, readWallet, understand, unspendable, writeKey } from "../../src/bitcoin/index.ts";
import { emptyLedger } from "../../src/journal/index.ts";
import { judge, parsePolicy } from "../../src/policy/index.ts";
import { curve, message, type OutputPlan, type Purse, psbt, purse, run } from "../bitcoin/build.ts";
import {
  collect,
  folder,
  holds,
  journalOf,
  papers,
  psbtTexts,
  registered,
  UNLOCK,
  walletTexts,
} from "./stage.ts";
import {
  A,
  B,
  fresh,
  GOES,
  LEAVE,
  LOST,
  NAME,
  NEW,
  NEXT,
  old,
  replaced,
  signs,
  stateOn,
  TAKE,
  taken,
  WALK,
  withOld,
} from "./wallet-life-stage.ts";

const pays = (of: Purse, amountSats: bigint, branch = 0): OutputPlan => ({
  of,
  branch,
  index: 0,
  amountSats,
});

test("a key is replaced with the device of the one who comes, the others take the wallet, two sign the sweep, and other programs complete it", async (t) => {
  const first = await replaced(t);
  for (const words of [`${GOES}`, "Carla", "Any 1 lost: the other 2 still spend."])
    assert.ok(first.printed.includes(words), words);
  const shown = collect(first.texts, ["wallet"]);
  assert.ok(shown.kind === "wallet");
  const made = readWallet(shown, "regtest", curve);
  assert.equal(made.descriptor, fresh.wallet.descriptor);

  const [before, after] = (await stateOn(first.disk)).wallets;
  assert.equal(before!.descriptor, old.wallet.descriptor);
  assert.equal(before!.replacedBy, fresh.wallet.fingerprint);
  assert.deepEqual([after!.descriptor, after!.version, after!.cosigners?.[2]], [made.descriptor, 2, "Carla"]);
  const kinds = (await journalOf(first.disk)).filter(({ kind }) => kind.startsWith("wallet-"));
  assert.deepEqual(
    kinds.slice(-2).map(({ kind }) => kind),
    ["wallet-registered", "wallet-replaced"],
  );

  const second = await taken(t, B, first.texts);
  assert.equal((await stateOn(second.disk)).wallets[0]!.replacedBy, fresh.wallet.fingerprint);

  const sweep = psbt(old, { inputs: 2, outputs: [pays(fresh, 199_000n)] });
  const one = await signs(t, first.disk, sweep);
  const two = await signs(t, second.disk, one.bytes);
  for (const { printed } of [one, two]) {
    assert.ok(printed.includes("You move money to the successor"));
    assert.ok(printed.includes(`To ${NEXT}, which takes its place`));
    for (const warning of [
      "From a replaced wallet",
      "To a wallet that was replaced",
      "Change to another wallet",
    ])
      assert.ok(!printed.includes(warning), warning);
  }
  complete(two.bytes);
});

/** Two libraries that know nothing of Firn make the transaction of it. */
function complete(bytes: Uint8Array): void {
  const theirs = Psbt.fromBuffer(bytes, {
    network: networks.regtest,
    maximumFeeRate: Number.MAX_SAFE_INTEGER,
  });
  theirs.finalizeAllInputs();
  const transaction = theirs.extractTransaction(true);
  const scure = ScureTransaction.fromPSBT(bytes);
  scure.finalize();
  assert.equal(transaction.toHex(), Buffer.from(scure.extract()).toString("hex"));
  assert.deepEqual(transaction.outs[0]!.script, fresh.template.derive(0, 0).scriptPubKey);
  for (const { witness } of transaction.ins) assert.equal(witness.length, 4, "two signatures of three keys");
}

test("from the replaced wallet anything beside the sweep is warned of before anything else is shown", async (t) => {
  const { disk } = await replaced(t);
  const outputs = [pays(fresh, 100_000n), { foreign: 1, amountSats: 50_000n }, pays(old, 49_000n, 1)];
  const camera = papers(join(folder(t), "in"), psbtTexts(psbt(old, { inputs: 2, outputs })));
  const steps = `${UNLOCK}pick Sign\ncamera ${camera}\nsee From a replaced wallet, to elsewhere\nsee To a wallet that was replaced\nsee which takes its place\nunseen You move money to the successor\npress back\nsee Declined`;
  await holds(steps, { disk });
});

test("addresses of a replaced wallet say that nothing is to be received there, and its list says so", async (t) => {
  const { disk } = await replaced(t);
  const steps = `${UNLOCK}pick Wallets\nsee ${NAME} (replaced)\nunseen ${NEXT} (replaced)\npick ${NAME} (replaced)\nsee ${NEXT} took its place\npick Receive addresses\nsee replaced: do not receive here\npress ok\nsee It is replaced: do not receive here\npress ok\nsee It is replaced\n`;
  await holds(steps, { disk });
});

test("a replaced wallet is not replaced again, and its successor stays as long as it is there", async (t) => {
  const { disk } = await replaced(t);
  const steps = `${UNLOCK}pick Wallets\npick ${NAME} (replaced)\npick Replace a cosigner\nsee wallet.replaced-already\npress ok\npress back\npick ${NEXT}\npick Remove this wallet\nsee wallet.successor-removed-first\npress ok\nsee Health and drill\n`;
  await holds(steps, { disk });
});

test("the successor is replaced in its turn, and its version counts on", async (t) => {
  const first = await replaced(t);
  const third = purse("p2wsh", { phrases: [A, LOST, NEW] });
  const camera = papers(join(folder(t), "third"), walletTexts(third.wallet.descriptor));
  const steps = `${UNLOCK}pick Wallets\npick ${NEXT}\npick Replace a cosigner\npage\npress ok\npick Take the one\ncamera ${camera}\n${WALK}${LEAVE}`;
  const { disk } = await holds(steps, { disk: first.disk });
  const { wallets } = await stateOn(disk);
  assert.deepEqual(
    wallets.map(({ version }) => version ?? 1),
    [1, 2, 3],
  );
  assert.equal(wallets[1]!.replacedBy, third.wallet.fingerprint);
});

test("a wallet of other keys altogether takes nobody's place, and neither does one without our key", async (t) => {
  const disk = await withOld(t, A);
  const strange = purse("p2wsh", { account: 1 }).wallet.descriptor;
  const without = purse("p2wsh", { phrases: [B, LOST, NEW] }).wallet.descriptor;
  for (const [text, reason] of [
    [strange, "wallet.no-successor"],
    [old.wallet.descriptor, "bitcoin.wallet-known"],
    [purse("p2wsh", { threshold: 1 }).wallet.descriptor, "bitcoin.wallet-altered"],
    [without, "wallet.own-key-leaves"],
  ] as const) {
    const camera = papers(join(folder(t), "wallet"), walletTexts(text));
    const name = reason === "wallet.no-successor" ? "" : "see What changes\npage\npress ok\n";
    const { disk: after } = await holds(`${TAKE}camera ${camera}\n${name}see ${reason}\n`, { disk });
    const { wallets } = await stateOn(after);
    assert.equal(wallets.length, 1);
    assert.equal(wallets[0]!.replacedBy, undefined);
  }
});

/** As docs/wallet-life.md says: the old wallet pays to its successor, and nowhere else. */
const LINES = `Firn policy 2
Number 3
Network regtest
Loosening waits 1 day
Reasons shown

List own
wallet ${fresh.wallet.fingerprint} Savings 2

For everything
At most 1 BTC per transaction
Fee at most 10 %

For wallet ${old.wallet.fingerprint} Savings
To own only
`;

test("a policy whose list has the new wallet lets the sweep through, and refuses what goes elsewhere", () => {
  const policy = parsePolicy(LINES, "regtest");
  const outcome = (outputs: readonly OutputPlan[]) => {
    const known = { network: "regtest", templates: [old.template, fresh.template], curve } as const;
    const { spend } = run(understand(message(psbt(old, { inputs: 2, outputs })), known));
    const { rules } = judge(policy, spend, emptyLedger(), { ms: 0, dateMs: 0 });
    return rules.flatMap(({ outcome: said, reason }) => (said === "allow" ? [] : [reason]));
  };
  assert.deepEqual(outcome([pays(fresh, 199_000n)]), []);
  assert.deepEqual(outcome([pays(fresh, 100_000n), { foreign: 1, amountSats: 98_000n }]), [
    "policy.destination",
  ]);
  assert.deepEqual(outcome([{ foreign: 1, amountSats: 199_000n }]), ["policy.destination"]);
});

const [a, b, c] = old.wallet.keys.map(writeKey) as [string, string, string];
const d = writeKey(fresh.wallet.keys[2]!);
const pair = (key: string, branches = "<0;1>") => `${key}/${branches}/*`;

function nobodysBeside(key: string): string {
  const [first, second, third] = old.wallet.keys;
  return unspendable([first!, second!, key === c ? third! : fresh.wallet.keys[2]!], "regtest");
}

/** A key that stands at two places, scripts of miniscript, script trees, keys that sign together. */
const ODD: readonly (readonly [string, (key: string) => string])[] = [
  [
    "of which a key stands at two places",
    (key) =>
      `wsh(or_d(multi(2,${pair(a)},${pair(b)},${pair(key)}),and_v(v:pkh(${pair(key, "<2;3>")}),older(26000))))`,
  ],
  ["with a script tree", (key) => `tr(${pair(a)},{pk(${pair(b)}),pk(${pair(key)})})`],
  ["whose keys sign together", (key) => `tr(musig(${a},${b},${key})/<0;1>/*)`],
  [
    "whose key path is nobody's, by a key made of all others",
    (key) => `tr(${pair(nobodysBeside(key))},sortedmulti_a(2,${pair(a)},${pair(b)},${pair(key)}))`,
  ],
  ["with keys in a fixed order", (key) => `wsh(multi(2,${pair(a)},${pair(key)},${pair(b)}))`],
];

for (const [what, body] of ODD)
  test(`in a wallet ${what} the key is exchanged wherever it stands, and nothing else`, async (t) => {
    const descriptor = `${body(c)}#${checksum(body(c))}`;
    const before = readWallet(descriptor, "regtest", curve).descriptor;
    const { disk } = await replaced(t, descriptor);
    const { wallets } = await stateOn(disk);
    const expected = readWallet(`${body(d)}#${checksum(body(d))}`, "regtest", curve);
    assert.deepEqual(
      wallets.map((kept) => [kept.name, kept.descriptor, kept.replacedBy]),
      [
        ["Odd", before, expected.fingerprint],
        ["Odd 2", expected.descriptor, undefined],
      ],
    );
    assert.equal(wallets[1]!.cosigners?.filter((name) => name === "Carla").length, 1);
  });

test("a wallet that was replaced is never overdue; the one in its place is, in its time", async (t) => {
  const { disk } = await replaced(t);
  const steps = `${UNLOCK}pick Lock\nclock +366d\n${UNLOCK}see Overdue: health of ${NEXT}.\npick Wallets\npick ${NAME} (replaced)\npick Health\nsee Nothing is overdue`;
  await holds(steps, { disk });
});

test("a wallet that was registered by itself, here of another quorum, can be put in the other's place", async (t) => {
  const more = purse("p2wsh", { phrases: [A, B, NEW], threshold: 3 });
  const name = `3 of 3 ${more.wallet.fingerprint}`;
  const disk = await registered(
    await withOld(t, A),
    join(folder(t), "more"),
    walletTexts(more.wallet.descriptor),
  );
  const steps = `${UNLOCK}pick Wallets\npick ${NAME}\npick Replace a cosigner\npage\npress ok\npick One that is registered here\npick ${name}\nsee Comes\nsee 3 of 3 now\npage\nhold ok\nsee Now move the money\npage\npress ok\nsee ${name} took its place`;
  const after = await holds(steps, { disk });
  const [before, next] = (await stateOn(after.disk)).wallets;
  assert.deepEqual([before!.replacedBy, next!.version], [more.wallet.fingerprint, 2]);
  assert.ok((await journalOf(after.disk)).some(({ kind }) => kind === "wallet-replaced"));
  const none = `${UNLOCK}pick Wallets\npick ${NAME}\npick Replace a cosigner\npage\npress ok\nunseen One that is registered here`;
  await holds(none, { disk: await withOld(t, A) });
});
