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

const PARTS = [
  { part: "whole", words: "whole transaction" },
  { part: "signaturesOnly", words: "signatures only" },
] as const;

const FEWER = {
  whole: "Make the window larger, or choose signatures only under form, for fewer codes.",
  signaturesOnly: "Make the window larger for fewer codes.",
} as const;

interface Form {
  readonly dialect: Dialect;
  readonly part: "whole" | "signaturesOnly";
}

export async function leave(desk: Desk, reply: Reply): Promise<void> {
  let form = firstForm(reply);
  for (;;) {
    const { dialect, part } = form;
    const added = reply.signed === 1 ? "1 signature added" : `${reply.signed} signatures added`;
    const answer = await ask(
      desk,
      codes(
        {
          title: `Signed: ${added}`,
          caption: "Scan this with your wallet program.",
          loop: (density) => split(reply[part], { dialect, density }),
          other: "form",
          fewer: FEWER[part],
        },
        desk.ports.panel.size(),
      ),
    );
    if (answer === "done") return;
    form = await otherForm(desk, reply, form);
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

async function otherForm(desk: Desk, reply: Reply, now: Form): Promise<Form> {
  const items = PARTS.flatMap(({ part, words }) =>
    dialectsFor(reply[part]).map(({ dialect, label }) => ({
      label: `${label}, ${words}`,
      answer: { dialect, part } as Form,
    })),
  );
  const at = items.findIndex(({ answer }) => answer.dialect === now.dialect && answer.part === now.part);
  const back = { label: "back", answer: now };
  return ask(desk, menu<Form>({ title: "Send as", items, back }, Math.max(0, at)));
}
