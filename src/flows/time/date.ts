// The date for people: hours of the day and one-time codes go by it, windows and waits never do. Forward it waits like
// everything that allows more; back it holds at once, unless some rule or some person's codes go by it.

import { DIGITS, field } from "../../screens/field.ts";
import type { Sheet } from "../../screens/pages.ts";
import { utcDate } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { loosen, offsetText, tighten } from "../policy/pending.ts";
import { nowOf, type Session } from "../session.ts";
import type { HomeState } from "../state.ts";
import { spanWords } from "./words.ts";

const MINUTE_MS = 60_000;
const FIRST_YEAR = 2020;
const LAST_YEAR = 2105;

/** Throws Refusal change.*, vault.wrong-pin, vault.too-soon. */
export async function setDate(desk: Desk, session: Session): Promise<void> {
  const shownMs = Math.floor(nowOf(session).dateMs / MINUTE_MS) * MINUTE_MS;
  const answer = await ask(
    desk,
    field({
      title: "Set the date",
      label: "Year-month-day hour:minute, UTC",
      allowed: `${DIGITS}-: `,
      longest: 16,
      start: utcDate(shownMs).slice(0, 16),
      check: (value) =>
        readDate(value) === undefined
          ? `Like 2026-03-01 12:00, from ${FIRST_YEAR} to ${LAST_YEAR}.`
          : undefined,
    }),
  );
  if (answer === "back") return;
  const byMs = readDate(answer.value)! - shownMs;
  if (byMs === 0) return;
  if (byMs > 0 || goesByDate(session.state)) {
    await loosen(desk, session, { kind: "date", byMs });
    return;
  }
  const dateOffsetMs = session.state.dateOffsetMs + byMs;
  const line = { kind: "date-set", offset: offsetText(dateOffsetMs) } as const;
  await tighten(desk, session, [backSheet(shownMs + byMs, -byMs)], [line], {
    ...session.state,
    dateOffsetMs,
  });
}

/** Rules for hours of the day, and one-time codes: an earlier date opens them as well as a later one. */
function goesByDate({ policy, people }: HomeState): boolean {
  return (
    policy.rules.some(({ limit }) => limit.kind === "hours") || people.some(({ factor }) => factor === "totp")
  );
}

function backSheet(toMs: number, byMs: number): Sheet {
  return {
    title: "Set the date back?",
    blocks: [
      { kind: "fact", label: "The date will be", value: utcDate(toMs) },
      { kind: "fact", label: "Earlier by", value: spanWords(byMs) },
      { kind: "text", text: "No window and no wait goes by it." },
    ],
  };
}

/** "2026-03-01 12:00", a day and a time that there are: Unix ms. */
export function readDate(text: string): number | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d) +(\d\d):(\d\d)$/.exec(text.trim());
  if (!match) return undefined;
  const [year, month, day, hour, minute] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute));
  const same = date.toISOString().slice(0, 16) === `${match.slice(1, 4).join("-")}T${match[4]}:${match[5]}`;
  return same && year >= FIRST_YEAR && year <= LAST_YEAR ? date.getTime() : undefined;
}
