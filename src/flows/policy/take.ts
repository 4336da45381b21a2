// A whole policy is taken: read in full, and what it changes, before anything holds.

import {
  changesOf,
  isAtLeastAsStrict,
  parsePolicy,
  policyFingerprint,
  renumbered,
  walletsIn,
  writePolicy,
} from "../../policy/index.ts";
import { refuse } from "../../refusal.ts";
import type { Policy } from "../../rules.ts";
import { notice, question } from "../../screens/notice.ts";
import type { Sheet } from "../../screens/pages.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { knownEthereum } from "../ethereum/wallet-refs.ts";
import { keptWallets, type Session } from "../session.ts";
import { nameOf, whatOf } from "./change-words.ts";
import { checkFits } from "./fits.ts";
import { loosen, tighten } from "./pending.ts";
import { policySheets } from "./read.ts";

/**
 * What is stricter holds at once; what allows anything more waits. Whatever is refused, or left, changes nothing.
 * Throws Refusal policy.malformed, change.*.
 */
export async function take(
  desk: Desk,
  session: Session,
  wanted: Policy,
  how: "tightened" | "fleet" = "tightened",
): Promise<"taken" | "left"> {
  const text = writePolicy(wanted);
  const next = parsePolicy(text);
  checkNext(session, next);
  const sheets = [...policySheets(desk, next), ...changeSheets(session, next)];
  if (!isAtLeastAsStrict(next, session.state.policy)) {
    if ((await ask(desk, question(sheets, "go on", "leave"))) === "no") return "left";
    return loosen(desk, session, { kind: "policy", text });
  }
  return hold(desk, session, next, sheets, how);
}

/** One that waits was asked for under other rules: it goes. */
async function hold(desk: Desk, session: Session, next: Policy, sheets: readonly Sheet[], how: string) {
  const { state } = session;
  const { number } = next;
  const waits = state.pending.filter(({ change }) => change.kind === "policy");
  const gone = waits.map(({ change }) => whatOf(change));
  const lines = [
    { kind: "policy", number, fingerprint: policyFingerprint(next), how } as const,
    ...gone.map((name) => ({ kind: "change-cancelled", what: `${name}: another one holds` }) as const),
  ];
  const told = gone.map((name): Sheet => {
    const text = `${name} waits to hold; it goes, and would have to be asked for again.`;
    return { title: "What waits goes", tone: "caution", blocks: [{ kind: "text", text }] };
  });
  const pending = state.pending.filter((one) => !waits.includes(one));
  const after = { ...state, policy: next, pending };
  if ((await tighten(desk, session, [...sheets, ...told], lines, after)) === "left") return "left";
  await ask(desk, notice("It holds", [{ kind: "text", text: `From now on ${nameOf(next)} holds.` }]));
  return "taken";
}

function changeSheets({ state }: Session, next: Policy): Sheet[] {
  const { tighter, looser } = changesOf(state.policy, next);
  const text = (line: string) => ({ kind: "text", text: line }) as const;
  const sheets: Sheet[] = [
    { title: "What it restricts further", blocks: tighter.map(text) },
    { title: "What it allows that is not allowed now", tone: "danger", blocks: looser.map(text) },
  ];
  const found = sheets.filter(({ blocks }) => blocks.length > 0);
  return found.length > 0 ? found : [{ title: "What it changes", blocks: [text(NOTHING)] }];
}

const NOTHING = "It allows and refuses the same as before.";

/** It is newer, it is another one, and what it names is here, or was named before. */
function checkNext(session: Session, next: Policy): void {
  const { network, curve, state } = session;
  const { policy } = state;
  if (next.number <= policy.number)
    refuse("change.older", `number ${next.number}; policy ${policy.number} holds`);
  // Of every key here, as far as they are registered; the accounts of the key that answers.
  const bitcoin = [...session.wallets, ...keptWallets(session), ...walletsIn(policy)];
  const wallets = [...bitcoin, ...knownEthereum(session, walletsIn(next))];
  checkFits({ network, curve, people: state.people.map(({ name }) => name), wallets }, next);
  const same = writePolicy(renumbered(next, policy.number)) === writePolicy(policy);
  if (same) refuse("change.same", nameOf(policy));
}
