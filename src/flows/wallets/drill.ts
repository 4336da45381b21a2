// A drill proves that whoever holds a key of a wallet still can sign with it. One text, made now with chance in it, is
// signed by each with a key of this wallet; what comes back is verified here.

import { readSignedMessage, verifyMessageByKey, type Wallet, writePath } from "../../bitcoin/index.ts";
import { toHex } from "../../bytes.ts";
import { refuse } from "../../refusal.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { notice } from "../../screens/notice.ts";
import { keyNames } from "../../screens/ways.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { showText } from "../leave-text.ts";
import { signText } from "../messages/sign-text.ts";
import { orRefused } from "../or-refused.ts";
import { dateOf, nowOf, type Session } from "../session.ts";
import type { Drill } from "../state-wallets.ts";
import { bring } from "../stick.ts";
import { drillKey } from "./drill-path.ts";
import { changeKept, heldKeys, holderLabel, keptOf } from "./kept.ts";

export async function drill(desk: Desk, session: Session, wallet: Wallet): Promise<void> {
  let under = keptOf(session, wallet)?.drill ?? (await begin(desk, session, wallet));
  let cursor = 0;
  for (;;) {
    const items: readonly Item<number | "take" | "anew">[] = [
      ...heldKeys(wallet).map((place) => ({
        label: `${keyNames(wallet.keys)(place)}: ${stateOf(session, wallet, under, place)}`,
        answer: place,
      })),
      { label: "Take an answer", answer: "take" },
      { label: "Begin anew with another text", answer: "anew" },
    ];
    const back = { label: "back", answer: "back" } as const;
    const above = [{ kind: "text", text: aboveWords(session, wallet, under) }] as const;
    const title = `Drill: ${wallet.name}`;
    const choice = await ask(
      desk,
      menu<number | "take" | "anew" | "back">({ title, above, items, back }, cursor),
    );
    if (choice === "back") return;
    cursor = items.findIndex(({ answer }) => answer === choice);
    if (choice === "anew") under = await begin(desk, session, wallet);
    else if (choice === "take") await orRefused(desk, () => take(desk, session, wallet, under));
    else await orRefused(desk, () => one(desk, session, wallet, under, choice));
  }
}

async function begin(desk: Desk, session: Session, wallet: Wallet): Promise<Drill> {
  const { ms } = nowOf(session);
  const day = dateOf(session, ms).slice(0, 10);
  const chance = toHex(desk.ports.random.bytes(8));
  // Letters, digits and spaces alone: every signer can show them, and type them.
  const made = { text: `Firn drill ${day} wallet ${wallet.fingerprint} ${chance}`, madeMs: ms };
  await changeKept(session, wallet, { drill: made });
  return made;
}

function aboveWords(session: Session, wallet: Wallet, { text }: Drill): string {
  const held = heldKeys(wallet);
  const under = keptOf(session, wallet)?.drill;
  const answered = held.filter((place) => under && hasAnswered(session, wallet, under, place)).length;
  return `${answered} of ${held.length} have answered. Each signs: ${text}`;
}

function aliveMs(session: Session, wallet: Wallet, place: number): number {
  return keptOf(session, wallet)?.aliveMs?.[place] ?? 0;
}

/** What answers a drill was signed after it was made: so much is certain, and so much is kept. */
function hasAnswered(session: Session, wallet: Wallet, { madeMs }: Drill, place: number): boolean {
  return aliveMs(session, wallet, place) >= madeMs;
}

function stateOf(session: Session, wallet: Wallet, under: Drill, place: number): string {
  return hasAnswered(session, wallet, under, place) ? "has answered" : "no answer yet";
}

async function one(desk: Desk, session: Session, wallet: Wallet, under: Drill, place: number): Promise<void> {
  if (wallet.keys[place]!.ours) return signOwn(desk, session, wallet, under, place);
  const { path } = drillKey(wallet, place, session.curve);
  const name = keyNames(wallet.keys)(place);
  await showText(desk, {
    title: `Drill: ${name}`,
    text: `signmessage m${writePath(path)} ascii:${under.text}`,
    caption: `${name} signs this with m${writePath(path)}. Then take the answer.`,
    whole: true,
    file: `drill-${wallet.fingerprint}-${wallet.keys[place]!.fingerprint}`,
  });
  await take(desk, session, wallet, under);
}

async function signOwn(
  desk: Desk,
  session: Session,
  wallet: Wallet,
  under: Drill,
  place: number,
): Promise<void> {
  const { path } = drillKey(wallet, place, session.curve);
  const signed = await signText(desk, session, {
    text: under.text,
    path,
    purpose: `Your answer to the drill of ${wallet.name}`,
  });
  if (signed !== "declined") await accept(desk, session, wallet, under, signed.signature);
}

async function take(desk: Desk, session: Session, wallet: Wallet, under: Drill): Promise<void> {
  const brought = await bring(desk, "message", {
    title: "Take an answer",
    ask: "Show the signed message, or the signature alone, to the camera.",
  });
  if (brought === "back") return;
  const { signature, text } = readSignedMessage(brought.message.text);
  if (text !== undefined && text !== under.text) refuse("wallet.drill-other-text");
  await accept(desk, session, wallet, under, signature);
}

/** Whoever's it is: that a signature is one of theirs says whose. */
async function accept(
  desk: Desk,
  session: Session,
  wallet: Wallet,
  under: Drill,
  signature: string,
): Promise<void> {
  const place = heldKeys(wallet).find((held) => {
    const { publicKey } = drillKey(wallet, held, session.curve);
    return verifyMessageByKey(under.text, publicKey, signature, session.curve);
  });
  if (place === undefined) return refuse("wallet.drill-not-answered");
  const key = wallet.keys[place]!;
  const { name, fingerprint } = wallet;
  const before = wallet.keys.map((_, i) => aliveMs(session, wallet, i));
  const alive = before.map((ms, i) => (i === place ? Math.max(ms, under.madeMs) : ms));
  const line = { kind: "cosigner-alive", name, fingerprint, key: key.fingerprint } as const;
  await changeKept(session, wallet, { aliveMs: alive }, [line]);
  const left = heldKeys(wallet).filter((held) => !hasAnswered(session, wallet, under, held)).length;
  const text = left === 0 ? "All have answered: the drill is done." : `${left} still to answer.`;
  await ask(
    desk,
    notice("The signature is right", [
      {
        kind: "fact",
        label: "Can sign",
        value: holderLabel(wallet, place),
      },
      { kind: "text", text },
    ]),
  );
}
