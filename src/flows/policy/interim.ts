import type { Policy } from "../../rules.ts";
import { linesOf } from "./sections.ts";

export function changesOf(old: Policy, next: Policy) {
  const [before, after] = [linesOf(old), linesOf(next)];
  return {
    tighter: after.filter((line) => !before.includes(line)),
    looser: before.filter((line) => !after.includes(line)),
  };
}
export function isAtLeastAsStrict(_next: Policy, _old: Policy): boolean {
  return false;
}
export function personsIn({ rules }: Policy): readonly string[] {
  return rules.flatMap(({ otherwise }) => (otherwise.do === "ask" ? otherwise.ask.of : []));
}
export function silences(_policy: Policy): readonly string[] {
  return [];
}
