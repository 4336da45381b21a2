// What becomes of a refusal that ends one step and not the whole journey.

import { Refusal } from "../refusal.ts";
import { refused } from "../screens/notice.ts";
import type { Desk } from "../ui.ts";
import { ask } from "../ui.ts";

/** What the act gives; "back" after a refusal, which is shown. */
export async function orRefused<T>(desk: Desk, act: () => Promise<T>): Promise<T | "back"> {
  try {
    return await act();
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    await ask(desk, refused(problem));
    return "back";
  }
}

/** What it refuses, for whoever goes on all the same. */
export async function quietly(act: () => Promise<unknown>): Promise<Refusal | undefined> {
  try {
    await act();
    return undefined;
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    return problem;
  }
}
