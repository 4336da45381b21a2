// Those whom a policy asks, as they stand in front of the device: each factor, m of n, wrong proofs, cuts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { DiskState, RecordingDisk } from "../../device/sim/recording.ts";
import { transactionCode } from "../../src/code.ts";
import { challengeOf, hotp } from "../../src/factors/index.ts";
import { policyNow } from "../../src/flows/emergency/active.ts";
import { main } from "../../src/main.ts";
import { policyFingerprint } from "../../src/policy/index.ts";
import type { Ports } from "../../src/ports.ts";
import { CODE } from "../../src/rules.ts";
import { PHRASES, psbt, purse, request } from "../bitcoin/build.ts";
import { messagesIn } from "../factors/run.ts";
import {
  AGAIN,
  ASKED,
  asking,
  byCounter,
  byKey,
  byPin,
  byTime,
  changed,
  headOn,
  homeAsking,
  OTHER_PSBT,
  OTHER_SECRET,
  PSBT,
  peopleOn,
  SECRET,
  SIGNED,
  stateOn,
  stepAfter,
  TO_ASK,
} from "./people-stage.ts";
import { folder, holds, homeOf, journalOf, PIN, type Play, papers, play, psbtTexts } from "./stage.ts";

const set = { PSBT };
const anna = [{ need: 1, of: ["anna"] }];

async function linesOf(disk: DiskState, kind: string) {
  return (await journalOf(disk)).filter((entry) => entry.kind === kind);
}

const signatures = async (disk: DiskState) => (await linesOf(disk, "signed")).length;

// ---------------------------------------------------------------- each factor

test("anna agrees by the code of her authenticator, and the journal says that she did before it says that it was recorded", async () => {
  const disk = await homeAsking(anna, { anna: byTime() });
  const code = hotp(SECRET, await stepAfter(disk));
  const played = await holds(
    `${TO_ASK}see anna\nunseen Not enrolled\npick anna\nsee Time here\nsee 2026-01-01\ntype ${code}\npress ok\n${SIGNED}`,
    { disk, set },
  );
  const kinds = (await journalOf(played.disk)).map(({ kind }) => kind);
  const proof = (await linesOf(played.disk, "proof"))[0]!;
  assert.deepEqual(proof.kind === "proof" && [proof.person, proof.factor, proof.txid.length], [
    "anna",
    "totp",
    64,
  ]);
  assert.ok(kinds.indexOf("proof") < kinds.indexOf("spent"));
  assert.ok(kinds.indexOf("spent") < kinds.indexOf("signed"));
});

test("bert agrees by the codes of a counter, also when some were passed over", async () => {
  const disk = await homeAsking([{ need: 1, of: ["bert"] }], { bert: byCounter() });
  const first = await holds(
    `${TO_ASK}pick bert\nunseen Time here\ntype ${hotp(SECRET, 7)}\npress ok\n${SIGNED}`,
    {
      ...{ disk, set },
    },
  );
  const [kept] = await peopleOn(first.disk);
  assert.ok(kept!.factor.kind === "hotp" && kept!.factor.next === 8);
});

test("carl agrees by a PIN of his own", async () => {
  const disk = await homeAsking([{ need: 1, of: ["carl"] }], { carl: await byPin("867530") });
  await holds(`${TO_ASK}pick carl\nsee carl's PIN\ntype 867530\npress ok\n${SIGNED}`, { disk, set });
  const short = `${TO_ASK}pick carl\ntype 86753\npress ok\nsee At least 6 digits`;
  await holds(short, { disk, set });
});

test("dora agrees by a touch of her security key, or by its PIN and a touch where it was enrolled so", async () => {
  for (const make of [{}, { pin: "4711" }] as const) {
    const { factor, memory } = byKey(make);
    const disk = await homeAsking([{ need: 1, of: ["dora"] }], { dora: factor });
    const keys = new Map([["green", memory]]);
    const pin = "pin" in make ? `see PIN of the key\ntype ${make.pin}\npress ok\n` : "";
    const script = `${TO_ASK}pick dora\nsee Plug in\nplug green\n${pin}see Touch\ntouch\n${SIGNED}`;
    await holds(script, { disk, set, keys });
  }
});

/** What a security key was given, of a journey up to its touch. */
async function signedBy(memory: string, disk: DiskState, PSBT: string) {
  const sent: Uint8Array[] = [];
  const listening = (ports: Ports) => {
    const send = (packet: Uint8Array) => {
      sent.push(packet);
      ports.securityKey.send(packet);
    };
    return main({ ...ports, securityKey: { send } });
  };
  const script = `${TO_ASK}pick dora\nsee Plug in\nplug green\nsee Touch`;
  const keys = new Map([["green", memory]]);
  const asked = await holds(script, { disk, set: { PSBT }, main: listening, keys });
  return { sent, disk: asked.disk };
}

async function isAsked({ sent, disk }: Awaited<ReturnType<typeof signedBy>>, bytes: Uint8Array) {
  const { txid, amounts } = request(purse("p2wpkh"), bytes).spend;
  const policy = policyNow({ state: await stateOn(disk) });
  const expected = challengeOf({
    ...{ txid, amounts, head: await headOn(disk) },
    policy: { fingerprint: policyFingerprint(policy), number: policy.number },
  });
  const signing = messagesIn(sent).filter((message) => message.includes(Buffer.from(expected)));
  assert.deepEqual(
    signing.map((message) => message[0]),
    [0x02],
  );
}

test("what dora's key is asked to sign is the digest of this transaction, of the policy that asks, and of the journal as it stands", async () => {
  const { factor, memory } = byKey();
  const disk = await homeAsking([{ need: 1, of: ["dora"] }], { dora: factor });
  await isAsked(await signedBy(memory, disk, PSBT), ASKED);
});

test("in a sweep, what a key signs names the sweep's rules, which ask, and not those that stand still", async () => {
  const { factor, memory } = byKey();
  const dora = { need: 1, of: ["dora"] };
  const { wallet, template } = purse("p2wpkh", { phrases: PHRASES.slice(1) });
  const disk = await changed(await homeAsking([dora, dora], { dora: factor }), (state) => ({
    ...state,
    successor: { name: "next", descriptor: wallet.descriptor },
    sweep: true,
  }));
  const script = template.derive(0, 0).scriptPubKey;
  const sweep = psbt(purse("p2wpkh"), { outputs: [{ script, amountSats: 99_000n }] });
  await isAsked(await signedBy(memory, disk, psbtTexts(sweep, "base64")[0]!), sweep);
});

test("the transaction's own code is typed, as another machine prints it, and never shown before", async () => {
  const disk = await homeAsking([{ need: 1, of: [CODE] }], {});
  const start = `${TO_ASK}pick The transaction's code\nsee npm run explain\n`;
  const waiting = await holds(start, { disk, set });
  const refused = await holds(`${start}type 0000 0000\npress ok\nsee not this transaction's code`, {
    disk,
    set,
  });
  const [line] = await linesOf(refused.disk, "refused");
  assert.ok(line?.kind === "refused" && line.reasons[0] === "people.wrong-proof");
  assert.equal(line.person, CODE, "the journal says whose it was");
  const code = transactionCode(line.txid);
  assert.ok(!waiting.printed.includes(code));
  await holds(`${start}type ${code}\npress ok\n${SIGNED}`, { disk, set });
  await holds(`${start}type ${code.replace(" ", "")}\npress ok\n${SIGNED}`, { disk, set });
});

const shipped = (name: string) =>
  readFileSync(join(import.meta.dirname, "../../docs/sessions", `${name}.txt`), "utf8");

test("the shipped sessions enrol a security key, and sign by it and by an authenticator", async (t) => {
  const at = folder(t);
  const common = { PIN, CAMERA: papers(join(at, "in"), [PSBT]), OUT: join(at, "out") };
  const enrolled = await holds(shipped("enrol-key"), {
    ...{ disk: await homeOf(), set: { PIN, PERSON: "dora", KEY: "green" } },
  });
  const disk = await changed(enrolled.disk, (state) => ({
    ...state,
    policy: asking(state.policy, { need: 1, of: ["dora"] }),
  }));
  await holds(shipped("fido2"), {
    ...{ disk, keys: enrolled.keys },
    set: { ...common, PERSON: "dora", KEY: "green" },
  });
  const other = await homeAsking(anna, { anna: byTime() });
  const CODE_NOW = hotp(SECRET, await stepAfter(other));
  await holds(shipped("totp"), { disk: other, set: { ...common, PERSON: "anna", CODE: CODE_NOW } });
});

// ---------------------------------------------------------------- who, and how many

test("two of three agree in any order, each by a factor of their own, and the third is not asked", async () => {
  const { factor, memory } = byKey();
  const of = ["anna", "bert", "dora"];
  const disk = await homeAsking([{ need: 2, of }], {
    anna: byTime(),
    bert: await byPin("867530"),
    dora: factor,
  });
  const keys = new Map([["green", memory]]);
  const script = `${TO_ASK}see 2 of anna, bert, dora\npick dora\nsee Plug in\nplug green\nsee Touch\ntouch
    see 1 of anna, bert\nunseen dora\npick bert\ntype 867530\npress ok\n${SIGNED}`;
  const played = await holds(script, { disk, set, keys });
  const proofs = await linesOf(played.disk, "proof");
  assert.deepEqual(
    proofs.map((line) => line.kind === "proof" && [line.person, line.factor]),
    [
      ["dora", "key"],
      ["bert", "pin"],
    ],
  );
});

test("one person counts in every ask that names that person, and proves it once", async () => {
  const asks = [
    { need: 1, of: ["anna", "bert"] },
    { need: 2, of: ["anna", "carl"] },
  ];
  const people = { anna: await byPin("111111"), bert: await byPin("222222"), carl: await byPin("333333") };
  const disk = await homeAsking(asks, people);
  const script = `${TO_ASK}see 1 of anna, bert\nsee anna and carl\npick anna\ntype 111111\npress ok\nunseen bert
    pick carl\ntype 333333\npress ok\n${SIGNED}`;
  await holds(script, { disk, set });
});

test("whoever is asked can read the transaction again first, and back declines all of it", async () => {
  const disk = await homeAsking(anna, { anna: await byPin("111111") });
  const script = `${TO_ASK}pick Read the transaction again\nsee BTC\npress back\nsee Who agrees?\npress back
    see user.declined\npage\npress ok\nsee Sign a transaction`;
  const played = await holds(script, { disk, set });
  const [line] = await linesOf(played.disk, "refused");
  assert.ok(line?.kind === "refused" && line.reasons[0] === "user.declined");
  assert.equal(await signatures(played.disk), 0);
});

test("back at a person's proof leads to the others, and nothing was wrong", async () => {
  const disk = await homeAsking(anna, { anna: await byPin("111111") });
  const script = `${TO_ASK}pick anna\npress back\nsee Who agrees?\npick anna\ntype 111111\npress ok\n${SIGNED}`;
  const played = await holds(script, { disk, set });
  assert.equal((await linesOf(played.disk, "refused")).length, 0);
});

test("an ask that nobody here can meet is said by name before anybody proves anything", async () => {
  const two = [{ need: 2, of: ["anna", "bert", "carl"] }];
  const none = await homeAsking(two, { anna: await byPin("111111") });
  const walk = TO_ASK.replace("see Who agrees?\n", "see people.missing\nsee bert, carl\n");
  const played = await holds(walk, { disk: none, set });
  const [line] = await linesOf(played.disk, "refused");
  assert.ok(line?.kind === "refused" && line.reasons[0] === "people.missing");
  const some = await homeAsking(two, { anna: await byPin("111111"), carl: await byPin("333333") });
  await holds(`${TO_ASK}see Not enrolled here: bert`, { disk: some, set });
});

// ---------------------------------------------------------------- used once, and in time

test("a code by the time works once: not for the next transaction, not for the same one again, and the next code does", async () => {
  const disk = await homeAsking(anna, { anna: byTime() });
  const step = await stepAfter(disk);
  const agree = (at: number) => `pick anna\ntype ${hotp(SECRET, at)}\npress ok\n`;
  const again = `${AGAIN}${agree(step)}see was used before\npress ok\nsee Who agrees?\n${agree(step + 1)}${SIGNED}`;
  const played = await holds(`${TO_ASK}${agree(step)}${SIGNED}${again}`, { disk, set });
  // After a restart as well, under another transaction.
  const restarted = await holds(
    `${TO_ASK}${agree(step)}see was used before\npress ok\n${agree(step + 1)}see was used`,
    {
      disk: played.disk,
      set: { PSBT: OTHER_PSBT },
    },
  );
  assert.equal(await signatures(restarted.disk), 2);
});

test("a code by counter never works twice, nor one before it", async () => {
  const disk = await homeAsking(anna, { anna: byCounter() });
  const agree = (at: number) => `pick anna\ntype ${hotp(SECRET, at)}\npress ok\n`;
  const script = `${TO_ASK}${agree(4)}${SIGNED}${AGAIN}${agree(4)}see was used before\npress ok\n${agree(3)}see was used before\npress ok\n${agree(5)}${SIGNED}`;
  await holds(script, { disk, set });
});

test("a phone whose clock is another one is told the time here, and its codes do not work", async () => {
  const disk = await homeAsking(anna, { anna: byTime() });
  const step = await stepAfter(disk);
  for (const off of [-120, -2, 2, 120]) {
    const script = `${TO_ASK}pick anna\ntype ${hotp(SECRET, step + off)}\npress ok\nsee not the code\nsee Time here`;
    await holds(script, { disk, set });
  }
  // Setting the machine's clock by hand brings no later code.
  const script = `${UNLOCKED}clock 2026-01-02T12:00Z\n${AGAIN}pick anna\ntype ${hotp(SECRET, step + 2880)}\npress ok\nsee not the code`;
  await holds(script, { disk, set });
});

const UNLOCKED = TO_ASK.slice(0, TO_ASK.indexOf("pick Sign"));

test("a code of yesterday is none today, and one of today is", async () => {
  const disk = await homeAsking(anna, { anna: byTime() });
  const step = await stepAfter(disk);
  const day = 2880;
  const old = `pick anna\ntype ${hotp(SECRET, step)}\npress ok\nsee not the code\npress ok\n`;
  const now = `pick anna\nsee 1 day ago\npress back\n`;
  const before = await holds(`${TO_ASK}pick anna\ntype ${hotp(SECRET, step)}\npress ok\n${SIGNED}`, {
    disk,
    set,
  });
  const later = await stepAfter(before.disk);
  const next = `pick anna\ntype ${hotp(SECRET, later + day)}\npress ok\n${SIGNED}`;
  await holds(`${UNLOCKED}clock +24h\nif see PIN\ntype 314159\npress ok\nend\n${AGAIN}${now}${old}${next}`, {
    ...{ disk: before.disk, set },
  });
});

test("no cut between any two writes makes a code work twice, or gives a signature without its proof", async (t) => {
  const disk = await homeAsking(anna, { anna: byCounter() });
  const agree = `pick anna\ntype ${hotp(SECRET, 0)}\npress ok\n`;
  const start = await holds(TO_ASK, { disk, set });
  const whole = await holds(`${TO_ASK}${agree}see Signed`, { disk, set });
  let [again, used] = [0, 0];
  for (let cut = start.operations + 1; cut <= whole.operations; cut++) {
    let left: readonly DiskState[] | undefined;
    const keeps = (recording: RecordingDisk) => {
      left ??= recording.states();
      return left[0]!;
    };
    await play(`cut ${cut}\n${TO_ASK}${agree}see Signed\ncut`, { disk, set, keeps });
    for (const state of left!) {
      const proofs = (await linesOf(state, "proof")).length;
      const spent = (await linesOf(state, "spent")).length;
      assert.ok(spent <= proofs, `cut ${cut}: recorded without a proof`);
      const [kept] = await peopleOn(state);
      const free = kept!.factor.kind === "hotp" && kept!.factor.next === 0;
      if (proofs > 0) assert.ok(!free, `cut ${cut}: a proof counts whose code was not used up`);
      const second = await play(`${TO_ASK}${agree}${SIGNED}`, { disk: state, set });
      assert.equal(second.failure === undefined, free, `cut ${cut}`);
      free ? again++ : used++;
    }
  }
  assert.ok(again > 0 && used > 0);
  t.diagnostic(`${again} states before the code was used, ${used} after`);
});

// ---------------------------------------------------------------- wrong proofs

test("three wrong proofs drop the request, each in the journal, and nothing is signed", async () => {
  const disk = await homeAsking(anna, { anna: byTime() });
  const wrong = `pick anna\ntype ${hotp(OTHER_SECRET, 1)}\npress ok\n`;
  const script = `${TO_ASK}${wrong}see not the code\nsee 2 more wrong ones\npage\npress ok\n${wrong}see another wrong one
    page\npress ok\n${wrong}see people.too-many-wrong\npage\npress ok\nsee Sign a transaction`;
  const played = await holds(script, { disk, set });
  const lines = await linesOf(played.disk, "refused");
  assert.deepEqual(
    lines.map((line) => line.kind === "refused" && line.reasons.join()),
    ["people.wrong-proof", "people.wrong-proof", "people.wrong-proof,people.too-many-wrong"],
  );
  assert.equal(await signatures(played.disk), 0);
});

test("wrong proofs freeze the device where the policy says after how many, also when the request is declined in between", async () => {
  const asked = await homeAsking(anna, { anna: byTime() });
  const disk = await changed(asked, (state) => ({
    ...state,
    policy: { ...state.policy, freeze: { refusals: 2, withinMs: 3_600_000 } },
  }));
  const wrong = `pick anna\ntype ${hotp(OTHER_SECRET, 1)}\npress ok\n`;
  const decline = "see not the code\npage\npress ok\npress back\nsee user.declined\npage\npress ok\n";
  const script = `${TO_ASK}${wrong}${decline}${AGAIN}${wrong}see Frozen\nsee 2 requests were refused`;
  const played = await holds(script, { disk, set });
  assert.equal((await linesOf(played.disk, "frozen")).length, 1);
});

test("wrong proofs make a person wait, longer each time, through restarts and cuts, and a right one ends it", async () => {
  const disk = await homeAsking(anna, { anna: await byPin("111111") });
  const wrong = "pick anna\ntype 999999\npress ok\nsee not anna's PIN\npage\npress ok\n";
  const dropped = `${wrong}${wrong}pick anna\ntype 999999\npress ok\nsee people.too-many-wrong\npage\npress ok\n`;
  const first = await holds(`${TO_ASK}${dropped}${AGAIN}pick anna\nsee try again in\n`, {
    disk,
    set,
  });
  // A clock that somebody set forward shortens nothing.
  const forward = `${UNLOCKED}clock 2027-01-01T12:00Z\n${AGAIN}pick anna\nsee try again in`;
  const cut = await holds(forward, { disk: first.disk, set });
  const script = `${TO_ASK}if see Who agrees\npick anna\nsee again in\npress ok\nclock +6s\nend\npick anna\ntype 999999\npress ok
    see not anna's PIN\npage\npress ok\npick anna\nsee try again in 15 seconds\npress ok\nclock +16s
    pick anna\ntype 111111\npress ok\n${SIGNED}`;
  const right = await holds(script, { disk: cut.disk, set });
  assert.deepEqual(
    (await peopleOn(right.disk)).map(({ wrong: count }) => count),
    [0],
  );
});

test("a wrong PIN is counted whatever write the power is cut at, unless nobody learned that it was wrong", async () => {
  const disk = await homeAsking(anna, { anna: await byPin("111111") });
  const guess = `${TO_ASK}pick anna\ntype 999999\npress ok\nsee not anna's PIN\n`;
  const start = await holds(`${TO_ASK}pick anna\n`, { disk, set });
  const whole = await holds(guess, { disk, set });
  let learnt = 0;
  for (let cut = start.operations + 1; cut <= whole.operations + 1; cut++) {
    const played = await play(`cut ${cut}\n${guess}cut`, { disk, set });
    const [kept] = await peopleOn(played.disk);
    const learned = played.printed.includes("It was not anna's PIN");
    if (learned) assert.equal(kept!.wrong, 1, `cut ${cut}`);
    learnt += learned ? 1 : 0;
  }
  assert.ok(learnt > 0);
});

// ---------------------------------------------------------------- hostile

test("another person's factor, another key and another person's code prove nothing", async () => {
  const { factor } = byKey();
  const people = { anna: byTime(), bert: byTime(OTHER_SECRET), dora: factor };
  const disk = await homeAsking([{ need: 1, of: ["anna", "dora"] }], people);
  const step = await stepAfter(disk);
  const script = `${TO_ASK}unseen bert\npick anna\ntype ${hotp(OTHER_SECRET, step)}\npress ok\nsee not the code\npage\npress ok
    pick dora\nsee Plug in\nplug red\nsee It was not dora's key\npage\npress ok\nsee Who agrees?`;
  const played = await holds(script, { disk, set });
  const lines = await linesOf(played.disk, "refused");
  assert.deepEqual(
    lines.map((line) => line.kind === "refused" && line.reasons.join()),
    ["people.wrong-proof", "people.wrong-proof"],
  );
});

test("a key that is pulled out, or not touched, is no wrong proof", async () => {
  const { factor, memory } = byKey();
  const disk = await homeAsking([{ need: 1, of: ["dora"] }], { dora: factor });
  const keys = new Map([["green", memory]]);
  const script = `${TO_ASK}pick dora\nsee Plug in\nplug green\nsee Touch\nunplug green\nsee factor.gone\npage\npress ok
    pick dora\nsee Plug in\nplug green\nsee Touch\ntouch\n${SIGNED}`;
  const played = await holds(script, { disk, set, keys });
  assert.equal((await linesOf(played.disk, "refused")).length, 0);
});

test("all of it works on the smallest screen", async () => {
  const size = { columns: 40, rows: 15 };
  const { factor, memory } = byKey();
  const people = { anna: byTime(), bert: await byPin("867530"), dora: factor };
  const disk = await homeAsking([{ need: 3, of: ["anna", "bert", "dora"] }], people);
  const code = hotp(SECRET, await stepAfter(disk));
  const script = `${TO_ASK}pick anna\ntype ${code}\npress ok\npick bert\ntype 867530\npress ok
    pick dora\nsee Plug in\nplug green\nsee Touch\ntouch\nsee Signed`;
  const options: Play = { disk, set, keys: new Map([["green", memory]]), size };
  await holds(script, options);
});
