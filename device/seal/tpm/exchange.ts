// One command to the TPM and its answer, outside any session: header, response code, patience.

import { setTimeout as sleep } from "node:timers/promises";
import { concat } from "../../../src/bytes.ts";
import { Reader, TpmBroken, u16, u32 } from "./codec.ts";
import { baseOf, CODE, COMMAND, TAG } from "./codes.ts";
import type { Transport } from "./transport.ts";

/** The TPM says no. */
export class TpmError extends Error {
  /** The response code; `base` without the number of what it is about. */
  readonly code: number;
  readonly base: number;
  readonly command: number;

  constructor(command: number, code: number) {
    super(`it answered 0x${code.toString(16)} to 0x${command.toString(16)}`);
    this.command = command;
    this.code = code;
    this.base = baseOf(code);
  }

  /** It is about a handle, a parameter or a session of the command, not about the TPM (a format-one code). */
  get aboutInput(): boolean {
    return (this.code & 0x80) !== 0;
  }
}

/** Nothing was done: the same command is to be sent again (Part 3, "warning codes"). */
const AGAIN: readonly number[] = [
  CODE.retry,
  CODE.yielded,
  CODE.canceled,
  CODE.testing,
  CODE.nvRate,
  CODE.nvUnavailable,
];
const MOST_AGAIN = 40;
const LONGEST_PAUSE_MS = 200;

/** What follows the response code. Throws TpmError where that is not success, TpmBroken where it is no answer. */
export async function exchange(
  io: Transport,
  tag: number,
  command: number,
  body: Uint8Array,
): Promise<Reader> {
  const bytes = concat(u16(tag), u32(10 + body.length), u32(command), body);
  for (let sent = 1; ; sent++) {
    const raw = await io.send(bytes);
    const answer = new Reader(raw);
    const answered = answer.u16();
    if (answer.u32() !== raw.length) throw new TpmBroken("its answer has another length than it says");
    const code = answer.u32();
    if (code === 0) {
      if (answered !== tag) throw new TpmBroken("its answer is of another kind");
      return answer;
    }
    if (!AGAIN.includes(code) || sent === MOST_AGAIN) throw new TpmError(command, code);
    await sleep(Math.min(LONGEST_PAUSE_MS, 5 * sent));
  }
}

/** To be sent first; a TPM that runs already says so. */
export async function startup(io: Transport): Promise<void> {
  await exchange(io, TAG.plain, COMMAND.startup, u16(0)).catch((problem) => {
    if (!(problem instanceof TpmError) || problem.code !== CODE.alreadyStarted) throw problem;
  });
}

/** Makes a loss of power from now on an orderly one, which counts as no try. */
export async function shutdown(io: Transport): Promise<void> {
  await exchange(io, TAG.plain, COMMAND.shutdown, u16(0));
}

/** Forgets a loaded key, object or session. */
export async function flush(io: Transport, handle: number): Promise<void> {
  await exchange(io, TAG.plain, COMMAND.flushContext, u32(handle));
}
