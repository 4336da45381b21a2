// A PIN for those who force the owner: it opens another home, with a key of its own, that looks like the only one.

import { wipe } from "../../bytes.ts";
import { bip85, wipeMaterial } from "../../keys/index.ts";
import { refuse } from "../../refusal.ts";
import { DIGITS, field } from "../../screens/field.ts";
import { menu } from "../../screens/menu.ts";
import { notice, question } from "../../screens/notice.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { isRehearsed } from "../backups/records.ts";
import { deliberately } from "../deliberate.ts";
import { askNewKey, compareFingerprint, type NewKey } from "../entry/new-key.ts";
import { firstPolicyFlow } from "../first-policy.ts";
import type { Session } from "../session.ts";
import { keepLock } from "../session.ts";
import { HOME, storeOf } from "../unlock/homes.ts";
import { askNewPin } from "../unlock/pin.ts";
import { makeSecond, removeSecond } from "./second.ts";
import { refuseTaken, withPin } from "./settings-pins.ts";

/**
 * Of the first home it is known; the second one knows of no other, and remembers what it was told. A third home is
 * never made: there the owner is not alone, and what is typed leads nowhere.
 */
export async function hasDuressPin({ home, store, state }: Session): Promise<boolean> {
  if (home === "second") return state.duressPin === true;
  return (await storeOf(store, "second").read(HOME)) !== undefined;
}

const ABOUT = {
  title: "Duress PIN",
  blocks: [
    {
      kind: "text",
      text: "Another PIN, for those who force you: it opens another home with a key, limits and a journal of its own. No screen shows which of the two is open.",
    },
    {
      kind: "text",
      text: "It convinces at the screen. Whoever examines the card sees that there are two homes, and who tries every setting out may notice: in the other home only its own PIN, key and limits are real.",
    },
    {
      kind: "text",
      text: "Keep some money under its key, and open it now and then, so that it looks used.",
    },
  ],
} as const;

const REMOVE = {
  title: "Remove the duress PIN?",
  tone: "caution",
  blocks: [
    {
      kind: "text",
      text: "Its home and its key go from this device. Money under that key stays where it is; only a backup reaches it.",
    },
  ],
} as const;

const LINE = { kind: "lock-changed", what: "duress-pin" } as const;

export async function duressPin(desk: Desk, session: Session): Promise<void> {
  if (await hasDuressPin(session)) {
    if ((await deliberately(desk, [REMOVE], "to remove it")) === "no") return;
    if (session.home === "first") await removeSecond(session.store);
    const { duressPin: _, ...without } = session.state;
    return keepLock(desk, session, without, LINE);
  }
  if ((await ask(desk, question([ABOUT], "make one", "leave"))) === "no") return;
  await withPin(desk, session, async (own) => {
    const pin = await askNewPin(desk, "Choose the duress PIN", "that come to mind when you are forced.");
    if (pin === "back") return;
    try {
      await refuseTaken(desk, session, own, pin);
      await make(desk, session, pin);
    } finally {
      wipe(pin);
    }
  });
}

async function make(desk: Desk, session: Session, pin: Uint8Array): Promise<void> {
  const asked = await askSecondKey(desk, session);
  if (asked === "back") return;
  const { key, note } = asked;
  try {
    refuseOwn(session, key);
    const policy = await firstPolicyFlow(desk, session.network);
    const real = session.home === "first";
    if (real) await makeSecond(desk, session, { pin, key, policy });
    await keepLock(desk, session, real ? session.state : { ...session.state, duressPin: true }, LINE);
    const blocks = [
      { kind: "fact", label: "Its key", value: key.fingerprint },
      { kind: "text", text: note },
    ] as const;
    await ask(desk, notice("The duress PIN is set", blocks));
  } finally {
    wipeMaterial(key.material);
  }
}

/** Under the duress PIN lies what may be given away. */
function refuseOwn({ state, keyring }: Session, { fingerprint }: NewKey): void {
  const own = state.keys.some((known) => known.fingerprint === fingerprint);
  if (own || keyring.fingerprint === fingerprint) refuse("keys.known", fingerprint);
}

interface SecondKey {
  readonly key: NewKey;
  /** How it is restored. */
  readonly note: string;
}

async function askSecondKey(desk: Desk, session: Session): Promise<SecondKey | "back"> {
  const back = { label: "back", answer: "back" } as const;
  const text = "A child is made again from your key's own backup. Any other key needs a backup of its own.";
  const items = [
    // A key that lives for this session alone has no backup here.
    ...(session.temporary ? [] : [{ label: "A child of this key (BIP 85)", answer: "child" } as const]),
    { label: "Another key", answer: "other" },
  ] as const;
  const above = [{ kind: "text", text }] as const;
  const choice = await ask(desk, menu<"child" | "other" | "back">({ title: "Its key", above, items, back }));
  if (choice === "back") return "back";
  if (choice === "child") return askChild(desk, session);
  const key = await askNewKey(desk, session.network);
  return { key, note: "It has a backup of its own: keep that as well as your other one." };
}

const CHILD_WORDS = 24;
/** BIP 85 has 31 bits; so many digits are always less. */
const LONGEST_INDEX = 9;

async function askChild(desk: Desk, { keyring, key: parent, network }: Session): Promise<SecondKey | "back"> {
  for (;;) {
    const typed = await ask(
      desk,
      field({
        title: "Its key",
        label: "Index of the child",
        above: [{ kind: "text", text: "Any number; 0 will do. Remember it." }],
        allowed: DIGITS,
        longest: LONGEST_INDEX,
        start: "0",
        check: (value) => (value === "" ? "A number." : undefined),
      }),
    );
    if (typed === "back") return "back";
    const index = Number(typed.value);
    const child = bip85(keyring, { kind: "words", words: CHILD_WORDS, index });
    if (child.kind !== "words") throw new Error("BIP 85 gave no words");
    const material = { kind: "words", entropy: child.entropy, passphrase: new Uint8Array(0) } as const;
    let taken = false;
    try {
      const fingerprint = await compareFingerprint(desk, material, network, "child");
      taken = fingerprint !== "other";
      // In its own home it is a key like any other; that a backup of it can be read the parent's has shown, or nobody.
      const proven = isRehearsed(parent) ? { from: "words" as const } : {};
      const key = { material, fingerprint, origin: "entered", ...proven } as const;
      const note = `Its ${CHILD_WORDS} words are child ${index} of key ${keyring.fingerprint} (BIP 85, English): that key's backup restores it.`;
      if (taken) return { key, note };
    } finally {
      if (!taken) wipeMaterial(material);
    }
  }
}
