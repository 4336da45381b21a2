// The policy that holds now, asked about one request; and what becomes of a no.

import { type Known, type Party, partyOf } from "../bitcoin/index.ts";
import { askedLine, type Grounds, refusedLine } from "../journal/index.ts";
import {
  hiddenVerdict,
  judge,
  newDestinations,
  partiesIn,
  policyFingerprint,
  reasonsOf,
  refusalOf,
} from "../policy/index.ts";
import type { Refusal } from "../refusal.ts";
import type { Verdict } from "../request.ts";
import type { Policy, Spend } from "../rules.ts";
import { refused } from "../screens/notice.ts";
import type { Sheet } from "../screens/pages.ts";
import type { Desk } from "../ui.ts";
import { ask } from "../ui.ts";
import { policyNow } from "./emergency/active.ts";
import { freezeIfDue } from "./emergency/freeze.ts";
import { nowOf, type Session } from "./session.ts";
import { successorsIn } from "./wallets/kept.ts";

export interface Judged {
  readonly policy: Policy;
  readonly verdict: Verdict;
  /** The same, as far as the owner lets it be said on the screen. */
  readonly told: Verdict;
  /** Where it is no. */
  readonly refusal: Refusal | undefined;
  readonly grounds: Grounds;
}

/** Whatever takes something. */
interface Spending {
  readonly spend: Spend;
}

export function judgeNow(session: Session, { spend }: Spending): Judged {
  const policy = policyNow(session);
  const verdict = judge(policy, spend, session.journal.ledger(), nowOf(session));
  return {
    ...{ policy, verdict },
    told: policy.reasons === "hidden" ? hiddenVerdict(verdict) : verdict,
    refusal: refusalOf(verdict, policy.reasons),
    grounds: { policy: policyFingerprint(policy), verdict },
  };
}

/** What understanding needs: own wallets, which of them were replaced, and those of others that the policy lists. */
export function knownTo(session: Session): Known {
  const { network, templates, curve, check, keyring } = session;
  const checkNonce: Known["checkNonce"] = (task, nonce) => keyring.checkNonce(task, nonce);
  const known = { checkNonce, parties: partiesOf(session), successors: successorsIn(session) };
  return { network, templates, curve, check, ...known };
}

/** What each party has derived is kept with it: they are made anew only when the policy names others. */
function partiesOf(session: Session): readonly Party[] {
  const { network, curve } = session;
  const named = partiesIn(policyNow(session));
  const key = JSON.stringify(named);
  if (session.parties?.key !== key) {
    const all = named.map(({ name, descriptor }) => partyOf(name, descriptor, network, curve));
    session.parties = { key, all };
  }
  return session.parties.all;
}

/** A no of the policy: in the journal with every reason, on the screen with those that the owner lets be said. */
export async function refuseByPolicy(
  desk: Desk,
  session: Session,
  { spend, sheets }: Spending & { readonly sheets: readonly Sheet[] },
  judged: Judged,
): Promise<undefined> {
  await session.journal.append(lineOf(session, spend, judged));
  await freezeIfDue(desk, session);
  await ask(desk, refused(judged.refusal!, session.state.sweep ? [SWEEPING, ...sheets] : sheets));
}

/** What the policy's own remedies do not know. */
export const SWEEPING = {
  title: "A sweep has begun",
  tone: "caution",
  blocks: [
    {
      kind: "text",
      text: "Until it ends only what pays to the successor alone is signed, whatever the policy says. How to sweep, and how to end it, is under Emergency.",
    },
  ],
} as const;

/** From the first time it was asked for a wait counts. */
function lineOf(session: Session, spend: Spend, { policy, verdict, grounds }: Judged) {
  const reasons = reasonsOf(verdict);
  if (verdict.outcome !== "wait") return refusedLine(spend, reasons, grounds);
  const fresh = newDestinations(policy, spend, session.journal.ledger(), nowOf(session));
  return askedLine(spend, fresh, reasons, grounds);
}
