// Paths of ERC 7730: "params.path.[-1]", "#.details.[].token", "@.value", "data.[0:20]".

import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { shown } from "../../text.ts";
import type { TypedStruct, TypedValue } from "../typed/index.ts";
import type { Step, ValuePath } from "./model.ts";

/** Throws Refusal descriptor.path. "" is the place itself. */
export function readPath(text: string): ValuePath {
  const [, root, rest = ""] = /^(?:([#@])(?:\.|$))?(.*)$/s.exec(text) ?? [];
  const parts = rest === "" ? [] : rest.split(".");
  if (parts.length > LIMITS.ethereumDepth) refuse("descriptor.path", shown(text));
  const steps = parts.map((part) => readStep(part) ?? refuse("descriptor.path", shown(text)));
  return { root: root === "#" || root === "@" ? root : "here", steps };
}

function readStep(part: string): Step | undefined {
  if (/^[A-Za-z_$][\w$]*$/.test(part)) return { kind: "name", name: part };
  if (part === "[]") return { kind: "all" };
  const [, index] = /^\[(-?\d{1,5})\]$/.exec(part) ?? [];
  if (index !== undefined) return { kind: "index", index: Number(index) };
  const [, from, to] = /^\[(-?\d{1,5})?:(-?\d{1,5})?\]$/.exec(part) ?? [];
  if (from === undefined && to === undefined) return undefined;
  return {
    kind: "slice",
    ...(from === undefined ? {} : { from: Number(from) }),
    ...(to === undefined ? {} : { to: Number(to) }),
  };
}

/** As descriptors write it. */
export function pathText({ root, steps }: ValuePath): string {
  const words = steps.map((step) => {
    if (step.kind === "name") return step.name;
    if (step.kind === "all") return "[]";
    return step.kind === "index" ? `[${step.index}]` : `[${step.from ?? ""}:${step.to ?? ""}]`;
  });
  return [...(root === "here" ? [] : [root]), ...words].join(".");
}

/** How much looking for values one call is worth: names, lists in lists, and each of their values. */
export interface Budget {
  left: number;
}

/** What stands there, lists by their items; undefined where nothing does. */
export function follow(from: TypedValue, steps: readonly Step[], budget: Budget): TypedValue[] | undefined {
  let found: TypedValue[] = [from];
  for (const step of steps) {
    const next: TypedValue[] = [];
    for (const value of found) {
      const more = take(value, step);
      if (more === undefined) return undefined;
      budget.left -= more.length + 1;
      if (budget.left < 0) return undefined;
      next.push(...more);
    }
    found = next;
  }
  return found;
}

function take(value: TypedValue, step: Step): readonly TypedValue[] | undefined {
  if (step.kind === "name") {
    const member = value.kind === "struct" ? value.members.get(step.name) : undefined;
    return member && [member];
  }
  if (value.kind === "array") return takeItems(value.items, step);
  if (step.kind !== "slice") return undefined;
  const bytes = bytesOf(value);
  const [start, end] = bounds(step, bytes?.length ?? 0) ?? [];
  if (bytes === undefined || start === undefined) return undefined;
  return [{ kind: "bytes", bytes: bytes.subarray(start, end), fixed: false }];
}

function takeItems(
  items: readonly TypedValue[],
  step: Exclude<Step, { kind: "name" }>,
): readonly TypedValue[] | undefined {
  if (step.kind === "all") return items;
  if (step.kind === "index") {
    const item = items.at(step.index);
    return item && [item];
  }
  const [start, end] = bounds(step, items.length) ?? [];
  return start === undefined ? undefined : items.slice(start, end);
}

/** Undefined where it reaches beyond what is there: a shorter value would be another one. */
function bounds(step: Extract<Step, { kind: "slice" }>, length: number): [number, number] | undefined {
  const place = (at: number) => (at < 0 ? length + at : at);
  const start = place(step.from ?? 0);
  const end = place(step.to ?? length);
  return start >= 0 && start < end && end <= length ? [start, end] : undefined;
}

/** Of numbers the 32 bytes that they are encoded in. */
function bytesOf(value: TypedValue): Uint8Array | undefined {
  if (value.kind === "bytes") return value.bytes;
  if (value.kind !== "number") return undefined;
  const digits = BigInt.asUintN(256, value.value).toString(16).padStart(64, "0");
  return Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

/** Every single value in it, in order, with the name of where it stands. */
export function leavesOf(value: TypedValue, name: string): readonly (readonly [string, TypedValue])[] {
  if (value.kind === "struct")
    return [...value.members].flatMap(([member, one]) =>
      leavesOf(one, name === "" ? member : `${name}.${member}`),
    );
  if (value.kind === "array") return value.items.flatMap((item, i) => leavesOf(item, `${name}[${i}]`));
  return [[name, value]];
}

export type { TypedStruct, TypedValue };
