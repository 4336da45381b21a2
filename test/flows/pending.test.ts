// What allows more waits: how it is asked for, shown, cancelled, and holds; and what a cut of power leaves of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { DiskState, RecordingDisk } from "../../device/sim/recording.ts";
import type { HomeState } from "../../src/flows/state.ts";
import type { Change } from "../../src/keeping.ts";
import { LIMITS } from "../../src/limits.ts";
import { policyFingerprint, writePolicy } from "../../src/policy/index.ts";
import { PHRASES, psbt, purse, request } from "../bitcoin/build.ts";
import { ASKED, amountOf, changed, EDIT, LESS, MORE, READ, SHOWN, stateOf, TAKE } from "./policy-stage.ts";
import { folder, holds, homeOf, journalOf, PIN, papers, play, psbtTexts, UNLOCK } from "./stage.ts";

let made: Promise<DiskState> | undefined;
/** 2000 BTC a day wait to be allowed. */
function waiting(): Promise<DiskState> {
  made ??= (async () => (await holds(ASKED, { disk: await homeOf() })).disk)();
  return made;
}

const CANCEL = "press back\nsee Cancelled\npress ok\nsee Sign a transaction\n";
const GO_ON = "page\npress ok\nsee Sign a transaction\n";

async function kinds(disk: DiskState): Promise<readonly string[]> {
  return (await journalOf(disk)).map(({ kind }) => kind).filter((kind) => kind !== "kept");
}

test("an edit that loosens under duress does not hold at once: it waits a day, and every unlock shows it", async () => {
  const disk = await waiting();
  const { policy, pending } = await stateOf(disk);
  assert.equal(policy.number, 1);
  assert.equal(pending.length, 1);
  const [asked] = pending;
  assert.equal(asked!.dueMs - asked!.askedMs, 86_400_000);
  const line = (await journalOf(disk)).find(({ kind }) => kind === "change-asked");
  assert.ok(line?.kind === "change-asked" && line.due === asked!.dueMs);
  assert.match(line.what, /^policy 2 \([0-9a-f]{8}\)$/);
  const twice = `${SHOWN}see 2000 BTC per day\nsee Holds\n${GO_ON}pick Lock\n${SHOWN}${GO_ON}`;
  const after = await holds(`clock +23h\n${twice}`, { disk });
  assert.equal((await stateOf(after.disk)).policy.number, 1);
});

test("the wait begins when the PIN was given, and not when the question was opened", async () => {
  const asks = ASKED.replace("see Your present PIN\n", "see Your present PIN\nclock +4m\n");
  const { disk } = await holds(asks, { disk: await homeOf() });
  const lines = await journalOf(disk);
  const at = lines.findIndex(({ kind }) => kind === "change-asked");
  const line = lines[at];
  assert.ok(line?.kind === "change-asked" && lines[at - 1]!.at < line.at - 200_000);
  assert.ok(line.due >= line.at + 86_400_000);
});

test("one press cancels it, at any unlock, without a PIN or a question, and nothing is left of it", async () => {
  const { disk } = await holds(`${SHOWN}${CANCEL}pick Lock\n${UNLOCK}`, { disk: await waiting() });
  const { policy, pending } = await stateOf(disk);
  assert.deepEqual([policy.number, pending.length], [1, 0]);
  assert.ok((await kinds(disk)).includes("change-cancelled"));
  assert.ok(!(await kinds(disk)).includes("change-done"));
  const later = await holds(`clock +30d\n${UNLOCK}`, { disk });
  assert.equal((await stateOf(later.disk)).policy.number, 1);
});

test("after its wait it is shown once more, and then holds, with its lines", async () => {
  const steps = `clock +24h\n${SHOWN}see now\npage\npress ok\nsee Holds now\npress ok\nsee Sign a transaction`;
  const { disk } = await holds(steps, { disk: await waiting() });
  const { policy, pending } = await stateOf(disk);
  assert.deepEqual([policy.number, pending.length], [2, 0]);
  const lines = await journalOf(disk);
  const held = lines.findLast(({ kind }) => kind === "policy");
  assert.ok(held?.kind === "policy");
  assert.deepEqual([held.number, held.how, held.fingerprint], [2, "loosened", policyFingerprint(policy)]);
  assert.equal(lines.filter(({ kind }) => kind === "change-done").length, 1);
});

test("what comes due while the device is open holds when the menu comes up, and not before", async () => {
  const open = `${SHOWN}${GO_ON}pick Policy\n`;
  const { disk } = await holds(
    `clock +1435m\n${open}pick Waiting changes (1)\npress back\nclock +4m\npick Head-room\nclock +2m\npage\npress ok\nsee Holds now\npress ok\npick Waiting changes (0)\nsee None waits`,
    { disk: await waiting() },
  );
  assert.equal((await stateOf(disk)).policy.number, 2);
});

test("a clock that somebody set forward hastens nothing", async () => {
  const { disk } = await holds(
    `${SHOWN}${GO_ON}clock 2031-01-01T00:00Z\npick Policy\nsee Waiting changes (1)`,
    {
      disk: await waiting(),
    },
  );
  assert.equal((await stateOf(disk)).policy.number, 1);
});

test("who turns back at any step, or types a wrong PIN, has asked for nothing", async () => {
  const disk = await homeOf();
  const steps = `${EDIT}${MORE}${READ}press ok\nsee This allows more\npage\npress ok\n`;
  for (const rest of [
    "press back\n",
    "hold both\nsee Your present PIN\npress back\n",
    "hold both\ntype 111111\npress ok\nsee vault.wrong-pin\npage\npress ok\nsee as edited\n",
  ]) {
    const after = await holds(steps + rest, { disk });
    const state = await stateOf(after.disk);
    assert.deepEqual([state.policy.number, state.pending.length], [1, 0]);
    assert.ok(!(await kinds(after.disk)).includes("change-asked"));
  }
});

test("with a security key enrolled, PIN and gesture alone ask for nothing", async () => {
  const enrol = `${UNLOCK}pick Settings\npick Security keys\npick Add a security key\npage\npress ok
see Your present PIN\ntype ${PIN}\npress ok\nsee A name that tells\npress ok\nsee Plug in\nplug blue
touch\nsee once more\ntouch\nsee The security key is enrolled\npress ok\n`;
  const open = `see PIN\ntype ${PIN}\npress ok\nsee Plug in\nplug blue\ntouch\nsee Sign a transaction\n`;
  const begun = ASKED.slice(UNLOCK.length).replace(/see It waits[\s\S]*/, "");
  const home = await holds(enrol, { disk: await homeOf() });
  const left = `${open}unplug blue\n${begun}see has to agree as well\npress back\nsee factor.left\npage\npress ok\nsee PIN`;
  const without = await holds(left, home);
  await holds(`${open}pick Policy\nsee Waiting changes (0)`, { disk: without.disk, keys: without.keys });
  const asked = await holds(
    `${open}${begun}see has to agree as well\ntouch\nsee It waits\npage\npress ok\n`,
    home,
  );
  const shown = open.replace("see Sign a transaction", "see A change waits");
  await holds(shown, { disk: asked.disk, keys: asked.keys });
});

test("a second policy does not wait beside the first: it is said which one does", async () => {
  const steps = `${SHOWN}${GO_ON}${EDIT.slice(UNLOCK.length)}${amountOf("per transaction", "100", "150")}${READ}press ok\nsee change.waiting\nsee policy 2`;
  const { disk } = await holds(steps, { disk: await waiting() });
  assert.equal((await stateOf(disk)).pending.length, 1);
});

test("no more changes wait than can be looked through at an unlock", async () => {
  const disk = await changed(await homeOf(), (state) => ({
    ...state,
    pending: Array.from({ length: LIMITS.pending }, (_, i) => ({
      change: { kind: "release", txid: String(i).padStart(64, "0") } as const,
      ...{ askedMs: 0, dueMs: 4e12 },
    })),
  }));
  const seen = "see A change waits\npage\npress ok\n".repeat(LIMITS.pending);
  const asks = ASKED.replace(UNLOCK, `see PIN\ntype ${PIN}\npress ok\n${seen}see Sign a transaction\n`);
  const { disk: left } = await holds(asks.replace(/see This allows more[\s\S]*/, "see change.too-many"), {
    disk,
  });
  assert.equal((await stateOf(left)).pending.length, LIMITS.pending);
});

test("a policy that is stricter and taken meanwhile sends the waiting one away", async () => {
  const steps = `${SHOWN}${GO_ON}${EDIT.slice(UNLOCK.length)}${LESS}pick Read it and take it\npage\nsee What waits goes\nclock +1s\nhold ok\nsee It holds\npress ok\nsee Waiting changes (0)`;
  const { disk } = await holds(steps, { disk: await waiting() });
  const { policy, pending } = await stateOf(disk);
  assert.deepEqual([policy.number, pending.length], [2, 0]);
  assert.match(
    JSON.stringify(policy.rules, (_, v) => (typeof v === "bigint" ? `${v}` : v)),
    /"50000000000"/,
  );
  assert.ok((await kinds(disk)).includes("change-cancelled"));
});

test("under Policy, what waits is read and cancelled as at the door", async () => {
  const steps = `${SHOWN}${GO_ON}pick Policy\npick Waiting changes (1)\npick policy 2\nsee A change waits\npress back\nsee Cancelled\npress ok\nsee None waits`;
  const { disk } = await holds(steps, { disk: await waiting() });
  assert.equal((await stateOf(disk)).pending.length, 0);
});

// ---------------------------------------------------------------- cuts

interface Journey {
  readonly name: string;
  readonly from: () => Promise<DiskState>;
  readonly script: string;
  /** The numbers of the policies that may hold afterwards, and how many changes may wait then. */
  readonly may: readonly (readonly [number: number, waiting: number])[];
}

const JOURNEYS: readonly Journey[] = [
  {
    name: "asking",
    from: homeOf,
    script: ASKED,
    may: [
      [1, 0],
      [1, 1],
    ],
  },
  {
    name: "cancelling",
    from: waiting,
    script: `${SHOWN}${CANCEL}`,
    may: [
      [1, 1],
      [1, 0],
    ],
  },
  {
    name: "holding",
    from: waiting,
    script: `clock +25h\n${SHOWN}page\npress ok\nsee Holds now\npress ok\nsee Sign a transaction`,
    may: [
      [1, 1],
      [2, 0],
    ],
  },
  {
    name: "tightening",
    from: homeOf,
    script: `${EDIT}${LESS}${TAKE}`,
    may: [
      [1, 0],
      [2, 0],
    ],
  },
];

async function states(journey: Journey): Promise<readonly DiskState[]> {
  const disk = await journey.from();
  const { operations } = await holds(journey.script, { disk });
  const all: DiskState[] = [];
  for (let cut = 1; cut <= operations + 1; cut++) {
    let left: readonly DiskState[] = [];
    const keeps = (card: RecordingDisk) => {
      if (left.length === 0) left = card.states();
      return left[0]!;
    };
    await play(`cut ${cut}\n${journey.script}\ncut`, { disk, keeps });
    all.push(...left);
  }
  return all;
}

for (const journey of JOURNEYS)
  test(`a cut anywhere in ${journey.name} leaves the change undone or done, never twice, and never without its line`, async (t) => {
    const found = await states(journey);
    t.diagnostic(`${found.length} states`);
    for (const disk of found) {
      const { policy, pending } = await stateOf(disk);
      const now = [policy.number, pending.length] as const;
      assert.ok(
        journey.may.some(([number, waits]) => number === now[0] && waits === now[1]),
        `policy ${now[0]}, ${now[1]} wait`,
      );
      const lines = await journalOf(disk);
      const held = lines.flatMap((line) => (line.kind === "policy" ? [line.number] : []));
      assert.ok(held.includes(policy.number), "what holds has its line");
      if (pending.length > 0) assert.ok(lines.some(({ kind }) => kind === "change-asked"));
      const cancelled = lines.some(({ kind }) => kind === "change-cancelled");
      if (journey.name === "cancelling" && pending.length === 0) assert.ok(cancelled, "a line was lost");
      // It starts again, and what was under way comes to its end.
      const again = await holds(
        `${journey.name === "holding" || cancelled ? "clock +25h\n" : ""}see PIN\ntype ${PIN}\npress ok\nif see A change waits\npage\npress ok\nend\nif see Holds now\npress ok\nend\nsee Sign a transaction`,
        { disk },
      );
      const after = await stateOf(again.disk);
      if (journey.name === "holding") assert.deepEqual([after.policy.number, after.pending.length], [2, 0]);
      else assert.equal(after.policy.number, policy.number);
      if (cancelled) assert.equal(after.pending.length, 0, "what was cancelled waits no longer");
    }
  });

test("what waits and can no longer be read shuts no home: it is shown, and dropped when it is due", async () => {
  const disk = await changed(await waiting(), (state) => ({
    ...state,
    pending: state.pending.map((one) => ({ ...one, change: { kind: "policy", text: "Firn policy 1\n" } })),
  }));
  const steps = `clock +25h\n${SHOWN}see can no longer be read\nsee It will not hold\npage\npress ok\nsee Dropped\npress ok\nsee Sign a transaction`;
  const { disk: after } = await holds(steps, { disk });
  const { policy, pending } = await stateOf(after);
  assert.deepEqual([policy.number, pending.length], [1, 0]);
});

// ---------------------------------------------------------------- each kind

const own = purse("p2wpkh");
const theirs = purse("p2tr", { phrases: [PHRASES[1]!] });

/** A home in which this is due, before the door. */
async function due(change: Change, disk: DiskState, more: Partial<HomeState> = {}): Promise<DiskState> {
  return changed(disk, (state) => ({ ...state, ...more, pending: [{ change, askedMs: 0, dueMs: 1 }] }));
}
const HOLDS = "page\npress ok\nsee Holds now\npage\npress ok\nsee Sign a transaction\n";

test("a release that waited gives head-room back, once", async (t) => {
  const camera = papers(folder(t), psbtTexts(psbt(own), "base64"));
  const signed = await holds(`${UNLOCK}pick Sign\ncamera ${camera}\npage\nhold ok\nsee Signed`, {
    disk: await homeOf(),
  });
  const { txid } = request(own, psbt(own)).spend;
  const disk = await due({ kind: "release", txid }, signed.disk);
  const room = "pick Policy\npick Head-room\n";
  const { disk: after } = await holds(
    `${SHOWN}see ${txid}\nsee If it was broadcast after all\n${HOLDS}${room}see 0.00000000 BTC taken`,
    { disk },
  );
  const lines = await journalOf(after);
  assert.equal(lines.filter((line) => line.kind === "released" && line.txid === txid).length, 1);
});

test("a successor that waited is registered, with its fingerprint in the journal", async () => {
  const { descriptor, fingerprint } = theirs.wallet;
  const disk = await due({ kind: "successor", name: "Cold", descriptor }, await homeOf());
  const { disk: after } = await holds(`${SHOWN}see successor Cold\n${HOLDS}`, { disk });
  assert.deepEqual((await stateOf(after)).successor, { name: "Cold", descriptor });
  const line = (await journalOf(after)).find(({ kind }) => kind === "successor-set");
  assert.ok(line?.kind === "successor-set" && line.fingerprint === fingerprint);
});

test("a sweep that was asked to end ends when its wait is over, and not when it is cancelled", async () => {
  const { descriptor } = theirs.wallet;
  const sweeping = { successor: { name: "Cold", descriptor }, sweep: true } as const;
  const disk = await due({ kind: "end-sweep" }, await homeOf(), sweeping);
  const ended = await holds(`${SHOWN}see the sweep ends\n${HOLDS}`, { disk });
  assert.equal((await stateOf(ended.disk)).sweep, undefined);
  assert.ok((await kinds(ended.disk)).includes("sweep-ended"));
  const kept = await holds(`${SHOWN}press back\nsee Cancelled\npress ok\nsee Sign`, { disk });
  assert.equal((await stateOf(kept.disk)).sweep, true);
});

test("a date that waited is set by as much as was asked for, once, and windows know nothing of it", async () => {
  const disk = await due({ kind: "date", byMs: 7_200_000 }, await homeOf(), { dateOffsetMs: -1_000 });
  const { disk: after } = await holds(`${SHOWN}see 2 hours forward\n${HOLDS}pick Lock\n${UNLOCK}`, { disk });
  assert.equal((await stateOf(after)).dateOffsetMs, 7_199_000);
  const lines = await journalOf(after);
  const line = lines.find(({ kind }) => kind === "date-set");
  assert.ok(line?.kind === "date-set" && line.offset === "+7199");
  assert.ok(lines.at(-1)!.at - lines[0]!.at < 3_600_000, "no line is later for it");
});

test("a cut anywhere while a date and a release come to hold leaves each done once in the end, and none cancelled that holds", async (t) => {
  const { txid } = request(own, psbt(own)).spend;
  const camera = papers(folder(t), psbtTexts(psbt(own), "base64"));
  const signed = await holds(`${UNLOCK}pick Sign\ncamera ${camera}\npage\nhold ok\nsee Signed`, {
    disk: await homeOf(),
  });
  const disk = await changed(signed.disk, (state) => ({
    ...state,
    pending: [
      { change: { kind: "release", txid }, askedMs: 0, dueMs: 10 },
      { change: { kind: "date", byMs: 7_200_000 }, askedMs: 0, dueMs: 20 },
    ],
  }));
  const script = `${SHOWN}page\npress ok\nsee the date\npage\npress ok\nsee Holds now\npress ok\nsee Sign a transaction`;
  const name = "holding both";
  for (const left of await states({ name, from: async () => disk, script, may: [] })) {
    const again = `see PIN\ntype ${PIN}\npress ok\nif see counts no longer\npress back\nsee Cancelled\npress ok\nend\nif see the date\npage\npress ok\nend\nif see Holds now\npage\npress ok\nend\nsee Sign a transaction`;
    const after = await holds(again, { disk: left });
    const { dateOffsetMs, pending } = await stateOf(after.disk);
    assert.deepEqual([dateOffsetMs, pending.length], [7_200_000, 0]);
    const told = await kinds(after.disk);
    const isCancelled = told.includes("change-cancelled");
    assert.equal(told.includes("released"), !isCancelled, "what is said of it is what counts");
  }
});

test("a journal that is taken away, with a clock that is set ahead, ends no wait: what was asked for before the loss goes", async () => {
  const disk = new Map([...(await waiting())].filter(([name]) => !/^(journal|checkpoint)/.test(name)));
  const goesOn = `see PIN\ntype ${PIN}\npress ok\npage\npress ok\npick Go on without the rest\npage\npress ok\nhold both\n`;
  const { disk: left } = await holds(
    `${goesOn}see A change waits\nsee now\npage\npress ok\nsee Dropped: policy 2\nsee lines of the journal were lost`,
    { disk, wallMs: Date.UTC(2046, 0, 1) },
  );
  const { policy, pending } = await stateOf(left);
  assert.deepEqual([policy.number, pending.length], [1, 0]);
});

test("several that are due hold in the order in which they were due, each with its line", async () => {
  const disk = await changed(await homeOf(), (state) => ({
    ...state,
    pending: [
      { change: { kind: "date", byMs: 1000 }, askedMs: 0, dueMs: 20 },
      {
        change: { kind: "successor", name: "Cold", descriptor: theirs.wallet.descriptor },
        askedMs: 0,
        dueMs: 10,
      },
    ],
  }));
  const steps = `see PIN\ntype ${PIN}\npress ok\nsee the date\npage\npress ok\nsee successor Cold\npage\npress ok\nsee Holds now\npress ok\nsee Sign`;
  const { disk: after } = await holds(steps, { disk });
  const told = (await kinds(after)).filter((kind) => /^(date-set|successor-set|change-done)$/.test(kind));
  assert.deepEqual(told, ["successor-set", "change-done", "date-set", "change-done"]);
});

test("a waiting policy that is older than the one that holds by then is dropped, and said to be", async () => {
  const { policy } = await stateOf(await homeOf());
  const text = writePolicy({ ...policy, number: 3 });
  const disk = await due({ kind: "policy", text }, await homeOf(), { policy: { ...policy, number: 3 } });
  const { disk: after } = await holds(
    `${SHOWN}page\npress ok\nsee Dropped: policy 3\nsee a newer one holds\npress ok\nsee Sign`,
    { disk },
  );
  assert.equal((await stateOf(after)).pending.length, 0);
  assert.ok(!(await kinds(after)).includes("change-done"));
});
