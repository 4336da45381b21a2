// Looking for scripts where nothing says which address they are: a branch's first addresses are derived one after
// another and kept, so that asking again costs nothing.

import { toHex } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import type { Work } from "../request.ts";
import type { Template } from "./wallet.ts";

interface Seen {
  readonly indexes: Map<string, number>;
  next: number;
}

export function searchOf(derive: Template["derive"]): Pick<Template, "search" | "seen"> {
  const branches = new Map<number, Seen>();
  const search = function* (branch: number, scripts: ReadonlySet<string>): Work<Map<string, number>> {
    const seen = branches.get(branch) ?? { indexes: new Map(), next: 0 };
    branches.set(branch, seen);
    const found = new Map<string, number>();
    for (const script of scripts) {
      const index = seen.indexes.get(script);
      if (index !== undefined) found.set(script, index);
    }
    while (found.size < scripts.size && seen.next < LIMITS.searchedAddresses) {
      const index = seen.next;
      const script = toHex(derive(branch, index).scriptPubKey);
      seen.indexes.set(script, index);
      seen.next++;
      if (scripts.has(script)) found.set(script, index);
      yield seen.next / LIMITS.searchedAddresses;
    }
    return found;
  };
  return { search, seen: (branch) => branches.get(branch)?.indexes ?? new Map() };
}
