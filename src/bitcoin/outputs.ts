// The outputs: whose each one is, by deriving its script and by nothing else.

import { toHex } from "../bytes.ts";
import { LIMITS, MAX_MONEY_SATS } from "../limits.ts";
import type { Network, Owner, ReviewOutput } from "../model.ts";
import { refuse } from "../refusal.ts";
import type { Work } from "../request.ts";
import { addressOf } from "./address.ts";
import { checkScripts, OUTPUT_CLAIMS } from "./claims.ts";
import type { Found } from "./derive.ts";
import type { Ownership } from "./ownership.ts";
import type { Psbt } from "./psbt.ts";
import { OUTPUT } from "./psbt-fields.ts";
import type { TxOutput } from "./transaction.ts";
import type { Template, Wallet } from "./wallet.ts";

export interface Outputs {
  readonly shown: readonly ReviewOutput[];
  /** Something of ours lies past LIMITS.addressIndex: it counts as foreign, since it might never be found again. */
  readonly farIndex: boolean;
}

/** `spender`: the wallet that is spent from; only its change branch makes change. */
export function* readOutputs(
  psbt: Psbt,
  owners: Ownership,
  spender: Template,
  network: Network,
): Work<Outputs> {
  const shown: ReviewOutput[] = [];
  let farIndex = false;
  for (let i = 0; i < psbt.tx.outputs.length; i++) {
    const output = psbt.tx.outputs[i]!;
    const rows = psbt.outputs[i]!;
    if (output.amountSats > MAX_MONEY_SATS)
      refuse("bitcoin.amounts", `output ${i + 1}: ${output.amountSats} sats is more than there is`);
    const found = owners.find(output.script, rows, OUTPUT);
    if (found) checkScripts(rows, found.derived, OUTPUT_CLAIMS, `output ${i + 1}`);
    farIndex ||= found !== undefined && isFar(found);
    shown.push(reviewOf(output, found, spender, network));
    yield i / psbt.tx.outputs.length;
  }
  return { shown, farIndex };
}

function isFar({ derived }: Found): boolean {
  return derived.index > LIMITS.addressIndex;
}

function ownerOf(found: Found, spender: Template): Owner {
  if (isFar(found)) return "foreign";
  return found.template === spender && found.derived.branch === spender.wallet.change ? "change" : "own";
}

/**
 * Whether keys of others are enough to spend, or needed: what comes in there is no longer in our hands alone.
 * Where no key at all is ours nothing is held here, and nobody is asked.
 */
function othersDecide({ keys, threshold }: Wallet): boolean {
  const ours = keys.filter((key) => key.ours).length;
  return ours > 0 && (ours < threshold || keys.length - ours >= threshold);
}

function isShared(found: Found, spender: Template): boolean {
  const { template } = found;
  return template !== spender && ownerOf(found, spender) === "own" && othersDecide(template.wallet);
}

function reviewOf(
  output: TxOutput,
  found: Found | undefined,
  spender: Template,
  network: Network,
): ReviewOutput {
  const address = addressOf(output.script, network);
  return {
    amountSats: output.amountSats,
    ...(address === undefined ? {} : { address }),
    scriptHex: toHex(output.script),
    ...(found ? { owner: ownerOf(found, spender), ...placeOf(found) } : { owner: "foreign" }),
    ...(found && isShared(found, spender) ? { shared: true as const } : {}),
  };
}

/** The wallet's name, and where in it: "1/5". */
export function placeOf({ template, derived }: Found): { wallet: string; path: string } {
  return { wallet: template.wallet.name, path: `${derived.branch}/${derived.index}` };
}
