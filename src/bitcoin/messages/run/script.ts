// Runs a script, by the rules that BIP 322 requires of whoever verifies.

import { LOCK_TIME_THRESHOLD } from "../../../limits.ts";
import { isMinimal, WORDS } from "./opcodes.ts";
import { bytesOf, isTrue, no, Stack, unsure } from "./stack.ts";

export type Rules = "old" | "v0" | "tapscript";

/** What a script may ask of the transaction around it. */
export interface Around {
  readonly rules: Rules;
  /** False for an empty signature; no where one is there that does not hold. */
  readonly checkSignature: (signature: Uint8Array, publicKey: Uint8Array) => boolean;
  readonly version: number;
  readonly lockTime: number;
  readonly sequence: number;
}

const MOST_SCRIPT = 10_000;
const MOST_PUSH = 520;
const MOST_WORDS = 201;
const MOST_KEYS = 20;

interface Step {
  readonly opcode: number;
  readonly data?: Uint8Array;
}

interface Running extends Around {
  readonly stack: Stack;
  readonly alt: Stack;
  /** Of every IF that is open whether its present side runs. */
  readonly sides: boolean[];
  words: number;
}

/** The stack that is left. Throws Stop. */
export function run(script: Uint8Array, start: readonly Uint8Array[], around: Around): readonly Uint8Array[] {
  if (around.rules !== "tapscript" && script.length > MOST_SCRIPT) no("its script is too long");
  for (const item of start) if (item.length > MOST_PUSH) no("something on its stack is too long");
  const running: Running = { ...around, stack: new Stack(start), alt: new Stack([]), sides: [], words: 0 };
  for (const step of stepsOf(script)) take(running, step);
  if (running.sides.length > 0) no("its script ends too early");
  return running.stack.items;
}

export function* stepsOf(script: Uint8Array): Generator<Step> {
  for (let at = 0; at < script.length; ) {
    const opcode = script[at++]!;
    if (opcode > 0x4e) {
      yield { opcode };
      continue;
    }
    const sized = opcode < 0x4c ? 0 : 1 << (opcode - 0x4c);
    if (at + sized > script.length) no("its script is cut off");
    let length = opcode < 0x4c ? opcode : 0;
    for (let i = 0; i < sized; i++) length += script[at + i]! * 256 ** i;
    at += sized;
    if (at + length > script.length) no("its script is cut off");
    const data = script.subarray(at, at + length);
    at += length;
    yield { opcode, data };
  }
}

function take(running: Running, { opcode, data }: Step): undefined {
  const { stack, rules } = running;
  if (data && data.length > MOST_PUSH) no("something on its stack is too long");
  if (opcode > 0x60 && rules !== "tapscript" && ++running.words > MOST_WORDS) no("its script is too long");
  if (opcode === 0xab) no("it uses OP_CODESEPARATOR");
  const runs = running.sides.every((side) => side);
  if (branch(running, opcode, runs) || !runs) return;
  const pushed = pushedBy(opcode, data);
  const word = WORDS.get(opcode);
  if (pushed) stack.push(pushed);
  else if (word) word(stack, running.alt);
  else keyWord(running, opcode);
}

function pushedBy(opcode: number, data: Uint8Array | undefined): Uint8Array | undefined {
  if (data && !isMinimal(opcode, data)) no("a push is not as short as it can be");
  if (opcode === 0x4f) return Uint8Array.of(0x81);
  return opcode >= 0x51 && opcode <= 0x60 ? Uint8Array.of(opcode - 0x50) : data;
}

/** IF, NOTIF, ELSE, ENDIF: true where it was one. */
function branch({ stack, sides }: Running, opcode: number, runs: boolean): boolean {
  if (opcode === 0x63 || opcode === 0x64) {
    if (!runs) sides.push(false);
    else {
      const flag = stack.pop();
      const minimal = flag.length === 0 || (flag.length === 1 && flag[0] === 1);
      if (!minimal) no("a branch is not chosen by 0 or 1");
      sides.push(isTrue(flag) === (opcode === 0x63));
    }
    return true;
  }
  if (opcode !== 0x67 && opcode !== 0x68) return false;
  const side = sides.pop() ?? no("its script has a side without a branch");
  if (opcode === 0x67) sides.push(!side);
  return true;
}

function keyWord(running: Running, opcode: number): undefined {
  const { stack, rules } = running;
  switch (opcode) {
    case 0x6a:
      return no("its script can never be met");
    case 0xac:
    case 0xad: {
      const publicKey = stack.pop();
      return flagged(running, running.checkSignature(stack.pop(), publicKey), opcode === 0xad);
    }
    case 0xae:
    case 0xaf:
      if (rules === "tapscript") return no("its script can never be met");
      return flagged(running, multisig(running), opcode === 0xaf);
    case 0xba: {
      if (rules !== "tapscript") return unsure("its script has a word without a meaning");
      const publicKey = stack.pop();
      const count = stack.popNumber();
      const valid = running.checkSignature(stack.pop(), publicKey);
      stack.push(bytesOf(count + (valid ? 1 : 0)));
      return;
    }
    case 0xb1:
      return absolute(running);
    case 0xb2:
      return relative(running);
    default:
      return unsure(`its script has the word 0x${opcode.toString(16)}`);
  }
}

function flagged({ stack }: Running, valid: boolean, mustHold: boolean): undefined {
  if (!mustHold) stack.pushFlag(valid);
  else if (!valid) no("a condition of its script is not met");
}

function multisig(running: Running): boolean {
  const { stack, checkSignature } = running;
  const keys = popCounted(stack, MOST_KEYS);
  // Consensus: each of its keys counts as a word, so that no script takes long.
  running.words += keys.length;
  if (running.words > MOST_WORDS) no("its script is too long");
  const signatures = popCounted(stack, keys.length);
  if (stack.pop().length > 0) no("the item below its signatures is not empty");
  let at = 0;
  for (const signature of signatures) {
    // NULLFAIL: of a quorum that is not met every signature is empty.
    while (at < keys.length && !tried(signature, keys[at]!, checkSignature)) at++;
    if (at++ >= keys.length) {
      if (signatures.some((one) => one.length > 0)) no("a signature does not verify");
      return false;
    }
  }
  return true;
}

/** In the order in which they were pushed; counted from the top. */
function popCounted(stack: Stack, most: number): Uint8Array[] {
  const count = stack.popNumber();
  if (count < 0 || count > most) no("its script counts wrongly");
  return Array.from({ length: count }, () => stack.pop()).reverse();
}

/** Of several keys one that did not sign is passed over. */
function tried(signature: Uint8Array, key: Uint8Array, check: Around["checkSignature"]): boolean {
  if (signature.length === 0) return false;
  try {
    return check(signature, key);
  } catch (problem) {
    if (problem instanceof NotBy) return false;
    throw problem;
  }
}

/** The signature is well made, and another's. */
export class NotBy extends Error {}

/** BIP 65. */
function absolute({ stack, lockTime, sequence }: Running): undefined {
  const wanted = locked(stack);
  const sameKind = wanted < LOCK_TIME_THRESHOLD === lockTime < LOCK_TIME_THRESHOLD;
  if (!sameKind || wanted > lockTime || sequence === 0xffffffff) no("its time lock is not met");
}

const DISABLED = 0x80000000;
const SECONDS = 0x400000;
const WAIT = 0xffff;

/** BIP 112. */
function relative({ stack, version, sequence }: Running): undefined {
  const wanted = locked(stack);
  if (Math.floor(wanted / DISABLED) % 2 === 1) return;
  const met =
    version >= 2 &&
    sequence < DISABLED &&
    (wanted & SECONDS) === (sequence & SECONDS) &&
    (wanted & WAIT) <= (sequence & WAIT);
  if (!met) no("its time lock is not met");
}

/** It stays on the stack. */
function locked(stack: Stack): number {
  const item = stack.top();
  const wanted = new Stack([item]).popNumber(5);
  return wanted < 0 ? no("its time lock is negative") : wanted;
}
