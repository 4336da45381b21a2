// Rules of Ethereum on the device: made, changed and removed by four buttons and typing, and added all at once.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { test } from "node:test";
import { getAddress, HDNodeWallet } from "ethers";
import { writePolicy } from "../../src/policy/index.ts";
import type { Entry } from "../../src/rules.ts";
import { requestTexts, signs, transaction } from "./ethereum-stage.ts";
import { ASK, changed, EDIT, POLICY, stateOf, TAKE } from "./policy-stage.ts";
import { folder, holds, homeOf, PIN, papers, script, UNLOCK, WORDS } from "./stage.ts";

const CONTRACT = "0xE592427A0AEce92De3Edee1F18E0157C05861564";
/** A list with a contract, which some of these rules need. */
const LIST = `pick Lists\npick Add a list\ntype routers\npress ok\npick Add a contract of Ethereum\npick Ethereum\ntype ${CONTRACT}\npress ok\npick In every way\nsee Compare all of it\npage\nhold ok\nsee contract ${CONTRACT} on Ethereum\npress back\npress back\n`;
const ADD = "pick Rules\npick Add a rule\npick Something on Ethereum\npick Everything\n";

/** From "On Ethereum" to the list of rules, and the line that it makes. */
const MADE: readonly (readonly [steps: string, line: string])[] = [
  [
    "pick Most that may\npick Per week\npick ETH\ntype 2.5\npress ok\npick Refuse\n",
    "At most 2.5 ETH per week",
  ],
  [
    "pick Most that may\npick Per hour\npick One token\npick Ethereum\ntype USDC\npress ok\ntype 100\npress ok\npick Wait\npick Hours\ntype 12\npress ok\n",
    "At most 100 USDC on Ethereum per hour, else wait 12 hours",
  ],
  [
    `pick Most that may\npick Per day\npick One token\npick Ethereum\ntype ${CONTRACT}\npress ok\ntype 7\npress ok\npick Refuse\n`,
    `At most 7 units of ${CONTRACT} on Ethereum per day`,
  ],
  [
    "pick Most that may\npick Per month\npick Any listed coin\ntype 20\npress ok\npick Refuse\n",
    "At most 20 of any listed coin per month",
  ],
  ["pick Highest fee\npick ETH\ntype 0.05\npress ok\npick Refuse\n", "Fee at most 0.05 ETH"],
  [
    "pick First payment\npick Any listed token\ntype 0\npress ok\npick Wait\npick Days\ntype 1\npress ok\n",
    "At most 0 of any listed token to a new destination, else wait 1 day",
  ],
  [
    "pick Above an amount\npick Any listed token\ntype 50\npress ok\npick routers\npick Done\npick Refuse\n",
    "To routers only, above 50 of any listed token",
  ],
  ["pick Which chains\npick These alone\npick [ ] Base\npick Done\npick Refuse\n", "On Base only"],
  [
    "pick Which contracts are called\npick Only those\npick routers\npick Done\npick Refuse\n",
    "Calls to routers only",
  ],
  [
    "pick Calls that Firn cannot read\npick routers\npick Done\npick Refuse\n",
    "Unknown calls to routers only",
  ],
  [
    "pick Who may be allowed\npick Only those\npick routers\npick Done\npick Refuse\n",
    "Spenders routers only",
  ],
  [
    "pick Largest allowance\npick Any listed token\ntype 500\npress ok\npick Refuse\n",
    "Allowance at most 500 of any listed token",
  ],
  [
    "pick Which contracts typed data\npick Only those\npick routers\npick Done\npick Refuse\n",
    "Typed data for routers only",
  ],
  ["pick Handing the account over\npick routers\npick Done\npick Refuse\n", "Delegation to routers only"],
  [
    "pick Which sites\npick These alone\ntype example.com, app.example.org\npress ok\npick Refuse\n",
    "Sign-in to example.com, app.example.org only",
  ],
  ["pick Something unusual\npick far deadline\npick Allowed\n", "Far deadline allowed"],
];

for (const [steps, line] of MADE)
  test(`by four-button menus and fields a rule is made: ${line}`, async () => {
    for (const size of [
      { columns: 80, rows: 24 },
      { columns: 40, rows: 15 },
    ]) {
      const all = `${EDIT}${LIST}${ADD}${steps}pick On Ethereum\npick ${line}\nsee This rule\npress back\npress back\npress back\nsee Nothing of it holds\n`;
      const { screen } = await holds(all, { disk: await homeOf(), size });
      assert.match(screen, /Rules \(13\), on\s+Ethereum\s+\(\d+\)/);
    }
  });

test("a rule of Ethereum is changed and removed, and a stricter one holds at once", async () => {
  const before = await stateOf(await homeOf());
  const text = writePolicy(before.policy);
  assert.match(text, /\nCalls to any contract\n/);
  const change =
    "pick Rules\npick On Ethereum\npick of any listed coin per day\npick Change what it limits\npress back x2\ntype 5\npress ok\npress back\npress back\n";
  const { disk } = await holds(`${EDIT}${change}${TAKE}`, { disk: await homeOf() });
  const { policy } = await stateOf(disk);
  assert.match(writePolicy(policy), /\nAt most 5 of any listed coin per day\n/);
  const remove =
    "pick Rules\npick On Ethereum\npick Calls to any contract\npick Remove it\npress back\npress back\n";
  const after = await holds(`${EDIT}${remove}${TAKE}`, { disk });
  assert.doesNotMatch(writePolicy((await stateOf(after.disk)).policy), /Calls to any contract/);
});

test("the rules for Ethereum are asked for by amounts, read whole, and what they allow more waits", async () => {
  const remove =
    "pick Rules\npick On Ethereum\npick On any listed chain\npick Remove it\npress back\npress back\n";
  const { disk } = await holds(`${EDIT}${remove}${TAKE}`, { disk: await homeOf() });
  // What is suggested goes first: 0.1, 0.2, 500, 1000, 0.02.
  const amounts = [
    ["1", 3],
    ["2", 3],
    ["100", 3],
    ["200", 4],
    ["0.05", 4],
  ] as const;
  const asks = amounts.map(([amount, chars]) => `press back x${chars}\ntype ${amount}\npress ok\n`);
  const steps = `${POLICY}pick Change it\npick Add rules for Ethereum\npage\npress ok\n${asks.join("")}see as edited\n${ASK}`;
  const after = await holds(steps, { disk });
  const { pending } = await stateOf(after.disk);
  assert.equal(pending.length, 1, "it allows more than before: a chain again");
  assert.match(JSON.stringify(pending), /At most 2 of any listed coin per day/);
});

test("a contract with a wrong checksum is not taken, and one by selectors is", async () => {
  const wrong = CONTRACT.replace("Edee", "edee");
  const steps = `${EDIT}pick Lists\npick Add a list\ntype routers\npress ok\npick Add a contract of Ethereum\npick Ethereum\ntype ${wrong}\npress ok\nsee checksum\npress back x42\ntype ${CONTRACT}\npress ok\npick By these functions\ntype 0xa9059cbb\npress ok\nsee 0xa9059cbb\npage\nhold ok\nsee , 0xa9059cbb\npress back\npress back\npress back\nsee Leave what was edited\npress ok\nsee Head-room`;
  await holds(steps, { disk: await homeOf() });
});

const ACCOUNT_1 = HDNodeWallet.fromPhrase(WORDS, "", "m/44'/60'/0'/0/1").address;
const STRANGER = getAddress("0xd8da6bf26964af9d7eed9e03e53415d37aa96045");
const fingerprintOf = (address: string) =>
  createHash("sha256").update(address.toLowerCase()).digest("hex").slice(0, 8);

/** The policy that set-up took, but for destinations on this list alone. */
async function listedHome(entry: Entry) {
  return changed(await homeOf(), (state) => ({
    ...state,
    policy: {
      ...state.policy,
      lists: [{ name: "own", entries: [entry] }],
      rules: state.policy.rules.map((rule) =>
        rule.limit.kind === "destinations"
          ? { ...rule, limit: { kind: "destinations" as const, to: ["own"] } }
          : rule,
      ),
    },
  }));
}

test("an own account is on a list by its key, and a stranger's address of the same fingerprint would not be", async (t) => {
  const own = { name: "Ethereum account 1", fingerprint: fingerprintOf(ACCOUNT_1) };
  const disk = await listedHome({ kind: "wallet", ...own });
  const { signature, disk: after } = await signs(t, transaction({ type: 2, to: ACCOUNT_1, value: 1n }), {
    disk,
  });
  assert.match(signature, /^0x[0-9a-f]{130}$/);
  const found = `${UNLOCK}pick Journal\npick Search\npick A text\ntype ${ACCOUNT_1.toLowerCase()}\npress ok\nsee Recorded\n`;
  await holds(found, { disk: after });
  // As if two addresses had one fingerprint: it says nothing of whose an address is.
  const alike = await listedHome({ kind: "wallet", name: "Alike", fingerprint: fingerprintOf(STRANGER) });
  for (const other of [disk, alike]) {
    const texts = requestTexts(transaction({ type: 2, to: STRANGER, value: 1n }));
    const set = { PIN, CAMERA: papers(join(folder(t), "in"), texts), SEE: "policy.destination" };
    await holds(script("eth-refuse"), { disk: other, set });
  }
});

test("a policy that names an account of Ethereum is taken where it is this key's, and nowhere else", async (t) => {
  const { policy } = await stateOf(await homeOf());
  const named = (fingerprint: string, index: number) =>
    `${writePolicy({ ...policy, number: 7 })}Only wallets ${fingerprint} Ethereum account ${index}\n`;
  const brought = (text: string) =>
    `${POLICY}pick Change it\npick Read a policy's text\ncamera ${papers(join(folder(t), "in"), [text])}\n`;
  const right = named(fingerprintOf(ACCOUNT_1), 1);
  await holds(`${brought(right)}see Policy 7\npage\nhold ok\nsee It holds`, { disk: await homeOf() });
  for (const wrong of [named(fingerprintOf(ACCOUNT_1), 2), named(fingerprintOf(STRANGER), 1)])
    await holds(`${brought(wrong)}see change.wallet`, { disk: await homeOf() });
});
