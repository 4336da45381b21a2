// SLIP-39: shares of words, typed or scanned, until those that are needed are there; then their passphrase.

import { wipe } from "../../bytes.ts";
import type { Backup } from "../../keeping.ts";
import {
  addShare,
  nearestSlip39Words,
  parseShare,
  recover,
  type Share,
  shareWordCount,
  slip39Words,
  statusOf,
  wipeShares,
  wordsOfShare,
} from "../../keys/index.ts";
import type { SeedMessage } from "../../model.ts";
import type { Stretch } from "../../ports.ts";
import { Refusal } from "../../refusal.ts";
import { question } from "../../screens/notice.ts";
import { shareStatus } from "../../screens/share-status.ts";
import { words } from "../../screens/words.ts";
import type { Desk } from "../../ui.ts";
import { ask, wait } from "../../ui.ts";
import { type Brought, isForm } from "./brought.ts";
import { type Collecting, collect } from "./entry-collect.ts";
import { slip39ShareName } from "./share-names.ts";
import { sentenceIn } from "./words.ts";

export async function bringShares(desk: Desk, first?: Share): Promise<Brought | "back"> {
  const shares = await collect(desk, SHARES, first);
  if (shares === "back") return "back";
  let kept = false;
  try {
    kept = (await agreesToWait(desk, shares)) === "yes";
  } finally {
    if (!kept) wipeShares(shares);
  }
  return kept ? brought(desk, shares) : "back";
}

function brought(desk: Desk, shares: readonly Share[]): Brought {
  return {
    origin: "entered",
    from: "slip39",
    shares: entered(shares),
    passphrase: "SLIP-39",
    async material(passphrase) {
      try {
        const seed = await wait(desk, "Opening the shares", recover(shares, passphrase, desk.ports.stretch));
        return { kind: "seed", seed };
      } finally {
        wipe(passphrase);
      }
    },
    wipe: () => wipeShares(shares),
  };
}

/** Those of groups that are whole: others were entered, and say nothing. */
function entered(shares: readonly Share[]): NonNullable<Backup["shares"]> {
  const whole = statusOf(shares)!.groups.filter(({ complete }) => complete);
  const counted = shares.filter(({ groupIndex }) => whole.some(({ number }) => number === groupIndex + 1));
  return { needed: counted.length, each: counted.map((share) => ({ name: slip39ShareName(share) })) };
}

export function shareOf(message: SeedMessage): Share {
  if (!isForm(message, "slip39")) throw new Refusal("transport.wrong-kind", "a SLIP-39 share is asked for");
  return parseShare(message.seed.words);
}

/** For the digests alone, which speak before the passphrase and all its rounds do. */
const NO_ROUNDS: Pick<Stretch, "pbkdf2Sha256"> = {
  pbkdf2Sha256: async (_secret, _salt, _rounds, length) => new Uint8Array(length),
};

export const SHARES: Collecting<Share> = {
  title: "SLIP-39 shares",
  one: "share",
  told: async (_, shares) => shareStatus(statusOf(shares)),
  name: slip39ShareName,
  type: typeShare,
  read: shareOf,
  add: addShare,
  state: (shares) => (statusOf(shares)?.complete ? "all" : "more"),
  prove: async (shares) => {
    await recover(shares, new Uint8Array(0), NO_ROUNDS).then(wipe);
  },
  wipe: ({ value }) => wipe(value),
};

const MOST_WORDS = shareWordCount(64);

async function typeShare(desk: Desk, shares: readonly Share[]): Promise<Share | "back"> {
  const first = shares[0];
  const known = first && wordsOfShare(first);
  const begins = known?.slice(0, 2);
  wipe(known);
  const indexes = await ask(
    desk,
    words({
      title: "A share",
      ask: "Type its words. A space ends a word, ok ends the share.",
      list: slip39Words,
      nearest: nearestSlip39Words,
      most: first ? shareWordCount(first.value.length) : MOST_WORDS,
      watch: (typed) =>
        begins && typed.length >= 2 && !equalWords(typed, begins)
          ? "These are not the first two words of the shares before: a share of another set."
          : undefined,
      check: (typed) => sentenceIn(() => wipe(parseShare(typed).value)),
    }),
  );
  if (indexes === "back") return "back";
  try {
    return parseShare(indexes);
  } finally {
    wipe(indexes);
  }
}

/** All shares of a set begin with the same two words: identifier, kind and rounds. */
function equalWords(typed: readonly number[], begins: Uint16Array): boolean {
  return begins.every((word, place) => typed[place] === word);
}

/** PBKDF2 rounds that no machine needs a minute for. */
const MANY_ROUNDS = 1_000_000;

/** Asked before anything is opened with them. */
export async function agreesToWait(desk: Desk, shares: readonly Share[]): Promise<"yes" | "no"> {
  const { rounds } = statusOf(shares)!;
  if (rounds <= MANY_ROUNDS) return "yes";
  const text = `These shares ask for ${rounds} rounds of PBKDF2, which takes this device minutes or hours. Until then it answers to nothing, unless it is switched off.`;
  const blocks = [{ kind: "text", text }] as const;
  return ask(desk, question([{ title: "This takes long", tone: "caution", blocks }], "go on", "leave"));
}
