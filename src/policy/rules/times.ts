// When: hours of the day, and the height that a transaction is locked to.

import { LOCK_TIME_THRESHOLD } from "../../limits.ts";
import { broken, fine, type Question, unknownUntil, whenOf } from "../rule.ts";
import { writeMinute, writeOffset } from "../units.ts";

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
const DAY_MINUTES = 1440;

export const hours: Question<"hours"> = ({ from, until, days, offsetMinutes }, { now }) => {
  const minutes = Math.floor(now.dateMs / 60_000) + offsetMinutes;
  const minute = rest(minutes, DAY_MINUTES);
  // 1 January 1970 was a Thursday.
  const day = rest(Math.floor(minutes / DAY_MINUTES) + 4, 7);
  const place = writeOffset(offsetMinutes);
  const allowed = `${writeMinute(from)} to ${writeMinute(until)} ${place}`;
  if (!(minute >= 0))
    return broken("policy.hours", `The date cannot be told; signing is allowed ${allowed}.`);
  const is = `${DAYS[day]} ${writeMinute(minute)} ${place}`;
  // Hours that end before they begin are in no policy that is taken, and never open.
  const isOpen = minute >= from && minute < until && days.includes(day);
  if (isOpen) return fine(`It is ${is}: within ${allowed}.`);
  const names = days.map((one) => DAYS[one]).join(", ");
  return broken("policy.hours", `It is ${is}; signing is allowed ${allowed} on ${names}.`);
};

export const heightStep: Question<"height-step"> = ({ blocks }, of) => {
  const { spend, ledger, now } = of;
  const { ethereum, lockTime } = spend;
  if (ethereum?.form === "message" || ethereum?.form === "sign-in") return undefined;
  if (ethereum)
    return broken("policy.lock-height", "Nothing of Ethereum can be locked to a height of Bitcoin's blocks.");
  if (
    lockTime === undefined ||
    !Number.isInteger(lockTime) ||
    lockTime <= 0 ||
    lockTime >= LOCK_TIME_THRESHOLD
  )
    return broken("policy.lock-height", "It is not locked to a block height, or the lock has no effect.");
  const until = unknownUntil(of);
  if (until !== undefined) {
    const lost = `Lines of the journal are missing, so the height before cannot be told before ${whenOf(until, now)}.`;
    return { ...broken("policy.uncounted", lost), finally: true };
  }
  // The same transaction again is no second one.
  const before = ledger.height(spend.txid);
  if (before === undefined)
    return fine(`Locked to height ${lockTime}, the first; the next must be ${blocks} blocks higher.`);
  const least = before + blocks;
  const sentence = `Locked to height ${lockTime}; at least ${least}, ${blocks} above the one before, is asked for.`;
  return lockTime >= least ? fine(sentence) : broken("policy.lock-height", sentence);
};

/** Never below zero. */
function rest(value: number, of: number): number {
  return ((value % of) + of) % of;
}
