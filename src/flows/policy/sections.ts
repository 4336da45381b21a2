// A policy for reading, in sections: its head, its lists, and its rules by what they are for.

import { writePolicy } from "../../policy/index.ts";
import type { Policy } from "../../rules.ts";

export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Every line of it, in order. */
export function sectionsOf(policy: Policy): readonly Section[] {
  return writePolicy(policy)
    .trimEnd()
    .split("\n\n")
    .map((block) => {
      const [title = "", ...lines] = block.split("\n");
      return { title, lines };
    });
}

/** Each line with what it stands under, so that it says all of what it means. */
export function linesOf(policy: Policy): readonly string[] {
  return sectionsOf(policy).flatMap(({ title, lines }, index) =>
    index === 0 ? lines : lines.map((line) => `${title}: ${line}`),
  );
}
