import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { HDKey } from "@scure/bip32";
import fc from "fast-check";
import { nodeStretch } from "../../../device/host/stretch.ts";
import {
  makeShares,
  parseShare,
  recover,
  type SharePlan,
  shareFits,
  statusOf,
  wordsOfShare,
} from "../../../src/keys/index.ts";
import type { Reason } from "../../../src/refusal.ts";
import { ascii, refusesWith, unhex, vectors } from "../make.ts";
import {
  groupings,
  passphrases,
  phrases,
  plans,
  quick,
  quorum,
  secrets,
  seeded,
  setOf,
  watchedStretch,
  wordsOf,
} from "./slip39-make.ts";

interface Vector {
  readonly name: string;
  readonly shares: readonly string[];
  readonly secret: string;
  readonly xprv: string;
}

const official: { passphrase: string; vectors: readonly Vector[] } = JSON.parse(vectors("slip39.json"));

/** Why each of the sets that lead nowhere is refused, by the number that its name begins with. */
const REASONS: Record<number, Reason> = {
  2: "shares.checksum",
  3: "shares.padding",
  5: "shares.too-few",
  6: "shares.other-set",
  7: "shares.other-set",
  8: "shares.other-set",
  9: "shares.other-set",
  10: "shares.group-threshold",
  11: "shares.conflict",
  12: "shares.member-threshold",
  13: "shares.digest",
  14: "shares.too-few",
  15: "shares.too-few",
  16: "shares.too-few",
  21: "shares.checksum",
  22: "shares.padding",
  24: "shares.too-few",
  25: "shares.other-set",
  26: "shares.other-set",
  27: "shares.other-set",
  28: "shares.other-set",
  29: "shares.group-threshold",
  30: "shares.conflict",
  31: "shares.member-threshold",
  32: "shares.digest",
  33: "shares.too-few",
  34: "shares.too-few",
  35: "shares.too-few",
  39: "shares.length",
  40: "shares.length",
};

const opened = async (shares: readonly string[]) =>
  recover(setOf(phrases(shares)), ascii(official.passphrase), nodeStretch());

test("all 45 official vectors hold: the secret and its BIP 32 key, or the reason why there is none", async () => {
  assert.equal(official.vectors.length, 45);
  for (const { name, shares, secret, xprv } of official.vectors) {
    const reason = REASONS[Number.parseInt(name, 10)];
    assert.equal(reason !== undefined, secret === "", name);
    if (reason !== undefined) {
      await assert.rejects(() => opened(shares), refusesWith(reason), name);
      continue;
    }
    const recovered = await opened(shares);
    assert.equal(unhex(recovered), secret, name);
    assert.equal(HDKey.fromMasterSeed(recovered).privateExtendedKey, xprv, name);
  }
});

test("every official share that reads well is written again word for word", () => {
  const sound = official.vectors.filter(({ secret }) => secret !== "").flatMap(({ shares }) => shares);
  assert.ok(sound.length > 30);
  for (const text of sound) {
    assert.equal(wordsOf(wordsOfShare(parseShare(text.split(" ")))).join(" "), text);
  }
});

test("another passphrase opens another secret, and nothing says that it is another", async () => {
  const { shares, secret } = official.vectors[3]!;
  const set = setOf(phrases(shares));
  const other = await recover(set, ascii("trezor"), nodeStretch());
  assert.equal(other.length, 16);
  assert.notEqual(unhex(other), secret);
  assert.notEqual(unhex(await recover(set, new Uint8Array(0), nodeStretch())), unhex(other));
});

test("what is made is recovered from any choice of as few shares as will do, in any order", async () => {
  await fc.assert(
    fc.asyncProperty(plans(5), fc.nat(), async (plan, seed) => {
      const made = await makeShares(plan);
      assert.deepEqual(
        made.map((group) => group.length),
        plan.groups.map(({ count }) => count),
      );
      for (const choice of [seed, seed + 1, seed + 2]) {
        const set = setOf(quorum(plan, made, choice).map(parseShare));
        assert.ok(statusOf(set)?.complete);
        assert.deepEqual(await recover(set, plan.passphrase, quick), plan.secret);
      }
    }),
    { numRuns: 60 },
  );
});

test("every share that was made beyond those needed fits the others", async () => {
  await fc.assert(
    fc.asyncProperty(plans(3), fc.nat(), async (plan, seed) => {
      const made = await makeShares(plan);
      for (const [at, group] of made.entries()) {
        const shares = quorum({ ...plan, groups: [plan.groups[at]!], groupThreshold: 1 }, [group], seed);
        const set = setOf(shares.map(parseShare));
        for (const words of group) assert.ok(shareFits(set, parseShare(words)));
      }
    }),
    { numRuns: 30 },
  );
});

test("one share fewer than is needed is refused, whichever is missing", async () => {
  await fc.assert(
    fc.asyncProperty(plans(4), fc.nat(), async (plan, seed) => {
      const shares = quorum(plan, await makeShares(plan), seed).map(parseShare);
      for (const missing of shares.keys()) {
        const set = setOf(shares.filter((_, at) => at !== missing));
        assert.notEqual(statusOf(set)?.complete, true);
        await assert.rejects(recover(set, plan.passphrase, quick), refusesWith("shares.too-few"));
      }
    }),
    { numRuns: 40 },
  );
});

test("shares altered to claim that fewer are needed do not give the secret away", async () => {
  const counts = fc.integer({ min: 2, max: 16 });
  await fc.assert(
    fc.asyncProperty(secrets, counts, fc.nat(), async (secret, needed, seed) => {
      const plan = planOf({ secret, groups: [{ needed, count: 16 }], random: seeded(seed) });
      const shares = quorum(plan, await makeShares(plan), seed)
        .slice(1)
        .map(parseShare);
      const set = setOf(shares.map((share) => ({ ...share, memberThreshold: needed - 1 })));
      if (needed > 2)
        await assert.rejects(recover(set, plan.passphrase, quick), refusesWith("shares.digest"));
      else assert.notDeepEqual(await recover(set, plan.passphrase, quick), secret);
    }),
    { numRuns: 60 },
  );
});

test("a share whose value was altered is found out, with the group it is in", async () => {
  await fc.assert(
    fc.asyncProperty(plans(3), fc.nat(), fc.nat(), async (plan, seed, at) => {
      const shares = quorum(plan, await makeShares(plan), seed).map(parseShare);
      const forged = shares[at % shares.length]!;
      forged.value[at % forged.value.length]! ^= 1 + (at % 255);
      const set = setOf(shares.map(wordsOfShare).map(parseShare));
      const alone = forged.memberThreshold === 1;
      if (alone && plan.groupThreshold === 1)
        return assert.notDeepEqual(await recover(set, plan.passphrase, quick), plan.secret);
      await assert.rejects(recover(set, plan.passphrase, quick), (problem: Error) => {
        refusesWith("shares.digest")(problem);
        const where = alone ? "the groups together" : `group ${forged.groupIndex + 1}`;
        return problem.message === `shares.digest: ${where}`;
      });
    }),
    { numRuns: 60 },
  );
});

test("of groups begun and groups complete the complete ones are taken", async () => {
  const groups = [
    { needed: 2, count: 3 },
    { needed: 2, count: 3 },
    { needed: 3, count: 5 },
  ];
  const plan = planOf({ groups, groupThreshold: 2 });
  const made = await makeShares(plan);
  const chosen = [made[2]![4]!, made[0]![1]!, made[1]![0]!, made[0]![2]!, made[1]![2]!];
  const recovered = await recover(setOf(chosen.map(parseShare)), plan.passphrase, quick);
  assert.deepEqual(recovered, plan.secret);
});

test("shares are extendable where nothing else is asked for, and have a new identifier each time", async () => {
  const identifiers = new Set<number>();
  for (let seed = 0; seed < 20; seed++) {
    const made = await makeShares(planOf({ random: seeded(seed) }));
    const share = parseShare(made[0]![0]!);
    assert.equal(share.extendable, true);
    identifiers.add(share.identifier);
  }
  assert.ok(identifiers.size > 15);
});

test("a secret of 16, 32 and 64 bytes makes shares of 20, 33 and 59 words", async () => {
  for (const [length, words] of [
    [16, 20],
    [32, 33],
    [64, 59],
  ] as const) {
    const made = await makeShares(planOf({ secret: new Uint8Array(length).fill(7) }));
    assert.equal(made[0]![0]!.length, words);
  }
});

test("a secret that SLIP-39 does not split is refused before anything is made", async () => {
  for (const length of [0, 14, 15, 17, 31, 65, 66])
    await assert.rejects(
      makeShares(planOf({ secret: new Uint8Array(length) })),
      refusesWith("shares.secret-length"),
    );
});

test("groups that make no sense are refused, with the number that is wrong", async () => {
  const wrong: readonly [Partial<SharePlan>, string][] = [
    [{ groups: [], groupThreshold: 0 }, "0 groups"],
    [{ groups: Array.from({ length: 17 }, () => ({ needed: 1, count: 1 })) }, "17 groups"],
    [{ groupThreshold: 0 }, "0 of 1 groups"],
    [{ groupThreshold: 2 }, "2 of 1 groups"],
    [{ groups: [{ needed: 0, count: 3 }] }, "group 1: 0 of 3 shares"],
    [{ groups: [{ needed: 4, count: 3 }] }, "group 1: 4 of 3 shares"],
    [{ groups: [{ needed: 2, count: 17 }] }, "group 1: 2 of 17 shares"],
    [{ groups: [{ needed: 1, count: 2 }] }, "group 1: 1 of 2 shares"],
    [{ groups: [{ needed: 1.5, count: 2 }] }, "group 1: 1.5 of 2 shares"],
    [{ iterationExponent: 16 }, "iteration exponent 16"],
    [{ iterationExponent: -1 }, "iteration exponent -1"],
  ];
  for (const [change, detail] of wrong)
    await assert.rejects(makeShares(planOf(change)), { reason: "shares.plan", detail });
});

test("a passphrase that is not plain ASCII is refused for new shares, and never repeated", async () => {
  for (const text of ["Grüße", "line\n", "\u007f"])
    await assert.rejects(
      makeShares(planOf({ passphrase: new TextEncoder().encode(text) })),
      (problem: Error) =>
        refusesWith("shares.passphrase")(problem) && problem.message === "shares.passphrase",
    );
});

test("nothing is made of dead chance", async () => {
  const random = { bytes: (length: number) => new Uint8Array(length) };
  await assert.rejects(
    makeShares(planOf({ groups: [{ needed: 2, count: 3 }], random })),
    refusesWith("keys.entropy-dead"),
  );
});

test("shares that do not lead back to the secret are never returned: that is a bug, not a refusal", async () => {
  let calls = 0;
  const broken = {
    pbkdf2Sha256: (secret: Uint8Array, salt: Uint8Array, rounds: number, length: number) =>
      quick.pbkdf2Sha256(secret, salt, rounds + (calls++ === 5 ? 1 : 0), length),
  };
  await assert.rejects(makeShares(planOf({ stretch: broken })), {
    name: "Error",
    message: "the shares do not lead back to the secret",
  });
});

test("PBKDF2 takes 2,500 rounds four times, doubled by the exponent; what went through it is wiped", async () => {
  const stretch = watchedStretch();
  const plan = planOf({ stretch, iterationExponent: 1, extendable: false, passphrase: ascii("secret") });
  const set = setOf((await makeShares(plan)).flat().map(parseShare));
  await recover(set, plan.passphrase, stretch);
  assert.deepEqual(stretch.rounds, Array(12).fill(5000));
  assert.equal(statusOf(set)?.rounds, 20_000);
  assert.ok(stretch.seen.every((seen) => seen.every((byte) => byte === 0)));
  assert.deepEqual([plan.secret[0], plan.passphrase], [1, ascii("secret")]);
});

// The second implementation: the npm package slip39. It wants no more shares than are needed, as Firn does.

interface Peer {
  fromArray(
    secret: readonly number[],
    options: {
      passphrase: string;
      threshold: number;
      groups: readonly (readonly [number, number])[];
      iterationExponent: number;
      extendableBackupFlag: number;
    },
  ): { root: { children: { mnemonics: string[] }[] } };
  recoverSecret(shares: readonly string[], passphrase: string): readonly number[];
}

const peer: Peer = createRequire(import.meta.url)("slip39");
const text = (bytes: Uint8Array) => String.fromCharCode(...bytes);

const realPlans = fc
  .record({
    secret: secrets,
    passphrase: passphrases,
    grouping: groupings(4),
    iterationExponent: fc.integer({ min: 0, max: 1 }),
    extendable: fc.boolean(),
    seed: fc.nat(),
  })
  .map(
    ({ grouping, seed, ...rest }): SharePlan => ({
      ...rest,
      ...grouping,
      random: seeded(seed),
      stretch: nodeStretch(),
    }),
  );

test("what Firn makes, another implementation recovers", async () => {
  await fc.assert(
    fc.asyncProperty(realPlans, fc.nat(), async (plan, seed) => {
      const shares = quorum(plan, await makeShares(plan), seed).map((words) => wordsOf(words).join(" "));
      assert.deepEqual(Uint8Array.from(peer.recoverSecret(shares, text(plan.passphrase))), plan.secret);
    }),
    { numRuns: 25 },
  );
});

test("what another implementation makes, Firn recovers", async () => {
  await fc.assert(
    fc.asyncProperty(realPlans, fc.nat(), async (plan, seed) => {
      const { root } = peer.fromArray([...plan.secret], {
        passphrase: text(plan.passphrase),
        threshold: plan.groupThreshold,
        groups: plan.groups.map(({ needed, count }) => [needed, count]),
        iterationExponent: plan.iterationExponent,
        extendableBackupFlag: plan.extendable ? 1 : 0,
      });
      const made = root.children.map(({ mnemonics }) =>
        mnemonics.map((share) => wordsOfShare(parseShare(share.split(" ")))),
      );
      assert.deepEqual(
        made.map((group) => group.length),
        plan.groups.map(({ count }) => count),
      );
      const set = setOf(quorum(plan, made, seed).map(parseShare));
      assert.equal(set[0]?.extendable, plan.extendable);
      assert.deepEqual(await recover(set, plan.passphrase, plan.stretch), plan.secret);
    }),
    { numRuns: 25 },
  );
});

function planOf(change: Partial<SharePlan>): SharePlan {
  return {
    secret: Uint8Array.from({ length: 16 }, (_, i) => i + 1),
    passphrase: new Uint8Array(0),
    groupThreshold: 1,
    groups: [{ needed: 1, count: 1 }],
    iterationExponent: 0,
    random: seeded(1),
    stretch: quick,
    ...change,
  };
}
