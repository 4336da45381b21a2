// A message to sign, one fact a page. It never looks like a payment: nothing moves, and it says so first.

import { toHex } from "../bytes.ts";
import { HARDENED, LOCK_TIME_THRESHOLD } from "../limits.ts";
import type { MessageForm, MessageReview, ProvenCoin } from "../message.ts";
import type { Block, Path } from "../model.ts";
import { asksOf, type Makes } from "../request.ts";
import type { Policy, Verdict } from "../rules.ts";
import { btc, grouped, shown, spokenDuration, utcDate } from "../text.ts";
import { looksSheets, messageBlocks } from "./message-text.ts";
import { pages, type Sheet } from "./pages.ts";
import { quorumSheets } from "./quorum.ts";
import { makesWords, roundSheets } from "./rounds.ts";
import type { Screen } from "./screen.ts";
import { askWords, verdictSheet } from "./verdict.ts";

export interface MessageSigning {
  readonly makes: Makes;
  readonly fingerprint: string;
  /** Of the policy: whether the rules' sentences are shown. */
  readonly reasons: Policy["reasons"];
}

export function messageReview(
  facts: MessageReview,
  verdict: Verdict,
  signing: MessageSigning,
): Screen<"approve" | "decline"> {
  return pages<"approve" | "decline">({
    sheets: [
      ...messageSheets(facts),
      verdictSheet(verdict, signing.reasons),
      ...roundSheets(signing.makes),
      lastSheet(facts, verdict, signing),
    ],
    ok: { label: "hold ok to sign", answer: "approve", hold: true },
    back: { label: "decline", answer: "decline" },
  });
}

/** Every fact of it; also shown, without a hold, behind a policy's refusal. */
export function messageSheets(facts: MessageReview): Sheet[] {
  return [
    ...looksSheets(facts.message),
    firstSheet(facts),
    { title: "What it says", blocks: messageBlocks(facts.message) },
    howSheet(facts),
    ...facts.quorums.flatMap(quorumSheets),
    ...timeSheets(facts),
    ...coinsSheets(facts),
  ];
}

function firstSheet(facts: MessageReview): Sheet {
  const { form, purpose } = facts;
  const moves = "It moves nothing.";
  return {
    title: form === "proof" ? "A proof of reserves" : "A message to sign",
    tone: form === "proof" ? "caution" : "calm",
    blocks: [
      ...(purpose === undefined ? [] : [text(`${purpose}.`)]),
      text(
        form === "proof"
          ? `${provesWords(facts)} ${moves}`
          : `A signature shows that you hold the key. ${moves}`,
      ),
      ...speaksFor(facts),
    ],
  };
}

function provesWords({ coins }: MessageReview): string {
  const own = coins.filter(({ wallet }) => wallet !== undefined);
  const others = coins.length - own.length;
  const held = `A signature shows whoever has it that you hold ${btc(sum(own))} in ${many(own.length, "coin")}, and which.`;
  return others === 0 ? held : `${held} ${many(others, "coin")} more must be proven by others.`;
}

/** For which address, or for a key alone; and for what it does not speak. */
function speaksFor({ address, wallet, place, partOf, keys }: MessageReview): Block[] {
  const whose: Block[] =
    wallet === undefined
      ? []
      : [
          {
            kind: "fact",
            label: "Wallet",
            value: `${wallet}${place === undefined ? "" : `, address ${place}`}`,
          },
        ];
  const parts = partOf.map((name) => shown(name)).join(", ");
  const key = `m${pathText(keys[0]!.path)}`;
  return [
    address === undefined
      ? { kind: "fact", label: "Speaks for the key at", value: key }
      : { kind: "fact", label: "Speaks for the address", value: grouped(address) },
    ...whose,
    ...(partOf.length === 0
      ? []
      : [text(`This key has a part in ${parts}: it speaks for no address there.`)]),
    ...(address !== undefined && wallet === undefined && partOf.length === 0
      ? [text("This address is in no wallet here.")]
      : []),
  ];
}

const FORM_WORDS: Readonly<Record<MessageForm, string>> = {
  recoverable: "BIP 137, as Bitcoin Core, Electrum and most programs read it",
  bip322: "BIP 322, for addresses of every kind",
  proof: "BIP 322, with coins",
};

function howSheet({ form, keys }: MessageReview): Sheet {
  const [first] = keys;
  const more = keys.length - 1;
  return {
    title: "How it is signed",
    blocks: [
      { kind: "fact", label: "Form", value: FORM_WORDS[form] },
      {
        kind: "fact",
        label: "Key at",
        value: `m${pathText(first!.path)}${more === 0 ? "" : `, and ${more} more`}`,
      },
      { kind: "fact", label: "Public key", value: grouped(toHex(first!.publicKey)) },
    ],
  };
}

/** BIP 322: a signature can be bound to a time before which the address could not spend. */
export function timeSheets({ lockTime, sequence }: Pick<MessageReview, "lockTime" | "sequence">): Sheet[] {
  const until =
    lockTime === 0
      ? []
      : [lockTime < LOCK_TIME_THRESHOLD ? `after block ${lockTime}` : `after ${utcDate(lockTime * 1000)}`];
  const words = [...until, ...ageWords(sequence)];
  if (words.length === 0) return [];
  const blocks = [{ kind: "fact", label: "Holds", value: words.join(", and ") }] as const;
  return [{ title: "It is bound to a time", tone: "caution", blocks }];
}

/** BIP 68: blocks, or units of 512 seconds; with its highest bit it says nothing. */
const NO_AGE = 0x80000000;
const IN_SECONDS = 0x400000;

function ageWords(sequence: number): string[] {
  const age = sequence & 0xffff;
  if (sequence >= NO_AGE || age === 0) return [];
  const old = sequence & IN_SECONDS ? spokenDuration(age * 512_000) : many(age, "block");
  return [`only for coins that are ${old} old`];
}

function coinsSheets({ form, coins }: MessageReview): Sheet[] {
  if (form !== "proof") return [];
  const unproven = coins.filter(({ proven }) => !proven).length;
  return [
    {
      title: `What it proves to hold: ${many(coins.length, "coin")}`,
      tone: "caution",
      blocks: [
        { kind: "fact", label: "Yours together", value: btc(sum(coins.filter(({ wallet }) => wallet))) },
        ...(unproven === 0
          ? []
          : [
              text(
                "Amounts that are not proven are claims: a false one makes the proof worthless, and costs nothing.",
              ),
            ]),
        ...coins.map(coinFact),
      ],
    },
  ];
}

function coinFact(coin: ProvenCoin, index: number): Block {
  const [txid = "", at = ""] = coin.outpoint.split(":");
  const whose = coin.wallet === undefined ? "not yours" : `${coin.wallet}, address ${coin.place ?? ""}`;
  return {
    kind: "fact",
    label: `Coin ${index + 1}: ${whose}${coin.proven ? "" : ", amount not proven"}`,
    value: `${btc(coin.amountSats)}\n${grouped(txid)} : ${at}`,
  };
}

function lastSheet(facts: MessageReview, verdict: Verdict, signing: MessageSigning): Sheet {
  const { address, form, keys } = facts;
  const asks = asksOf(verdict).map(askWords);
  return {
    title: form === "proof" ? "Sign this proof?" : "Sign this message?",
    blocks: [
      text(form === "proof" ? provesWords(facts) : "It moves nothing."),
      address === undefined
        ? { kind: "fact", label: "For the key at", value: `m${pathText(keys[0]!.path)}` }
        : { kind: "fact", label: "For the address", value: grouped(address) },
      { kind: "fact", label: "Makes", value: `${makesWords(signing.makes)} with key ${signing.fingerprint}` },
      ...(asks.length > 0 ? [{ kind: "fact", label: "Then asks for", value: asks.join("; ") } as const] : []),
    ],
  };
}

function text(words: string): Block {
  return { kind: "text", text: words };
}

function many(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}

function sum(coins: readonly ProvenCoin[]): bigint {
  return coins.reduce((total, { amountSats }) => total + amountSats, 0n);
}

function pathText(path: Path): string {
  return path.map((step) => (step >= HARDENED ? `/${step - HARDENED}h` : `/${step}`)).join("");
}
