// What waited long enough holds. Lines first, then the home: nothing ever holds that no line speaks of, and what a cut
// of power left undone is done again, with its lines, before anything else is.

import { readWallet } from "../../bitcoin/index.ts";
import type { Draft } from "../../journal/index.ts";
import type { Change, Pending } from "../../keeping.ts";
import {
  parsePolicy,
  policyFingerprint,
  readAdministrators,
  readDescriptors,
  textFingerprint,
} from "../../policy/index.ts";
import { notice } from "../../screens/notice.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { keep, nowOf, type Session } from "../session.ts";
import type { HomeState } from "../state.ts";
import { orUnreadable, whatOf } from "./change-words.ts";

/** Everything that is due holds from here on, the earliest first, each for itself; it is said what did. */
export async function applyDue(desk: Desk, session: Session): Promise<void> {
  const told: string[] = [];
  for (;;) {
    const due = firstDue(session);
    if (due === undefined) break;
    const { words, lines, state } = orUnreadable(
      () => lostSince(session, due) ?? effectOf(due.change, session),
      (reason) => dropped(`${whatOf(due.change)} (${reason})`, session.state),
    );
    await record(session, lines, { ...state, pending: without(session.state.pending, due) });
    told.push(words);
  }
  if (told.length === 0) return;
  const blocks = told.map((text) => ({ kind: "text", text }) as const);
  await ask(desk, notice("What waited", blocks));
}

/** What was done is on the medium before it holds. */
export async function record(session: Session, lines: readonly Draft[], state: HomeState): Promise<void> {
  for (const line of lines) await session.journal.append(line);
  await keep(session, state);
}

export function without(pending: readonly Pending[], one: Pending): readonly Pending[] {
  return pending.filter((other) => other !== one);
}

function firstDue(session: Session): Pending | undefined {
  const { ms } = nowOf(session);
  const due = session.state.pending.filter(({ dueMs }) => dueMs <= ms);
  return due.toSorted((a, b) => a.dueMs - b.dueMs)[0];
}

/** Where lines went missing after it was asked for, what time has passed since rests on what is left: it goes. */
function lostSince({ journal, state }: Session, { change, askedMs }: Pending): Effect | undefined {
  const { uncountedBefore: lost } = journal.ledger();
  if (lost === undefined || askedMs > lost) return undefined;
  return dropped(`${whatOf(change)}: lines of the journal were lost since`, state);
}

interface Effect {
  readonly words: string;
  readonly lines: readonly Draft[];
  readonly state: HomeState;
}

function effectOf(change: Change, session: Session): Effect {
  const { state } = session;
  const what = whatOf(change);
  const done = (line: Draft, next: HomeState): Effect => ({
    words: `Holds now: ${what}.`,
    lines: [line, { kind: "change-done", what }],
    state: next,
  });
  switch (change.kind) {
    case "policy":
      return policyEffect(change.text, session, done) ?? dropped(`${what}: a newer one holds`, state);
    case "release":
      return done({ kind: "released", txid: change.txid }, state);
    case "successor": {
      const { name, descriptor } = change;
      const { fingerprint } = readWallet(descriptor, session.network, session.curve, name);
      return done(
        { kind: "successor-set", name, fingerprint },
        { ...state, successor: { name, descriptor } },
      );
    }
    case "end-sweep": {
      const { sweep: _, ...rest } = state;
      return done({ kind: "sweep-ended" }, rest);
    }
    case "date": {
      const dateOffsetMs = state.dateOffsetMs + change.byMs;
      return done({ kind: "date-set", offset: offsetText(dateOffsetMs) }, { ...state, dateOffsetMs });
    }
    case "fleet":
      return fleetEffect(change.text, state, done);
    case "descriptors":
      return descriptorsEffect(change.text, state, done) ?? dropped(`${what}: a newer one holds`, state);
  }
}

/** Undefined where it is not newer than the one that holds by now: no older version comes back. */
function policyEffect(
  text: string,
  { state, network }: Session,
  done: (line: Draft, next: HomeState) => Effect,
): Effect | undefined {
  const policy = parsePolicy(text);
  const { number } = policy;
  if (number <= state.policy.number || policy.network !== network) return undefined;
  const fingerprint = policyFingerprint(policy);
  return done({ kind: "policy", number, fingerprint, how: "loosened" }, { ...state, policy });
}

function fleetEffect(text: string, state: HomeState, done: (line: Draft, next: HomeState) => Effect): Effect {
  const { fleet: name, need, admins } = readAdministrators(text);
  const fingerprint = textFingerprint(text);
  return done({ kind: "fleet-set", name, need, fingerprint }, { ...state, fleet: { name, need, admins } });
}

/** Undefined where it is not newer than what is there by now. */
function descriptorsEffect(
  text: string,
  state: HomeState,
  done: (line: Draft, next: HomeState) => Effect,
): Effect | undefined {
  const { number, texts } = readDescriptors(text).document;
  if (number <= (state.descriptors?.number ?? 0)) return undefined;
  const line = { kind: "descriptors-taken", number, fingerprint: textFingerprint(text) } as const;
  return done(line, { ...state, descriptors: { number, texts } });
}

function dropped(what: string, state: HomeState): Effect {
  return { words: `Dropped: ${what}.`, lines: [{ kind: "change-cancelled", what }], state };
}

/** In whole seconds from the reckoned time: "+3600". */
export function offsetText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 0 ? String(seconds) : `+${seconds}`;
}
