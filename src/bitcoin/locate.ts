// Where an address comes from: which wallet makes it, on which branch, at which index. Nothing that came with it
// counts; a hint only says where to look first.

import { equal, fromHex, toHex } from "../bytes.ts";
import { HARDENED, LIMITS } from "../limits.ts";
import type { Network } from "../model.ts";
import type { Work } from "../request.ts";
import { addressOf } from "./address.ts";
import { shapedAs } from "./script.ts";
import { scaled } from "./steps.ts";
import type { Template } from "./wallet.ts";

export interface Place {
  readonly template: Template;
  readonly branch: number;
  readonly index: number;
}

interface Side {
  readonly template: Template;
  readonly branch: number;
}

/** Branches whose scripts look like this one: receive branches first. */
function sidesFor(templates: readonly Template[], script: Uint8Array): readonly Side[] {
  const fitting = templates.filter(({ wallet }) => shapedAs(wallet.form, script));
  return [
    ...fitting.map((template) => ({ template, branch: template.wallet.receive })),
    ...fitting.map((template) => ({ template, branch: template.wallet.change })),
  ];
}

/** Among the first LIMITS.searchedAddresses of every branch, and at the index that was hinted at, however far. */
export function* locate(
  templates: readonly Template[],
  script: Uint8Array,
  hint?: number,
): Work<Place | undefined> {
  const sides = sidesFor(templates, script);
  if (hint !== undefined && hint < HARDENED) {
    const place = at(sides, hint, script);
    if (place !== undefined) return place;
  }
  const name = toHex(script);
  for (const [step, side] of sides.entries()) {
    const looking = side.template.search(side.branch, new Set([name]));
    const found = yield* scaled(looking, step / sides.length, (step + 1) / sides.length);
    const index = found.get(name);
    if (index !== undefined) return { ...side, index };
  }
  return undefined;
}

/** From there on up to LIMITS.addressIndex, all branches abreast. */
export function* locateFar(templates: readonly Template[], script: Uint8Array): Work<Place | undefined> {
  const sides = sidesFor(templates, script);
  const { searchedAddresses: first, addressIndex: last } = LIMITS;
  for (let index = first; sides.length > 0 && index <= last; index++) {
    const place = at(sides, index, script);
    if (place !== undefined) return place;
    yield (index - first) / (last - first);
  }
  return undefined;
}

function at(sides: readonly Side[], index: number, script: Uint8Array): Place | undefined {
  const side = sides.find(({ template, branch }) =>
    equal(template.derive(branch, index).scriptPubKey, script),
  );
  return side && { ...side, index };
}

// ---------------------------------------------------------------- look-alikes

/** So many characters at each end people compare; whoever makes a false address makes these the same. */
const COMPARED = 4;

/**
 * An own address that begins and ends as this one does and is another, among those that were looked through for it:
 * by chance there is none.
 */
export function lookAlike(
  templates: readonly Template[],
  script: Uint8Array,
  network: Network,
): Place | undefined {
  const ends = endsOf(script, network);
  for (const { template, branch } of sidesFor(templates, script))
    for (const [hex, index] of template.seen(branch)) {
      const own = fromHex(hex)!;
      if (isNear(own, script) && !equal(own, script) && endsOf(own, network) === ends)
        return { template, branch, index };
    }
  return undefined;
}

/** What differs begins behind the prefix, which all addresses of one kind have in common. */
function endsOf(script: Uint8Array, network: Network): string {
  const address = addressOf(script, network) ?? "";
  const prefix = /^(?:(?:bc|tb|bcrt)1.|.)/.exec(address)?.[0] ?? "";
  return prefix + address.slice(prefix.length, prefix.length + COMPARED) + address.slice(-COMPARED);
}

/** Cheap, and true wherever the first characters are the same: the hash's first 16 bits are, or are neighbours. */
function isNear(a: Uint8Array, b: Uint8Array): boolean {
  const from = a.length === 25 ? 3 : 2;
  const first = (script: Uint8Array) => script[from]! * 256 + script[from + 1]!;
  return a.length === b.length && Math.abs(first(a) - first(b)) <= 1;
}
