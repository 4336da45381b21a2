// A signature leaves: in the form in which it was asked for, unless another is picked; as a code, and to the stick.

import { writeArmour } from "../../bitcoin/index.ts";
import type { MessageReply, Written } from "../../message.ts";
import type { CodeLoop, Density, Dialect } from "../../model.ts";
import { codes } from "../../screens/codes.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { notice } from "../../screens/notice.ts";
import { dialectsFor, split, splitText } from "../../transport/index.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { writeText } from "../leave-text.ts";
import { orRefused } from "../or-refused.ts";
import { writeReply } from "../stick.ts";

/** One thing that can be shown as codes. */
type Form =
  | { readonly as: "signature"; readonly written: Written }
  | { readonly as: "framed"; readonly written: Written }
  | { readonly as: "psbt"; readonly dialect: Dialect };

export interface LeavingFrom {
  /** The request's own, where it came on a stick. */
  readonly file: string | undefined;
  readonly txid: string;
}

export async function leaveMessage(desk: Desk, reply: MessageReply, from: LeavingFrom): Promise<void> {
  let form = firstForm(reply);
  if (desk.stick && from.file !== undefined) await orRefused(desk, () => write(desk, reply, from));
  for (;;) {
    const answer = await ask(
      desk,
      codes(
        {
          title: titleOf(reply),
          caption: captionOf(form),
          loop: (density) => loopOf(reply, form, density),
          other: "another form",
        },
        desk.ports.panel.size(),
      ),
    );
    if (answer === "done") return;
    const picked = await pick(desk, reply, form);
    if (picked === "stick") await orRefused(desk, () => write(desk, reply, from));
    else form = picked;
  }
}

function titleOf({ written, signed }: MessageReply): string {
  if (written.length > 0) return "Signed: the message";
  return signed === 0 ? "Round 1 of 2: nonces are added" : "Signed: your part, others sign too";
}

function captionOf(form: Form): string {
  if (form.as === "psbt") return "Scan this with your wallet program.";
  const what = form.as === "framed" ? "The signed message" : "The signature";
  return `${what}, ${form.written.label}. Scan it with your wallet program.`;
}

function firstForm({ psbt, written: [first] }: MessageReply): Form {
  return psbt ? { as: "psbt", dialect: psbt.dialect } : { as: "signature", written: first! };
}

function loopOf(reply: MessageReply, form: Form, density: Density) {
  if (form.as === "psbt") return split(reply.psbt!, { dialect: form.dialect, density });
  return oneCode(form.as === "framed" ? framed(reply, form.written) : form.written.signature, density);
}

const DENSITIES: readonly Density[] = ["least", "low", "medium", "high"];

/** Programs read a signature from one code and know of no parts: the least size from this one on that holds all of it. */
function oneCode(text: string, density: Density): CodeLoop {
  const loops = DENSITIES.slice(DENSITIES.indexOf(density)).map((size) => splitText(text, size));
  return loops.find(({ texts }) => texts.length === 1) ?? loops[0]!;
}

function framed({ message, address }: MessageReply, { signature }: Written): string {
  return writeArmour({ message, address, signature });
}

async function pick(desk: Desk, reply: MessageReply, now: Form): Promise<Form | "stick"> {
  const forms: Item<Form>[] = [
    ...reply.written.map((written) => ({
      label: `The signature, ${written.label}`,
      answer: { as: "signature", written } as const,
    })),
    ...reply.written.slice(0, 1).map((written) => ({
      label: "The message with its signature, as a text",
      answer: { as: "framed", written } as const,
    })),
    ...(reply.psbt ? dialectsFor(reply.psbt) : []).map(({ dialect, label }) => ({
      label: `${label}, the PSBT`,
      answer: { as: "psbt", dialect } as const,
    })),
  ];
  const at = forms.findIndex(({ answer }) => JSON.stringify(answer) === JSON.stringify(now));
  const items = [...forms, ...(desk.stick ? [WRITE] : [])];
  const back = { label: "back", answer: now };
  return ask(desk, menu<Form | "stick">({ title: "Send as", items, back }, Math.max(0, at)));
}

const WRITE = { label: "Write it to the stick", answer: "stick" } as const;

/** What came as a PSBT goes back as one; a signature that is whole as a text that says of what it is one. */
async function write(desk: Desk, reply: MessageReply, { file, txid }: LeavingFrom): Promise<void> {
  const [first] = reply.written;
  if (reply.psbt) {
    const from = file === undefined ? { txid } : { txid, file };
    const name = await writeReply(desk, desk.stick!, reply.psbt, from);
    await ask(desk, notice("It is on the stick", [{ kind: "fact", label: "File", value: name }]));
  }
  if (first)
    await writeText(desk, desk.stick!, { text: framed(reply, first), file: `message-${txid.slice(0, 8)}` });
}
