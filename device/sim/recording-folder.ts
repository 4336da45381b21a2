// A disk's state from a real folder and back, so that a played session leaves a home that anyone can open.

import { fileOperations } from "../disk/files.ts";
import { openStore } from "../disk/store.ts";

/** Every blob of a folder that exists. Throws Refusal store.unreadable. */
export async function load(folder: string): Promise<Map<string, Uint8Array>> {
  const operations = fileOperations(folder);
  const state = new Map<string, Uint8Array>();
  for (const name of await operations.names()) {
    const bytes = await operations.read(name);
    if (bytes !== undefined) state.set(name, bytes);
  }
  return state;
}

/** Makes the folder hold exactly this state, each changed blob replaced at once. Throws Refusal store.*. */
export async function spill(state: ReadonlyMap<string, Uint8Array>, folder: string): Promise<void> {
  const operations = fileOperations(folder);
  const store = openStore(operations);
  const there = await load(folder);
  for (const [name, bytes] of state) {
    if (there.get(name) !== undefined && Buffer.compare(bytes, there.get(name)!) === 0) continue;
    if (name.endsWith(".new")) await operations.write(name, bytes);
    else await store.replace(name, bytes);
  }
  for (const name of await operations.names()) if (!state.has(name)) await operations.remove(name);
  await operations.syncFolder();
}
