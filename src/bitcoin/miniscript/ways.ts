// The ways to spend that a script offers, each by itself.

import { LIMITS } from "../../limits.ts";
import type { Condition, Way } from "../../ways.ts";
import type { Body, Node, Tree, Use } from "../expression.ts";
import { all, conditionOf, distinct, isWrapper, keyCondition, leafCondition } from "./conditions.ts";

/**
 * Every way to spend; in taproot the key path first, then the leaves from the left. A key path whose key is nobody's
 * is none. Ways that can never be, and what was there before, are left out. A quorum stays one way.
 */
export function waysOf(body: Body, uses: readonly Use[], isNobodys: (use: Use) => boolean): Way[] {
  switch (body.kind) {
    case "key":
      return [{ condition: keyCondition(uses[body.use]!) }];
    case "script":
      return through(body.node, uses).map((condition) => ({ condition }));
    case "taproot": {
      const internal = uses[body.internal]!;
      const keyPath: Way[] = isNobodys(internal) ? [] : [{ condition: keyCondition(internal) }];
      const leaves = body.tree === undefined ? [] : leavesOf(body.tree);
      const paths = leaves.flatMap((node, leaf) =>
        through(node, uses).map((condition) => ({ condition, leaf })),
      );
      return [...keyPath, ...paths];
    }
  }
}

/** Leaves from the left. */
export function leavesOf(tree: Tree): Node[] {
  return "leaf" in tree ? [tree.leaf] : [...leavesOf(tree.left), ...leavesOf(tree.right)];
}

function through(node: Node, uses: readonly Use[]): Condition[] {
  return distinct(expanded(node, uses)).filter(({ kind }) => kind !== "never");
}

/** A part with more ways through it than anybody would read one by one stays one condition. */
function expanded(node: Node, uses: readonly Use[]): Condition[] {
  const ways = alternatives(node, uses);
  return ways === undefined || ways.length > LIMITS.ways ? [conditionOf(node, uses)] : ways;
}

function alternatives(node: Node, uses: readonly Use[]): Condition[] | undefined {
  if (!("of" in node)) return [leafCondition(node, uses)];
  if (isWrapper(node)) return expanded(node.of[0], uses);
  const of = node.of.map((one) => expanded(one, uses));
  switch (node.kind) {
    case "and_v":
    case "and_b":
      return each(of);
    case "andor": {
      const both = each(of.slice(0, 2));
      return both && [...both, ...of[2]!];
    }
    case "thresh":
      if (node.threshold === of.length) return each(of);
      return node.threshold === 1 && !node.of.every(isKey) ? of.flat() : [conditionOf(node, uses)];
    default:
      return of.flat();
  }
}

function isKey(node: Node): boolean {
  return isWrapper(node) ? isKey(node.of[0]) : node.kind === "pk_k" || node.kind === "pk_h";
}

/** One of each list, in every combination; undefined where these are too many. */
function each(lists: readonly (readonly Condition[])[]): Condition[] | undefined {
  const count = lists.reduce((product, list) => product * list.length, 1);
  if (count > LIMITS.ways) return undefined;
  const none: Condition[][] = [[]];
  return lists.reduce((so, list) => so.flatMap((some) => list.map((one) => [...some, one])), none).map(all);
}
