// Lines of the journal as sentences. Names in them are foreign text, so they pass through `shown`.

import { inSymbol } from "../assets.ts";
import { btc, shown, utcDate } from "../text.ts";
import { type Entry, readAmount } from "./entry.ts";

/** "2026-03-01 12:00 UTC  Unlocked." */
export function sentenceOf(entry: Entry): string {
  return `${utcDate(entry.at)}  ${what(entry)}`;
}

type Sentences = { readonly [K in Entry["kind"]]: (entry: Extract<Entry, { readonly kind: K }>) => string };

const SENTENCES: Sentences = {
  setup: (entry) => `Set up for ${shown(entry.network)}, key ${shown(entry.fingerprint)}.`,
  unlocked: (entry) =>
    entry.failedTries === 0
      ? "Unlocked."
      : `Unlocked after ${entry.failedTries} ${entry.failedTries === 1 ? "try" : "tries"} without the right PIN.`,
  locked: (entry) => `Locked: ${whyWords(entry.why)}.`,
  kept: (entry) => `Home written (${entry.serial}).`,
  "key-added": (entry) =>
    `Added key ${shown(entry.name)} (${shown(entry.fingerprint)}), ${shown(entry.origin)}.`,
  "key-removed": (entry) => `Removed key ${shown(entry.name)} (${shown(entry.fingerprint)}).`,
  "key-named": (entry) => `Named key ${shown(entry.fingerprint)} ${shown(entry.name)}.`,
  "key-chosen": (entry) =>
    `Key ${shown(entry.fingerprint)} answers from here on${entry.lives === "session" ? ", for this session" : ""}.`,
  "backup-made": (entry) => `Backup made of ${shown(entry.fingerprint)}: ${shown(entry.form)}.`,
  "backup-rehearsed": (entry) =>
    `Backup rehearsed of ${shown(entry.fingerprint)}: ${shown(entry.form)}${entry.share === "" ? "" : `, ${shown(entry.share)}`}.`,
  "secret-shown": (entry) => `Shown of ${shown(entry.fingerprint)}: ${shown(entry.what)}.`,
  "lock-changed": (entry) => `Changed: ${LOCK_WORDS.get(entry.what) ?? shown(entry.what)}.`,
  "factor-added": (entry) => `Added security key ${shown(entry.name)}.`,
  "factor-removed": (entry) => `Removed security key ${shown(entry.name)}.`,
  refused: (entry) =>
    `${refusedWords(entry)}${entry.txid === "" ? "" : ` ${brief(entry.txid, entry.what)}`}: ${shown(entry.reasons.join(", "), 200)}.`,
  spend: (entry) =>
    `Recorded ${brief(entry.txid)}: ${btc(entry.leavesSats)}, of it fee ${btc(entry.feeSats)}.`,
  signed: (entry) => `Signed ${brief(entry.txid)}.`,
  "nonces-given": (entry) => `Round 1 of 2 of ${brief(entry.txid)}: nonces given, nothing signed.`,
  failed: (entry) => `Not signed ${brief(entry.txid)}: ${shown(entry.reason)}.`,
  message: (entry) =>
    `Recorded ${brief(entry.txid, "message")}: ${shown(entry.form)} at ${shown(entry.path)}${proves(entry.coins)}.`,
  "message-signed": (entry) => `Signed ${brief(entry.txid, "message")}.`,
  "message-failed": (entry) => `Not signed ${brief(entry.txid, "message")}: ${shown(entry.reason)}.`,
  "wallet-registered": (entry) => `Registered wallet ${shown(entry.name)} (${shown(entry.fingerprint)}).`,
  "wallet-removed": (entry) => `Removed wallet ${shown(entry.name)} (${shown(entry.fingerprint)}).`,
  "wallet-replaced": (entry) =>
    `Wallet ${shown(entry.name)} (${shown(entry.fingerprint)}) replaced by ${shown(entry.by)}.`,
  "wallet-rehearsed": (entry) =>
    `Backup of wallet ${shown(entry.name)} (${shown(entry.fingerprint)}) read again, and equal.`,
  "cosigner-alive": (entry) =>
    `Key ${shown(entry.key)} of wallet ${shown(entry.name)} (${shown(entry.fingerprint)}) answered the drill.`,
  "safe-registered": (entry) => `Registered Safe ${shown(entry.name)} (${shown(entry.fingerprint)}).`,
  "safe-removed": (entry) => `Removed Safe ${shown(entry.name)} (${shown(entry.fingerprint)}).`,
  "descriptors-taken": (entry) =>
    `Took the administrators' descriptors ${entry.number} (${shown(entry.fingerprint)}).`,
  "policy-set": (entry) => `Policy set (${shown(entry.fingerprint)}).`,
  spent: (entry) =>
    entry.takes.length === 0
      ? `Recorded ${brief(entry.txid)}: nothing leaves.`
      : `Recorded ${brief(entry.txid)}: ${entry.takes.map(amountWords).join(", ")}${feeWords(entry.fee)}.`,
  policy: (entry) => `Policy ${entry.number} (${shown(entry.fingerprint)}) holds: ${shown(entry.how)}.`,
  asked: (entry) => {
    const takes = entry.takes === undefined ? "" : `, ${entry.takes.map(amountWords).join(", ")}`;
    return `Told to wait ${brief(entry.txid, entry.what)}${takes}: ${shown(entry.reasons.join(", "), 200)}.`;
  },
  proof: (entry) =>
    entry.factor === "code"
      ? `The code of ${brief(entry.txid, entry.what)} was typed.`
      : `${shown(entry.person)} agreed to ${brief(entry.txid, entry.what)} (${shown(entry.factor)}).`,
  "change-asked": (entry) => `Asked for, and holds from ${utcDate(entry.due)} on: ${shown(entry.what, 200)}.`,
  "change-done": (entry) => `Holds now: ${shown(entry.what, 200)}.`,
  "change-cancelled": (entry) => `Cancelled: ${shown(entry.what, 200)}.`,
  released: (entry) => `Counts no longer, never broadcast: ${brief(entry.txid)}.`,
  "person-added": (entry) => `Added ${shown(entry.name)} (${shown(entry.factor)}).`,
  "person-removed": (entry) => `Removed ${shown(entry.name)}.`,
  "time-proven": (entry) => `${entry.headers} block headers: it is not before ${utcDate(entry.notBefore)}.`,
  "date-set": (entry) => `Date set: ${shown(entry.offset)} seconds from the reckoned time.`,
  attested: () => "Signed by the journal's key.",
  exported: (entry) => `Exported up to line ${entry.upTo}.`,
  frozen: (entry) => `Frozen: ${whyWords(entry.why)}.`,
  thawed: () => "Thawed.",
  "successor-set": (entry) => `Successor ${shown(entry.name)} (${shown(entry.fingerprint)}) set.`,
  "sweep-begun": (entry) => `Only a sweep to ${shown(entry.name)} is signed from here on.`,
  "sweep-ended": () => "The policy holds again instead of the sweep.",
  "fleet-set": (entry) =>
    `Fleet ${shown(entry.name)}: ${entry.need} of its administrators (${shown(entry.fingerprint)}) must sign.`,
  "fleet-signed": (entry) =>
    `Signed for fleet ${shown(entry.name)}: document ${entry.number} (${shown(entry.fingerprint)}).`,
  resumed: (entry) => `Went on after ${entry.lost} lines were lost: ${shown(entry.reason)}.`,
};

function proves(coins: readonly string[]): string {
  return coins.length === 0 ? "" : `, a proof of ${coins.map(amountWords).join(", ")}`;
}

/** A wrong proof refuses no request by itself: the right one may follow. */
function refusedWords({ reasons, person }: Extract<Entry, { readonly kind: "refused" }>): string {
  if (!reasons.includes("people.wrong-proof")) return "Refused";
  return person === undefined ? "A wrong proof for" : `A wrong proof of ${shown(person)} for`;
}

const WHY_WORDS: ReadonlyMap<string, string> = new Map([
  ["afresh", "to start afresh"],
  ["asked", "by hand"],
  ["refusals", "after refused requests"],
]);

function whyWords(why: string): string {
  return WHY_WORDS.get(why) ?? shown(why);
}

const LOCK_WORDS: ReadonlyMap<string, string> = new Map([
  ["pin", "the PIN"],
  ["duress-pin", "the duress PIN"],
  ["wipe-pin", "the wipe PIN"],
  ["settings", "settings of the lock"],
  ["seal", "the machine's seal"],
  ["stick-on", "a stick is let in"],
  ["stick-off", "no stick is let in any more"],
]);

function what(entry: Entry): string {
  return (SENTENCES[entry.kind] as (entry: Entry) => string)(entry);
}

/** "btc 1500" as it is written: "0.00001500 BTC". */
function amountWords(text: string): string {
  const amount = readAmount(text);
  return amount === undefined ? shown(text) : inSymbol(amount);
}

/** Of what is only signed on Ethereum nobody pays a fee. */
function feeWords(fee: string): string {
  return readAmount(fee)?.units === 0n ? "" : `, of it fee ${amountWords(fee)}`;
}

function brief(txid: string, what = "transaction"): string {
  return `${shown(what)} ${shown(txid.slice(0, 8))}...${shown(txid.slice(-8))}`;
}
