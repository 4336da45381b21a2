// A refusal is an expected no. It has a reason (a dotted name), and the tables say for each
// what is wrong, what it means for the money, and what to do next.
// Anything else that is thrown is a bug.

import { backupRefusals } from "./refusals/backup.ts";
import { birthRefusals } from "./refusals/birth.ts";
import { bitcoinRefusals } from "./refusals/bitcoin.ts";
import { bitcoinWalletRefusals } from "./refusals/bitcoin-wallet.ts";
import { bsmsRefusals } from "./refusals/bsms.ts";
import { changeRefusals } from "./refusals/change.ts";
import { cosignerRefusals } from "./refusals/cosigner.ts";
import { deviceRefusals } from "./refusals/device.ts";
import { emergencyRefusals } from "./refusals/emergency.ts";
import { entryRefusals } from "./refusals/entry.ts";
import { ethereumRefusals } from "./refusals/ethereum.ts";
import { ethereumKnownRefusals } from "./refusals/ethereum-known.ts";
import { ethereumTypedRefusals } from "./refusals/ethereum-typed.ts";
import { ethereumWalletRefusals } from "./refusals/ethereum-wallet.ts";
import { factorRefusals } from "./refusals/factor.ts";
import { fleetRefusals } from "./refusals/fleet.ts";
import { formsRefusals } from "./refusals/forms.ts";
import { journalRefusals } from "./refusals/journal.ts";
import { keysRefusals } from "./refusals/keys.ts";
import { lockRefusals } from "./refusals/lock.ts";
import { machineRefusals } from "./refusals/machine.ts";
import { messageRefusals } from "./refusals/messages.ts";
import { miniscriptRefusals } from "./refusals/miniscript.ts";
import { musigRefusals } from "./refusals/musig.ts";
import { peopleRefusals } from "./refusals/people.ts";
import { policyRefusals } from "./refusals/policy.ts";
import { policyEthereumRefusals } from "./refusals/policy-ethereum.ts";
import { safeRefusals } from "./refusals/safe.ts";
import { sealRefusals } from "./refusals/seal.ts";
import { sharesRefusals } from "./refusals/shares.ts";
import { spendingRefusals } from "./refusals/spending.ts";
import { stickRefusals } from "./refusals/stick.ts";
import { timeRefusals } from "./refusals/time.ts";
import { transportRefusals } from "./refusals/transport.ts";
import { walletFileRefusals } from "./refusals/wallet-file.ts";
import { walletLifeRefusals } from "./refusals/wallet-life.ts";

export interface RefusalText {
  /** What is wrong, a few words. */
  readonly title: string;
  /** What it means for the money, one sentence. */
  readonly meaning: string;
  /** What to do next, one sentence. */
  readonly remedy: string;
}

export const REFUSALS = {
  ...transportRefusals,
  ...bitcoinRefusals,
  ...spendingRefusals,
  ...bitcoinWalletRefusals,
  ...walletLifeRefusals,
  ...walletFileRefusals,
  ...bsmsRefusals,
  ...cosignerRefusals,
  ...miniscriptRefusals,
  ...messageRefusals,
  ...musigRefusals,
  ...ethereumRefusals,
  ...ethereumTypedRefusals,
  ...ethereumWalletRefusals,
  ...safeRefusals,
  ...ethereumKnownRefusals,
  ...policyRefusals,
  ...policyEthereumRefusals,
  ...fleetRefusals,
  ...peopleRefusals,
  ...changeRefusals,
  ...keysRefusals,
  ...emergencyRefusals,
  ...entryRefusals,
  ...birthRefusals,
  ...sharesRefusals,
  ...formsRefusals,
  ...backupRefusals,
  ...stickRefusals,
  ...lockRefusals,
  ...sealRefusals,
  ...factorRefusals,
  ...journalRefusals,
  ...timeRefusals,
  ...machineRefusals,
  ...deviceRefusals,
} as const satisfies Record<string, RefusalText>;

export type Reason = keyof typeof REFUSALS;

export class Refusal extends Error {
  readonly reason: Reason;
  /** Where and what exactly ("input 3: …"); our own words, foreign text in it only as Shown. Never a secret. */
  readonly detail: string;
  /** Further reasons that hold as well (a policy names all that it breaks). */
  readonly also: readonly Reason[];

  constructor(reason: Reason, detail = "", also: readonly Reason[] = []) {
    super(detail === "" ? reason : `${reason}: ${detail}`);
    this.name = "Refusal";
    this.reason = reason;
    this.detail = detail;
    this.also = also;
  }
}

export function refuse(reason: Reason, detail = ""): never {
  throw new Refusal(reason, detail);
}
