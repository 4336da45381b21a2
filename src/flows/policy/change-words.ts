// What a change is, in words: for the screen before it is asked for, while it waits, and for the journal.

import type { Change } from "../../keeping.ts";
import {
  changesOf,
  parsePolicy,
  policyFingerprint,
  readAdministrators,
  readDescriptors,
  textFingerprint,
} from "../../policy/index.ts";
import { Refusal } from "../../refusal.ts";
import type { Policy } from "../../rules.ts";
import { grouped, shown, spokenDuration } from "../../text.ts";
import { describedWords } from "../ethereum/descriptor-words.ts";
import type { Session } from "../session.ts";

/** What an earlier version of Firn wrote, and this one cannot read any more, shuts no home: it will not hold. */
export function orUnreadable<T>(read: () => T, instead: (reason: string) => T): T {
  try {
    return read();
  } catch (problem) {
    if (problem instanceof Refusal) return instead(problem.reason);
    throw problem;
  }
}

/** A few words, without anything secret: for lists and for the journal. */
export function whatOf(change: Change): string {
  return orUnreadable(
    () => wordsOf(change),
    () => `a ${change.kind} that can no longer be read`,
  );
}

function wordsOf(change: Change): string {
  switch (change.kind) {
    case "policy":
      return nameOf(parsePolicy(change.text));
    case "release":
      return `transaction ${shown(change.txid.slice(0, 8))}...${shown(change.txid.slice(-8))} counts no longer`;
    case "successor":
      return `successor ${shown(change.name)}`;
    case "end-sweep":
      return "the sweep ends";
    case "date":
      return `the date, ${dateMove(change.byMs)}`;
    case "fleet":
      return "who may sign for this device";
    case "descriptors":
      return `descriptors ${readDescriptors(change.text).document.number} (${textFingerprint(change.text)})`;
  }
}

/** "policy 5 (1a2b3c4d)" */
export function nameOf(policy: Policy): string {
  return `policy ${policy.number} (${policyFingerprint(policy)})`;
}

/** What it allows that is not allowed now, a sentence each. */
export function allowsOf(change: Change, session: Session): readonly string[] {
  return orUnreadable(
    () => sentencesOf(change, session),
    (reason) => [`It will not hold (${reason}).`],
  );
}

function sentencesOf(change: Change, session: Session): readonly string[] {
  switch (change.kind) {
    case "policy":
      return changesOf(session.state.policy, parsePolicy(change.text)).looser;
    case "release":
      return [
        `Transaction ${shown(change.txid)} counts no longer: what it took may be taken again.`,
        "If it was broadcast after all, more leaves than the limits say.",
      ];
    case "successor":
      return [`A sweep may take everything to ${shown(change.name)}.`, shown(change.descriptor, 4096)];
    case "end-sweep":
      return ["Not only a sweep is signed, but whatever the policy allows."];
    case "date":
      return [
        `The date is set ${dateMove(change.byMs)}: hours of the day and one-time codes go by it.`,
        "Windows and waits do not.",
      ];
    case "fleet":
      return administratorWords(change.text);
    case "descriptors":
      return [
        "Calls that Firn cannot read are shown as these describe them, and count as understood.",
        ...describedWords(change.text, session.state.descriptors?.texts ?? []),
      ];
  }
}

/** "3 days forward" */
function dateMove(byMs: number): string {
  return `${spokenDuration(Math.abs(byMs))} ${byMs < 0 ? "back" : "forward"}`;
}

function administratorWords(text: string): readonly string[] {
  const { fleet, need, admins } = readAdministrators(text);
  return [
    `Fleet ${fleet}: policies and wallets that ${need} of these ${admins.length} signed are taken here.`,
    ...admins.map(({ name, publicKey }) => `${name}: ${grouped(publicKey)}`),
  ];
}
