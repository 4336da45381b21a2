// What became of verifying a signed message: yes, no, or that this device cannot tell.

import type { VerifiedMessage } from "../message.ts";
import type { Block, Tone } from "../model.ts";
import { btc, grouped } from "../text.ts";
import { timeSheets } from "./message.ts";
import { messageBlocks } from "./message-text.ts";
import { pages, type Sheet } from "./pages.ts";
import type { Screen } from "./screen.ts";

const TITLES: Readonly<Record<VerifiedMessage["outcome"], string>> = {
  valid: "The signature is right",
  invalid: "The signature is wrong",
  unsure: "Firn cannot tell",
};
const TONES: Readonly<Record<VerifiedMessage["outcome"], Tone>> = {
  valid: "calm",
  invalid: "danger",
  unsure: "caution",
};

/** whose: the own wallet and address, in words; absent where it is nobody's here. */
export function verifiedMessage(found: VerifiedMessage, whose: string | undefined): Screen<"seen"> {
  return pages<"seen">({
    sheets: verifiedSheets(found, whose),
    ok: { label: "close", answer: "seen" },
    back: { label: "close", answer: "seen" },
  });
}

export function verifiedSheets(found: VerifiedMessage, whose: string | undefined): Sheet[] {
  const { outcome, address, form, message } = found;
  return [
    {
      title: TITLES[outcome],
      tone: TONES[outcome],
      blocks: [
        { kind: "text", text: meaningOf(found) },
        { kind: "fact", label: "Address", value: grouped(address) },
        { kind: "fact", label: "Whose", value: whose ?? "in no wallet here" },
        { kind: "fact", label: "Form", value: form },
      ],
    },
    { title: "What it says", blocks: messageBlocks(message) },
    ...(outcome === "valid" ? [...timeSheets(found), ...coinSheets(found)] : []),
  ];
}

function meaningOf({ outcome, why }: VerifiedMessage): string {
  if (outcome === "valid") return "Whoever holds the keys of this address has signed this message.";
  return outcome === "invalid"
    ? `It does not show that this address's keys signed this message: ${why}.`
    : `It may be right or wrong: ${why}. Take it for neither.`;
}

function coinSheets({ coins }: VerifiedMessage): Sheet[] {
  if (coins.length === 0) return [];
  const total = coins.reduce((sum, { amountSats }) => sum + amountSats, 0n);
  return [
    {
      title: "The coins that come with it",
      tone: "caution",
      blocks: [
        { kind: "fact", label: "Together, as it says", value: btc(total) },
        {
          kind: "text",
          text: "Whether they exist, and are unspent, only a node can tell; nor does it say what else there is.",
        },
        ...coins.map(({ outpoint, amountSats }, i): Block => {
          const [txid = "", at = ""] = outpoint.split(":");
          return {
            kind: "fact",
            label: `Coin ${i + 1}`,
            value: `${btc(amountSats)}\n${grouped(txid)} : ${at}`,
          };
        }),
      ],
    },
  ];
}
