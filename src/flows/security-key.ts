// Runs a conversation with a security key: shows what is to be done, hands packets to and fro, counts its silence.

import type { Conversation, Heard, Wish } from "../factors/index.ts";
import { type KeyMoment, type KeyWords, key, keyPin } from "../screens/key.ts";
import { utf8 } from "../text.ts";
import type { Desk } from "../ui.ts";
import { ask, drain } from "../ui.ts";

/** A key that works or waits says so ten times a second. */
const MOST_SILENT_TICKS = 10;

/**
 * The conversation's result with the key that is plugged in, or the next one that will be; "back" where the owner
 * does not want to. Throws what the conversation throws: Refusal factor.*. Whatever it ends with, a request under
 * way is called off, and the conversation has wiped what it held.
 */
export async function converse<T>(
  desk: Desk,
  words: KeyWords,
  conversation: Conversation<T>,
): Promise<T | "back"> {
  // A key that was plugged in for an earlier screen is told of anew.
  drain(desk);
  const talk: Talk = { desk, words, cancel: undefined, moment: "work", touches: 0 };
  try {
    if ((await untilPlugged(talk)) === "back") return "back";
    let step = conversation.next();
    while (!step.done) {
      const heard = await fulfil(talk, step.value);
      if (heard === "back") return "back";
      step = conversation.next(heard);
    }
    talk.cancel = undefined;
    return step.value;
  } finally {
    if (talk.cancel) desk.ports.securityKey.send(talk.cancel);
    conversation.return(undefined as never);
  }
}

interface Talk {
  readonly desk: Desk;
  readonly words: KeyWords;
  /** Calls off what was asked of the key last. */
  cancel: Uint8Array | undefined;
  /** What is on the screen, and how often a touch was asked for. */
  moment: KeyMoment;
  touches: number;
}

async function untilPlugged({ desk, words }: Talk): Promise<"plugged" | "back"> {
  for (;;) {
    const answer = await ask(desk, key(words, "plug"));
    if (answer === "plugged" || answer === "back") return answer;
  }
}

async function fulfil(talk: Talk, wish: Wish): Promise<Heard | "back"> {
  if ("send" in wish) {
    for (const packet of wish.send) talk.desk.ports.securityKey.send(packet);
    return "sent";
  }
  if ("wait" in wish) return hear(talk, wish);
  talk.cancel = undefined;
  const answer = await ask(talk.desk, keyPin(wish.retries, wish.wrong));
  return typeof answer === "string" ? answer : { pin: utf8(answer.value) };
}

async function hear(talk: Talk, wish: Extract<Wish, { readonly wait: unknown }>): Promise<Heard | "back"> {
  talk.cancel = wish.cancel;
  if (wish.wait === "processing") talk.moment = "work";
  else if (talk.moment === "work") talk.moment = ++talk.touches > 1 ? "touch-again" : "touch";
  for (let silent = 0; silent < MOST_SILENT_TICKS; ) {
    const answer = await ask(talk.desk, key(talk.words, talk.moment));
    if (answer === "tick") silent++;
    else if (answer !== "plugged") return typeof answer === "string" ? answer : answer.packet;
  }
  return "timeout";
}
