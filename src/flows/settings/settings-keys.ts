// Security keys: which are enrolled, one more, one less.

import { wipe } from "../../bytes.ts";
import type { Factor } from "../../keys/index.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { field, PRINTABLE } from "../../screens/field.ts";
import { menu } from "../../screens/menu.ts";
import { notice, question } from "../../screens/notice.ts";
import { shown } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { deliberately } from "../deliberate.ts";
import type { Session } from "../session.ts";
import { keepLock } from "../session.ts";
import { enrolSecurityKey } from "../unlock/factor.ts";
import { withPin } from "./settings-pins.ts";

export async function securityKeys(desk: Desk, session: Session): Promise<void> {
  for (;;) {
    const { factors } = session.vault;
    const items = [
      ...factors.map(({ name }, answer) => ({ label: shown(name), answer })),
      { label: "Add a security key", answer: "add" } as const,
    ];
    const back = { label: "back", answer: "back" } as const;
    const above = [{ kind: "text", text: tellOf(factors) }] as const;
    const choice = await ask(
      desk,
      menu<number | "add" | "back">({ title: "Security keys", above, items, back }),
    );
    if (choice === "back") return;
    if (choice === "add") await add(desk, session);
    else await remove(desk, session, choice);
  }
}

function tellOf(factors: readonly Factor[]): string {
  if (factors.length === 0) return "None is enrolled: the PIN alone opens this home.";
  return factors.length === 1
    ? "PIN and this key open this home. If it is lost, only a backup reaches the keys: enrol a second one."
    : "PIN and any one of these open this home.";
}

const ABOUT = {
  title: "Add a security key",
  blocks: [
    {
      kind: "text",
      text: "A FIDO2 key. From then on the PIN opens this home only together with an enrolled one.",
    },
    {
      kind: "text",
      text: "Nothing on this device replaces a lost one: then only your backup reaches the keys. So enrol two, and keep the second elsewhere.",
    },
  ],
} as const;

async function add(desk: Desk, session: Session): Promise<void> {
  const { factors } = session.vault;
  if (factors.length >= LIMITS.securityKeys) refuse("factor.too-many", `${LIMITS.securityKeys} are enrolled`);
  if ((await ask(desk, question([ABOUT], "go on", "leave"))) === "no") return;
  await withPin(desk, session, async () => {
    const name = await askName(desk, factors);
    if (name === "back") return;
    const made = await enrolSecurityKey(desk, factors);
    if (made === "back") return;
    const { credentialId, publicKey, verified, salt, secret } = made;
    try {
      session.vault.addFactor({ name, credentialId, publicKey, verified, salt, secret });
    } finally {
      wipe(secret);
    }
    await keepLock(desk, session, session.state, { kind: "factor-added", name });
    await ask(
      desk,
      notice("The security key is enrolled", [{ kind: "text", text: tellOf(session.vault.factors) }]),
    );
  });
}

async function askName(desk: Desk, factors: readonly Factor[]): Promise<string | "back"> {
  const taken = (name: string) => factors.some((factor) => factor.name === name);
  const answer = await ask(
    desk,
    field({
      title: "Add a security key",
      label: "A name that tells it from others",
      allowed: PRINTABLE,
      longest: LIMITS.keyNameChars,
      start: `Security key ${factors.length + 1}`,
      check: (name) => {
        if (name.trim() === "") return "A name.";
        return taken(name.trim()) ? "Another one has this name." : undefined;
      },
    }),
  );
  return answer === "back" ? "back" : answer.value.trim();
}

async function remove(desk: Desk, session: Session, index: number): Promise<void> {
  const { factors } = session.vault;
  const { name } = factors[index]!;
  const text =
    factors.length === 1
      ? "It is the last one: from then on the PIN alone opens this home."
      : "It opens this home no longer; the others do.";
  const older = "An older copy of the card still opens with it.";
  const sheet = {
    title: "Remove this security key?",
    tone: "caution",
    blocks: [
      { kind: "fact", label: "Security key", value: shown(name) },
      { kind: "text", text: `${text} ${older}` },
    ],
  } as const;
  if ((await deliberately(desk, [sheet], "to remove it")) === "no") return;
  session.vault.removeFactor(index);
  await keepLock(desk, session, session.state, { kind: "factor-removed", name });
}
