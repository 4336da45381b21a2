// Block headers move time on: what was not seen because the device was off. What that opens is said before. They prove
// that it is not earlier, not when it became so: who asks for something now, and shows them next, has not waited. So
// waits have left what they had.

import { proveTime } from "../../bitcoin/index.ts";
import type { Block } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import { WINDOWS } from "../../rules.ts";
import { heldQuestion, notice } from "../../screens/notice.ts";
import { utcDate } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { postpone } from "../people/kept.ts";
import { offsetText } from "../policy/due.ts";
import { keep, nowOf, type Session } from "../session.ts";
import { bring } from "../stick.ts";
import { spanWords } from "./words.ts";

const SCAN = {
  title: "Block headers",
  ask: "Show headers of mainnet's latest blocks to the camera: six or more in a row, the oldest first, in hex.",
} as const;

/** Throws Refusal time.*, transport.*, stick.*. */
export async function scanHeaders(desk: Desk, session: Session): Promise<void> {
  const { network } = session;
  if (network !== "mainnet") refuse("time.practice-network", network);
  const brought = await bring(desk, "headers", SCAN);
  if (brought === "back") return;
  const { notBeforeMs, headers } = proveTime(brought.message.bytes, network);
  const byMs = notBeforeMs - nowOf(session).ms;
  if (byMs <= 0) return tellNothingNew(desk, session, notBeforeMs);
  const sheet = { title: "Move time on?", blocks: movedBlocks(session, notBeforeMs, headers) };
  const answer = await ask(desk, heldQuestion([sheet], "hold ok: move time on", "leave"));
  if (answer === "no") return;
  await keepWaits(session, notBeforeMs);
  await session.journal.append({ kind: "time-proven", notBefore: notBeforeMs, headers });
  await postpone(session, byMs);
  const text = `It is ${utcDate(nowOf(session).dateMs)} at the earliest.`;
  await ask(desk, notice("Time was moved on", [{ kind: "text", text }]));
}

async function tellNothingNew(desk: Desk, session: Session, notBeforeMs: number): Promise<void> {
  const blocks: Block[] = [
    { kind: "fact", label: "They prove: not before", value: utcDate(notBeforeMs) },
    { kind: "fact", label: "Reckoned already", value: utcDate(nowOf(session).ms) },
    { kind: "text", text: "Nothing has moved. Headers of later blocks may prove more." },
  ];
  await ask(desk, notice("Nothing new", blocks));
}

function movedBlocks(session: Session, notBeforeMs: number, headers: number): Block[] {
  const byMs = notBeforeMs - nowOf(session).ms;
  return [
    { kind: "fact", label: `${headers} headers prove: not before`, value: utcDate(notBeforeMs) },
    { kind: "fact", label: "Time moves on by", value: spanWords(byMs) },
    { kind: "text", text: windowWords(byMs) },
    {
      kind: "text",
      text: "That time must have passed while this device was off. If it was not off so long, leave.",
    },
  ];
}

const NAMES: readonly (readonly [string, number])[] = [
  ["an hour", WINDOWS.hour],
  ["a day", WINDOWS.day],
  ["a week", WINDOWS.week],
  ["a month", WINDOWS.month],
];

/** What it does to windows of each length. */
function windowWords(byMs: number): string {
  const open = NAMES.filter(([, length]) => length <= byMs).map(([name]) => name);
  const moved = NAMES.filter(([, length]) => length > byMs).map(([name]) => name);
  return [
    ...(open.length === 0 ? [] : [`Limits for ${joined(open)} begin anew.`]),
    ...(moved.length === 0 ? [] : [`Limits for ${joined(moved)} move on by as much.`]),
    "Waits do not: whatever waits has as much left as before.",
  ].join(" ");
}

function joined(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/**
 * What waits is due so much later. A date that was set ahead by hand stays where it is, as far as it is not behind what
 * is proven. Before time moves: what a cut of power leaves undone waits too long, never too short.
 */
async function keepWaits(session: Session, notBeforeMs: number): Promise<void> {
  const { state } = session;
  const { ms, dateMs } = nowOf(session);
  const byMs = notBeforeMs - ms;
  const dateOffsetMs = Math.max(0, dateMs - notBeforeMs);
  if (dateOffsetMs !== state.dateOffsetMs)
    await session.journal.append({ kind: "date-set", offset: offsetText(dateOffsetMs) });
  const pending = state.pending.map((one) => (one.dueMs > ms ? { ...one, dueMs: one.dueMs + byMs } : one));
  await keep(session, { ...state, pending, dateOffsetMs });
}
