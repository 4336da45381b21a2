// The machine's seal: which one holds now, and the best one put in its place.

import type { Seal } from "../../ports.ts";
import { notice, question } from "../../screens/notice.ts";
import type { Desk } from "../../ui.ts";
import { ask, wait } from "../../ui.ts";
import type { Session } from "../session.ts";
import { keepLock } from "../session.ts";
import { counterOf } from "../unlock/machine.ts";
import { halfOf, SEAL_SENTENCES, sealedBlocks, wordsFor } from "../unlock/pin.ts";
import { withPin } from "./settings-pins.ts";

const INSTEAD: Record<Seal["kind"], string> = {
  tpm: "This machine can use the TPM instead, which counts wrong PINs by itself.",
  board: "This machine can use the board's own secret instead: the card alone opens nothing then.",
  file: "This machine can use a file instead, the weakest seal: whoever copies all of this home needs only the PIN then.",
};

export async function sealAgain(desk: Desk, session: Session): Promise<void> {
  const { vault } = session;
  const [best] = desk.ports.seals;
  const kind = vault.sealKind;
  if (kind === "none" || best === undefined) throw new Error("an open home is sealed");
  const same = best.kind === kind;
  const texts = [
    SEAL_SENTENCES[kind],
    same ? "This machine has no better seal. Your keys can be sealed by it anew." : INSTEAD[best.kind],
    ...(!same && session.state.wipePin === true ? ["Your wipe PIN must be set anew afterwards."] : []),
    "What was sealed before may still lie in old blocks of the card.",
  ];
  const blocks = texts.map((text) => ({ kind: "text", text }) as const);
  if ((await ask(desk, question([{ title: "The machine's seal", blocks }], "seal again", "leave"))) === "no")
    return;
  await withPin(desk, session, (pin) => seal(desk, session, best, pin));
}

async function seal(desk: Desk, session: Session, best: Seal, pin: Uint8Array): Promise<void> {
  const { vault, state, home } = session;
  const same = best.kind === vault.sealKind;
  await wait(desk, "Sealing", vault.seal(pin, desk.ports.stretch, best));
  const { wipePin: _, counterBase: __, ...without } = state;
  // Another machine part has another counter, or none: what it stands at belongs to the lines that there are.
  const counter = same ? undefined : counterOf(desk.ports, best.kind, home);
  const line = { kind: "lock-changed", what: "seal" } as const;
  await keepLock(desk, session, same ? state : without, line, counter);
  const words = vault.settings.wordsAfter > 0 ? await wordsFor(best, halfOf(pin)) : undefined;
  await ask(desk, notice("Your keys are sealed", sealedBlocks(best.kind, words)));
}
