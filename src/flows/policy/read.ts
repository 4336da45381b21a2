// A policy for reading: its name, every line in its section, what it is silent about, and what its windows count.

import { inSymbol } from "../../assets.ts";
import type { Block } from "../../model.ts";
import { policyFingerprint, roomsOf, sections, writeRule, writeScope } from "../../policy/index.ts";
import { type Amount, type Policy, type Rule, WINDOWS } from "../../rules.ts";
import type { Sheet } from "../../screens/pages.ts";
import { bodySize } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { dateOf, nowOf, type Session } from "../session.ts";
import { clockWords } from "../time/words.ts";
import { counterOf } from "../unlock/machine.ts";

/** All of it. Every sentence that will hold is on one of these. */
export function policySheets(desk: Desk, policy: Policy): Sheet[] {
  const [head, ...others] = sections(policy);
  const fingerprint = { kind: "fact", label: "Fingerprint", value: policyFingerprint(policy) } as const;
  return [
    { title: head!.title, blocks: [fingerprint, ...lineBlocks(desk, head!.lines)] },
    ...others.map(({ title, lines }) => ({ title, blocks: lineBlocks(desk, lines) })),
    { title: "How time counts", blocks: [{ kind: "text", text: clockWords(desk) }] },
  ];
}

/** A row a line; parted by empty rows where one of them takes two. */
export function lineBlocks({ ports: { panel } }: Desk, lines: readonly string[]): Block[] {
  const { columns } = bodySize(panel.size());
  const texts = lines.every((line) => line.length <= columns) ? [lines.join("\n")] : lines;
  return texts.map((text) => ({ kind: "text", text }));
}

// ---------------------------------------------------------------- head-room

/** What each window has taken and has left, now. */
export function headroomSheets(desk: Desk, session: Session): Sheet[] {
  const { policy } = session.state;
  const blocks = policy.rules.flatMap((rule) => {
    const value = roomOf(rule, session);
    return value === undefined
      ? []
      : [{ kind: "fact", label: `${writeScope(rule.scope)}: ${writeRule(rule)}`, value } as const];
  });
  const none = { kind: "text", text: "No rule counts over a time." } as const;
  return [
    {
      title: "Head-room now",
      blocks: [
        ...(blocks.length === 0 ? [none] : blocks),
        ...lossBlocks(session),
        { kind: "text", text: clockWords(desk) },
        ...copyBlocks(desk, session),
      ],
    },
  ];
}

/** What every limit rests on where nothing outside of the card counts. */
function copyBlocks({ ports }: Desk, { vault, home }: Session) {
  if (counterOf(ports, vault.sealKind, home) !== undefined) return [];
  const text =
    "This machine has no counter: limits hold only while nobody copies the card and puts the copy back.";
  return [{ kind: "text", text } as const];
}

function roomOf({ scope, limit }: Rule, session: Session): string | undefined {
  const ledger = session.journal.ledger();
  const { ms } = nowOf(session);
  const closed = closedWords(limit, session);
  if (closed) return closed;
  if (limit.kind === "amount" && limit.per !== "transaction") {
    const rooms = roomsOf(limit.most, ledger, scope, ms - WINDOWS[limit.per]);
    return rooms
      .map(({ taken, most }) => `${inSymbol(taken)} taken, ${inSymbol(leftOf(taken, most))} left`)
      .join("; ");
  }
  if (limit.kind === "count") {
    const signed = ledger.count(scope, ms - WINDOWS[limit.per]);
    return `${signed} recorded, ${Math.max(0, limit.most - signed)} left`;
  }
  if (limit.kind !== "height-step") return undefined;
  const height = ledger.height();
  return height === undefined ? "none recorded yet" : `next from height ${height + limit.blocks} on`;
}

export function leftOf({ units }: Amount, most: Amount): Amount {
  return { ...most, units: units < most.units ? most.units - units : 0n };
}

/** Of a window that reaches back beyond lines that were lost nothing is left, whatever the other lines say. */
export function closedWords(limit: Rule["limit"], session: Session): string | undefined {
  if ((limit.kind !== "amount" && limit.kind !== "count") || limit.per === "transaction") return undefined;
  const { uncountedBefore } = session.journal.ledger();
  if (uncountedBefore === undefined) return undefined;
  const untilMs = uncountedBefore + WINDOWS[limit.per];
  return nowOf(session).ms < untilMs ? `closed until ${dateOf(session, untilMs)}` : undefined;
}

function lossBlocks(session: Session) {
  const { uncountedBefore } = session.journal.ledger();
  if (uncountedBefore === undefined) return [];
  const text = `Lines were lost: what was spent before ${dateOf(session, uncountedBefore)} is not counted.`;
  return [{ kind: "text", text } as const];
}
