// The signature leaves as a code for the wallet program that asked; on the stick only where the request came from one.

import type { EthereumForm, EthereumReply, EthereumReview } from "../../act.ts";
import { codes } from "../../screens/codes.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { shown } from "../../text.ts";
import { splitEthSignature } from "../../transport/index.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { writeText } from "../leave-text.ts";
import { orRefused } from "../or-refused.ts";

export interface LeavingSignature {
  readonly reply: EthereumReply;
  readonly review: EthereumReview;
  readonly txid: string;
  /** The request's own, where it came on a stick. */
  readonly file?: string | undefined;
  /** Absent where nothing was taken. */
  readonly receipt?: () => Promise<void>;
}

const WHAT: Readonly<Record<EthereumForm, string>> = {
  transaction: "the transaction",
  message: "the message",
  "sign-in": "the sign-in",
  typed: "the typed data",
};

export async function leaveSignature(desk: Desk, leaving: LeavingSignature): Promise<void> {
  const { reply, review, receipt } = leaving;
  const others = othersOf(desk, leaving);
  const [only] = others;
  if (leaving.file !== undefined && desk.stick) await orRefused(desk, () => write(desk, leaving));
  for (;;) {
    const options = {
      title: `Signed: ${WHAT[review.form]}`,
      caption: captionOf(review),
      loop: (density: Parameters<typeof splitEthSignature>[1]) => splitEthSignature(reply, density),
      ...(only === undefined ? {} : { other: others.length > 1 ? "more" : only.label }),
    };
    if ((await ask(desk, codes(options, desk.ports.panel.size()))) === "done") return;
    const way = others.length > 1 ? await pick(desk, others) : only!.answer;
    if (way === "stick") await orRefused(desk, () => write(desk, leaving));
    if (way === "receipt") await receipt?.();
  }
}

type Way = "stick" | "receipt";

function othersOf({ stick }: Desk, { file, receipt }: LeavingSignature): readonly Item<Way>[] {
  return [
    ...(receipt ? [{ label: "receipt", answer: "receipt" } as const] : []),
    ...(stick && file !== undefined ? [{ label: "to the stick", answer: "stick" } as const] : []),
  ];
}

function pick(desk: Desk, items: readonly Item<Way>[]): Promise<Way | "back"> {
  const back = { label: "back", answer: "back" } as const;
  return ask(desk, menu<Way | "back">({ title: "The signature", items, back }));
}

/** As it came: the texts of the code, a line each. */
async function write(desk: Desk, { reply, txid }: LeavingSignature): Promise<void> {
  const text = `${splitEthSignature(reply, "high").texts.join("\n")}\n`;
  await writeText(desk, desk.stick!, { text, file: `eth-signature-${txid.slice(0, 8)}` });
}

const MOST_ORIGIN = 24;

/** Whom the request says it is from is all that is known of who waits for it. */
function captionOf({ origin }: EthereumReview): string {
  const who = origin === undefined || origin === "" ? ANY : shown(origin, MOST_ORIGIN);
  return `Show this to ${who}.`;
}

const ANY = "the wallet program that asked (MetaMask, Rabby, imToken ...)";
