// A journal of which lines are missing: what is missing is said, what is there is read and taken away, and the owner may
// go on without the rest. Until he does nothing is signed; once he did, every window that reaches back before it refuses.

import {
  exportSurvey,
  type Journal,
  type JournalParts,
  looseLines,
  resumeJournal,
  type Survey,
  surveyJournal,
  surveyLines,
} from "../../journal/index.ts";
import type { Block } from "../../model.ts";
import { REFUSALS, Refusal } from "../../refusal.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { notice, question } from "../../screens/notice.ts";
import type { Sheet } from "../../screens/pages.ts";
import type { Desk } from "../../ui.ts";
import { ask, wait } from "../../ui.ts";
import { deliberately } from "../deliberate.ts";
import { orRefused } from "../or-refused.ts";
import type { HomeState } from "../state.ts";
import { stickFor } from "../stick.ts";
import { browse } from "./browse.ts";
import { exportLines } from "./export.ts";
import { type Book, isUpkeep, type Older, toldOf } from "./read.ts";

/** Put back from a copy, or written by a newer version: there going on would forget what the machine knows. */
const RESOLVED: readonly string[] = ["journal.damaged", "journal.truncated", "journal.foreign"];

interface Broken {
  readonly parts: JournalParts;
  readonly survey: Survey;
  readonly state: HomeState;
}

/** What `open` opens; or, where lines are missing, what the owner goes on with. Throws the refusal where he does not. */
export async function openOrResume(
  desk: Desk,
  open: () => Promise<Journal>,
  parts: JournalParts,
  state: HomeState,
): Promise<Journal> {
  try {
    return await open();
  } catch (problem) {
    if (!(problem instanceof Refusal) || !RESOLVED.includes(problem.reason)) throw problem;
    // Keys are in memory: the idle lock counts.
    desk.guarded = true;
    desk.stick = stickFor(desk, state);
    const survey = await wait(desk, "Looking at what is there", surveyJournal(parts, state.serial));
    return resolve(desk, { parts, survey, state }, problem);
  }
}

const ITEMS = [
  { label: "What is missing, and what that means", answer: "told" },
  { label: "Read what is there", answer: "read" },
  { label: "Export what is there", answer: "take" },
  { label: "Go on without the rest", answer: "resume" },
  { label: "Lock", answer: "lock" },
] as const satisfies readonly Item<string>[];
type Choice = (typeof ITEMS)[number]["answer"];

async function resolve(desk: Desk, broken: Broken, problem: Refusal): Promise<Journal> {
  const first = { ...told(broken.survey), title: REFUSALS[broken.survey.reason].title };
  await ask(desk, question([first], "go on", "go on"));
  for (let cursor = 0; ; ) {
    const title = REFUSALS[broken.survey.reason].title;
    const back = { label: "lock", answer: "lock" } as const;
    const choice = await ask(desk, menu<Choice>({ title, tone: "danger", items: ITEMS, back }, cursor));
    cursor = ITEMS.findIndex(({ answer }) => answer === choice);
    if (choice === "lock") throw problem;
    if (choice === "resume") {
      if ((await deliberately(desk, resumeSheets(broken.survey), "to go on")) === "no") continue;
      return await wait(desk, "Going on", resumeJournal(broken.parts, broken.survey));
    }
    await orRefused(desk, () => LOOKS[choice](desk, broken));
  }
}

const LOOKS = { told: tell, read, take } as const;

async function tell(desk: Desk, { survey }: Broken): Promise<void> {
  await ask(desk, question([told(survey)], "back", "back"));
}

function told({ reason, detail, good, lost, restBytes, loose }: Survey): Sheet {
  const single = loose.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  const blocks: Block[] = [
    text(REFUSALS[reason].meaning),
    fact("Whole, from the first line on", good.count === 0 ? "no line" : `lines 1 to ${good.count}`),
    fact("Missing", lost === 1 ? "1 line at least" : `${lost} lines at least`),
    ...(restBytes > 0 ? [fact("Behind that", `${restBytes} bytes that do not follow`)] : []),
    ...(single > 0 ? [fact("Of them lines that are whole by themselves", String(single))] : []),
    fact("Reason", detail === "" ? reason : `${reason}\n${detail}`),
  ];
  return { title: "What is missing", tone: "danger", blocks };
}

function resumeSheets(survey: Survey): Sheet[] {
  return [
    told(survey),
    {
      title: "Go on without the rest?",
      tone: "danger",
      blocks: [
        text("What was spent in lines that are missing can no longer be counted."),
        text(
          "So whatever is limited by the hour, day, week or month is refused until that time has run out after this: a limit by the day for a day.",
        ),
        text("The journal says for ever that lines were lost here. What is left of them stays on the card."),
        text("If you have a good copy of the card, lock, and put that back instead."),
      ],
    },
  ];
}

async function read(desk: Desk, { parts, survey, state }: Broken): Promise<void> {
  const { dateOffsetMs } = state;
  const loose = survey.loose.length > 0 ? await wait(desk, "Reading", looseLines(parts, survey)) : [];
  const last = Math.max(survey.good.count, loose.at(-1)?.number ?? 0);
  const lines: Book["lines"] = async (from, to) => [
    ...(await surveyLines(parts, survey, from, to)),
    ...loose.filter(({ number }) => number >= from && number <= to).map((line) => ({ ...line, head: "" })),
  ];
  const book: Book = { last, dateOffsetMs, lines };
  const older: Older = async (before) => {
    const reached = Math.max(1, before - CHUNK);
    const found = before > 1 ? await lines(reached, before - 1) : [];
    const kept = found.filter(({ entry }) => !isUpkeep(entry));
    return { told: kept.toReversed().map((line) => toldOf(book, line)), reached };
  };
  await browse(desk, book, { title: "What is there", none: "No line can be read.", older });
}

/** Lines that are read at a time. */
const CHUNK = 256;

async function take(desk: Desk, { parts, survey }: Broken): Promise<void> {
  const to = survey.good.count;
  if (to === 0) return void (await ask(desk, notice("Export", [text("No line can be read.")], "back")));
  await exportLines(
    desk,
    { from: 1, to },
    {
      lines: (from, to) => surveyLines(parts, survey, from, to),
      text: (range) => exportSurvey(parts, survey, range.from, range.to),
    },
  );
}

function text(words: string): Block {
  return { kind: "text", text: words };
}

function fact(label: string, value: string): Block {
  return { kind: "fact", label, value };
}
