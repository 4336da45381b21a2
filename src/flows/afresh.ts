// The end of every journey in which something secret was typed or shown.

import { Refusal } from "../refusal.ts";
import { refused } from "../screens/notice.ts";
import type { Desk } from "../ui.ts";
import { ask, Locked } from "../ui.ts";
import { quietly } from "./or-refused.ts";
import type { Session } from "./session.ts";

/**
 * What is refused is said and leaves its line; whatever came of the journey, all processes then start anew, so that
 * nothing that was in memory by then outlives it.
 */
export async function afresh(desk: Desk, session: Session, journey: () => Promise<void>): Promise<never> {
  try {
    await journey();
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    // A journal that takes no more lines must not keep the person from reading what was wrong.
    await quietly(() => session.journal.append({ kind: "refused", txid: "", reasons: [problem.reason] }));
    await ask(desk, refused(problem));
  }
  throw new Locked("afresh");
}
