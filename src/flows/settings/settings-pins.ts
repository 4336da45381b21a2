// The PINs of this device, asked for and changed. Each try is on the medium before it is looked at, here as at the door.

import { equal, wipe } from "../../bytes.ts";
import { clearTries, countTry, pinKeyFor, readHome, stretchPin, untoldBefore } from "../../keys/index.ts";
import { refuse } from "../../refusal.ts";
import { notice, question } from "../../screens/notice.ts";
import { utf8 } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask, wait } from "../../ui.ts";
import { afresh } from "../afresh.ts";
import { deliberately } from "../deliberate.ts";
import { quietly } from "../or-refused.ts";
import type { Session } from "../session.ts";
import { keepLock } from "../session.ts";
import { HOME, storeOf } from "../unlock/homes.ts";
import { atRest, sealOf } from "../unlock/machine.ts";
import { askNewPin, askPin, halfOf, sealedBlocks, wordsAfter, wordsFor } from "../unlock/pin.ts";
import { refuseWrong, wipeAndEnd, wipesNow } from "../unlock/wipe.ts";

/** Does what only the right PIN allows; then all starts afresh, whatever came of it, because PINs were typed. */
export async function withPin(
  desk: Desk,
  session: Session,
  act: (pin: Uint8Array) => Promise<void>,
): Promise<void> {
  const pin = await confirmPin(desk, session);
  if (pin === "back") return;
  try {
    await afresh(desk, session, () => act(pin));
  } finally {
    wipe(pin);
  }
}

/** The PIN that opens this home. The caller wipes it. Throws Refusal vault.wrong-pin, vault.too-soon. */
async function confirmPin(desk: Desk, session: Session): Promise<Uint8Array | "back"> {
  const { store, clock, stretch, seals } = desk.ports;
  const { settings } = session.vault;
  const { shuffled } = settings;
  const typed = await askPin(desk, { title: "Your present PIN", above: [], shuffled, back: "back" });
  if (typed === "back") return "back";
  const pin = utf8(typed);
  let right = false;
  try {
    const tries = await countTry(store, clock);
    right = await wait(desk, "Checking the PIN", session.vault.isPin(pin, stretch, seals));
    // Looked at after a right one as well: neither takes longer than the other.
    const seal = sealOf(desk.ports, session.vault.sealKind)!;
    const wipes = await wait(desk, "Checking the PIN", session.vault.isWipePin(pin, stretch, seal));
    await atRest(desk.ports);
    if (right) await clearTries(store, untoldBefore(tries));
    else if (wipes || wipesNow(settings, tries)) await wipeAndEnd(desk);
    return right ? pin : refuseWrong(settings, tries);
  } finally {
    if (!right) wipe(pin);
  }
}

/** What another PIN of this device is for, as far as this home can know: one PIN never does two things. */
export async function refuseTaken(
  desk: Desk,
  session: Session,
  own: Uint8Array,
  pin: Uint8Array,
): Promise<void> {
  const { stretch } = desk.ports;
  const seal = sealOf(desk.ports, session.vault.sealKind)!;
  if (equal(own, pin)) refuse("vault.same-pin");
  const isWipe = session.vault.isWipePin(pin, stretch, seal);
  if (await wait(desk, "Checking the PIN", isWipe)) refuse("vault.same-pin");
  // Whoever was let into the second home must not learn here what opens the first.
  if (session.home === "first" && (await opensSecond(desk, pin))) refuse("vault.same-pin");
}

async function opensSecond(desk: Desk, pin: Uint8Array): Promise<boolean> {
  const { store, stretch, seals } = desk.ports;
  const bytes = await storeOf(store, "second").read(HOME);
  if (bytes === undefined) return false;
  let opens = false;
  // One that cannot be read opens for nobody.
  await quietly(async () => {
    const second = readHome(bytes);
    const stretched = await stretchPin(second, pin, stretch);
    try {
      const pinKey = await pinKeyFor(second, stretched, seals);
      opens = pinKey !== undefined;
      wipe(pinKey);
    } finally {
      wipe(stretched);
    }
  });
  return opens;
}

export async function changePin(desk: Desk, session: Session): Promise<void> {
  await withPin(desk, session, async (own) => {
    const pin = await askNewPin(desk, "Choose a new PIN");
    if (pin === "back") return;
    try {
      await refuseTaken(desk, session, own, pin);
      const { vault, state } = session;
      const seal = sealOf(desk.ports, vault.sealKind)!;
      const after = vault.settings.wordsAfter > 0 ? wordsAfter(pin) : 0;
      const next = { ...vault.settings, wordsAfter: after };
      await wait(desk, "Sealing", vault.seal(pin, desk.ports.stretch, seal, next));
      await keepLock(desk, session, state, { kind: "lock-changed", what: "pin" });
      const words = after > 0 ? await wordsFor(seal, halfOf(pin)) : undefined;
      await ask(desk, notice("Your PIN is changed", sealedBlocks(seal.kind, words)));
    } finally {
      wipe(pin);
    }
  });
}

const WIPE_PIN = {
  title: "Wipe PIN",
  blocks: [
    {
      kind: "text",
      text: "A PIN that destroys the keys on this device when somebody types it. Only your backups reach the money then.",
    },
    {
      kind: "text",
      text: "The seal is destroyed as well, so that older copies of the card open nothing either, unless the seal is a file that was copied with it. Old blocks of the card may still hold sealed bytes.",
    },
  ],
} as const;

const NO_WIPE_PIN = {
  title: "Remove the wipe PIN?",
  tone: "caution",
  blocks: [{ kind: "text", text: "It will be a wrong PIN like any other." }],
} as const;

export async function wipePin(desk: Desk, session: Session): Promise<void> {
  const { vault, state } = session;
  const { stretch } = desk.ports;
  const seal = sealOf(desk.ports, vault.sealKind)!;
  const line = { kind: "lock-changed", what: "wipe-pin" } as const;
  if (state.wipePin === true) {
    if ((await deliberately(desk, [NO_WIPE_PIN], "to remove it")) === "no") return;
    await vault.setWipePin(undefined, stretch, seal);
    const { wipePin: _, ...without } = state;
    return keepLock(desk, session, without, line);
  }
  if ((await ask(desk, question([WIPE_PIN], "choose one", "leave"))) === "no") return;
  await withPin(desk, session, async (own) => {
    const pin = await askNewPin(desk, "Choose the wipe PIN", "that nobody types by mistake.");
    if (pin === "back") return;
    try {
      await refuseTaken(desk, session, own, pin);
      await wait(desk, "Sealing", vault.setWipePin(pin, stretch, seal));
      await keepLock(desk, session, { ...session.state, wipePin: true }, line);
      await ask(
        desk,
        notice("The wipe PIN is set", [
          { kind: "text", text: "Whoever types it wipes. Do not try it out: Firn locks now." },
        ]),
      );
    } finally {
      wipe(pin);
    }
  });
}
