// What a review warns of, before any fact: each warning is a page of its own.

import type { Tone, Warning } from "../model.ts";
import type { Sheet } from "./pages.ts";

const WARNINGS: Record<Warning, { title: string; tone: Tone; text: string }> = {
  "locked-way": {
    title: "By a way that had to wait",
    tone: "caution",
    text: "You sign by a way that opens only after a time, such as a recovery way. If the usual way can still be signed, ask why this one is used. The pages about signatures say what it takes.",
  },
  "fee-unproven": {
    title: "The fee is not proven",
    tone: "danger",
    text: "The amounts that come in are claims: the previous transactions were not shown. The true fee may be far higher.",
  },
  "fee-high": { title: "The fee is high", tone: "caution", text: "More than is usual goes to the miners." },
  "foreign-inputs": {
    title: "Inputs of others",
    tone: "danger",
    text: "Some of the coins that are spent are not known as yours. If you know one of them as yours after all, decline: somebody hides it from what you give.",
  },
  "already-signed": {
    title: "Partly signed already",
    tone: "caution",
    text: "Your signature is on some of the inputs already. Only the missing ones are added.",
  },
  "unusual-version": {
    title: "Unusual transaction version",
    tone: "caution",
    text: "Wallet programs write version 1, 2 or 3. The money is safe, but it may not be relayed.",
  },
  "lock-time": {
    title: "Locked until later",
    tone: "caution",
    text: "The transaction has a lock time that holds: it can be sent to the network only after it. The page about time says when that is.",
  },
  "script-without-address": {
    title: "An output has no address",
    tone: "caution",
    text: "It is shown as raw script. Data outputs carry no money; an unknown script with money may be lost.",
  },
  "dust-output": {
    title: "A very small output",
    tone: "caution",
    text: "An output is so small that spending it later costs more than it holds.",
  },
  "output-far-index": {
    title: "Change at a far index",
    tone: "danger",
    text: "An output comes from your keys at an index so far away that wallet programs may not find it.",
  },
  "input-far-index": {
    title: "Spending from a far index",
    tone: "caution",
    text: "An input lies at an index far past those that wallet programs look at.",
  },
  "change-to-other-wallet": {
    title: "Change to another wallet",
    tone: "caution",
    text: "An output goes to a wallet of yours that is not spent from here.",
  },
  "shared-wallet": {
    title: "To a wallet shared with others",
    tone: "caution",
    text: "An output goes to a wallet of yours that others can spend from, or must sign for. Your policy counts it as leaving.",
  },
  "replaced-pays-elsewhere": {
    title: "From a replaced wallet, to elsewhere",
    tone: "danger",
    text: "Another wallet took the place of the one that is spent from, yet not all of this goes there. If you are moving your money, something is wrong.",
  },
  "pays-to-replaced": {
    title: "To a wallet that was replaced",
    tone: "danger",
    text: "An output goes to a wallet that another one took the place of. Whoever holds the key that was lost, or that left, may help to spend it.",
  },
  "mixed-wallets": {
    title: "Several wallets are spent together",
    tone: "caution",
    text: "Spending them in one transaction shows everyone that they belong together.",
  },
  "relative-lock-time": {
    title: "An input must age first",
    tone: "caution",
    text: "An input carries a relative lock time: the transaction is valid only when that coin is old enough. The page about time says how old.",
  },
  "too-large-to-relay": {
    title: "Too large to be passed on",
    tone: "caution",
    text: "Nodes pass on no transaction of more than 100 000 virtual bytes. It can be signed, but it may never be mined.",
  },
  "unspendable-output": {
    title: "Money is destroyed",
    tone: "danger",
    text: "An output with an amount can never be spent by anyone.",
  },
  "repeated-output": {
    title: "The same address twice",
    tone: "caution",
    text: "Two outputs pay to the same script.",
  },
};

export function warningSheet(warning: Warning): Sheet {
  const { title, tone, text } = WARNINGS[warning];
  return { title, tone, blocks: [{ kind: "text", text }] };
}
