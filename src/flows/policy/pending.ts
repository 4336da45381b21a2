// What restricts holds at once. What allows more waits first, is shown at every unlock until then, and one press
// cancels it: whoever forces the owner to ask for it does not have it yet.

import { wipe } from "../../bytes.ts";
import type { Draft, Entry } from "../../journal/index.ts";
import type { Change, Pending } from "../../keeping.ts";
import { LIMITS } from "../../limits.ts";
import type { Block } from "../../model.ts";
import { Refusal, refuse } from "../../refusal.ts";
import { heldQuestion, notice } from "../../screens/notice.ts";
import { pages, type Sheet } from "../../screens/pages.ts";
import { spokenDuration } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { deliberately } from "../deliberate.ts";
import { dateOf, keep, nowOf, type Session } from "../session.ts";
import { withPin } from "../settings/settings-pins.ts";
import type { HomeState } from "../state.ts";
import { allowsOf, whatOf } from "./change-words.ts";
import { record, without } from "./due.ts";

export { applyDue, offsetText } from "./due.ts";

/**
 * Asks for what allows more: it is said what that is and from when on, then come the gesture, the PIN, and the security
 * key where one is enrolled. "left" where the person turned back before the PIN; once one was typed all starts afresh,
 * and the next unlock shows what waits. Throws Refusal change.waiting, change.too-many.
 */
export async function loosen(desk: Desk, session: Session, change: Change): Promise<"left"> {
  const { pending, policy } = session.state;
  const same = pending.find((one) => isSame(one.change, change));
  if (same) refuse("change.waiting", whatOf(same.change));
  if (pending.length >= LIMITS.pending) refuse("change.too-many", `${LIMITS.pending} wait`);
  const wait = { askedMs: nowOf(session).ms, dueMs: nowOf(session).ms + policy.loosenMs };
  const sheets = [loosenSheet(session, { change, ...wait })];
  if ((await deliberately(desk, sheets, "to ask for it")) === "no") return "left";
  await withPin(desk, session, async () => {
    await askKey(desk, session);
    const askedMs = nowOf(session).ms;
    const asked = { change, askedMs, dueMs: askedMs + policy.loosenMs };
    const line = { kind: "change-asked", what: whatOf(change), due: asked.dueMs } as const;
    await record(session, [line], { ...session.state, pending: [...session.state.pending, asked] });
    const what = { kind: "fact", label: "What", value: whatOf(change) } as const;
    const text = "It is shown at every unlock until then, and can be cancelled there.";
    await ask(desk, notice("It waits", [what, ...whenBlocks(session, asked), { kind: "text", text }]));
  });
  return "left";
}

/** One policy waits at a time, and one of each other kind; of releases one a transaction. */
function isSame(one: Change, other: Change): boolean {
  if (one.kind === "release" && other.kind === "release") return one.txid === other.txid;
  return one.kind === other.kind;
}

/** The enrolled security key's owner is here, as at the door. */
async function askKey(desk: Desk, { vault }: Session): Promise<void> {
  if (vault.factors.length === 0) return;
  const { askSecurityKey } = await import("../unlock/factor.ts");
  const { secret } = await askSecurityKey(desk, vault.factors, KEY_AGREES);
  wipe(secret);
}

const KEY_AGREES = "The PIN was right. One of the enrolled security keys has to agree as well.";

/** What restricts: read, taken by a hold, and it holds at once. `lines` say in the journal what was done. */
export async function tighten(
  desk: Desk,
  session: Session,
  sheets: readonly Sheet[],
  lines: readonly Draft[],
  state: HomeState,
): Promise<"done" | "left"> {
  if ((await ask(desk, heldQuestion(sheets, "hold ok: it holds from now on", "leave"))) === "no")
    return "left";
  await record(session, lines, state);
  return "done";
}

// ---------------------------------------------------------------- while it waits

/** Each change that waits, with when it holds: back cancels it, at once; ok goes on. What a cut left half done is finished. */
export async function showPending(desk: Desk, session: Session): Promise<void> {
  const { pending } = session.state;
  const latest = pending.length === 0 ? [] : await latestLines(session);
  for (const one of pending)
    if (isCancelled(latest, one)) await drop(session, one);
    // It holds by its line: applyDue takes it away, and nothing is there to be cancelled.
    else if (!isReleased(latest, one)) await showOne(desk, session, one);
}

/** Of what was under way when power went only the lines of the unlocking come after it. */
const LATEST = 64;

/** A journal that is damaged is told of elsewhere: what waits is shown all the same. */
async function latestLines({ journal }: Session): Promise<readonly Entry[]> {
  try {
    return await journal.entries(LATEST);
  } catch (problem) {
    if (problem instanceof Refusal) return [];
    throw problem;
  }
}

function isCancelled(latest: readonly Entry[], { change }: Pending): boolean {
  const what = whatOf(change);
  const last = latest.findLast(
    (line) => (line.kind === "change-asked" || line.kind === "change-cancelled") && line.what === what,
  );
  return last?.kind === "change-cancelled";
}

function isReleased(latest: readonly Entry[], { change, askedMs }: Pending): boolean {
  return latest.some(
    (line) =>
      line.kind === "released" &&
      change.kind === "release" &&
      line.txid === change.txid &&
      line.at >= askedMs,
  );
}

export async function showOne(desk: Desk, session: Session, pending: Pending): Promise<void> {
  const answer = await ask(
    desk,
    pages<"cancel" | "on">({
      sheets: [pendingSheet(session, pending)],
      ok: { label: "go on", answer: "on" },
      back: { label: "cancel it", answer: "cancel" },
    }),
  );
  if (answer === "cancel") await cancel(desk, session, pending);
}

/** Once the line is written it never holds, whatever comes between: the next unlock takes it away. */
async function cancel(desk: Desk, session: Session, pending: Pending): Promise<void> {
  const what = whatOf(pending.change);
  await session.journal.append({ kind: "change-cancelled", what });
  await drop(session, pending);
  const text = `It will not hold: ${what}. The rules stay as they are.`;
  await ask(desk, notice("Cancelled", [{ kind: "text", text }]));
}

function drop(session: Session, pending: Pending): Promise<void> {
  return keep(session, { ...session.state, pending: without(session.state.pending, pending) });
}

function loosenSheet(session: Session, pending: Pending): Sheet {
  return {
    title: "This allows more",
    tone: "danger",
    blocks: [
      ...changeBlocks(session, pending.change),
      ...whenBlocks(session, pending),
      ...(pending.change.kind === "policy" ? [{ kind: "text", text: WHOLE } as const] : []),
    ],
  };
}

const WHOLE = "All of it waits, what it restricts as well: that holds at once only by itself.";

function pendingSheet(session: Session, pending: Pending): Sheet {
  const text = "If you did not ask for it, cancel it: somebody knows your PIN.";
  return {
    title: "A change waits",
    tone: "caution",
    blocks: [
      ...whenBlocks(session, pending),
      { kind: "text", text },
      ...changeBlocks(session, pending.change),
    ],
  };
}

function changeBlocks(session: Session, change: Change): Block[] {
  return [
    { kind: "fact", label: "What", value: whatOf(change) },
    ...allowsOf(change, session).map((text) => ({ kind: "text", text }) as const),
  ];
}

function whenBlocks(session: Session, { dueMs }: Pending): Block[] {
  const { ms } = nowOf(session);
  const left = dueMs > ms ? `in ${spokenDuration(dueMs - ms)}` : "now";
  return [{ kind: "fact", label: "Holds", value: `${left}, ${dateOf(session, dueMs)}` }];
}
