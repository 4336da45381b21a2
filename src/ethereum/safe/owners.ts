// Which owners of a Safe are accounts of one's own.

import type { Curve } from "../../curve.ts";
import type { Address } from "../../eip55.ts";
import type { Work } from "../../request.ts";
import { LAYOUTS, type NodeAt, ownAccount } from "../accounts.ts";

/** By address, what each is called: "account 0". The first `count` accounts of each layout are looked through. */
export function* findOwners(
  owners: readonly Address[],
  count: number,
  nodeAt: NodeAt,
  curve: Curve,
): Work<ReadonlyMap<Address, string>> {
  const found = new Map<Address, string>();
  for (let index = 0; index < count; index++)
    for (const [number, layout] of LAYOUTS.entries()) {
      const { address, name } = ownAccount({ layout, index }, nodeAt, curve);
      if (owners.includes(address) && !found.has(address)) found.set(address, name);
      yield (index + (number + 1) / LAYOUTS.length) / count;
    }
  return found;
}
