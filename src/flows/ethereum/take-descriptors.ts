// A device takes the descriptors that enough administrators signed. They make calls understood that were not: what adds
// any waits as everything does that allows more; what only takes away holds at once.

import { readDescriptors, type SignedDescriptors, textFingerprint } from "../../policy/index.ts";
import { refuse } from "../../refusal.ts";
import { notice, question } from "../../screens/notice.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { signersOf } from "../fleet/read-document.ts";
import { loosen, tighten } from "../policy/pending.ts";
import type { Session } from "../session.ts";
import { descriptorsSheets } from "./sign-descriptors.ts";

/** Throws Refusal fleet.*, descriptor.*. */
export async function takeDescriptors(desk: Desk, session: Session, given: string): Promise<void> {
  const signed = readDescriptors(given);
  const signers = checkSigned(session, signed);
  const { document, body } = signed;
  const sheets = descriptorsSheets(document, signers.join(", "));
  const { number, texts } = document;
  const here = session.state.descriptors?.texts ?? [];
  if (texts.some((text) => !here.includes(text))) {
    if ((await ask(desk, question(sheets, "go on", "leave"))) === "no") return;
    await loosen(desk, session, { kind: "descriptors", text: body });
    return;
  }
  const line = { kind: "descriptors-taken", number, fingerprint: textFingerprint(body) } as const;
  const state = { ...session.state, descriptors: { number, texts } };
  if ((await tighten(desk, session, sheets, [line], state)) === "left") return;
  await ask(desk, notice("It holds", [{ kind: "text", text: `From now on descriptors ${number} hold.` }]));
}

/** Only ever a higher number: what was taken back does not return. */
function checkSigned({ state }: Session, signed: SignedDescriptors): readonly string[] {
  const fleet = state.fleet ?? refuse("fleet.none");
  const { document } = signed;
  if (document.fleet !== fleet.name) refuse("fleet.other", document.fleet);
  const number = state.descriptors?.number ?? 0;
  if (document.number <= number) refuse("fleet.older", `number ${document.number}; ${number} holds`);
  const signers = signersOf(fleet, signed);
  if (signers.length < fleet.need)
    refuse("fleet.signatures", `${signers.length} of the ${fleet.need} that are needed`);
  return signers;
}
