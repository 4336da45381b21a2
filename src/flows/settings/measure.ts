// The real figures of this machine, for its owner: frames, unlocking, signatures, start. They are shown and not kept.

import { wipe } from "../../bytes.ts";
import { signEcdsaLowR, signSchnorrPlain, stretchPin } from "../../keys/index.ts";
import type { Curve } from "../../model.ts";
import type { Clock } from "../../ports.ts";
import type { Work } from "../../request.ts";
import { measuredSheets } from "../../screens/measured.ts";
import { question } from "../../screens/notice.ts";
import { pace } from "../../screens/pace.ts";
import { pages } from "../../screens/pages.ts";
import { utf8 } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask, perform, wait } from "../../ui.ts";
import type { Session } from "../session.ts";

const ABOUT = {
  title: "Measure this machine",
  blocks: [
    {
      kind: "text",
      text: "First the camera, whatever is before it. Then unlocking and signing with a key that is thrown away, some seconds.",
    },
    { kind: "text", text: "What comes of it is shown and not kept." },
  ],
} as const;

export async function measure(desk: Desk, session: Session): Promise<void> {
  if ((await ask(desk, question([ABOUT], "begin", "leave"))) === "no") return;
  const seen = await ask(desk, pace("The camera"));
  if (seen === "back") return;
  const { clock, machine, random } = desk.ports;
  const unlockMs = await unlockTime(desk, session);
  const secret = random.bytes(32);
  try {
    const pair = { curve: session.curve, check: session.check, secret };
    const ecdsa = await perform(desk, "Signing with ECDSA", signatures(clock, ecdsaOnce(pair)));
    const schnorr = await perform(desk, "Signing with Schnorr", signatures(clock, schnorrOnce(pair)));
    const measured = { frames: seen.frames, unlockMs, ecdsa, schnorr, startedMs: machine.startedMs };
    const close = { label: "close", answer: "seen" } as const;
    await ask(desk, pages<"seen">({ sheets: measuredSheets(measured), ok: close, back: close }));
  } finally {
    wipe(secret);
  }
}

/** What this very home asks of the machine for each PIN. */
async function unlockTime(desk: Desk, { vault }: Session): Promise<number> {
  const { clock, stretch } = desk.ports;
  const begunMs = clock.monotonicMs();
  wipe(await wait(desk, "Stretching a PIN", stretchPin(vault.stretching, utf8("0000"), stretch)));
  return clock.monotonicMs() - begunMs;
}

/** Long enough to be worth a figure, and never longer than somebody waits. */
const LONG_MS = 1500;
const MOST = 500;

function* signatures(clock: Clock, once: (digest: Uint8Array) => boolean): Work<number | undefined> {
  const begunMs = clock.monotonicMs();
  const digest = new Uint8Array(32).fill(0x5a);
  for (let made = 0; ; ) {
    digest[0] = made;
    digest[1] = made >> 8;
    if (!once(digest)) throw new Error("a signature does not verify");
    made++;
    const tookMs = clock.monotonicMs() - begunMs;
    if (tookMs >= LONG_MS || made === MOST) return tookMs > 0 ? (made * 1000) / tookMs : undefined;
    yield Math.max(tookMs / LONG_MS, made / MOST);
  }
}

interface Pair {
  readonly curve: Curve;
  readonly check: Curve;
  readonly secret: Uint8Array;
}

/** As the keyring signs and the reply is checked: both implementations verify. */
function ecdsaOnce({ curve, check, secret }: Pair): (digest: Uint8Array) => boolean {
  const publicKey = curve.publicKey(secret);
  return (digest) => {
    const signature = signEcdsaLowR(curve, digest, secret);
    return [curve, check].every((one) => one.verifyEcdsa(digest, publicKey, signature));
  };
}

function schnorrOnce({ curve, check, secret }: Pair): (digest: Uint8Array) => boolean {
  const publicKey = curve.publicKey(secret).subarray(1);
  return (digest) => {
    const signature = signSchnorrPlain(curve, digest, secret);
    return [curve, check].every((one) => one.verifySchnorr(digest, publicKey, signature));
  };
}
