// What the owner chooses about the lock. Every line says what is chosen now.

import type { Settings } from "../../keys/index.ts";
import { LEAST_WIPE_AFTER, MOST_WIPE_AFTER } from "../../keys/index.ts";
import { DIGITS, field } from "../../screens/field.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { notice } from "../../screens/notice.ts";
import { spokenDuration } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { deliberately } from "../deliberate.ts";
import { orRefused } from "../or-refused.ts";
import type { Session } from "../session.ts";
import { keepLock } from "../session.ts";
import { thisMachine } from "../this-machine.ts";
import { time } from "../time/time.ts";
import { clockNote } from "../time/words.ts";
import { sealOf } from "../unlock/machine.ts";
import { halfOf, wordsAfter, wordsBlocks, wordsFor } from "../unlock/pin.ts";
import { measure } from "./measure.ts";
import { duressPin, hasDuressPin } from "./settings-duress.ts";
import { securityKeys } from "./settings-keys.ts";
import { changePin, wipePin, withPin } from "./settings-pins.ts";
import { sealAgain } from "./settings-seal.ts";
import { stick } from "./settings-stick.ts";

type Choice = keyof typeof FLOWS;

export async function settings(desk: Desk, session: Session): Promise<void> {
  let cursor = 0;
  for (;;) {
    const items = await itemsOf(desk, session);
    const back = { label: "back", answer: "back" } as const;
    const choice = await ask(desk, menu<Choice | "back">({ title: "Settings", items, back }, cursor));
    if (choice === "back") return;
    // Whoever comes back finds the cursor where it was.
    cursor = items.findIndex(({ answer }) => answer === choice);
    await orRefused(desk, () => FLOWS[choice](desk, session));
  }
}

async function itemsOf(desk: Desk, session: Session): Promise<Item<Choice>[]> {
  const { settings: now, factors, sealKind } = session.vault;
  return [
    { label: "Change the PIN", answer: "changePin" },
    { label: `Duress PIN: ${isSet(await hasDuressPin(session))}`, answer: "duressPin" },
    { label: `Wipe PIN: ${isSet(session.state.wipePin === true)}`, answer: "wipePin" },
    { label: `Wrong PINs that wipe: ${now.wipeAfter}`, answer: "wipeAfter" },
    { label: `Countdown after the PIN: ${spoken(now.countdownS)}`, answer: "countdown" },
    { label: `Wait after a freeze: ${spoken(now.freezeS)}`, answer: "freeze" },
    { label: `Shuffled digits: ${now.shuffled ? "yes" : "no"}`, answer: "shuffled" },
    { label: `Words after half of the PIN: ${now.wordsAfter > 0 ? "yes" : "no"}`, answer: "words" },
    { label: `Security keys: ${factors.length === 0 ? "none" : factors.length}`, answer: "securityKeys" },
    { label: `Seal: ${sealKind === "tpm" ? "TPM" : sealKind}`, answer: "sealAgain" },
    { label: `Date and time${clockNote(desk, session) ? ": clocks differ" : ""}`, answer: "time" },
    ...stickItem(desk, session),
    ...(desk.ports.machine.facts ? [{ label: "This machine", answer: "thisMachine" } as const] : []),
    { label: "Measure", answer: "measure" },
  ];
}

/** Where naming a stick is the switch there is none. */
function stickItem({ ports }: Desk, { state }: Session): Item<Choice>[] {
  if (!ports.stick || ports.machine.kind === "simulator") return [];
  return [{ label: `Stick: ${state.stick ? "on" : "off"}`, answer: "stick" }];
}

function isSet(is: boolean): string {
  return is ? "set" : "not set";
}

function spoken(seconds: number): string {
  return seconds === 0 ? "none" : spokenDuration(seconds * 1000);
}

const FLOWS = {
  changePin,
  duressPin,
  wipePin,
  wipeAfter,
  countdown,
  freeze,
  shuffled,
  words,
  securityKeys,
  sealAgain,
  stick,
  time,
  thisMachine,
  measure,
} as const;

/** What guards less than before needs the gesture that no payment asks for. */
async function change(desk: Desk, session: Session, changes: Partial<Settings>): Promise<void> {
  const now = session.vault.settings;
  const next = { ...now, ...changes };
  if (isLooser(now, next) && (await loosened(desk)) === "no") return;
  session.vault.change(next);
  await keepLock(desk, session, session.state, { kind: "lock-changed", what: "settings" });
}

function loosened(desk: Desk): Promise<"yes" | "no"> {
  const text = "This makes the lock weaker than it is now.";
  const sheet = { title: "A weaker lock?", tone: "caution", blocks: [{ kind: "text", text }] } as const;
  return deliberately(desk, [sheet], "to make it weaker");
}

function isLooser(now: Settings, next: Settings): boolean {
  return (
    next.wipeAfter > now.wipeAfter ||
    next.countdownS < now.countdownS ||
    next.freezeS < now.freezeS ||
    (now.shuffled && !next.shuffled) ||
    (now.wordsAfter > 0 && next.wordsAfter === 0)
  );
}

async function wipeAfter(desk: Desk, session: Session): Promise<void> {
  const range = `From ${LEAST_WIPE_AFTER} to ${MOST_WIPE_AFTER}.`;
  const answer = await ask(
    desk,
    field({
      title: "Wrong PINs that wipe",
      label: "So many in a row",
      above: [{ kind: "text", text: "After that many the keys on this device are destroyed." }],
      allowed: DIGITS,
      longest: 2,
      start: String(session.vault.settings.wipeAfter),
      check: (value) =>
        Number(value) >= LEAST_WIPE_AFTER && Number(value) <= MOST_WIPE_AFTER ? undefined : range,
    }),
  );
  if (answer !== "back") await change(desk, session, { wipeAfter: Number(answer.value) });
}

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;
const COUNTDOWNS_S = [0, MINUTE_S, 5 * MINUTE_S, 15 * MINUTE_S, HOUR_S, DAY_S];
const FREEZES_S = [0, 10 * MINUTE_S, HOUR_S, DAY_S, 3 * DAY_S];

async function countdown(desk: Desk, session: Session): Promise<void> {
  const now = session.vault.settings.countdownS;
  const text = "A right PIN opens only after so long. Nobody who forces you can make it shorter.";
  const countdownS = await askDuration(desk, "Countdown after the PIN", text, COUNTDOWNS_S, now);
  if (countdownS !== "back") await change(desk, session, { countdownS });
}

async function freeze(desk: Desk, session: Session): Promise<void> {
  const now = session.vault.settings.freezeS;
  const text =
    "Back held for three seconds, on any screen, freezes this device: no PIN opens it for so long.";
  const freezeS = await askDuration(desk, "Wait after a freeze", text, FREEZES_S, now);
  if (freezeS !== "back") await change(desk, session, { freezeS });
}

async function askDuration(
  desk: Desk,
  title: string,
  text: string,
  choices: readonly number[],
  now: number,
): Promise<number | "back"> {
  const items = choices.map((seconds) => ({ label: spoken(seconds), answer: seconds }));
  const back = { label: "back", answer: "back" } as const;
  const above = [{ kind: "text", text: `${text} It counts while the device is on.` }] as const;
  return ask(desk, menu<number | "back">({ title, above, items, back }, Math.max(0, choices.indexOf(now))));
}

async function shuffled(desk: Desk, session: Session): Promise<void> {
  await change(desk, session, { shuffled: !session.vault.settings.shuffled });
}

async function words(desk: Desk, session: Session): Promise<void> {
  if (session.vault.settings.wordsAfter > 0) return change(desk, session, { wordsAfter: 0 });
  // How long half of the PIN is, only the PIN tells.
  await withPin(desk, session, async (pin) => {
    await change(desk, session, { wordsAfter: wordsAfter(pin) });
    const seal = sealOf(desk.ports, session.vault.sealKind)!;
    await ask(desk, notice("This machine's words", wordsBlocks(await wordsFor(seal, halfOf(pin)))));
  });
}
