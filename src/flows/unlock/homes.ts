// A device has one home, and a second one behind a duress PIN where the owner made it: same kind, own names.
// Which of them opens is the PIN's doing.

import type { Store } from "../../ports.ts";

export const HOME = "home";
export const HOME_NAMES = ["first", "second"] as const;
export type HomeName = (typeof HOME_NAMES)[number];

const PREFIX: Record<HomeName, string> = { first: "", second: "second-" };

/** The store as one home sees it: its own blobs, under the names that every home uses. */
export function storeOf(store: Store, name: HomeName): Store {
  if (name === "first") return store;
  const own = (blob: string) => PREFIX[name] + blob;
  return {
    names: async () =>
      (await store.names()).flatMap((blob) =>
        blob.startsWith(PREFIX[name]) ? [blob.slice(PREFIX[name].length)] : [],
      ),
    read: (blob) => store.read(own(blob)),
    replace: (blob, bytes) => store.replace(own(blob), bytes),
    append: (blob, bytes) => store.append(own(blob), bytes),
    truncate: (blob, length) => store.truncate(own(blob), length),
    remove: (blob) => store.remove(own(blob)),
  };
}
