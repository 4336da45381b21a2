// Messages that several keys sign, or that come with coins: the strictest of all paths holds.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { judgeMessage, judgePaths } from "../../src/policy/index.ts";
import { asksOf } from "../../src/request.ts";
import { OUTCOMES, type Policy, type Rule } from "../../src/rules.ts";
import { at, ledgerOf, NOON } from "./cases.ts";
import { policyOf, RULES } from "./policies.ts";

const H = 0x80000000;
const ALLOWED = [H + 84, H, H, 0, 5];
const ELSEWHERE = [H + 49, H, H, 0, 5];
const policy: Policy = policyOf([
  ...RULES,
  { scope: { of: "all" }, limit: { kind: "messages", under: ["m/84h/0h"] }, otherwise: { do: "refuse" } },
]);
const asked = { id: "aa", key: "73c5da0a" };
const judge = (paths: readonly (readonly number[])[]) =>
  judgePaths(policy, { ...asked, paths }, ledgerOf(), at(NOON));

test("one path that is not named refuses the whole, wherever it stands among them", () => {
  assert.equal(judge([ALLOWED, ALLOWED]).outcome, "allow");
  for (const paths of [[ELSEWHERE], [ALLOWED, ELSEWHERE], [ELSEWHERE, ALLOWED]]) {
    const verdict = judge(paths);
    assert.equal(verdict.outcome, "refuse");
    assert.ok(verdict.rules.some(({ reason }) => reason === "policy.message-path"));
    assert.equal(verdict.txid, "aa");
  }
});

test("no path at all, and no policy at all, allow nothing", () => {
  assert.equal(judge([]).outcome, "refuse");
  assert.equal(judgePaths(undefined, { ...asked, paths: [ALLOWED] }, ledgerOf(), at(NOON)).outcome, "refuse");
});

test("what is said of many paths is never milder than what is said of any of them", () => {
  const path = fc.constantFrom(ALLOWED, ELSEWHERE, [H + 84], [H + 84, H], []);
  fc.assert(
    fc.property(fc.array(path, { minLength: 1, maxLength: 6 }), (paths) => {
      const rank = (outcome: (typeof OUTCOMES)[number]) => OUTCOMES.indexOf(outcome);
      const each = paths.map(
        (one) => judgeMessage(policy, { ...asked, path: one }, ledgerOf(), at(NOON)).outcome,
      );
      assert.equal(rank(judge(paths).outcome), Math.max(...each.map(rank)));
    }),
  );
});

test("whom one path asks is asked beside whom another path asks", () => {
  const ask = (person: string, under: string): Rule => ({
    scope: { of: "all" },
    limit: { kind: "messages", under: [under] },
    otherwise: { do: "ask", ask: { need: 1, of: [person] } },
  });
  const two = policyOf([...RULES, ask("Anna", "m/84h"), ask("Bob", "m/49h")]);
  const verdict = judgePaths(two, { ...asked, paths: [ALLOWED, ELSEWHERE] }, ledgerOf(), at(NOON));
  assert.equal(verdict.outcome, "ask");
  assert.deepEqual(
    asksOf(verdict)
      .flatMap(({ of }) => of)
      .sort(),
    ["Anna", "Bob"],
  );
});
