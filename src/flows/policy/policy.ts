// The owner's rules: read, counted, tried out, and changed.

import { parsePolicy, writePolicy } from "../../policy/index.ts";
import type { Policy } from "../../rules.ts";
import { menu } from "../../screens/menu.ts";
import { notice } from "../../screens/notice.ts";
import { pages, type Sheet } from "../../screens/pages.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { showText } from "../leave-text.ts";
import { orRefused } from "../or-refused.ts";
import type { Session } from "../session.ts";
import { withPin } from "../settings/settings-pins.ts";
import { bring } from "../stick.ts";
import { BACK, choose } from "./asks.ts";
import { nameOf, whatOf } from "./change-words.ts";
import { dryRun } from "./dry-run.ts";
import { edit } from "./edit.ts";
import { applyDue, showOne } from "./pending.ts";
import { headroomSheets, policySheets } from "./read.ts";
import { take } from "./take.ts";
import { startFromTemplate } from "./template.ts";
import { addEthereum } from "./template-ethereum.ts";

/** Where refusals do not say which rule they broke, whoever reads the rules types the PIN first. */
export async function policy(desk: Desk, session: Session): Promise<void> {
  if (session.state.policy.reasons === "hidden") await withPin(desk, session, () => rules(desk, session));
  else await rules(desk, session);
}

type Choice = "read" | "room" | "change" | "people" | "waiting" | "dry" | "code" | "fleet";

async function rules(desk: Desk, session: Session): Promise<void> {
  let cursor = 0;
  for (;;) {
    await applyDue(desk, session);
    const { pending } = session.state;
    const items = [
      { label: "Read it", answer: "read" },
      { label: "Head-room now", answer: "room" },
      { label: "Change it", answer: "change" },
      { label: "People", answer: "people" },
      { label: `Waiting changes (${pending.length})`, answer: "waiting" },
      { label: "Dry run", answer: "dry" },
      { label: "Show it as a code", answer: "code" },
      { label: "Fleet", answer: "fleet" },
    ] as const;
    const above = [{ kind: "text", text: headOf(session) }] as const;
    const screen = menu<Choice | "back">({ title: "Policy", above, items, back: BACK }, cursor);
    const choice = await ask(desk, screen);
    if (choice === "back") return;
    cursor = items.findIndex(({ answer }) => answer === choice);
    await orRefused(desk, () => FLOWS[choice](desk, session));
  }
}

function headOf({ state }: Session): string {
  const name = nameOf(state.policy);
  return state.sweep ? `Instead of ${name} only a sweep is signed.` : `Now ${name} holds.`;
}

type Flow = (desk: Desk, session: Session) => Promise<unknown>;

const FLOWS: Readonly<Record<Choice, Flow>> = {
  read: (desk, { state }) => read(desk, policySheets(desk, state.policy)),
  room: (desk, session) => read(desk, headroomSheets(desk, session)),
  change,
  people: async (desk, session) => (await import("../people/people.ts")).people(desk, session),
  waiting,
  fleet: async (desk, session) => (await import("../fleet/fleet.ts")).fleet(desk, session),
  dry: dryRunAgainst,
  code: (desk, { state }) =>
    showText(desk, {
      title: `Policy ${state.policy.number}`,
      text: writePolicy(state.policy),
      file: `firn-policy-${state.policy.number}`,
    }),
};

async function read(desk: Desk, sheets: readonly Sheet[]): Promise<void> {
  const close = { label: "close", answer: "seen" } as const;
  await ask(desk, pages<"seen">({ sheets, ok: close, back: close }));
}

async function change(desk: Desk, session: Session): Promise<void> {
  const how = await choose<"edit" | "text" | "template" | "ethereum">(
    desk,
    "Change the policy",
    [
      { label: "Edit it here", answer: "edit" },
      { label: "Read a policy's text", answer: "text" },
      { label: "Start from a template", answer: "template" },
      { label: "Add rules for Ethereum", answer: "ethereum" },
    ],
    "What is stricter holds at once; what allows more waits first.",
  );
  if (how === "back") return;
  if (how === "edit") return edit(desk, session, session.state.policy);
  if (how === "template") return startFromTemplate(desk, session);
  if (how === "ethereum") return addEthereum(desk, session);
  const brought = await bringPolicy(desk, session);
  if (brought !== "back") await take(desk, session, brought);
}

/** As a code or a file gives it. Throws Refusal policy.malformed. */
export async function bringPolicy(desk: Desk, { network }: Session): Promise<Policy | "back"> {
  const brought = await bring(desk, "document", {
    title: "A policy's text",
    ask: "Show the policy's text, as codes, to the camera.",
  });
  return brought === "back" ? "back" : parsePolicy(brought.message.text, network);
}

async function waiting(desk: Desk, session: Session): Promise<void> {
  for (;;) {
    const { pending } = session.state;
    if (pending.length === 0) {
      await ask(desk, notice("Waiting changes", [{ kind: "text", text: "None waits." }], "close"));
      return;
    }
    const items = pending.map((one) => ({ label: whatOf(one.change), answer: one }));
    const picked = await choose(desk, "Waiting changes", items);
    if (picked === "back") return;
    await showOne(desk, session, picked);
  }
}

async function dryRunAgainst(desk: Desk, session: Session): Promise<void> {
  const waits = session.state.pending.flatMap(({ change }) =>
    change.kind === "policy" ? [{ label: `Beside ${whatOf(change)}, which waits`, answer: change.text }] : [],
  );
  const other = await choose(
    desk,
    "Dry run",
    [
      { label: "By the policy that holds", answer: "alone" },
      ...waits,
      { label: "Beside another policy's text", answer: "bring" },
    ],
    "How a transaction would be judged. Nothing is signed.",
  );
  if (other === "back") return;
  if (other === "alone") return dryRun(desk, session);
  const proposed = other === "bring" ? await bringPolicy(desk, session) : parsePolicy(other);
  if (proposed !== "back") await dryRun(desk, session, proposed);
}
