// The policy's own menus, played: read, counted, edited, scanned, taken; and what a refused or left edit changes.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import type { DiskState } from "../../device/sim/recording.ts";
import { folderStick } from "../../device/stick/folder.ts";
import { checksum } from "../../src/bitcoin/index.ts";
import { parsePolicy, policyFingerprint, writePolicy } from "../../src/policy/index.ts";
import type { Policy } from "../../src/rules.ts";
import { foreignScript, PHRASES, psbt, purse } from "../bitcoin/build.ts";
import { board } from "./board-stage.ts";
import {
  ASK,
  amountOf,
  changed,
  EDIT,
  LESS,
  lowered,
  POLICY,
  READ,
  SHOWN,
  stateOf,
  TAKE,
} from "./policy-stage.ts";
import {
  folder,
  holds,
  homeOf,
  journalOf,
  PIN,
  papers,
  play,
  psbtTexts,
  UNLOCK,
  WORDS,
  walletTexts,
} from "./stage.ts";

const own = purse("p2wpkh");
const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 15 },
];

/** Everything that a change of rules would change: sealed state and journal lines, but for the unlocking. */
async function rulesOn(disk: DiskState) {
  const { policy, pending } = await stateOf(disk);
  const lines = (await journalOf(disk)).filter(({ kind }) => !/^(unlocked|kept|locked)$/.test(kind));
  return { text: writePolicy(policy), pending, lines: lines.length };
}

/** A policy's text, as another device shows it. */
function scanned(t: TestContext, text: string): string {
  return papers(join(folder(t), "policy"), walletTexts(text));
}
const SCAN = (camera: string) => `pick Change it\npick Read a policy's text\ncamera ${camera}\n`;

async function presentText(): Promise<string> {
  return writePolicy((await stateOf(await homeOf())).policy);
}

// ---------------------------------------------------------------- reading

test("the policy is read in sections, with its number and fingerprint and what its windows count", async () => {
  for (const size of SIZES) {
    const { printed, disk } = await holds(
      `${POLICY}pick Read it\nsee Fingerprint\npage\npress ok\nsee Dry run`,
      {
        ...{ disk: await homeOf(), size },
      },
    );
    for (const line of [
      policyFingerprint((await stateOf(disk)).policy),
      "Policy 1",
      "Loosening waits 1 day",
      "At most 100 BTC per transaction",
      "Unproven fee not allowed",
      "Windows and waits count the time",
    ])
      assert.ok(printed.includes(line), line);
  }
});

test("head-room says what every window has taken and has left, as the ledger counts it", async (t) => {
  const camera = papers(join(folder(t), "in"), psbtTexts(psbt(own), "base64"));
  const signs = `pick Sign\ncamera ${camera}\npage\nsee Sign?\nhold ok\nsee Signed\npress ok\n`;
  const steps = `${UNLOCK}${signs}if see receipt\npick Done\nend\npick Policy\npick Head-room\nsee per day\nsee taken\nunseen 0.00000000 BTC taken\nsee 999.99`;
  await holds(steps, { disk: await homeOf() });
});

test("where no counter in the machine tells an older copy of the card, the limits say so", async () => {
  for (const size of SIZES)
    await holds(`${POLICY}pick Head-room\nsee This machine has no counter\nsee puts the copy back`, {
      ...{ disk: await homeOf(), size },
    });
});

test("its text leaves as a code that this device reads back as the same policy", async (t) => {
  const OUT = folder(t);
  const { disk } = await holds(`${POLICY}pick Show it as a code\ncodes $OUT\n`, {
    ...{ disk: await homeOf(), set: { OUT }, size: { columns: 130, rows: 60 } },
  });
  const shown = readFileSync(join(OUT, "codes.txt"), "utf8");
  const parts = shown.trimEnd().split("\n");
  assert.ok(parts.length > 1 && parts.every((part) => part.startsWith("B$")), "a text too long for one code");
  const seen = SCAN(papers(join(OUT, "in"), parts));
  await holds(`${POLICY}${seen}see change.older\nsee policy 1 holds`, { disk });
});

test("its text is written to a stick, and a stricter one is taken from there", async (t) => {
  const at = folder(t);
  const stick = folderStick(at);
  const { disk } = await holds(
    `${POLICY}pick Show it as a code\npress back\nsee It is on the stick\npress ok\npress ok\nsee Head-room`,
    {
      ...{ disk: await homeOf(), stick },
    },
  );
  const [name] = readdirSync(at);
  const text = readFileSync(join(at, name!), "utf8");
  assert.equal(text, await presentText());
  writeFileSync(
    join(at, "stricter.txt"),
    next(text, 3).replace("At most 100 BTC", "At most 50 BTC").replaceAll("\n", "\r\n"),
  );
  const taken = `${POLICY}pick Change it\npick Read a policy's text\npress ok\npick stricter.txt\nsee Policy 3\npage\nhold ok\nsee It holds`;
  const after = await holds(taken, { disk, stick });
  assert.equal((await stateOf(after.disk)).policy.number, 3);
});

// ---------------------------------------------------------------- editing

test("what is stricter is read in full, held for, and holds at once, with its line", async () => {
  for (const size of SIZES) {
    const { disk } = await holds(
      `${EDIT}${LESS}pick Read it and take it\nsee Policy 2\nsee What it restricts\nsee 500 BTC per day\nunseen What it allows\npage\nhold ok\nsee It holds\npress ok\npick Read it\nsee Policy 2`,
      { disk: await homeOf(), size },
    );
    const line = (await journalOf(disk)).findLast(({ kind }) => kind === "policy");
    assert.ok(line?.kind === "policy");
    const { policy, pending } = await stateOf(disk);
    assert.deepEqual([line.number, line.how, line.fingerprint], [2, "tightened", policyFingerprint(policy)]);
    assert.equal(pending.length, 0);
  }
});

/** From "Add a rule" to the list of rules, and the line that it makes. */
const ADDED: readonly (readonly [steps: string, line: string])[] = [
  [
    "pick Most that may\npick Everything\npick Per hour\ntype 10\npress ok\npick Refuse\n",
    "At most 10 BTC per hour",
  ],
  [
    "pick Most transactions\npick Everything\npick Per week\ntype 20\npress ok\npick Wait\npick Hours\ntype 12\npress ok\n",
    "At most 20 transactions per week, else wait 12 hours",
  ],
  [
    "pick First payment\npick Everything\ntype 0.1\npress ok\npick Wait\npick Days\ntype 1\npress ok\n",
    "At most 0.1 BTC to a new destination, else wait 1 day",
  ],
  [
    "pick Most that may\npick Key 73c5da0a\npick Per transaction\ntype 50\npress ok\npick Ask\npick the code\npick Done\n",
    "At most 50 BTC per transaction, else ask the code",
  ],
  ["pick Highest fee in percent\npick Everything\ntype 2.5\npress ok\npick Refuse\n", "Fee at most 2.5 %"],
  [
    "pick Blocks between\npick Everything\ntype 6\npress ok\npick Refuse\n",
    "Lock height at least 6 blocks above the one before",
  ],
  [
    "pick Hours and weekdays\npick Everything\ntype 08:30\npress ok\ntype 18:00\npress ok\npress back x6\ntype +01:00\npress ok\npick Friday\npick Done\npick Refuse\n",
    "Between 08:30 and 18:00 UTC+01:00 on Mon Tue Wed Thu",
  ],
  [
    "pick Which wallets sign\npick Everything\npick Native segwit\npick Done\npick Refuse\n",
    "Only wallets e3e75316 Native segwit, account 0",
  ],
  [
    "pick Which paths\npick Everything\ntype m/84h/1h/0h\npress ok\npick Refuse\n",
    "Messages under m/84h/1h/0h only",
  ],
];

for (const [steps, line] of ADDED)
  test(`by four-button menus and fields a rule is made: ${line}`, async () => {
    const all = `${EDIT}pick Rules\npick Add a rule\n${steps}see ${line}\npress back\nsee Nothing of it holds\n`;
    const { screen } = await holds(all, { disk: await homeOf() });
    assert.match(screen, /Rules \(14\)/);
  });

test("a list is made of addresses typed and scanned, a wallet by name and somebody's descriptor, and taken away again", async (t) => {
  const theirs = purse("p2tr", { phrases: [PHRASES[1]!] });
  const PARTY = papers(join(folder(t), "party"), walletTexts(theirs.wallet.descriptor));
  const address = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
  const steps = `${EDIT}pick Lists\npick Add a list\ntype friends\npress ok\nsee List friends
pick Type an address in\ntype ${address}x\npress ok\nsee No address on regtest\npress back\npress ok\nsee Compare all of it\nhold ok
pick Add an address from a code\nscan bitcoin:bcrt1q0000\nsee transport.\npress back
pick Add an address from a code\nscan bitcoin:${address.toUpperCase()}?amount=1\nsee bitcoin.address\nsee on the list already\npage\npress ok
pick Add a wallet\npick Taproot\nsee wallet
pick Add somebody's descriptor\ncamera ${PARTY}\nsee What to call them\ntype anna\npress ok\nsee Compare it with them\npage\nhold ok\nsee party anna
press back\nsee friends (3)\npick friends\npick party anna\nsee Remove it\npage\npress ok\nunseen party anna\npress back\nsee friends (2)
pick friends\npick Remove the whole list\nsee Its 2 entries go with it\npress ok\nunseen friends\npress back\nsee Lists (0)`;
  await holds(steps, { disk: await homeOf() });
});

// ---------------------------------------------------------------- what changes nothing

test("an edit that is refused changes nothing: not the rules, not the number, not the journal", async () => {
  const disk = await homeOf();
  const before = await rulesOn(disk);
  // One transaction may take more than a day: a contradiction.
  const steps = `${EDIT}${amountOf("per day", "1000", "5")}pick Read it and take it\nsee policy.malformed\npage\npress ok\nsee as edited\npress back\nsee Leave what was edited\npress ok\nsee Head-room`;
  const refused = await holds(steps, { disk });
  assert.deepEqual(await rulesOn(refused.disk), before);
});

test("an edit that is left at any step changes nothing, and what was cancelled in a field keeps its value", async () => {
  const disk = await homeOf();
  const before = await rulesOn(disk);
  const field = `${EDIT}pick Rules\npick per day\npick Change what it limits\npress back x5\nsee At most 1000 BTC per day\n`;
  const lists = `press back\npick Lists\npick Add a list\ntype friends\npress ok\npress back\npress back\nsee Lists (0)\n`;
  const left = `${LESS}${READ}press back\nclock +1s\nsee as edited\npress back\npress back\nsee as edited\npress back\nsee Leave what\npress ok\nsee Head-room`;
  for (const steps of [
    `${field}${lists}press back\nsee Head-room`,
    `${EDIT}${left}`,
    `${EDIT}pick Read it and take it\nsee change.same`,
  ]) {
    const after = await holds(steps, { disk });
    assert.deepEqual(await rulesOn(after.disk), before);
  }
});

/** Its checksum holds, and no key is in it. */
const NOWHERE = "wpkh(nobody)";

const BAD: readonly (readonly [what: string, change: (text: string) => string, reason: string])[] = [
  ["the present number", (text) => text, "change.older"],
  ["a smaller number than one that was left behind", (text) => text, "change.older"],
  [
    "another network's",
    (text) => text.replace("Network regtest", "Network signet").replace("Number 1", "Number 9"),
    "change.network",
  ],
  [
    "an amount without its unit",
    (text) => next(text).replace("1000 BTC per day", "1000 per day"),
    "policy.malformed",
  ],
  [
    "an amount in another unit",
    (text) => next(text).replace("1000 BTC per day", "1000 sats per day"),
    "policy.malformed",
  ],
  ["an unknown line", (text) => `${next(text)}At least 3 BTC per day\n`, "policy.malformed"],
  [
    "a person who is not enrolled",
    (text) => next(text).replace("per day\n", "per day, else ask anna\n"),
    "change.person",
  ],
  ["a wallet that is not here", (text) => `${next(text)}Only wallets 01020304 Nobody\n`, "change.wallet"],
  [
    "a wallet that is called otherwise here",
    (text) => `${next(text)}Only wallets ${own.wallet.fingerprint} Nobody\n`,
    "change.wallet",
  ],
  [
    "a party whose descriptor leads nowhere",
    (text) =>
      next(text)
        .replace(
          "\nFor everything",
          `\nList others\nparty anna ${NOWHERE}#${checksum(NOWHERE)}\n\nFor everything`,
        )
        .replace("To any destination", "To others only"),
    "bitcoin.wallet-origin-missing",
  ],
  ["nothing new", (text) => next(text), "change.same"],
];

function next(text: string, number = 2): string {
  return text.replace("Number 1\n", `Number ${number}\n`);
}

for (const [what, change, reason] of BAD)
  test(`a scanned policy with ${what} is refused as ${reason}, and nothing changes`, async (t) => {
    const disk = await homeOf();
    const before = await rulesOn(disk);
    const text = change(await presentText());
    const { disk: after } = await holds(
      `${POLICY}${SCAN(scanned(t, text))}see ${reason}\npage\npress ok\nsee Head-room`,
      { disk },
    );
    assert.deepEqual(await rulesOn(after), before);
  });

test("a scanned policy that is stricter holds at once under its own number; none below it ever comes back", async (t) => {
  const stricter = next(await presentText(), 7).replace("At most 100 BTC", "At most 50 BTC");
  const steps = `${POLICY}${SCAN(scanned(t, stricter))}see Policy 7\npage\nhold ok\nsee It holds\npress ok\n`;
  const { disk } = await holds(steps, { disk: await homeOf() });
  assert.equal((await stateOf(disk)).policy.number, 7);
  for (const number of [2, 6, 7]) {
    const older = next(await presentText(), number).replace("At most 100 BTC", "At most 40 BTC");
    await holds(`${POLICY}${SCAN(scanned(t, older))}see change.older`, { disk });
  }
  const { screen } = await holds(`${EDIT}`, { disk });
  assert.match(screen, /Policy 8, as edited/);
});

test("a scanned policy that allows more waits, whatever its number", async (t) => {
  const looser = next(await presentText(), 400).replace("At most 100 BTC", "At most 150 BTC");
  const ask = ASK.slice(READ.length);
  const { disk } = await holds(`${POLICY}${SCAN(scanned(t, looser))}page\n${ask}${SHOWN}see policy 400`, {
    disk: await homeOf(),
  });
  assert.equal((await stateOf(disk)).policy.number, 1);
});

// ---------------------------------------------------------------- reasons hidden

const HIDE = "pick Reasons of a refusal\npick Hidden\n";

test("with reasons hidden a refusal says nothing of limits, and the rules are shown only after the PIN", async (t) => {
  const { disk } = await holds(`${EDIT}${lowered("0.0001")}${HIDE}${TAKE}`, { disk: await homeOf() });
  const camera = papers(join(folder(t), "in"), psbtTexts(psbt(own), "base64"));
  const refused = `${UNLOCK}pick Sign\ncamera ${camera}\nsee policy.not-allowed\nunseen 0.0001\nunseen per transaction\nunseen limit\npage\npress back\n`;
  const after = await holds(refused, { disk });
  const line = (await journalOf(after.disk)).findLast(({ kind }) => kind === "refused");
  assert.ok(
    line?.kind === "refused" && line.reasons.includes("policy.over-transaction-limit"),
    "the journal has it",
  );
  const read = `${UNLOCK}pick Policy\nsee Your present PIN\nunseen Head-room\ntype ${PIN}\npress ok\npick Read it\nsee 0.0001 BTC`;
  await holds(read, { disk: after.disk });
  const wrong = `${UNLOCK}pick Policy\ntype 111111\npress ok\nsee vault.wrong-pin\npage\npress ok\nunseen Head-room`;
  await holds(wrong, { disk: after.disk });
});

test("a data output under a list of destinations is judged and refused by name, not by an end of the program", async (t) => {
  const present = parsePolicy(await presentText());
  const list = {
    name: "friends",
    entries: [{ kind: "address", to: "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080" }],
  } as const;
  const listed: Policy = {
    ...present,
    number: 2,
    lists: [list],
    rules: present.rules.map((rule) =>
      rule.limit.kind === "destinations" ? { ...rule, limit: { ...rule.limit, to: ["friends"] } } : rule,
    ),
  };
  const steps = `${POLICY}${SCAN(scanned(t, writePolicy(listed)))}page\nhold ok\nsee It holds\npress ok\n`;
  const { disk } = await holds(steps, { disk: await homeOf() });
  const script = Uint8Array.of(0x6a, 4, 1, 2, 3, 4);
  const outputs = [
    { script, amountSats: 0n },
    { script: foreignScript(1), amountSats: 50_000n },
    { of: own, branch: 1, index: 0, amountSats: 49_000n },
  ];
  const camera = papers(join(folder(t), "in"), psbtTexts(psbt(own, { outputs }), "base64"));
  await holds(`${UNLOCK}pick Sign\ncamera ${camera}\nsee policy.destination`, { disk });
});

// ---------------------------------------------------------------- templates

const TEMPLATE = `${POLICY}pick Change it\npick Start from a template\n`;
const ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";

test("a template asks its questions, and its policy is edited on, read and taken as any other", async () => {
  for (const size of SIZES) {
    const saver = `pick Saver\nsee saves for years\npage\npress ok\nsee Goes at once, per week\nsee 0.01\npress ok\nsee Most per month\npress ok
pick Days\nsee 3\npress ok\npick Add an address from a code\nscan bitcoin:${ADDRESS}?amount=1\nsee Compare all of it\nhold ok\npick Done\n`;
    const steps = `${TEMPLATE}${saver}see Policy 2, as edited\nsee Lists (1)\n${TAKE}`;
    const { disk } = await holds(steps, { disk: await homeOf(), size });
    const { policy, pending } = await stateOf(disk);
    assert.deepEqual([policy.number, pending.length], [2, 0], "far stricter than what set-up offered");
    assert.match(writePolicy(policy), /At most 0\.01 BTC per week, else wait 3 days/);
    assert.match(writePolicy(policy), new RegExp(`List own\n${ADDRESS}\n`));
  }
});

test("a template whose answers contradict each other says so; one that is left asks nothing of the rules", async () => {
  const disk = await homeOf();
  const before = await rulesOn(disk);
  const saver = "pick Saver\npage\npress ok\n";
  const wrong = `${saver}press back x4\ntype 9\npress ok\npress back x3\ntype 1\npress ok\npick Days\npress ok\npick Done\nsee policy.malformed\npage\npress ok\nsee Business of two\n`;
  const left = `${saver}press ok\npress back x4\nsee Start from a template\npress back\nsee Head-room`;
  const edited = `${saver}press ok\npress ok\npick Days\npress ok\npick Done\npress back\nsee Leave what was edited\npress ok\nsee Head-room`;
  for (const steps of [`${TEMPLATE}${wrong}${left}`, `${TEMPLATE}${edited}`])
    assert.deepEqual(await rulesOn((await holds(steps, { disk })).disk), before);
});

test("a template that asks persons says who is missing", async () => {
  const steps = `${TEMPLATE}pick Treasury\npage\npress ok\nsee Persons are missing\nsee 0 are enrolled\npage\npress ok\nsee Start from a template`;
  await holds(steps, { disk: await homeOf() });
  const person = (name: string) => ({ name, factor: "pin", madeMs: 0 }) as const;
  const disk = await changed(await homeOf(), (state) => ({
    ...state,
    people: ["anna", "bert", "carl"].map(person),
  }));
  const all = `${TEMPLATE}pick Business\npage\npress ok\nsee The two of you\npick anna\nunseen Done\npick bert\npick Done\npress ok\npress ok\npress ok\npick Done\nsee Policy 2, as edited\npick Read it\nsee ask all of anna, bert`;
  await holds(all, { disk });
});

// ---------------------------------------------------------------- the first one

const BEGIN = `see Welcome\npress ok\npick regtest\ntype ${PIN}\npress ok\ntype ${PIN}\npress ok\npick Type words in\ntype ${WORDS}\npress ok\npick No passphrase\npage\npress ok\nsee Your limits\n`;
const END = `see Your keys are sealed\npage\npress ok\n${UNLOCK}`;

test("set-up's first policy comes from a template, every line of it read before it is taken", async () => {
  for (const size of SIZES) {
    const steps = `${BEGIN}pick Start from a template\npick Saver\npage\npress ok\npress ok\npress ok\npick Days\npress ok\nunseen Add a wallet\npick Done
see Policy 1\nsee At most 0.01 BTC per week, else wait 3 days\nsee Loosening waits 3 days\npage\npress ok\n${END}`;
    const { disk } = await holds(steps, { size });
    const { policy } = await stateOf(disk);
    assert.deepEqual([policy.number, policy.loosenMs], [1, 3 * 86_400_000]);
    const line = (await journalOf(disk)).find(({ kind }) => kind === "policy");
    assert.ok(
      line?.kind === "policy" && line.how === "set-up" && line.fingerprint === policyFingerprint(policy),
    );
  }
});

test("set-up's first policy is read from a text, whose number goes on; one that names strangers is refused", async (t) => {
  const text = next(await presentText(), 7);
  const asks = text.replace("per day\n", "per day, else ask anna\n");
  const steps = `${BEGIN}pick Read a policy's text\ncamera ${scanned(t, asks)}\nsee change.person\npage\npress ok\nsee Your limits
pick Read a policy's text\ncamera ${scanned(t, text)}\nsee Policy 7\npage\npress back\nsee Your limits
pick Read a policy's text\ncamera ${scanned(t, text)}\npage\npress ok\n${END}`;
  const { disk } = await holds(steps);
  assert.equal((await stateOf(disk)).policy.number, 7);
  await holds(`${EDIT}see Policy 8, as edited`, { disk });
});

test("a board that is to hold mainnet keys offers no limits: its owner types them, or answers a template", async () => {
  const { main } = board();
  const begin = BEGIN.replace("pick regtest", "pick mainnet");
  const typed =
    "type 0.5\npress ok\ntype 1\npress ok\ntype 0.01\npress ok\ntype 500\npress ok\ntype 10\npress ok\npick Refuse fees\n";
  const steps = `${begin}unseen Take these\nsee nothing is signed without a policy\npick Type my own\npress back\nsee Your limits\npick Type my own\n${typed}see These are your limits\nsee At most 0.5 BTC per transaction\npage\npress ok\nsee Your keys are sealed\n`;
  await holds(steps, { main });
});

test("limits that fit no policy are said and typed again; a home is never made with them", async () => {
  const typed =
    "type 1\npress ok\ntype 99999999\npress ok\ntype 0.1\npress ok\ntype 10\npress ok\ntype 5\npress ok\npick Refuse fees\n";
  const steps = `${BEGIN}pick Type my own\n${typed}see policy.malformed\nsee there are only 21000000 BTC\npage\npress ok\nsee Most per transaction\npress back\nsee Your limits\n`;
  await holds(steps);
});

test("no sequence of presses in these menus changes the rules: that takes a hold, or the gesture and a PIN", async () => {
  const disk = await homeOf();
  const before = await rulesOn(disk);
  const keys = fc.array(
    fc.constantFrom("press ok", "press ok", "press down", "press down", "press up", "press back", "type 5"),
    { minLength: 20, maxLength: 60 },
  );
  const starts = [EDIT, `${EDIT}${LESS}`, `${EDIT}pick Rules\npick Add a rule\n`, TEMPLATE, POLICY];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...starts), keys, async (start, pressed) => {
      const after = await play(`${start}${pressed.join("\n")}\ncut\n`, { disk });
      assert.equal(after.problem, undefined);
      const now = await rulesOn(after.disk);
      assert.deepEqual([now.text, now.pending], [before.text, before.pending]);
    }),
    { numRuns: 60 },
  );
});
