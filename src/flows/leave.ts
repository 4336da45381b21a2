// The reply leaves as codes: in the dialect in which the request came, unless another is picked;
// whole where that takes few codes, else signatures only.

import type { Dialect } from "../model.ts";
import type { Reply } from "../request.ts";
import { codes } from "../screens/codes.ts";
import { menu } from "../screens/menu.ts";
import { codesNeeded, dialectsFor, split } from "../transport/index.ts";
import type { Desk } from "../ui.ts";
import { ask } from "../ui.ts";

/** More codes than this, and only the signatures are sent: a person stands there holding a phone. */
const MOST_CODES = 10;

interface Form {
  readonly dialect: Dialect;
  readonly part: "whole" | "signaturesOnly";
}

export async function leave(desk: Desk, reply: Reply): Promise<void> {
  let form = firstForm(reply);
  for (;;) {
    const { dialect, part } = form;
    const caption = `${reply.signed === 1 ? "1 signature" : `${reply.signed} signatures`} added. Scan this with your wallet program.`;
    const answer = await ask(
      desk,
      codes({
        title: "Signed",
        caption,
        loop: (density) => split(reply[part], { dialect, density }),
        other: "other form",
      }),
    );
    if (answer === "done") return;
    form = await otherForm(desk, reply, form);
  }
}

function firstForm(reply: Reply): Form {
  const dialect = reply.whole.dialect;
  const many = codesNeeded(reply.whole, { dialect, density: "medium" });
  return { dialect, part: many <= MOST_CODES ? "whole" : "signaturesOnly" };
}

async function otherForm(desk: Desk, reply: Reply, now: Form): Promise<Form> {
  const items = dialectsFor(reply.whole).flatMap(({ dialect, label }) => [
    { label: `${label}, whole transaction`, answer: { dialect, part: "whole" } as Form },
    { label: `${label}, signatures only`, answer: { dialect, part: "signaturesOnly" } as Form },
  ]);
  return ask(desk, menu<Form>({ title: "Send as", items, back: { label: "back", answer: now } }));
}
