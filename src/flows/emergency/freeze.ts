// Freezing: after too many refused requests, and what a freeze leaves in the journal. A frozen device opens for nobody
// until its wait has passed with power on, and PIN and security key are given.

import type { Entry, Journal } from "../../journal/index.ts";
import { freeze, thaw } from "../../keys/index.ts";
import { type Reason, refuse } from "../../refusal.ts";
import { notice } from "../../screens/notice.ts";
import { spokenDuration } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask, Locked } from "../../ui.ts";
import { quietly } from "../or-refused.ts";
import { whatOf } from "../policy/change-words.ts";
import { keep, nowOf, type Session } from "../session.ts";

/** How long a freeze by hand holds here. */
export function waitWords({ vault }: Session): string {
  const { freezeS } = vault.settings;
  return freezeS === 0
    ? "No wait is set: the PIN opens it again at once. Settings, Wait after a freeze."
    : `Then no PIN opens it until it was switched on for ${spokenDuration(freezeS * 1000)}.`;
}

/** Lines that are looked at, a step. */
const STEP = 256;

/**
 * After a refused request was journalled: where as many as the policy says were refused within its time, the device
 * freezes. Counted from the journal, so that neither a restart nor a cut of power forgets one; what led to the last
 * freeze counts no longer. Throws Locked.
 */
export async function freezeIfDue(desk: Desk, session: Session): Promise<void> {
  const { freeze: due } = session.state.policy;
  if (!due || (await countRefusals(session)) < due.refusals) return;
  const { store, clock } = desk.ports;
  await session.journal.append({ kind: "frozen", why: "refusals" });
  // Before it is said: whoever reads slowly wins nothing.
  await quietly(() => freeze(store, clock));
  const text = `${due.refusals} requests were refused within ${spokenDuration(due.withinMs)}. As the policy says, this device is frozen now.`;
  await ask(desk, notice("Frozen", [{ kind: "text", text }], "lock"));
  throw new Locked("frozen");
}

/** Refused requests within the policy's time and after the last freeze; counting ends where they are enough. */
export async function countRefusals(session: Session): Promise<number> {
  const { journal, state } = session;
  const { freeze: due } = state.policy;
  if (!due) return 0;
  const sinceMs = nowOf(session).ms - due.withinMs;
  let count = 0;
  for (let to = journal.head().count; to > 0; to -= STEP) {
    const lines = await journal.lines(Math.max(1, to - STEP + 1), to);
    for (const { entry } of lines.toReversed()) {
      // Times never fall along the journal.
      if (count >= due.refusals || entry.at <= sinceMs || entry.kind === "frozen") return count;
      if (isCounted(entry)) count++;
    }
  }
  return count;
}

const WRONG_PROOFS: readonly Reason[] = ["people.wrong-proof", "people.too-many-wrong"];

/** What the rules or their persons said no to. A code that cannot be read, or the owner's own no, is no attack. */
function isCounted(entry: Entry): boolean {
  if (entry.kind !== "refused" || entry.txid === "") return false;
  return entry.reasons.some(
    (one) => one.startsWith("policy.") || WRONG_PROOFS.some((reason) => reason === one),
  );
}

// ---------------------------------------------------------------- at the lock, and at the next unlock

/** The session ends frozen: unless it is said already, the owner's long hold did it. */
export async function enterFreeze(journal: Journal): Promise<void> {
  if (!(await freezeAtEnd(journal))) await journal.append({ kind: "frozen", why: "asked" });
}

/**
 * Before anything else is written at an unlock. frozen: as the record of tries said; its wait has passed. A freeze of
 * the journal that this record does not know was taken away from it, with the card in another machine or by a cut of
 * power: its wait begins anew. Throws Refusal vault.freeze-lost.
 */
export async function thawInto({ ports }: Desk, session: Session, frozen: boolean): Promise<void> {
  const { store, clock } = ports;
  const { journal } = session;
  const known = await freezeAtEnd(journal);
  if (!frozen && !known) return;
  if (!frozen) {
    await freeze(store, clock);
    refuse("vault.freeze-lost");
  }
  if (known) refuseTooSoon(session, known);
  else await journal.append({ kind: "frozen", why: "asked" });
  await cancelPending(session);
  await journal.append({ kind: "thawed" });
  await thaw(store, clock);
}

const DAY_MS = 86_400_000;

/** Of a freeze by refusals the owner may have chosen no wait: it lasts as long as they are counted, a day at most. */
function refuseTooSoon({ journal, state }: Session, { at, why }: Frozen): void {
  const { freeze: due } = state.policy;
  if (why !== "refusals" || !due) return;
  const leftMs = at + Math.min(due.withinMs, DAY_MS) - journal.nowMs();
  if (leftMs > 0) refuse("vault.frozen", `${spokenDuration(leftMs)} to go`);
}

/** Whoever froze the device took no chances: what was to allow more has to be asked for again. Before the thaw is written. */
async function cancelPending(session: Session): Promise<void> {
  const { state, journal } = session;
  if (state.pending.length === 0) return;
  for (const { change } of state.pending)
    await journal.append({ kind: "change-cancelled", what: `${whatOf(change)}: the device was frozen` });
  await keep(session, { ...state, pending: [] });
}

/** Behind the freeze of a session come no more lines than these. */
const TAIL = 16;

type Frozen = Extract<Entry, { readonly kind: "frozen" }>;

/** The freeze that no thaw followed. */
async function freezeAtEnd(journal: Journal): Promise<Frozen | undefined> {
  const { count } = journal.head();
  const lines = await journal.lines(Math.max(1, count - TAIL + 1), count);
  const last = lines.findLast(({ entry }) => OPEN_OR_FROZEN.has(entry.kind));
  return last?.entry.kind === "frozen" ? last.entry : undefined;
}

const OPEN_OR_FROZEN: ReadonlySet<Entry["kind"]> = new Set(["unlocked", "thawed", "frozen"]);
