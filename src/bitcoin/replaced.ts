// A wallet in another's place: its sweep is told from payments, and payments beside it are warned of.

import { toHex } from "../bytes.ts";
import type { Work } from "../request.ts";
import type { ReviewOutput, Warning } from "../review.ts";
import type { Found } from "./derive.ts";
import type { Outputs } from "./outputs.ts";
import { shapedAs } from "./script.ts";
import type { Spending } from "./spending/spending.ts";
import { scaled } from "./steps.ts";
import type { Template, Wallet } from "./wallet.ts";

/** Fingerprint of a replaced wallet → fingerprint of the one that takes its place. */
export type Successors = ReadonlyMap<string, string>;

/**
 * Wallets whose addresses are looked for where nothing says that they are ours: programs mark change, and no payment to
 * another wallet. The successors of what is spent from, and whatever was replaced.
 */
export function soughtFor(
  spending: Spending,
  templates: readonly Template[],
  successors: Successors,
): readonly Template[] {
  if (successors.size === 0) return [];
  const lines = spending.templates.map(({ wallet }) => successorsOf(wallet, successors));
  const isNext = ({ fingerprint }: Wallet) => lines.some((line) => line.has(fingerprint));
  return templates.filter(({ wallet }) => isNext(wallet) || successors.has(wallet.fingerprint));
}

/** By script (hex), on the receive branches of these wallets: nobody is paid on a change address. */
export function* lookFor(
  scripts: readonly Uint8Array[],
  sought: readonly Template[],
): Work<ReadonlyMap<string, Found>> {
  const found = new Map<string, Found>();
  for (const [place, template] of sought.entries()) {
    const { form, receive } = template.wallet;
    const shaped = scripts.filter((script) => shapedAs(form, script)).map(toHex);
    const open = new Set(shaped.filter((hex) => !found.has(hex)));
    if (open.size === 0) continue;
    const looking = template.search(receive, open);
    const here = yield* scaled(looking, place / sought.length, (place + 1) / sought.length);
    for (const [hex, index] of here) found.set(hex, { template, derived: template.derive(receive, index) });
  }
  return found;
}

/** Outputs that pay from a replaced wallet to its successor, or to a successor of that one, say so. */
export function withSuccessors(outputs: Outputs, spending: Spending, successors: Successors): Outputs {
  if (successors.size === 0) return outputs;
  const lines = spending.templates.map(({ wallet }) => successorsOf(wallet, successors));
  // From several wallets at once: what is no successor of each of them is a payment to somebody.
  const isSuccessor = (wallet: Wallet | undefined) =>
    wallet !== undefined && lines.length > 0 && lines.every((line) => line.has(wallet.fingerprint));
  const shown = outputs.shown.map(
    (output, i): ReviewOutput =>
      output.owner === "own" && isSuccessor(outputs.wallets[i]) ? { ...output, successor: true } : output,
  );
  return { ...outputs, shown };
}

function successorsOf({ fingerprint }: Wallet, successors: Successors): ReadonlySet<string> {
  const found = new Set<string>();
  for (let next = successors.get(fingerprint); next !== undefined && !found.has(next); ) {
    found.add(next);
    next = successors.get(next);
  }
  return found;
}

/** What is wrong with paying from, or to, a wallet that was replaced. */
export function replacedWarnings(
  { shown, wallets }: Outputs,
  spending: Spending,
  successors: Successors,
): Record<Extract<Warning, "replaced-pays-elsewhere" | "pays-to-replaced">, boolean> {
  const isReplaced = (wallet: Wallet | undefined) =>
    wallet !== undefined && successors.has(wallet.fingerprint);
  const fromReplaced = spending.templates.some(({ wallet }) => isReplaced(wallet));
  return {
    "replaced-pays-elsewhere": fromReplaced && shown.some(({ successor }) => !successor),
    "pays-to-replaced": wallets.some(isReplaced),
  };
}
