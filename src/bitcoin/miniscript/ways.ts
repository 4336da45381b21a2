// The ways to spend that a script offers, each by itself.

import { LIMITS } from "../../limits.ts";
import type { Condition, Way } from "../../ways.ts";
import type { Body, Node, Tree, Use } from "../expression.ts";
import {
  all,
  condition,
  distinct,
  isWrapper,
  type KeyOf,
  keyCondition,
  leafCondition,
  NEVER,
} from "./conditions.ts";

/**
 * Every way to spend; in taproot the key path first, then the leaves from the left. What takes a key that
 * is nobody's can never be; ways that can never be, and those that were there before, are left out. A quorum stays
 * one way.
 */
export function waysOf(body: Body, uses: readonly Use[], isNobodys: (use: Use) => boolean): Way[] {
  const keyOf = (place: number) => (isNobodys(uses[place]!) ? NEVER : keyCondition(uses[place]!));
  switch (body.kind) {
    case "key":
      return possible([keyOf(body.use)]).map((condition) => ({ condition }));
    case "script":
      return possible(expanded(body.node, keyOf)).map((condition) => ({ condition }));
    case "taproot": {
      const keyPath = possible([keyOf(body.internal)]).map((condition) => ({ condition }));
      const leaves = body.tree === undefined ? [] : leavesOf(body.tree);
      const paths = leaves.flatMap((node, leaf) =>
        possible(expanded(node, keyOf)).map((condition) => ({ condition, leaf })),
      );
      return [...keyPath, ...paths];
    }
  }
}

function possible(ways: readonly Condition[]): Condition[] {
  return distinct(ways).filter(({ kind }) => kind !== "never");
}

/** Leaves from the left. */
export function leavesOf(tree: Tree): Node[] {
  return "leaf" in tree ? [tree.leaf] : [...leavesOf(tree.left), ...leavesOf(tree.right)];
}

/** A part with more ways through it than anybody would read one by one stays one condition. */
function expanded(node: Node, keyOf: KeyOf): Condition[] {
  const ways = alternatives(node, keyOf);
  return ways === undefined || ways.length > LIMITS.ways ? [condition(node, keyOf)] : ways;
}

function alternatives(node: Node, keyOf: KeyOf): Condition[] | undefined {
  if (!("of" in node)) return [leafCondition(node, keyOf)];
  if (isWrapper(node)) return expanded(node.of[0], keyOf);
  const of = node.of.map((one) => expanded(one, keyOf));
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
      return node.threshold === 1 && !node.of.every(isKey) ? of.flat() : [condition(node, keyOf)];
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
