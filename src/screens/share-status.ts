// How far a set of shares is, in sentences that fit beside a list.

export interface ShareGroup {
  /** As people count, from 1; so are the members. */
  readonly number: number;
  readonly members: readonly number[];
  /** Undefined until a share of the group is there. */
  readonly needed: number | undefined;
  readonly complete: boolean;
}

export interface ShareSetStatus {
  readonly groups: readonly ShareGroup[];
  readonly groupsHave: number;
  readonly groupsNeeded: number;
}

/** `undefined`: nothing is there yet, and nothing is known. */
export function shareStatus(status: ShareSetStatus | undefined): string[] {
  if (status === undefined) return ["One share after the other, in any order."];
  const { groups, groupsHave, groupsNeeded } = status;
  const begun = groups.filter(({ members, complete }) => members.length > 0 && !complete);
  const whole = groups.filter(({ complete }) => complete).map(({ number }) => number);
  const lines = begun.map(
    ({ number, members, needed }) =>
      `Group ${number}: ${members.length} of ${needed} shares, number ${members.join(", ")}.`,
  );
  if (groups.length === 1 && lines.length > 0) return lines;
  const done = whole.length === 0 ? "" : `: ${whole.join(", ")}`;
  return [...lines, `${groupsHave} of ${groupsNeeded} groups${done}.`];
}
