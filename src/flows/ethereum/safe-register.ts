// Registering a Safe: brought or typed, walked through, compared with the other owners, sealed.

import { type BroughtSafe, readSafe } from "../../ethereum/index.ts";
import { type Safe, type SafeFacts, safeOf, safeText } from "../../safe.ts";
import { heldQuestion, question } from "../../screens/notice.ts";
import { compareSafeSheets, renewedSheet, safeSheets } from "../../screens/safe.ts";
import type { Desk } from "../../ui.ts";
import { ask, drain } from "../../ui.ts";
import type { Session } from "../session.ts";
import { bring } from "../stick.ts";
import { codeOfText } from "../wallets/cosigner-code.ts";
import { askName, askOwners, complete } from "./safe-ask.ts";
import { addSafe, checkSafe, nameProblem, ownOf } from "./safe-kept.ts";

/** As code or file: another Firn's text, the facts that a Safe program gives, or its address alone. */
export async function bringSafe(desk: Desk, title: string): Promise<BroughtSafe | "back"> {
  const brought = await bring(desk, ["document", "wallet", "address"], {
    title,
    ask: "Show the Safe to the camera: another owner's Firn, the facts of the Safe as JSON, or its address.",
  });
  return brought === "back" ? "back" : readSafe(brought.message.text);
}

export async function registerSafe(desk: Desk, session: Session): Promise<void> {
  const brought = await bringSafe(desk, "Register a Safe");
  if (brought !== "back") await completeAndRegister(desk, session, brought);
}

export async function registerSafeByHand(desk: Desk, session: Session): Promise<void> {
  await completeAndRegister(desk, session, { modules: [] });
}

async function completeAndRegister(desk: Desk, session: Session, brought: BroughtSafe): Promise<void> {
  const facts = await complete(desk, brought);
  if (facts === "back") return;
  checkSafe(session, facts);
  const start = `${facts.threshold} of ${facts.owners.length} ${safeOf("", facts).fingerprint}`;
  const name = await askName(desk, (typed) => nameProblem(session, typed), start);
  if (name !== "back") await walkAndKeep(desk, session, safeOf(name, facts), { brought });
}

interface Beside {
  readonly brought: BroughtSafe;
  readonly replaces?: Safe;
}

/** Every fact is on the screen before it can be held for. */
async function walkAndKeep(
  desk: Desk,
  session: Session,
  safe: Safe,
  { brought, replaces }: Beside,
): Promise<void> {
  const own = await ownOf(desk, session, safe.owners);
  const { modules, guard } = brought;
  const sheets = [
    ...(replaces ? [renewedSheet(replaces, safe)] : []),
    ...safeSheets({ safe, own, modules, ...(guard === undefined ? {} : { guard }) }),
  ];
  const answer = await ask(desk, heldQuestion(sheets, "hold ok to register", "do not register"));
  if (answer === "no") return;
  await addSafe(session, safe, replaces);
  // The card may have been slow: a key still held must not close what comes now.
  drain(desk);
  await compareSafe(desk, session, safe);
}

/** By voice: the code is over every letter that the owners must have alike. */
export async function compareSafe(desk: Desk, _session: Session, safe: Safe): Promise<void> {
  const code = await codeOfText(desk, safeText(safe));
  await ask(desk, question(compareSafeSheets(safe, code), "close", "close"));
}

// ---------------------------------------------------------------- its owners changed

/** What was registered is never changed: a Safe of the same address takes its place, walked through as the first was. */
export async function renewSafe(desk: Desk, session: Session, safe: Safe): Promise<void> {
  const brought = await bringSafe(desk, `Owners changed: ${safe.name}`);
  if (brought === "back") return;
  const facts = await complete(desk, { chainId: safe.chainId, ...brought });
  if (facts !== "back") await renewWith(desk, session, safe, facts, brought);
}

export async function renewSafeByHand(desk: Desk, session: Session, safe: Safe): Promise<void> {
  const { chainId, address } = safe;
  const owners = await askOwners(desk, address, safe.owners);
  if (owners === "back") return;
  const brought = { chainId, address, owners, modules: [] };
  const facts = await complete(desk, brought);
  if (facts !== "back") await renewWith(desk, session, safe, facts, brought);
}

async function renewWith(
  desk: Desk,
  session: Session,
  replaces: Safe,
  facts: SafeFacts,
  brought: BroughtSafe,
): Promise<void> {
  checkSafe(session, facts, replaces);
  await walkAndKeep(desk, session, safeOf(replaces.name, facts), { brought, replaces });
}
