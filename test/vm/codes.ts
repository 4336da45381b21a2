// What the other side's wallet program reads off the display: screendumps until the animated codes are whole.

import { setTimeout as sleep } from "node:timers/promises";
import { inflate } from "../../device/eye/inflate.ts";
import type { Kind, Message } from "../../src/model.ts";
import { openAssembly, push } from "../../src/transport/index.ts";
import type { Machine } from "./machine.ts";
import { openCodeReader } from "./screen.ts";

const PATIENCE_MS = 60_000;

export async function readCodes(machine: Machine, kinds: readonly Kind[] = ["psbt"]): Promise<Message> {
  const read = await openCodeReader();
  const assembly = openAssembly(kinds, inflate);
  for (const from = performance.now(); performance.now() - from < PATIENCE_MS; await sleep(50)) {
    const seen = read(await machine.look());
    const pushed = seen && push(assembly, seen);
    if (pushed?.kind === "message") return pushed.message;
  }
  throw new Error(`no code on the display is read: ${(await machine.text()).join("\n")}`);
}
