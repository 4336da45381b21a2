// What a home takes as a Safe beside those that it has.

import assert from "node:assert/strict";
import { test } from "node:test";
import { addSafe, checkSafe, nameProblem, removeSafe } from "../../src/flows/ethereum/safe-kept.ts";
import type { Session } from "../../src/flows/session.ts";
import { LIMITS } from "../../src/limits.ts";
import { Refusal } from "../../src/refusal.ts";
import type { Policy } from "../../src/rules.ts";
import { type Safe, safeOf } from "../../src/safe.ts";
import { ANNA, addressOf, BERT, familySafe } from "../ethereum/safe-stage.ts";

const POLICY: Policy = {
  ...{ number: 1, network: "regtest", loosenMs: 0, reasons: "shown", lists: [] },
  rules: [
    {
      scope: { of: "wallet", name: "Family", fingerprint: familySafe().fingerprint },
      ...{ limit: { kind: "count", per: "day", most: 1 }, otherwise: { do: "refuse" } },
    },
  ],
};

function session(safes: readonly Safe[], policy: Policy = { ...POLICY, rules: [] }): Session {
  return { state: { safes, policy, pending: [] }, wallets: [{ name: "Savings" }] } as unknown as Session;
}

const refusal = (reason: string) => (problem: unknown) =>
  problem instanceof Refusal && problem.reason === reason;

test("no more Safes are taken than fit, but one may still take another's place", () => {
  const all = Array.from({ length: LIMITS.safes }, (_, i) => familySafe({ address: addressOf(300 + i) }));
  const full = session(all);
  assert.throws(() => checkSafe(full, familySafe()), refusal("safe.too-many"));
  assert.doesNotThrow(() => checkSafe(full, { ...all[3]!, threshold: 3 }, all[3]));
  assert.doesNotThrow(() => checkSafe(session(all.slice(1)), familySafe()));
});

test("the same Safe stands once, and only the same takes its place", () => {
  const one = session([familySafe()]);
  assert.throws(() => checkSafe(one, familySafe({ threshold: 3 })), refusal("safe.known"));
  assert.doesNotThrow(() => checkSafe(one, familySafe({ chainId: 10n })));
  assert.throws(() => checkSafe(one, familySafe({ chainId: 10n }), familySafe()), refusal("safe.other-safe"));
});

test("owners and threshold are looked at again, wherever they come from", () => {
  const none = session([]);
  assert.throws(() => checkSafe(none, familySafe({ owners: [] })), refusal("safe.owners"));
  assert.throws(() => checkSafe(none, familySafe({ owners: [ANNA, ANNA] })), refusal("safe.owners"));
  assert.throws(
    () => checkSafe(none, familySafe({ owners: [ANNA, BERT], threshold: 3 })),
    refusal("safe.threshold"),
  );
});

test("a name is its own, and none that Firn gives", () => {
  const one = session([familySafe()]);
  assert.equal(nameProblem(one, "Club"), undefined);
  for (const name of ["", "  ", "family", " Family ", "SAVINGS", "your account 1", "Ethereum account 0"])
    assert.notEqual(nameProblem(one, name), undefined, name);
});

test("one that a policy names by its fingerprint neither goes nor changes", async () => {
  const family = familySafe();
  const named = session([family], POLICY);
  await assert.rejects(removeSafe(named, family), refusal("bitcoin.wallet-named"));
  const fresh = safeOf("Family", { ...family, threshold: 3 });
  await assert.rejects(addSafe(named, fresh, family), refusal("bitcoin.wallet-named"));
});
