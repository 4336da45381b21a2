// When something is wrong: the freeze and what the journal says of it, refusals that freeze, and the sweep.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { DiskState } from "../../device/sim/recording.ts";
import { checksum } from "../../src/bitcoin/index.ts";
import { isOfEthereum } from "../../src/policy/index.ts";
import type { Policy, Rule } from "../../src/rules.ts";
import { psbt, purse } from "../bitcoin/build.ts";
import { chosen, DURESS, SET_DURESS, unlockWith } from "./lock-stage.ts";
import { changed, stateOn } from "./people-stage.ts";
import { own, PSBT, SIGN, withLines } from "./record-stage.ts";
import { folder, holds, homeOf, journalOf, PIN, psbtTexts, UNLOCK } from "./stage.ts";

const freezing = `${UNLOCK}pick Settings\npick Wait after a freeze\npick 1 hour\npress back\nsee Emergency\n`;
const TYPED = `see PIN\ntype ${PIN}\npress ok\n`;
const FROZEN = `see Frozen\ntype ${PIN}\npress ok\nsee vault.frozen\npage\npress ok\n`;

/** Kinds of lines, without the upkeep. */
async function kindsOf(disk: DiskState): Promise<string[]> {
  return (await journalOf(disk))
    .map(({ kind }) => kind)
    .filter((kind) => kind !== "kept" && kind !== "attested");
}

// ---------------------------------------------------------------- freeze and thaw

test("freeze and thaw, as docs/sessions plays it", async () => {
  const text = readFileSync(join(import.meta.dirname, "../../docs/sessions/freeze.txt"), "utf8");
  for (const size of [undefined, { columns: 40, rows: 15 }])
    await holds(text, { disk: await homeOf(), set: { PIN }, ...(size ? { size } : {}) });
});

test("a freeze by the menu, by the long hold, and by one while locked each have one line, and each thaw has one", async () => {
  const ways = [
    [`${freezing}pick Emergency\npick Freeze now\npress ok\n`, ["frozen", "locked", "thawed", "unlocked"]],
    [`${freezing}hold back\n`, ["frozen", "locked", "thawed", "unlocked"]],
    [`${freezing}pick Lock\nsee PIN\nhold back\n`, ["locked", "frozen", "thawed", "unlocked"]],
  ] as const;
  for (const [way, lines] of ways) {
    const { disk } = await holds(`${way}${FROZEN}clock +1h\n${UNLOCK}`, { disk: await homeOf() });
    assert.deepEqual((await kindsOf(disk)).slice(-4), lines);
  }
});

test("tries while frozen are entered at the unlock that thaws", async () => {
  const wrong = "type 000000\npress ok\nsee vault.wrong-pin\npage\npress ok\n";
  const { disk } = await holds(`${freezing}hold back\nsee Frozen\n${wrong}${wrong}clock +1h\n${UNLOCK}`, {
    disk: await homeOf(),
  });
  const last = (await journalOf(disk)).findLast(({ kind }) => kind === "unlocked");
  assert.equal(last?.kind === "unlocked" && last.failedTries, 2);
});

test("tries before a right PIN that opened nothing, or that was asked for at the menu, are entered at the next unlock, once", async () => {
  const wrong = "type 000000\npress ok\nsee vault.wrong-pin\npage\npress ok\n";
  const triesOf = async (disk: DiskState) =>
    (await journalOf(disk)).flatMap((line) => (line.kind === "unlocked" ? [line.failedTries] : [])).slice(-2);
  // Too early: it is still frozen.
  const frozen = await holds(
    `${freezing}hold back\nsee Frozen\n${wrong}${wrong}${FROZEN}${FROZEN}clock +1h\n${UNLOCK}pick Lock\n${UNLOCK}`,
    { disk: await homeOf() },
  );
  assert.deepEqual(await triesOf(frozen.disk), [2, 0]);
  const asks = "pick Settings\npick Change the PIN\nsee Your present PIN\n";
  const again = `press back\nsee Sign a transaction\n${asks}`;
  const open = await holds(
    `${UNLOCK}${asks}${wrong}${again}type ${PIN}\npress ok\npress back\nsee PIN\n${UNLOCK}pick Lock\n${UNLOCK}`,
    { disk: await homeOf() },
  );
  assert.deepEqual(await triesOf(open.disk), [1, 0]);
});

test("a freeze whose record was taken from the card holds again, and its wait begins anew", async () => {
  const { disk } = await holds(`${freezing}hold back\nsee Frozen`, { disk: await homeOf() });
  const before = (await homeOf()).get("tries")!;
  for (const tries of [undefined, before]) {
    const tampered = new Map(disk);
    if (tries) tampered.set("tries", tries);
    else tampered.delete("tries");
    const { disk: left } = await holds(
      `see PIN\nclock +2h\ntype ${PIN}\npress ok\nsee vault.freeze-lost\npage\npress ok\n${FROZEN}clock +50m\n${FROZEN}clock +10m\n${UNLOCK}`,
      { disk: tampered },
    );
    assert.deepEqual((await kindsOf(left)).slice(-4), ["frozen", "locked", "thawed", "unlocked"]);
  }
});

test("power that comes and goes never shortens the wait of a freeze", async () => {
  const { disk } = await holds(`${freezing}hold back\nsee Frozen`, { disk: await homeOf() });
  const round = `clock +40m\ncut\n${FROZEN}`;
  await holds(`${round}${round}${round}clock +59m\n${FROZEN}clock +1m\n${UNLOCK}`, { disk });
});

test("wherever power is cut between the freeze and its record, no PIN opens before the wait has passed", async () => {
  const base = await holds(freezing, { disk: await homeOf() });
  let looked = 0;
  for (let after = 1; after < 12; after++) {
    const steps = `${UNLOCK}cut ${after}\npick Emergency\npick Freeze now\npress ok\nsee PIN\n`;
    const { disk } = await holds(steps, { disk: base.disk });
    const said = (await kindsOf(disk)).slice(-3).includes("frozen");
    if (!said) continue;
    looked++;
    const result = await holds(`see PIN\ntype ${PIN}\npress ok\nunseen Sign a transaction`, { disk });
    assert.match(result.screen, /vault\.(frozen|freeze-lost)/, `cut ${after}`);
  }
  assert.ok(looked > 5);
});

test("a freeze that another PIN's home waited out is waited out again before the first one opens", async () => {
  const two = await chosen(SET_DURESS);
  const { disk } = await holds(
    `${freezing}hold back\n${FROZEN}clock +1h\n${unlockWith(DURESS)}pick Journal\npick newest first\nsee Thawed\npress back x2\npick Lock\n${TYPED}see vault.freeze-lost\npage\npress ok\n${FROZEN}clock +1h\n${UNLOCK}`,
    { disk: two },
  );
  assert.deepEqual((await kindsOf(disk)).slice(-4), ["frozen", "locked", "thawed", "unlocked"]);
});

// ---------------------------------------------------------------- refusals that freeze

const HOUR = 3_600_000;
const btc = (units: bigint) => ({ asset: "btc", units }) as const;
const hardly = (policy: Policy, withinMs: number): Policy => ({
  ...policy,
  freeze: { refusals: 3, withinMs },
  rules: policy.rules.flatMap(({ limit, ...rest }): Rule[] => {
    if (isOfEthereum(limit)) return [{ ...rest, limit }];
    if (limit.kind === "amount" && limit.per === "transaction")
      return [{ ...rest, limit: { ...limit, most: btc(40_000n) } }];
    if (limit.kind === "fee") return [{ ...rest, limit: { ...limit, most: btc(10_000n) } }];
    return limit.kind === "amount" ? [] : [{ ...rest, limit }];
  }),
});
const strictHome = async (withinMs = HOUR) =>
  changed((await holds(freezing, { disk: await homeOf() })).disk, (state) => ({
    ...state,
    policy: hardly(state.policy, withinMs),
  }));
const REFUSED = "pick Sign\nscan $PSBT\nsee policy.over-transaction-limit\npage\npress ok\n";
const AT_HOME = "see Sign a transaction\n";
/** The last one is not even shown. */
const LAST = "pick Sign\nscan $PSBT\n";
const DUE = `${LAST}see 3 requests were refused within 1 hour\npress ok\n${FROZEN}`;
const set = { PSBT };

test("as many refused requests as the policy says freeze the device, and the journal says why", async () => {
  const { disk } = await holds(`${UNLOCK}${REFUSED}${AT_HOME}${REFUSED}${AT_HOME}${DUE}`, {
    disk: await strictHome(),
    set,
  });
  const frozen = (await journalOf(disk)).filter(({ kind }) => kind === "frozen");
  assert.deepEqual(
    frozen.map((line) => line.kind === "frozen" && line.why),
    ["refusals"],
  );
  assert.deepEqual((await stateOn(disk)).policy.freeze, { refusals: 3, withinMs: HOUR });
});

test("they are counted through locks, cuts of power and restarts", async () => {
  const restart = "cut\n";
  await holds(
    `${UNLOCK}${REFUSED}${AT_HOME}${restart}${UNLOCK}${REFUSED}${AT_HOME}pick Lock\n${UNLOCK}${DUE}`,
    {
      disk: await strictHome(),
      set,
    },
  );
});

test("those that lie further back than the policy's time count no longer", async () => {
  const spread = `${UNLOCK}${REFUSED}${AT_HOME}clock +31m\nif see PIN\n${UNLOCK}end\n`;
  const again = `${REFUSED}${AT_HOME}clock +31m\nif see PIN\n${UNLOCK}end\n`;
  await holds(`${spread}${again}${again}${again}`, { disk: await strictHome(), set });
});

/** The owner's own wait is over, the policy's is not. */
const UNDUE = `type ${PIN}\npress ok\nsee vault.frozen\nsee to go\npage\npress ok\nsee PIN\n`;

test("a freeze by refusals lasts as long as they are counted, a day at most, also where no wait is chosen", async () => {
  const home = await changed(await homeOf(), (state) => ({ ...state, policy: hardly(state.policy, HOUR) }));
  const three = `${UNLOCK}${REFUSED}${AT_HOME}${REFUSED}${AT_HOME}${LAST}see 3 requests\npress ok\nsee PIN\n`;
  const { disk } = await holds(`${three}${UNDUE}cut\nclock +50m\n${UNDUE}clock +10m\n${UNLOCK}`, {
    ...{ disk: home, set },
  });
  assert.deepEqual((await kindsOf(disk)).slice(-2), ["thawed", "unlocked"]);
});

test("a freeze cancels what waits to allow more, before the thaw is written", async () => {
  const waiting = await changed(await homeOf(), (state) => ({
    ...state,
    pending: [{ change: { kind: "end-sweep" }, askedMs: 0, dueMs: 1 }],
  }));
  const { disk } = await holds(`see PIN\nhold back\nclock +10m\n${UNLOCK}`, { disk: waiting });
  assert.deepEqual((await stateOn(disk)).pending, []);
  const kinds = (await kindsOf(disk)).filter((kind) => kind !== "kept");
  assert.deepEqual(kinds.slice(-4), ["frozen", "change-cancelled", "thawed", "unlocked"]);
});

test("after a thaw it takes as many again, also within the same time", async () => {
  const three = `${REFUSED}${AT_HOME}${REFUSED}${AT_HOME}${LAST}see 3 requests were refused within 2 days\npress ok\n${FROZEN}`;
  const { disk } = await holds(
    `${UNLOCK}${three}clock +59m\n${FROZEN}clock +1m\n${UNDUE}clock +23h\n${UNLOCK}${REFUSED}${AT_HOME}${REFUSED}${AT_HOME}`,
    { disk: await strictHome(48 * HOUR), set },
  );
  assert.equal((await kindsOf(disk)).filter((kind) => kind === "frozen").length, 1);
});

test("it is frozen before it is said: whoever cuts the power at that screen wins nothing", async () => {
  await holds(`${UNLOCK}${REFUSED}${AT_HOME}${REFUSED}${AT_HOME}${LAST}see 3 requests\ncut\n${FROZEN}`, {
    disk: await strictHome(),
    set,
  });
});

test("what the owner declines, and what cannot be read or is none of his, does not count towards a freeze", async () => {
  const strange = psbtTexts(psbt(purse("p2wpkh", { phrases: [OTHER_WORDS] })), "base64")[0]!;
  const declined = `pick Sign\nscan $SMALL\nsee You send\npress back\nsee user.declined\npage\npress ok\n${AT_HOME}`;
  const unread = `pick Sign\nscan $STRANGE\nsee bitcoin.not-ours\npage\npress ok\n${AT_HOME}`;
  const small = psbt(own, {
    outputs: [
      { foreign: 1, amountSats: 10_000n },
      { of: own, branch: 1, index: 0, amountSats: 89_000n },
    ],
  });
  await holds(
    `${UNLOCK}${declined}${declined}${unread}${unread}${REFUSED}${AT_HOME}${REFUSED}${AT_HOME}${DUE}`,
    {
      disk: await strictHome(),
      set: { PSBT, STRANGE: strange, SMALL: psbtTexts(small, "base64")[0]! },
    },
  );
});

test("a policy that was not well formed is no request, and does not count either", async () => {
  const line = { kind: "refused", txid: "", reasons: ["policy.malformed"] } as const;
  const disk = await withLines(await strictHome(), [line, line, line]);
  await holds(`${UNLOCK}${REFUSED}${AT_HOME}${REFUSED}${AT_HOME}${DUE}`, { disk, set });
});

const OTHER_WORDS = "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong";

// ---------------------------------------------------------------- successor and sweep

const next = purse("p2wpkh", { phrases: [OTHER_WORDS] });
const paysNext = (() => {
  const script = next.template.derive(0, 0).scriptPubKey;
  return psbtTexts(psbt(own, { outputs: [{ script, amountSats: 90_000n }] }), "base64")[0]!;
})();
const EMERGENCY = "pick Emergency\nsee Freeze now\n";
const GESTURE = "page\npress ok\nhold both\n";
const UNLOCK_WAITING = UNLOCK.replace("see Sign a transaction\n", "");

const REGISTER = `${EMERGENCY}pick Successor: none\nscan $NEXT\nsee Name the successor\ntype ${" "}it\npress ok\nsee First addresses\n${"page\npress ok\n"}see This allows more\n`;

async function withSuccessor(): Promise<DiskState> {
  return changed(await homeOf(), (state) => ({
    ...state,
    successor: { name: "The next one", descriptor: next.wallet.descriptor },
  }));
}

test("a successor is registered with its first addresses compared, by PIN and gesture, and holds when it has waited", async () => {
  const { disk: asked } = await holds(
    `${UNLOCK}${REGISTER}${GESTURE}see Your present PIN\ntype ${PIN}\npress ok\nsee It waits\npage\npress ok\nsee PIN`,
    { disk: await homeOf(), set: { NEXT: next.wallet.descriptor } },
  );
  assert.equal((await stateOn(asked)).successor, undefined);
  const { disk } = await holds(
    `clock +25h\n${UNLOCK_WAITING}see A change waits\npage\npress ok\nsee What waited\npage\npress ok\n${AT_HOME}${EMERGENCY}see Successor: p2wpkh`,
    { disk: asked },
  );
  assert.equal((await stateOn(disk)).successor?.descriptor, next.wallet.descriptor);
  assert.ok((await kindsOf(disk)).includes("successor-set"));
});

test("a wallet with a key of this device is no successor, alone or among others, or under another fingerprint", async () => {
  const mine = purse("p2wpkh").wallet.descriptor;
  const among = purse("p2wsh").wallet.descriptor;
  const lying = [mine, mine.replace("wpkh(", "tr("), among].map((descriptor) => {
    const bare = descriptor.replace(/#.*$/, "").replace("[73c5da0a", "[12345678");
    return `${bare}#${checksum(bare)}`;
  });
  for (const NEXT of [mine, among, ...lying])
    await holds(`${UNLOCK}${EMERGENCY}pick Successor: none\nscan $NEXT\nsee emergency.successor-known`, {
      disk: await homeOf(),
      set: { NEXT },
    });
});

const BEGIN = `${EMERGENCY}pick I think I am compromised\nsee only what pays to your successor, The next one\n${GESTURE}see Signed in the last 30 days\npage\npress ok\nsee How to sweep\npage\npress ok\nsee The next one: next addresses\n`;

test("the guided way shows what was signed, leads to the successor's addresses as codes, and only a sweep is signed then", async (t) => {
  const OUT = folder(t);
  const { disk } = await holds(
    `${UNLOCK}${SIGN}${BEGIN}press ok\nsee Address 0/0\ncodes $OUT\npress ok\npress back\nsee A sweep has begun\npress back\n${AT_HOME}
     pick Sign\nscan $PSBT\nsee policy.destination\nsee Until it ends only what pays to the successor\npage\npress ok\n${AT_HOME}
     pick Sign\nscan $NEXT\npage\nsee Sign?\nhold ok\nsee Signed\npress ok\n${AT_HOME}`,
    { disk: await withSuccessor(), set: { PSBT, NEXT: paysNext, OUT } },
  );
  assert.equal((await stateOn(disk)).sweep, true);
  const kinds = await kindsOf(disk);
  assert.deepEqual(kinds.slice(kinds.indexOf("sweep-begun")), ["sweep-begun", "refused", "spent", "signed"]);
  // It outlives the lock, and the address that was paid is not the next one any more.
  await holds(
    `${UNLOCK}pick Sign\nscan $PSBT\nsee policy.destination\npage\npress ok\n${AT_HOME}${EMERGENCY}pick The sweep: what to do\npage\npress ok\npage\npress ok\nsee The next one: next addresses\npress ok\nsee Address 0/1`,
    { disk, set: { PSBT } },
  );
});

test("what was signed in thirty days is shown to whoever fears the worst, and what is older is not", async () => {
  const { disk, wallMs } = await holds(`${UNLOCK}${SIGN}`, { disk: await withSuccessor(), set });
  const begin = `${UNLOCK}${EMERGENCY}pick I think I am compromised\n${GESTURE}see Signed in the last 30 days\n`;
  const later = { disk, wallMs };
  await holds(`clock +29d\n${begin}see 2026-01-01 12:0\nsee BTC\nunseen Nothing.`, later);
  await holds(`clock +31d\n${begin}see Nothing.`, later);
});

test("a sweep ends only after the wait, and until then nothing else is signed", async () => {
  const sweeping = await changed(await withSuccessor(), (state) => ({ ...state, sweep: true }));
  const { disk: asked } = await holds(
    `${UNLOCK}${EMERGENCY}pick End the sweep\nsee This allows more\n${GESTURE}type ${PIN}\npress ok\nsee It waits\npage\npress ok\n${UNLOCK_WAITING}see A change waits\npage\npress ok\n${AT_HOME}pick Sign\nscan $PSBT\nsee policy.destination`,
    { disk: sweeping, set },
  );
  const { disk } = await holds(
    `clock +25h\n${UNLOCK_WAITING}see A change waits\npage\npress ok\nsee What waited\npage\npress ok\n${AT_HOME}${SIGN}`,
    { disk: asked, set },
  );
  assert.equal((await stateOn(disk)).sweep, undefined);
});

test("what waited to allow more is cancelled when a sweep begins, another successor among it", async () => {
  const change = { kind: "successor", name: "Theirs", descriptor: own.wallet.descriptor } as const;
  const waiting = await changed(await withSuccessor(), (state) => ({
    ...state,
    pending: [{ change, askedMs: 0, dueMs: Date.UTC(2100, 0) }],
  }));
  const { disk } = await holds(`${UNLOCK_WAITING}see A change waits\npage\npress ok\n${AT_HOME}${BEGIN}`, {
    disk: waiting,
  });
  assert.deepEqual((await stateOn(disk)).pending, []);
  assert.equal((await kindsOf(disk)).at(-1), "change-cancelled");
});

test("while a sweep is under way its successor cannot be exchanged or removed", async () => {
  const sweeping = await changed(await withSuccessor(), (state) => ({ ...state, sweep: true }));
  for (const label of ["Register another", "Remove it"])
    await holds(`${UNLOCK}${EMERGENCY}pick Successor\npick ${label}\nsee emergency.sweep-under-way`, {
      disk: sweeping,
    });
});

test("a successor is removed at once, and without one the guided way shows what was signed and freezes", async () => {
  const { disk: removed } = await holds(
    `${UNLOCK}${EMERGENCY}pick Successor\npick Remove it\nsee Without The next one nothing can be swept\npress ok\nscan $NEXT\nsee Name the successor`,
    { disk: await withSuccessor(), set: { NEXT: next.wallet.descriptor } },
  );
  assert.equal((await stateOn(removed)).successor, undefined);
  const { disk } = await holds(
    `${freezing}${SIGN}${EMERGENCY}pick I think I am compromised\nsee No successor was registered\nsee Signed in the last 30 days\npage\npress ok\n${FROZEN}`,
    { disk: removed, set },
  );
  const frozen = (await journalOf(disk)).findLast(({ kind }) => kind === "frozen");
  assert.equal(frozen?.kind === "frozen" && frozen.why, "compromised");
});

test("everything of an emergency fits the smallest screen", async () => {
  await holds(
    `${UNLOCK}${SIGN}${BEGIN}press ok\npress ok\npress back\nsee A sweep has begun\npick Successor\npick Keys and first\npage\npress ok\n`,
    { disk: await withSuccessor(), set: { PSBT }, size: { columns: 40, rows: 15 } },
  );
});
