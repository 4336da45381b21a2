// How large the witness is that a script will take: what a fee rate is reckoned with.

import type { Condition } from "../../ways.ts";
import type { Node, Place, Use } from "../expression.ts";
import { keyCondition, leafCondition } from "./conditions.ts";
import { costsOf } from "./cost.ts";
import { type Atom, isMet } from "./met.ts";

export interface WitnessSize {
  /** Elements, without the script and the control block. */
  readonly items: number;
  /** Bytes of these elements, each with its length. */
  readonly bytes: number;
}

/** With its length: DER with low r and low s and a sighash byte; BIP 340's 64 bytes, which say DEFAULT by themselves. */
const ECDSA = 72;
const SCHNORR = 65;

/**
 * The largest witness, or the smallest, that satisfies the script in a way that strangers cannot alter, among the ways that `holds`
 * leaves: without it every way, and a signature of the usual length for its place. Undefined where there is no way.
 */
export function witnessSize(
  node: Node,
  place: Place,
  uses: readonly Use[],
  holds: (atom: Atom) => boolean = () => true,
  signature: number = place === "tapscript" ? SCHNORR : ECDSA,
  of: "most" | "least" = "most",
): WitnessSize | undefined {
  const met = (condition: Condition) => isMet(condition, holds);
  const keyOf = (use: number) => keyCondition(uses[use]!);
  const means = {
    of,
    signature,
    publicKey: place === "tapscript" ? 33 : 34,
    signs: (use: number) => met(keyOf(use)),
    meets: (leaf: Node) => !("of" in leaf) && met(leafCondition(leaf, keyOf)),
  };
  const { sat } = costsOf(node, means);
  return sat && { items: sat.taken + 1, bytes: sat.bytes };
}
