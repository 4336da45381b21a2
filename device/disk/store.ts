// The Store port on any disk: the order of writes and syncs that makes each change whole.

import type { Store } from "../../src/ports.ts";
import { Refusal } from "../../src/refusal.ts";
import type { Operations } from "./operations.ts";

const BLOB_NAME = /^[a-z][a-z0-9-]{0,62}$/;

/** Reads nothing and changes nothing yet. What a cut left half written beside a blob is not seen, and goes at the next replace. */
export function openStore(operations: Operations): Store {
  /** Blobs whose name this store has made durable: appending to another syncs the folder too. */
  const named = new Set<string>();
  return {
    async names() {
      return (await operations.names()).filter((name) => BLOB_NAME.test(name));
    },
    async read(name) {
      return operations.read(checked(name));
    },
    async replace(name, bytes) {
      const beside = `${checked(name)}.new`;
      try {
        await operations.write(beside, bytes);
        await operations.sync(beside);
      } catch (error) {
        await tidy(operations, beside);
        throw error;
      }
      await operations.rename(beside, name);
      await operations.syncFolder();
      named.add(name);
    },
    async append(name, bytes) {
      await operations.append(checked(name), bytes);
      await operations.sync(name);
      if (named.has(name)) return;
      await operations.syncFolder();
      named.add(name);
    },
    async truncate(name, length) {
      await operations.truncate(checked(name), length);
      await operations.sync(name);
    },
    async remove(name) {
      await operations.remove(checked(name));
      // What a cut left half written beside it goes too: it may be sealed under a PIN of before.
      await operations.remove(`${name}.new`);
      await operations.syncFolder();
      named.delete(name);
    },
  };
}

/** Frees the room that a failed write took; where even that fails, the first error is the one that counts. */
async function tidy(operations: Operations, beside: string): Promise<void> {
  try {
    await operations.remove(beside);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

function checked(name: string): string {
  if (!BLOB_NAME.test(name)) throw new Error(`no name for a blob: ${JSON.stringify(name)}`);
  return name;
}
