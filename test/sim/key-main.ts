// A small program for security keys: enrols what is plugged in, and asks for its secret. What was enrolled is kept
// in the store, so that it outlives a lock.

import { createHash } from "node:crypto";
import { toHex } from "../../src/bytes.ts";
import { answer, type Credential, enrol } from "../../src/factors/index.ts";
import { converse } from "../../src/flows/security-key.ts";
import type { Ports } from "../../src/ports.ts";
import { Refusal } from "../../src/refusal.ts";
import { menu } from "../../src/screens/menu.ts";
import { notice, refused } from "../../src/screens/notice.ts";
import { ask, type Desk, Locked, openDesk } from "../../src/ui.ts";

export async function main(ports: Ports): Promise<"locked"> {
  const desk = openDesk(ports);
  desk.guarded = true;
  try {
    for (;;) await choose(desk);
  } catch (problem) {
    if (problem instanceof Locked) return "locked";
    throw problem;
  }
}

type Choice = "enrol" | "answer" | "both";
const ITEMS: readonly { readonly label: string; readonly answer: Choice }[] = [
  { label: "Enrol a key", answer: "enrol" },
  { label: "Ask for the secret", answer: "answer" },
  { label: "Ask twice", answer: "both" },
];

async function choose(desk: Desk): Promise<void> {
  const choice = await ask(desk, menu<Choice>({ title: "Keys", items: ITEMS }));
  try {
    if (choice === "enrol") await enrolKey(desk);
    else await askSecret(desk, choice === "both" ? 2 : 1);
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    await ask(desk, refused(problem));
  }
}

const WORDS = { title: "Second factor", why: "For a test." };

async function enrolKey(desk: Desk): Promise<void> {
  const { random, store } = desk.ports;
  const credentials = await enrolled(desk);
  const known = credentials.map(({ credentialId }) => credentialId);
  const made = await converse(desk, WORDS, enrol({ random, known }));
  if (made === "back") return say(desk, "Not enrolled", "");
  const { credentialId, publicKey, verified, salt, secret } = made;
  credentials.push({ credentialId, publicKey, verified, salt });
  const text = JSON.stringify(credentials, (_, value) =>
    value instanceof Uint8Array ? toHex(value) : value,
  );
  await store.replace("enrolled", new TextEncoder().encode(text));
  await say(desk, `Enrolled ${verified ? "with PIN or finger" : "by touch"}`, print(secret));
}

async function askSecret(desk: Desk, times: number): Promise<void> {
  const { random } = desk.ports;
  const credentials = await enrolled(desk);
  for (let time = 0; time < times; time++) {
    const answered = await converse(desk, WORDS, answer({ random, credentials }));
    if (answered === "back") return say(desk, "Not asked", "");
    // The first of two is only counted by the second's screen.
    if (time === times - 1) await say(desk, `Key ${answered.index + 1} answered`, print(answered.secret));
  }
}

async function enrolled(desk: Desk): Promise<Credential[]> {
  const bytes = await desk.ports.store.read("enrolled");
  if (!bytes) return [];
  return JSON.parse(new TextDecoder().decode(bytes), (_, value) =>
    typeof value === "string" ? new Uint8Array(Buffer.from(value, "hex")) : value,
  );
}

/** Tells secrets apart without showing one. */
function print(secret: Uint8Array): string {
  return `secret ${createHash("sha256").update(secret).digest("hex").slice(0, 8)}`;
}

async function say(desk: Desk, title: string, text: string): Promise<void> {
  await ask(desk, notice(title, [{ kind: "text", text }]));
}
