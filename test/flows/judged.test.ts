// What the journey of a request leaves, and that it is judged twice: before it is shown, and once more before anything
// is recorded. Reading and proving take their time, and what was true before them may not be true any more.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { DiskState } from "../../device/sim/recording.ts";
import type { Policy, Rule } from "../../src/rules.ts";
import { PHRASES, psbt, purse } from "../bitcoin/build.ts";
import { byPin, changed, PSBT } from "./people-stage.ts";
import { holds, homeOf, journalOf, psbtTexts, UNLOCK } from "./stage.ts";

const SECOND = psbtTexts(psbt(purse("p2wpkh"), { inputs: [{ index: 1 }] }), "base64")[0]!;
const REVIEWED = "pick Sign\nscan $PSBT\npage\nsee Sign?\n";
const EVERYTHING = { of: "all" } as const;

function withRule(policy: Policy, rule: Rule): Policy {
  return { ...policy, number: policy.number + 1, rules: [...policy.rules, rule] };
}

async function count(disk: DiskState, kind: string): Promise<number> {
  return (await journalOf(disk)).filter((line) => line.kind === kind).length;
}

test("hours that end while it is read refuse it: nothing is recorded, and the journal says why", async () => {
  const days = [1, 2, 3, 4, 5, 6, 0];
  // Plays begin at 12:00.
  const limit = { kind: "hours", from: 480, until: 723, days, offsetMinutes: 0 } as const;
  const rule = { scope: EVERYTHING, limit, otherwise: { do: "refuse" } } as const;
  const disk = await changed(await homeOf(), (state) => ({ ...state, policy: withRule(state.policy, rule) }));
  const set = { PSBT };
  const late = await holds(`${UNLOCK}${REVIEWED}clock +4m\nhold ok\nsee policy.hours\npage\npress back`, {
    ...{ disk, set },
  });
  const last = (await journalOf(late.disk)).findLast(({ kind }) => kind === "refused");
  assert.deepEqual(last?.kind === "refused" && last.reasons, ["policy.hours"]);
  assert.deepEqual([await count(late.disk, "spent"), await count(late.disk, "signed")], [0, 0]);
  await holds(`${UNLOCK}${REVIEWED}hold ok\nsee Signed`, { disk, set });
});

test("whoever agreed under a verdict that no longer holds agreed to nothing: the request is shown again", async () => {
  const most = { asset: "btc", units: 80_000n } as const;
  const ask = { need: 1, of: ["anna"] } as const;
  const limit = { kind: "amount", per: "hour", most } as const;
  const rule = { scope: EVERYTHING, limit, otherwise: { do: "ask", ask } } as const;
  const anna = { name: "anna", wrong: 0, wrongMs: 0, factor: await byPin("111111") };
  const disk = await changed(
    await homeOf("regtest", PHRASES[0]),
    (state) => ({
      ...state,
      policy: withRule(state.policy, rule),
      people: [{ name: "anna", factor: "pin", madeMs: 0 }],
    }),
    [anna],
  );
  const first = await holds(`${UNLOCK}${REVIEWED}hold ok\nsee Signed`, { disk, set: { PSBT } });
  const set = { PSBT: SECOND };
  const agrees = "see Who agrees?\npick anna\ntype 111111\npress ok\n";
  const later = `clock +58m\n${UNLOCK}${REVIEWED}hold ok\nsee Who agrees?\nclock +4m\n${agrees}see policy.time-passed
    page\npress ok\n${REVIEWED}hold ok\nsee Signed`;
  const { disk: after } = await holds(later, { disk: first.disk, wallMs: first.wallMs, set });
  assert.deepEqual([await count(after, "proof"), await count(after, "spent")], [1, 2]);
  // Within the hour it is hers to agree to.
  await holds(`${UNLOCK}${REVIEWED}hold ok\n${agrees}see Signed`, {
    ...{ disk: first.disk, wallMs: first.wallMs, set },
  });
});

test("where reasons are hidden the review of what is allowed tells no limit and no head-room", async () => {
  const open = await homeOf();
  const told = "see left per day\nsee per transaction\n";
  await holds(`${UNLOCK}pick Sign\nscan $PSBT\nsee Sign?\n${told}`, { disk: open, set: { PSBT } });
  const disk = await changed(open, (state) => ({
    ...state,
    policy: { ...state.policy, reasons: "hidden" },
  }));
  const silent = "see Your policy allows this.\nunseen left per\nunseen per transaction\nunseen at most\n";
  await holds(`${UNLOCK}pick Sign\nscan $PSBT\nsee Sign?\n${silent}page\nhold ok\nsee Signed`, {
    ...{ disk, set: { PSBT } },
  });
});

test("a transaction that is not understood leaves its reasons in the journal, and no name of one", async () => {
  const strange = psbtTexts(psbt(purse("p2wpkh", { phrases: PHRASES.slice(1) })), "base64")[0]!;
  const script = `${UNLOCK}pick Sign\nscan $PSBT\nsee bitcoin.not-ours\npage\npress ok\nsee Sign a transaction`;
  const { disk } = await holds(script, { disk: await homeOf(), set: { PSBT: strange } });
  const lines = (await journalOf(disk)).filter(({ kind }) => kind === "refused");
  assert.deepEqual(
    lines.map((line) => line.kind === "refused" && [line.txid, line.reasons]),
    [["", ["bitcoin.not-ours"]]],
  );
});
