// Messages under a policy that asks persons, waits, hides its reasons, or says nothing of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { hotp } from "../../src/factors/index.ts";
import type { Otherwise, Policy } from "../../src/rules.ts";
import { CODE } from "../../src/rules.ts";
import { byCounter, byKey, changed, SECRET } from "./people-stage.ts";
import { holds, homeOf, journalOf, UNLOCK } from "./stage.ts";

const anna = { need: 1, of: ["anna"] };

/** The policy of set-up, whose rule on messages names no path that is used here, and does this instead. */
function instead(policy: Policy, otherwise: Otherwise | "silence"): Policy {
  const rules = policy.rules.flatMap((rule) => {
    if (rule.limit.kind !== "messages") return [rule];
    const limit = { kind: "messages", under: ["m/44h/1h/9h"] } as const;
    return otherwise === "silence" ? [] : [{ ...rule, limit, otherwise }];
  });
  return { ...policy, number: policy.number + 1, rules };
}

async function homeWith(otherwise: Otherwise | "silence", more: Partial<Policy> = {}, factor = byCounter()) {
  const person = { name: "anna", wrong: 0, wrongMs: 0, factor };
  return changed(
    await homeOf(),
    (state) => ({
      ...state,
      policy: { ...instead(state.policy, otherwise), ...more },
      people: [{ name: "anna", factor: factor.kind, madeMs: 0 }],
    }),
    [person],
  );
}

const SCANNED = `${UNLOCK}pick Sign a transaction\nscan signmessage m/84h/1h/0h/0/5 ascii:hello\n`;
const TO_ASK = `${SCANNED}see A message to sign\npage\nsee Sign this message?\nsee Then asks for\nhold ok\nsee Who agrees?\n`;
const last = async (disk: Parameters<typeof journalOf>[0], count: number) =>
  (await journalOf(disk)).slice(-count);

test("whoever the rule on messages asks agrees to the message, and the journal says to what", async () => {
  const disk = await homeWith({ do: "ask", ask: anna });
  const played = await holds(
    `${TO_ASK}see nothing: it is a message\npick anna\ntype ${hotp(SECRET, 0)}\npress ok\nsee Signed: the message\npress ok`,
    { disk },
  );
  const [proof, message, kept, signed] = await last(played.disk, 4);
  assert.ok(proof?.kind === "proof" && proof.person === "anna" && proof.what === "message");
  assert.ok(message?.kind === "message" && message.txid === proof.txid && message.path === "m/84h/1h/0h/0/5");
  assert.deepEqual([kept?.kind, signed?.kind], ["kept", "message-signed"]);
});

test("a security key agrees to a message as to a payment", async () => {
  const { factor, memory } = byKey();
  const disk = await homeWith({ do: "ask", ask: anna }, {}, factor);
  const keys = new Map([["green", memory]]);
  const script = `${TO_ASK}pick anna\nsee message, which moves nothing\nplug green\nsee Touch\ntouch\nsee Signed: the message\npress ok`;
  await holds(script, { disk, keys });
});

test("three wrong proofs drop a message as they drop a payment", async () => {
  const disk = await homeWith({ do: "ask", ask: anna });
  const wrong = "pick anna\ntype 000000\npress ok\n";
  const seen = "see That was not the right proof\npress ok\n";
  const played = await holds(`${TO_ASK}${wrong}${seen}`, { disk });
  const [line] = await last(played.disk, 1);
  assert.ok(line?.kind === "refused" && line.what === "message" && line.person === "anna");
});

test("a rule that asks for a transaction's code is met by no message, and that is said at once", async () => {
  const disk = await homeWith({ do: "ask", ask: { need: 1, of: [CODE] } });
  const played = await holds(`${SCANNED}page\nhold ok\nsee people.missing\npress ok`, { disk });
  const [line] = await last(played.disk, 1);
  assert.ok(line?.kind === "refused" && line.what === "message" && line.reasons[0] === "people.missing");
});

test("a message that has to wait is journalled as asked for, and signed once it has waited", async () => {
  const disk = await homeWith({ do: "wait", ms: 3_600_000 });
  const played = await holds(`${SCANNED}see policy.wait\npage\npress ok\nsee Sign a transaction`, { disk });
  const [line] = await last(played.disk, 1);
  assert.ok(line?.kind === "asked" && line.what === "message");
  await holds(
    `${SCANNED}see policy.wait\npage\npress ok\nclock +61m\n${SCANNED}see A message to sign\npage\nhold ok\nsee Signed: the message\npress ok`,
    { disk },
  );
});

test("a policy that says nothing of messages refuses them and says so; one that hides its reasons says nothing", async () => {
  await holds(`${SCANNED}see policy.silent\nsee No rule says under which paths messages are signed`, {
    disk: await homeWith("silence"),
    size: { columns: 100, rows: 40 },
  });
  const hidden = await homeWith({ do: "refuse" }, { reasons: "hidden" });
  const played = await holds(`${SCANNED}see policy.not-allowed\nunseen m/44h\npage\npress ok`, {
    disk: hidden,
  });
  const [line] = await last(played.disk, 1);
  assert.ok(line?.kind === "refused" && line.reasons.includes("policy.message-path"));
});

test("refused messages freeze a device whose policy freezes after so many refusals", async () => {
  const disk = await homeWith({ do: "refuse" }, { freeze: { refusals: 2, withinMs: 3_600_000 } });
  const again = SCANNED.slice(UNLOCK.length);
  const no = "see policy.message-path\npage\npress ok\n";
  const played = await holds(`${SCANNED}${no}${again}see Frozen\npress ok`, { disk });
  assert.ok((await journalOf(played.disk)).some(({ kind }) => kind === "frozen"));
});
