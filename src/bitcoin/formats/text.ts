// Descriptors as text: one for both branches, or a line each for receiving and change, with labels and comments or
// without, as Bitcoin Core, Sparrow and Specter write them.

import { refuse } from "../../refusal.ts";
import { type Body, bodyOf, descriptorFrom, linesOf, type WalletFile, withBranches } from "./file.ts";

const DESCRIPTOR = /^(?:sh|wsh|pk|pkh|wpkh|combo|multi|sortedmulti|tr|rawtr|addr|raw)\(/;

/** "Receive: wpkh(…", "Change: wpkh(…" (Sparrow). */
const LABELLED = /^(receive|change|receive and change|external|internal)\s*:\s*(?=[a-z]+\()/i;

export interface Half extends Body {
  /** Undefined where nothing says which half it is: then the order does. */
  readonly internal: boolean | undefined;
  /** "line 3" */
  readonly where: string;
}

export function looksLikeDescriptor(text: string): boolean {
  return linesOf(text).some((one) => DESCRIPTOR.test(one.text.replace(LABELLED, "")));
}

/** Every line is a comment or a descriptor with its checksum; several are halves of one wallet. */
export function readDescriptorText(text: string): WalletFile {
  const halves: Half[] = [];
  for (const { text: whole, line } of linesOf(text)) {
    if (whole.startsWith("#")) continue;
    const where = `line ${line}`;
    const label = LABELLED.exec(whole)?.[1]?.toLowerCase();
    const descriptor = whole.replace(LABELLED, "");
    // A descriptor that is broken over lines is as unreadable as any other line.
    if (!DESCRIPTOR.test(descriptor)) refuse("bitcoin.wallet-unreadable", where);
    const body = bodyOf(descriptor, where);
    const internal = label === "change" || label === "internal";
    halves.push({ ...body, where, internal: label === undefined ? undefined : internal });
  }
  // One that says all vouches for those that only say it again.
  const needed = halves.some(({ body, checksummed }) => checksummed && isBoth(body)) ? [] : halves;
  const bare = needed.find(({ checksummed }) => !checksummed);
  if (bare !== undefined) refuse("bitcoin.descriptor-checksum-missing", bare.where);
  return { descriptor: descriptorFrom(whole(halves)), checksummed: true };
}

const isBoth = (body: string): boolean => withBranches(body).includes("/<");

/** Where one of them is for both branches, the others say the same. Else there is one, or a pair. */
export function whole(halves: readonly Half[]): string {
  const bodies = halves.map((half) => ({ ...half, body: withBranches(half.body) }));
  const both =
    bodies.find(({ body, checksummed }) => checksummed && isBoth(body)) ??
    bodies.find(({ body }) => isBoth(body));
  const [first, second] = bodies;
  if (first === undefined) return refuse("bitcoin.wallet-unreadable", "no descriptor in it");
  if (both !== undefined) {
    const said = new Set([both.body, branchOf(both.body, 0), branchOf(both.body, 1)]);
    const other = bodies.find(({ body }) => !said.has(body));
    if (other !== undefined) refuse("bitcoin.wallet-pair", `${both.where} and ${other.where}`);
    return both.body;
  }
  if (second === undefined) return first.body;
  if (bodies.length > 2) return refuse("bitcoin.wallet-several", `${bodies.length} descriptors`);
  const swapped = first.internal === true || second.internal === false;
  if (first.internal !== undefined && first.internal === second.internal)
    refuse("bitcoin.wallet-pair", `${first.where} and ${second.where} are for the same branch`);
  const pair = swapped ? joined(second.body, first.body) : joined(first.body, second.body);
  return pair ?? refuse("bitcoin.wallet-pair", `${first.where} and ${second.where}`);
}

const BRANCH = /\/([0-9]{1,10})\/\*/;

/** Two descriptors that are the same but for the branches, as one; undefined where they differ in more. */
export function joined(receive: string, change: string): string | undefined {
  const [a, b] = [receive.split(BRANCH), change.split(BRANCH)];
  if (a.length !== b.length || a.length === 1) return undefined;
  let out = "";
  for (const [i, piece] of a.entries()) {
    if (i % 2 === 1) out += `/<${piece};${b[i]}>/*`;
    else if (piece === b[i]) out += piece;
    else return undefined;
  }
  return out;
}

function branchOf(body: string, half: 0 | 1): string {
  return body.replace(/\/<([0-9]+);([0-9]+)>\/\*/g, (_, receive, change) => `/${half ? change : receive}/*`);
}
