// The reply leaves. As codes: in the dialect in which the request came, unless another is picked; whole where that
// takes few codes, else signatures only. On the stick: whole, as a file beside the request's.

import type { Dialect } from "../model.ts";
import type { Stick } from "../ports.ts";
import type { Reply } from "../request.ts";
import { codes } from "../screens/codes.ts";
import { menu } from "../screens/menu.ts";
import { notice } from "../screens/notice.ts";
import { makesWords } from "../screens/rounds.ts";
import { codesNeeded, dialectsFor, split } from "../transport/index.ts";
import type { Desk } from "../ui.ts";
import { ask } from "../ui.ts";
import { orRefused } from "./or-refused.ts";
import { type ReplyFile, writeReply } from "./stick.ts";

/** More codes than this, and only the signatures are sent: a person stands there holding a phone. */
const MOST_CODES = 10;

const PARTS = [
  { part: "whole", words: "whole transaction" },
  { part: "signaturesOnly", words: "signatures only" },
] as const;

interface Form {
  readonly dialect: Dialect;
  readonly part: "whole" | "signaturesOnly";
}

export interface Leaving {
  readonly reply: Reply;
  readonly from: ReplyFile;
  /** Shows the receipt, for whoever was not there; absent where nothing was signed yet. */
  readonly receipt?: () => Promise<void>;
}

/** By the way by which the request came; the other is there as well. */
export async function leave(desk: Desk, leaving: Leaving): Promise<void> {
  if (desk.stick && leaving.from.file !== undefined) return leaveByStick(desk, desk.stick, leaving);
  await leaveAsCodes(desk, leaving);
}

async function leaveByStick(desk: Desk, stick: Stick, leaving: Leaving): Promise<void> {
  const { reply, from, receipt } = leaving;
  let written: string | undefined;
  for (;;) {
    const text =
      written === undefined ? "Nothing of it has left this device yet." : `On the stick: ${written}`;
    const items = [WRITE, CODES, ...(receipt ? [RECEIPT] : []), DONE] as const;
    const options = { title: titleOf(reply), above: [{ kind: "text", text } as const], items };
    const way = await ask(
      desk,
      menu<(typeof items)[number]["answer"]>(options, written === undefined ? 0 : items.length - 1),
    );
    if (way === "done") return;
    if (way === "codes") await leaveAsCodes(desk, leaving);
    else if (way === "receipt") await receipt?.();
    else written = (await write(desk, stick, reply, from)) ?? written;
  }
}

const WRITE = { label: "Write it to the stick", answer: "stick" } as const;
const CODES = { label: "Show it as codes", answer: "codes" } as const;
const RECEIPT = { label: "Show a receipt", answer: "receipt" } as const;
const DONE = { label: "Done", answer: "done" } as const;

/** The file's name; undefined where the stick refused, which was said. */
async function write(desk: Desk, stick: Stick, reply: Reply, from: ReplyFile): Promise<string | undefined> {
  const name = await orRefused(desk, () => writeReply(desk, stick, reply.whole, from));
  if (name === "back") return undefined;
  const blocks = [{ kind: "fact", label: "File", value: name }] as const;
  await ask(desk, notice("It is on the stick", blocks));
  return name;
}

function titleOf({ signed, nonces = 0 }: Reply): string {
  if (nonces > 0) return `Round 1 of 2: ${makesWords({ signatures: signed, nonces, parts: 0 })} added`;
  return `Signed: ${signed === 1 ? "1 signature" : `${signed} signatures`} added`;
}

async function leaveAsCodes(desk: Desk, { reply, from, receipt }: Leaving): Promise<void> {
  let form = firstForm(reply);
  for (;;) {
    const { dialect, part } = form;
    const answer = await ask(
      desk,
      codes(
        {
          title: titleOf(reply),
          caption: "Scan this with your wallet program.",
          loop: (density) => split(reply[part], { dialect, density }),
          other: receipt ? "form, receipt" : "form",
          ...(part === "whole" ? { fewer: "choose signatures only under form" } : {}),
        },
        desk.ports.panel.size(),
      ),
    );
    if (answer === "done") return;
    const other = await otherForm(desk, reply, form, receipt !== undefined);
    if (other === "stick") await write(desk, desk.stick!, reply, from);
    else if (other === "receipt") await receipt?.();
    else form = other;
  }
}

function firstForm(reply: Reply): Form {
  const dialect = reply.whole.dialect;
  const many = (part: Form["part"], as: Dialect) =>
    codesNeeded(reply[part], { dialect: as, density: "medium" });
  if (many("whole", dialect) <= MOST_CODES) return { dialect, part: "whole" };
  // One code that came can be too small for what goes back; UR has room for anything.
  const fits = Number.isFinite(many("signaturesOnly", dialect));
  return { dialect: fits ? dialect : "ur", part: "signaturesOnly" };
}

async function otherForm(
  desk: Desk,
  reply: Reply,
  now: Form,
  receipt: boolean,
): Promise<Form | "stick" | "receipt"> {
  const forms = PARTS.flatMap(({ part, words }) =>
    dialectsFor(reply[part]).map(({ dialect, label }) => ({
      label: `${label}, ${words}`,
      answer: { dialect, part } as Form,
    })),
  );
  const at = forms.findIndex(({ answer }) => answer.dialect === now.dialect && answer.part === now.part);
  const back = { label: "back", answer: now };
  const items = [...forms, ...(desk.stick ? [WRITE] : []), ...(receipt ? [RECEIPT] : [])];
  return ask(desk, menu<Form | "stick" | "receipt">({ title: "Send as", items, back }, Math.max(0, at)));
}
