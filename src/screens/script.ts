// A script without an address, for people: all of it as hex, and its text where all of that is printable.

import { fromHex } from "../bytes.ts";
import type { Block } from "../model.ts";
import { grouped } from "../text.ts";

const OP_RETURN = 0x6a;
const OP_PUSHDATA1 = 0x4c;
const OP_PUSHDATA2 = 0x4d;

export function scriptFacts(scriptHex: string): Block[] {
  const script = fromHex(scriptHex) ?? new Uint8Array(0);
  const size = script.length === 1 ? "1 byte" : `${script.length} bytes`;
  const what = script[0] === OP_RETURN ? "No address; data (OP_RETURN)" : "No address; script";
  const text = dataText(script);
  return [
    { kind: "fact", label: `${what} of ${size}`, value: grouped(scriptHex) || "(empty)" },
    ...(text === undefined ? [] : [{ kind: "fact", label: "The data as text", value: text } as const]),
  ];
}

/** What every push of an OP_RETURN holds, where there is nothing but pushes and all of it is printable ASCII. */
function dataText(script: Uint8Array): string | undefined {
  if (script[0] !== OP_RETURN || script.length < 3) return undefined;
  const texts: string[] = [];
  for (let at = 1; at < script.length; ) {
    const push = pushAt(script, at);
    if (push === undefined) return undefined;
    const bytes = script.subarray(push.from, push.to);
    if (bytes.length === 0 || !bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) return undefined;
    texts.push(String.fromCharCode(...bytes));
    at = push.to;
  }
  return texts.join("\n");
}

/** Where the push that begins at `at` has its bytes; undefined for anything but a whole push. */
function pushAt(script: Uint8Array, at: number): { from: number; to: number } | undefined {
  const opcode = script[at]!;
  const lengthBytes =
    opcode < OP_PUSHDATA1 ? 0 : opcode === OP_PUSHDATA1 ? 1 : opcode === OP_PUSHDATA2 ? 2 : -1;
  if (lengthBytes < 0 || at + lengthBytes >= script.length) return undefined;
  const from = at + 1 + lengthBytes;
  const length =
    lengthBytes === 0 ? opcode : script[at + 1]! + (lengthBytes === 2 ? script[at + 2]! * 256 : 0);
  return from + length <= script.length ? { from, to: from + length } : undefined;
}
