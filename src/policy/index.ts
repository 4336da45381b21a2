// The owner's rules: as text, compared with each other, and judging a spend.

import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "../bytes.ts";
import type { Policy } from "../rules.ts";
import { utf8 } from "../text.ts";
import { textOf } from "./write.ts";

export { type Room, roomsOf } from "./assets.ts";
export { checkPolicy } from "./check.ts";
export { isPersonName } from "./check-rule.ts";
export { type Changes, changesOf, isAtLeastAsStrict } from "./compare.ts";
export { parsePolicy, writePolicy } from "./document.ts";
export { type EthereumLimits, firstPolicy, type PlainLimits, plainPolicy, withEthereum } from "./first.ts";
export {
  type Administrator,
  type Administrators,
  type FleetDocument,
  type FleetWallet,
  isFleetName,
  readAdministrators,
  readCard,
  readFleet,
  type Signed,
  type SignedDocument,
  withSignature,
  writeAdministrators,
  writeCard,
  writeFleet,
} from "./fleet.ts";
export { isNever } from "./implies.ts";
export { judge, newDestinations } from "./judge.ts";
export { isOfEthereum } from "./matters.ts";
export { judgeMessage, judgePaths, type MessageToJudge } from "./messages.ts";
export { type Party, partiesIn, personsIn, renumbered, walletsIn } from "./named.ts";
export { isMessage } from "./rule.ts";
export { type Section, sections, sentences } from "./sentences.ts";
export { type Answers, type Basis, type Question, TEMPLATES, type Template } from "./templates.ts";
export { writeDuration } from "./units.ts";
export { unspoken } from "./unspoken.ts";
export { hiddenVerdict, reasonsOf, refusalOf } from "./verdict.ts";
export { writeAsk, writeEntry, writeRule, writeScope } from "./write.ts";

/** First 8 hex digits of SHA-256 of the canonical text: for comparing by voice, and for the journal. */
export function policyFingerprint(policy: Policy): string {
  return textFingerprint(textOf(policy));
}

/** The same of any document's text. */
export function textFingerprint(text: string): string {
  return toHex(sha256(utf8(text)).slice(0, 4));
}
export {
  type DescriptorsDocument,
  isDescriptorsText,
  readDescriptors,
  type SignedDescriptors,
  writeDescriptors,
} from "./descriptors.ts";
