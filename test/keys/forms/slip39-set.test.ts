import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  addShare,
  makeShares,
  parseShare,
  recover,
  type Share,
  shareFits,
  statusOf,
  wipeShares,
} from "../../../src/keys/index.ts";
import { Refusal } from "../../../src/refusal.ts";
import { refusesWith } from "../make.ts";
import { quick, seeded, setOf } from "./slip39-make.ts";

const plan = {
  secret: Uint8Array.from({ length: 32 }, (_, i) => i),
  passphrase: new Uint8Array(0),
  groupThreshold: 2,
  groups: [
    { needed: 2, count: 3 },
    { needed: 1, count: 1 },
    { needed: 3, count: 5 },
  ],
  iterationExponent: 0,
  random: seeded(7),
  stretch: quick,
};
const made = await makeShares(plan);

/** Counted as people do, from 1. */
const share = (group: number, member: number): Share => parseShare(made[group - 1]![member - 1]!);

test("nothing is known before the first share, and nothing opens before the last", async () => {
  assert.equal(statusOf([]), undefined);
  await assert.rejects(recover([], new Uint8Array(0), quick), {
    reason: "shares.too-few",
    detail: "no share",
  });
  await assert.rejects(recover(setOf([share(2, 1), share(1, 1)]), new Uint8Array(0), quick), {
    reason: "shares.too-few",
    detail: "1 of 2 groups",
  });
});

test("the status says what is there and what is missing, by group", () => {
  const one = addShare([], share(3, 2));
  assert.deepEqual(statusOf(one), {
    groups: [
      { number: 1, have: 0, needed: undefined, members: [], complete: false },
      { number: 2, have: 0, needed: undefined, members: [], complete: false },
      { number: 3, have: 1, needed: 3, members: [2], complete: false },
    ],
    groupsHave: 0,
    groupsNeeded: 2,
    complete: false,
    wordCount: 33,
    rounds: 10_000,
  });
  const more = setOf([share(1, 3), share(1, 1), share(3, 2), share(3, 5)]);
  assert.deepEqual(
    statusOf(more)?.groups.map(({ have, needed, members, complete }) => [have, needed, members, complete]),
    [
      [2, 2, [3, 1], true],
      [0, undefined, [], false],
      [2, 3, [2, 5], false],
    ],
  );
  assert.deepEqual([statusOf(more)?.groupsHave, statusOf(more)?.complete], [1, false]);
  assert.deepEqual(statusOf(addShare(more, share(2, 1)))?.complete, true);
});

test("a set stays as it was when one share more is added or refused", () => {
  const one = addShare([], share(1, 1));
  const before = structuredClone(one);
  addShare(one, share(1, 2));
  assert.throws(() => addShare(one, share(1, 1)), Refusal);
  assert.deepEqual(one, before);
});

test("a share of another set is refused by name, with what is different", () => {
  const first = share(1, 1);
  const set = addShare([], first);
  const changes: readonly [Partial<Share>, string][] = [
    [{ identifier: first.identifier ^ 1 }, "identifier"],
    [{ extendable: false }, "kind of encryption"],
    [{ iterationExponent: 1 }, "number of rounds"],
    [{ groupThreshold: 3 }, "number of groups needed"],
    [{ groupCount: 4 }, "number of groups"],
    [{ value: new Uint8Array(16) }, "length"],
  ];
  for (const [change, what] of changes) {
    const detail = `group 3, share 4: another ${what}`;
    assert.throws(() => addShare(set, { ...share(3, 4), ...change }), { reason: "shares.other-set", detail });
    assert.throws(() => shareFits(set, { ...share(3, 4), ...change }), refusesWith("shares.other-set"));
  }
});

test("the same share twice is refused, and another share with its number is told apart from that", () => {
  const set = setOf([share(3, 1), share(3, 4)]);
  assert.throws(() => addShare(set, share(3, 4)), {
    reason: "shares.duplicate",
    detail: "group 3, share 4",
  });
  const other = share(3, 4);
  other.value[31]! ^= 1;
  assert.throws(() => addShare(set, other), { reason: "shares.conflict", detail: "group 3, share 4" });
});

test("a share that says another number is needed in its group is refused", () => {
  const set = addShare([], share(3, 1));
  assert.throws(() => addShare(set, { ...share(3, 2), memberThreshold: 2 }), {
    reason: "shares.member-threshold",
    detail: "group 3, share 2 says 2 are needed, not 3",
  });
});

test("a share more than is needed is refused, in its group and in a further group", () => {
  const group = setOf([share(1, 1), share(1, 2)]);
  assert.throws(() => addShare(group, share(1, 3)), {
    reason: "shares.too-many",
    detail: "group 1, share 3",
  });
  const all = addShare(group, share(2, 1));
  assert.throws(() => addShare(all, share(3, 1)), { reason: "shares.too-many", detail: "group 3, share 1" });
});

test("a share beyond those needed is rehearsed against a complete group", () => {
  const set = setOf([share(3, 1), share(3, 3)]);
  assert.throws(() => shareFits(set, share(3, 5)), {
    reason: "shares.too-few",
    detail: "group 3: 2 of 3",
  });
  const complete = addShare(set, share(3, 4));
  for (const member of [1, 2, 3, 4, 5]) assert.equal(shareFits(complete, share(3, member)), true);
  const forged = share(3, 5);
  forged.value[0]! ^= 1;
  assert.equal(shareFits(complete, forged), false);
  assert.equal(shareFits(complete, { ...share(3, 5), memberIndex: 1 }), false);
});

test("shares of two sets of the same secret never mix, whatever is added to whatever", async () => {
  const second = await makeShares({ ...plan, random: seeded(8) });
  const both = [made, second].flatMap((groups, of) =>
    groups.flatMap((group) => group.map((words) => ({ of, words }))),
  );
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...both), { minLength: 1, maxLength: 12 }), (order) => {
      let set: readonly Share[] = [];
      for (const { of, words } of order) {
        try {
          set = addShare(set, parseShare(words));
          assert.equal(of, order[0]!.of);
        } catch (problem) {
          assert.ok(problem instanceof Refusal);
          assert.equal(problem.reason === "shares.other-set", of !== order[0]!.of, problem.reason);
        }
      }
    }),
  );
});

test("wiped shares hold nothing more", () => {
  const set = setOf([share(1, 1), share(2, 1)]);
  assert.ok(set.every(({ value }) => value.some((byte) => byte !== 0)));
  wipeShares(set);
  assert.ok(set.every(({ value }) => value.every((byte) => byte === 0)));
});
