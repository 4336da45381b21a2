// The reply leaves. As codes: in the dialect in which the request came, unless another is picked; whole where that
// takes few codes, else signatures only. On the stick: whole, as a file beside the request's.

import type { Dialect } from "../model.ts";
import type { Stick } from "../ports.ts";
import type { Reply } from "../request.ts";
import { codes } from "../screens/codes.ts";
import { menu } from "../screens/menu.ts";
import { notice } from "../screens/notice.ts";
import { codesNeeded, dialectsFor, split } from "../transport/index.ts";
import type { Desk } from "../ui.ts";
import { ask } from "../ui.ts";
import { orRefused } from "./entry/chance.ts";
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

/** By the way by which the request came; the other is there as well. */
export async function leave(desk: Desk, reply: Reply, from: ReplyFile): Promise<void> {
  if (desk.stick && from.file !== undefined) return leaveByStick(desk, desk.stick, reply, from);
  await leaveAsCodes(desk, reply, from);
}

async function leaveByStick(desk: Desk, stick: Stick, reply: Reply, from: ReplyFile): Promise<void> {
  let written: string | undefined;
  for (;;) {
    const text =
      written === undefined ? "Nothing of it has left this device yet." : `On the stick: ${written}`;
    const items = [WRITE, { label: "Show it as codes", answer: "codes" }, DONE] as const;
    const options = { title: titleOf(reply), above: [{ kind: "text", text } as const], items };
    const way = await ask(
      desk,
      menu<(typeof items)[number]["answer"]>(options, written === undefined ? 0 : 2),
    );
    if (way === "done") return;
    if (way === "codes") await leaveAsCodes(desk, reply, from);
    else written = (await write(desk, stick, reply, from)) ?? written;
  }
}

const WRITE = { label: "Write it to the stick", answer: "stick" } as const;
const DONE = { label: "Done", answer: "done" } as const;

/** The file's name; undefined where the stick refused, which was said. */
async function write(desk: Desk, stick: Stick, reply: Reply, from: ReplyFile): Promise<string | undefined> {
  const name = await orRefused(desk, () => writeReply(desk, stick, reply.whole, from));
  if (name === "back") return undefined;
  const blocks = [{ kind: "fact", label: "File", value: name }] as const;
  await ask(desk, notice("It is on the stick", blocks));
  return name;
}

function titleOf({ signed }: Reply): string {
  return `Signed: ${signed === 1 ? "1 signature" : `${signed} signatures`} added`;
}

async function leaveAsCodes(desk: Desk, reply: Reply, from: ReplyFile): Promise<void> {
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
          other: "form",
          ...(part === "whole" ? { fewer: "choose signatures only under form" } : {}),
        },
        desk.ports.panel.size(),
      ),
    );
    if (answer === "done") return;
    const other = await otherForm(desk, reply, form);
    if (other === "stick") await write(desk, desk.stick!, reply, from);
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

async function otherForm(desk: Desk, reply: Reply, now: Form): Promise<Form | "stick"> {
  const forms = PARTS.flatMap(({ part, words }) =>
    dialectsFor(reply[part]).map(({ dialect, label }) => ({
      label: `${label}, ${words}`,
      answer: { dialect, part } as Form,
    })),
  );
  const at = forms.findIndex(({ answer }) => answer.dialect === now.dialect && answer.part === now.part);
  const back = { label: "back", answer: now };
  const items = desk.stick ? [...forms, WRITE] : forms;
  return ask(desk, menu<Form | "stick">({ title: "Send as", items, back }, Math.max(0, at)));
}
