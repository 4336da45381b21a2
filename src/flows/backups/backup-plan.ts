// How a key is split: how many pieces there are, and how many are needed.

import { DIGITS, field } from "../../screens/field.ts";
import { menu } from "../../screens/menu.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";

export interface Split {
  readonly needed: number;
  readonly count: number;
}

export interface GroupPlan {
  readonly groupThreshold: number;
  readonly groups: readonly Split[];
}

/** SLIP-39 allows so many groups, and shares in each. */
const MOST_SHARES = 16;

interface NumberQuestion {
  readonly title: string;
  readonly label: string;
  readonly least: number;
  readonly most: number;
}

export async function askNumber(desk: Desk, question: NumberQuestion): Promise<number | "back"> {
  const { title, label, least, most } = question;
  const answer = await ask(
    desk,
    field({
      title,
      label: `${label} (${least} to ${most})`,
      allowed: DIGITS,
      longest: String(most).length,
      check: (value) =>
        value !== "" && Number(value) >= least && Number(value) <= most
          ? undefined
          : `A number from ${least} to ${most}.`,
    }),
  );
  return answer === "back" ? "back" : Number(answer.value);
}

const USUAL = [
  { label: "2 of 3", answer: { needed: 2, count: 3 } },
  { label: "3 of 5", answer: { needed: 3, count: 5 } },
] as const;
const BACK = { label: "back", answer: "back" } as const;

export async function askGroups(desk: Desk): Promise<GroupPlan | "back"> {
  for (;;) {
    const text = "2 of 3: any two of the three shares make the key, and one alone tells nothing of it.";
    const choice = await ask(
      desk,
      menu<Split | "other" | "groups" | "back">({
        title: "How many shares",
        above: [{ kind: "text", text }],
        items: [...USUAL, { label: "Other numbers", answer: "other" }, { label: "Groups", answer: "groups" }],
        back: BACK,
      }),
    );
    if (choice === "back") return "back";
    if (choice === "groups") {
      const plan = await askSeveral(desk);
      if (plan !== "back") return plan;
      continue;
    }
    const split = choice === "other" ? await askSplit(desk, "How many shares", 1, MOST_SHARES) : choice;
    if (split !== "back") return { groupThreshold: 1, groups: [split] };
  }
}

async function askSeveral(desk: Desk): Promise<GroupPlan | "back"> {
  const title = "Groups";
  const count = await askNumber(desk, { title, label: "Groups in all", least: 1, most: MOST_SHARES });
  if (count === "back") return "back";
  const needed = await askNumber(desk, { title, label: "Groups needed", least: 1, most: count });
  if (needed === "back") return "back";
  const groups: Split[] = [];
  while (groups.length < count) {
    const split = await askSplit(desk, `Group ${groups.length + 1} of ${count}`, 1, MOST_SHARES);
    if (split === "back") return "back";
    groups.push(split);
  }
  return { groupThreshold: needed, groups };
}

export async function askShares(desk: Desk, least: number, most: Split): Promise<Split | "back"> {
  for (;;) {
    const choice = await ask(
      desk,
      menu<Split | "other" | "back">({
        title: "How many shares",
        items: [...USUAL, { label: "Other numbers", answer: "other" }],
        back: BACK,
      }),
    );
    if (choice !== "other") return choice;
    const split = await askSplit(desk, "How many shares", least, most.count, most.needed);
    if (split !== "back") return split;
  }
}

/** Where one alone is enough there is only one: copies of it would be called shares, and be the key. */
async function askSplit(
  desk: Desk,
  title: string,
  least: number,
  mostCount: number,
  mostNeeded = mostCount,
): Promise<Split | "back"> {
  const needed = await askNumber(desk, { title, label: "Shares needed", least, most: mostNeeded });
  if (needed === "back" || needed === 1) return needed === 1 ? { needed, count: 1 } : "back";
  const count = await askNumber(desk, { title, label: "Shares in all", least: needed, most: mostCount });
  return count === "back" ? "back" : { needed, count };
}

/** As few shares as will do: of the groups that need the fewest. */
export function fewestShares({ groupThreshold, groups }: GroupPlan): number {
  const needs = groups.map(({ needed }) => needed).toSorted((a, b) => a - b);
  return needs.slice(0, groupThreshold).reduce((sum, needed) => sum + needed, 0);
}
