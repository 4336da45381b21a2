// What counts now: the head-room of each window, the payments that fill it, and the owner's word that one of them was
// never broadcast.

import { inShort, inSymbol } from "../../assets.ts";
import { roomsOf, writeScope } from "../../policy/index.ts";
import { type PastSpend, type Policy, type Rule, type Scope, WINDOWS } from "../../rules.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { notice, question } from "../../screens/notice.ts";
import { grouped, shown } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { policyNow } from "../emergency/active.ts";
import { loosen } from "../policy/pending.ts";
import { closedWords, leftOf } from "../policy/read.ts";
import { dateOf, nowOf, type Session } from "../session.ts";

interface Windowed {
  readonly rule: Rule;
  readonly scope: Scope;
  readonly windowMs: number;
  readonly words: string;
}

export async function counts(desk: Desk, session: Session): Promise<void> {
  for (let cursor = 0; ; ) {
    const rooms = windowsOf(policyNow(session)).map((one) => ({ one, room: roomOf(session, one) }));
    const above = lostBlocks(session);
    if (rooms.length === 0)
      return void (await ask(desk, notice(TITLE, [{ kind: "text", text: NO_WINDOWS }, ...above], "back")));
    const items: Item<Windowed>[] = rooms.map(({ one, room }) => ({ label: room, answer: one }));
    const back = { label: "back", answer: "back" } as const;
    const picked = await ask(desk, menu<Windowed | "back">({ title: TITLE, above, items, back }, cursor));
    if (picked === "back") return;
    cursor = items.findIndex(({ answer }) => answer === picked);
    await fills(desk, session, picked);
  }
}

const TITLE = "Payments that count";
const NO_WINDOWS = "The policy has no limit for an hour, a day, a week or a month.";

function lostBlocks(session: Session) {
  const { uncountedBefore } = session.journal.ledger();
  if (uncountedBefore === undefined) return [];
  const text = `Lines were lost: what was spent before ${dateOf(session, uncountedBefore)} cannot be counted, and a window that reaches back before that refuses.`;
  return [{ kind: "text", text } as const];
}

function windowsOf({ rules }: Policy): Windowed[] {
  return rules.flatMap((rule): Windowed[] => {
    const { limit, scope } = rule;
    if (limit.kind !== "count" && limit.kind !== "amount") return [];
    if (limit.per === "transaction") return [];
    const whose = scope.of === "all" ? "" : `, ${shown(writeScope(scope)).replace(/^F/, "f")}`;
    return [{ rule, scope, windowMs: WINDOWS[limit.per], words: `per ${limit.per}${whose}` }];
  });
}

/** "0.21000000 of 0.5 BTC left per day" */
function roomOf(session: Session, { rule: { limit }, scope, windowMs, words }: Windowed): string {
  const closed = closedWords(limit, session);
  if (closed) return `${words}: ${closed}`;
  const ledger = session.journal.ledger();
  const sinceMs = nowOf(session).ms - windowMs;
  if (limit.kind === "count") {
    const left = Math.max(0, limit.most - ledger.count(scope, sinceMs));
    return `${left} of ${limit.most} transactions left ${words}`;
  }
  if (limit.kind !== "amount") return words;
  // Of any listed coin or token the one of which least is left.
  const { taken, most } = roomsOf(limit.most, ledger, scope, sinceMs)[0]!;
  const left = inSymbol(leftOf(taken, most));
  const isOwn = most.asset === limit.most.asset;
  return `${isOwn ? left.split(" ")[0] : left} of ${inShort(limit.most)} left ${words}`;
}

/** The payments that count in one window, the latest first. */
async function fills(desk: Desk, session: Session, window: Windowed): Promise<void> {
  for (let cursor = 0; ; ) {
    const sinceMs = nowOf(session).ms - window.windowMs;
    const spends = session.journal.ledger().since(sinceMs, window.scope).toReversed();
    const title = roomOf(session, window);
    if (spends.length === 0)
      return void (await ask(desk, notice(title, [{ kind: "text", text: "Nothing counts in it." }], "back")));
    const shownNow = spends.slice(0, MOST_LISTED);
    const items = shownNow.map((past) => ({ label: spendWords(session, past, window), answer: past }));
    const more = spends.length - shownNow.length;
    const left = `${more} earlier ones count as well: Journal, Search.`;
    const above = more > 0 ? [{ kind: "text", text: left } as const] : [];
    const back = { label: "back", answer: "back" } as const;
    const picked = await ask(desk, menu<PastSpend | "back">({ title, above, items, back }, cursor));
    if (picked === "back") return;
    cursor = items.findIndex(({ answer }) => answer === picked);
    await oneSpend(desk, session, picked);
  }
}

const MOST_LISTED = 99;

function spendWords(session: Session, { txid, takes, at }: PastSpend, { windowMs }: Windowed): string {
  const until = dateOf(session, at + windowMs);
  return `${takes.map(inSymbol).join(", ")}, ${briefId(txid)}, counts until ${until}`;
}

function briefId(txid: string): string {
  return `${shown(txid.slice(0, 8))}...${shown(txid.slice(-8))}`;
}

async function oneSpend(desk: Desk, session: Session, { txid, at, takes }: PastSpend): Promise<void> {
  const sheet = {
    title: "A payment that counts",
    blocks: [
      { kind: "fact", label: "Transaction", value: grouped(txid) },
      { kind: "fact", label: "Takes, its fee included", value: takes.map(inSymbol).join(", ") },
      { kind: "fact", label: "Signed", value: dateOf(session, at) },
      {
        kind: "text",
        text: "It counts though no block has it yet: whoever holds the signed transaction can broadcast it at any time.",
      },
      {
        kind: "text",
        text: "Only if it never can be, because another one spent its coins or used its nonce, its room may be given back.",
      },
    ],
  } as const;
  if ((await ask(desk, question([sheet], "give its room back", "back"))) === "no") return;
  await loosen(desk, session, { kind: "release", txid });
}
