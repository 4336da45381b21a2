// Disk operations over the control pipe: Firn asks, the launcher's recording disk does.

import { Refusal } from "../../src/refusal.ts";
import type { Operations } from "../disk/operations.ts";
import type { Channel } from "../wire/channel.ts";
import type { DiskAct, FromFirn, ToFirn } from "./control.ts";

type Answer = Extract<ToFirn, { readonly t: "kept" | "failed" }>;

export interface RemoteDisk {
  readonly operations: Operations;
  take(answer: Answer): void;
}

/** Refusals come back as what they were. Anything else that an operation throws is the launcher's bug, and ends it. */
export function remoteDisk(control: Channel<FromFirn, ToFirn>): RemoteDisk {
  const asked = new Map<number, (answer: Answer) => void>();
  let last = 0;
  const ask = (act: DiskAct): Promise<Answer & { t: "kept" }> =>
    new Promise((resolve, reject) => {
      const id = ++last;
      asked.set(id, (answer) => {
        if (answer.t === "kept") resolve(answer);
        else reject(new Refusal(answer.reason, answer.detail));
      });
      control.send({ t: "disk", id, ...act });
    });
  const only = async (act: DiskAct): Promise<void> => {
    await ask(act);
  };
  return {
    operations: {
      names: async () => [...((await ask({ act: "names" })).names ?? [])],
      read: async (name) => (await ask({ act: "read", name })).bytes,
      write: (name, bytes) => only({ act: "write", name, bytes }),
      append: (name, bytes) => only({ act: "append", name, bytes }),
      truncate: (name, length) => only({ act: "truncate", name, length }),
      sync: (name) => only({ act: "sync", name }),
      rename: (name, to) => only({ act: "rename", name, to }),
      syncFolder: () => only({ act: "syncFolder" }),
      remove: (name) => only({ act: "remove", name }),
    },
    take(answer) {
      const settle = asked.get(answer.id);
      asked.delete(answer.id);
      settle?.(answer);
    },
  };
}

/** The launcher's end: does what one line asks, and says what came of it. */
export async function serveDisk(
  operations: Operations,
  line: Extract<FromFirn, { readonly t: "disk" }>,
): Promise<Answer> {
  try {
    return { t: "kept", id: line.id, ...(await perform(operations, line)) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { t: "failed", id: line.id, reason: error.reason, detail: error.detail };
  }
}

async function perform(
  operations: Operations,
  line: DiskAct,
): Promise<{ readonly bytes?: Uint8Array; readonly names?: readonly string[] }> {
  switch (line.act) {
    case "names":
      return { names: await operations.names() };
    case "read": {
      const bytes = await operations.read(line.name);
      return bytes === undefined ? {} : { bytes };
    }
    case "write":
    case "append":
      await operations[line.act](line.name, line.bytes);
      return {};
    case "truncate":
      await operations.truncate(line.name, line.length);
      return {};
    case "rename":
      await operations.rename(line.name, line.to);
      return {};
    case "syncFolder":
      await operations.syncFolder();
      return {};
    default:
      await operations[line.act](line.name);
      return {};
  }
}
