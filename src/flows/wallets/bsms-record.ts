// Records of BIP 129 come and leave: by camera or stick, plain or sealed.

import { isSealed } from "../../bitcoin/index.ts";
import type { Density, Message } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { type ScanOptions, scan } from "../../screens/scan.ts";
import { messageOfFile, splitBytesUr, splitText } from "../../transport/index.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { orRefused } from "../or-refused.ts";
import { pickFile } from "../stick.ts";
import { letOut, type Outgoing } from "./export-forms.ts";

/** Whose record a sealed one is only its token tells: all that can be one is taken. */
export async function bringRecord(
  desk: Desk,
  words: Pick<ScanOptions, "title" | "ask">,
): Promise<string | "back"> {
  const { stick } = desk;
  const options = { ...words, kinds: ["key", "wallet"] as const };
  for (;;) {
    const seen = stick
      ? await ask(desk, scan<"stick">({ ...options, other: { label: "from a stick", answer: "stick" } }))
      : await ask(desk, scan(options));
    if (seen === "back") return "back";
    if (seen !== "stick") return textOf(seen);
    const text = await orRefused(desk, async () => {
      const picked = await pickFile(desk, stick!, "wallet");
      return picked === "back" ? "back" : textOf(messageOfFile(picked.bytes));
    });
    if (text !== "back") return text;
  }
}

function textOf(message: Message): string {
  return message.kind === "key" || message.kind === "wallet"
    ? message.text.trim()
    : refuse("bsms.unreadable", "it is no record");
}

/** Until the person is done. Capitals make smaller codes of hex. */
export async function leaveRecord(desk: Desk, title: string, text: string, stem: string): Promise<void> {
  const coded = isSealed(text) ? text.toUpperCase() : text;
  const file = { text: `${text}\n`, file: stem, ending: isSealed(text) ? ".dat" : ".bsms" } as const;
  const out = (caption: string, loop: (density: Density) => ReturnType<Outgoing["loop"]>): Outgoing => ({
    title,
    caption,
    loop,
    file,
  });
  const items: Item<Outgoing>[] = [
    {
      label: "As codes: text, or BBQr",
      answer: out("The record: scan it on the other side.", (density) => splitText(coded, density)),
    },
    {
      label: "As codes: UR",
      answer: out("ur:bytes: scan it on the other side.", (density) => splitBytesUr(text, density)),
    },
  ];
  let cursor = 0;
  for (;;) {
    const back = { label: "done", answer: "back" } as const;
    const choice = await ask(desk, menu<Outgoing | "back">({ title, items, back }, cursor));
    if (choice === "back") return;
    cursor = items.findIndex(({ answer }) => answer === choice);
    await letOut(desk, choice);
  }
}
