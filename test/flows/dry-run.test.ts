// The dry run: what the policy that holds and another one would say of a transaction, rule by rule, and nothing else.

import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { DiskState } from "../../device/sim/recording.ts";
import { writePolicy } from "../../src/policy/index.ts";
import { PHRASES, psbt, purse } from "../bitcoin/build.ts";
import { ASK, amountOf, changed, EDIT, lowered, POLICY, SHOWN, stateOf, TAKE } from "./policy-stage.ts";
import { folder, holds, homeOf, journalOf, papers, psbtTexts, UNLOCK, walletTexts } from "./stage.ts";

const own = purse("p2wpkh");

/** Takes 0.0005 BTC and a fee. */
function camera(t: TestContext): string {
  return papers(join(folder(t), "in"), psbtTexts(psbt(own), "base64"));
}

/** Everything that signing, refusing or counting would leave. */
async function traces(disk: DiskState): Promise<readonly string[]> {
  const lines = await journalOf(disk);
  return lines.map(({ kind }) => kind).filter((kind) => !/^(unlocked|kept|locked)$/.test(kind));
}

test("a transaction is judged by the policy that holds, and leaves no signature, no line and no head-room less", async (t) => {
  const before = await homeOf();
  for (const size of [
    { columns: 80, rows: 24 },
    { columns: 40, rows: 15 },
  ]) {
    const steps = `${POLICY}pick Dry run\npick By the policy that holds\ncamera ${camera(t)}\nsee It would be signed, with the hold\nsee Nothing was signed\nsee At most 1000 BTC per day\nunseen hold ok\npage\npress ok\nsee Head-room\npick Head-room\nsee 0.00000000 BTC taken`;
    const { disk } = await holds(steps, { disk: before, size });
    assert.deepEqual(await traces(disk), await traces(before));
  }
});

test("beside another policy's text each rule stands once, with what both say, or each for itself", async (t) => {
  const disk = await homeOf();
  const proposed = writePolicy((await stateOf(disk)).policy)
    .replace("Number 1\n", "Number 5\n")
    .replace("At most 100 BTC per transaction", "At most 0.0001 BTC per transaction")
    .replace("Fee at most 0.05 BTC", "Fee at most 0.0001 BTC");
  const text = papers(join(folder(t), "policy"), walletTexts(proposed));
  const steps = `${POLICY}pick Dry run\npick Beside another policy's text\ncamera ${text}\nsee it is judged and not signed\ncamera ${camera(t)}
see Now, policy 1\nsee It would be signed, with the hold\nsee Proposed, policy 5\nsee It would be refused
see Now: allowed\nsee Proposed: no such rule\nsee At most 0.0001 BTC per transaction\nsee Proposed: refuses\nsee Both: allowed`;
  const after = await holds(steps, { disk });
  assert.deepEqual(await traces(after.disk), await traces(disk));
});

test("a proposed policy knows its own lists: who is named there by a descriptor is found, though the present one knows nobody", async (t) => {
  const disk = await homeOf();
  const theirs = purse("p2wpkh", { phrases: PHRASES.slice(1) });
  const script = theirs.template.derive(0, 3).scriptPubKey;
  const change = { of: own, branch: 1, index: 0, amountSats: 49_000n } as const;
  const pays = papers(
    join(folder(t), "pays"),
    psbtTexts(psbt(own, { outputs: [{ script, amountSats: 50_000n }, change] }), "base64"),
  );
  const { policy } = await stateOf(disk);
  const entries = [{ kind: "party", name: "anna", descriptor: theirs.wallet.descriptor }] as const;
  const proposed = writePolicy({
    ...policy,
    number: 5,
    lists: [{ name: "suppliers", entries }],
    rules: policy.rules.map((rule) =>
      rule.limit.kind === "destinations" ? { ...rule, limit: { ...rule.limit, to: ["suppliers"] } } : rule,
    ),
  });
  const text = papers(join(folder(t), "policy"), walletTexts(proposed));
  const steps = `${POLICY}pick Dry run\npick Beside another policy's text\ncamera ${text}\n`;
  const size = { columns: 130, rows: 60 };
  await holds(
    `${steps}camera ${pays}\nsee Proposed, policy 5\nunseen It would be refused\nsee Every destination is on suppliers`,
    { disk, size },
  );
  await holds(`${steps}camera ${camera(t)}\nsee It would be refused\nsee Not on suppliers`, { disk, size });
});

test("in a sweep a dry run is judged by what holds then: whatever does not go to the successor would be refused", async (t) => {
  const { wallet } = purse("p2wpkh", { phrases: PHRASES.slice(1) });
  const disk = await changed(await homeOf(), (state) => ({
    ...state,
    successor: { name: "next", descriptor: wallet.descriptor },
    sweep: true,
  }));
  const steps = `${POLICY}pick Dry run\npick By the policy that holds\ncamera ${camera(t)}\nsee It would be refused\nsee Not on successor`;
  const after = await holds(steps, { disk });
  assert.deepEqual(await traces(after.disk), await traces(disk));
});

test("the policy that waits, and an edit in hand, are tried out without being taken", async (t) => {
  const low = await holds(`${EDIT}${lowered("0.0001")}${TAKE}`, {
    disk: await homeOf(),
  });
  const edit = `${EDIT}${amountOf("per transaction", "0.0001", "1")}`;
  const tried = `pick Try it with a transaction\ncamera ${camera(t)}\nsee Now, policy 2\nsee It would be refused\nsee Proposed, policy 3\nsee It would be signed\npage\npress ok\nsee as edited\n`;
  const asked = await holds(`${edit}${tried}${ASK}`, { disk: low.disk });
  const waits = `${SHOWN}page\npress ok\npick Policy\npick Dry run\npick Beside policy 3\ncamera ${camera(t)}\nsee It would be refused\nsee It would be signed`;
  const after = await holds(waits, { disk: asked.disk });
  const { policy, pending } = await stateOf(after.disk);
  assert.deepEqual([policy.number, pending.length], [2, 1]);
  await holds(`${SHOWN}page\npress ok\npick Sign\ncamera ${camera(t)}\nsee policy.over-transaction-limit`, {
    disk: after.disk,
  });
});

test("what is not understood is named, and nothing of it counts either", async (t) => {
  const evil = papers(join(folder(t), "in"), psbtTexts(psbt(own, { sighash: 0x82 }), "base64"));
  const disk = await homeOf();
  const steps = `${UNLOCK}pick Policy\npick Dry run\npick By the policy\ncamera ${evil}\nsee bitcoin.sighash\npage\npress ok\nsee Head-room`;
  const after = await holds(steps, { disk });
  assert.deepEqual(await traces(after.disk), await traces(disk));
});
