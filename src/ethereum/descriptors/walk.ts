// A format goes over the values of one call: every field in order, then whatever no field showed.

import { LIMITS } from "../../limits.ts";
import type { TypedValue } from "../typed/index.ts";
import type { Field, Format, Operand, Shown, ValuePath } from "./model.ts";
import { follow, leavesOf } from "./path.ts";
import { type Around, type Found, plain, showValue, type Told, textOf } from "./show.ts";

/** Undefined where the format does not fit the values: then nothing of it is used. */
export function walk(format: Format, around: Around): Found | undefined {
  const found: Found = { facts: [], takes: [], named: [], inside: [], unnamed: false, shown: new Set() };
  if (!walkFields(format.shows, around.root, around, found)) return undefined;
  addRest(around, found);
  return found;
}

function walkFields(fields: readonly Field[], here: TypedValue, around: Around, found: Found): boolean {
  return fields.every((field) => {
    if (field.kind === "field") return walkField(field, here, around, found);
    const places = valuesAt(field.path, here, around);
    return places?.every((place) => walkFields(field.fields, place, around, found)) ?? false;
  });
}

function walkField(field: Shown, here: TypedValue, around: Around, found: Found): boolean {
  const values = operandValues(field.of, here, around);
  if (values === undefined || found.facts.length > LIMITS.callValues) return false;
  const told = toldOf(field, here, around, values.length);
  if (told === undefined) return false;
  return values.every((value, i) => {
    const text = textOf(value);
    const { mustMatch } = field;
    if (mustMatch && !mustMatch.some((one) => one.toLowerCase() === text?.toLowerCase())) return false;
    const label = values.length === 1 ? field.label : `${field.label} ${i + 1}`;
    return showValue(field, label, value, told(i), around, found);
  });
}

/** What the parameters say of each value: one for all, or as many as there are values. */
function toldOf(
  { params }: Shown,
  here: TypedValue,
  around: Around,
  count: number,
): ((index: number) => Told) | undefined {
  const lists: Partial<Record<keyof Told, readonly TypedValue[]>> = {};
  for (const name of ["token", "callee", "amount"] as const) {
    const operand = params[name];
    if (operand === undefined) continue;
    const values = operandValues(operand, here, around);
    if (values === undefined || (values.length !== 1 && values.length !== count)) return undefined;
    lists[name] = values;
  }
  const pick = (name: keyof Told, index: number) => {
    const values = lists[name];
    return values === undefined ? {} : { [name]: values[values.length === 1 ? 0 : index] };
  };
  return (index) => ({ ...pick("token", index), ...pick("callee", index), ...pick("amount", index) });
}

function operandValues(
  operand: Operand,
  here: TypedValue,
  around: Around,
): readonly TypedValue[] | undefined {
  if (operand.kind === "constant") return [{ kind: "text", text: operand.text }];
  return valuesAt(operand.path, here, around)?.flatMap(flat);
}

function flat(value: TypedValue): readonly TypedValue[] {
  return value.kind === "array" ? value.items.flatMap(flat) : [value];
}

function valuesAt(path: ValuePath, here: TypedValue, around: Around): readonly TypedValue[] | undefined {
  if (path.root === "@") return containerValue(path, around);
  return follow(path.root === "#" ? around.root : here, path.steps, around.budget);
}

function containerValue({ steps: [step] }: ValuePath, around: Around): readonly TypedValue[] | undefined {
  switch (step?.kind === "name" ? step.name : "") {
    case "to":
      return [{ kind: "address", address: around.to }];
    case "from":
      return [{ kind: "address", address: around.from }];
    case "value":
      return [{ kind: "number", value: around.value }];
    case "chainId":
      return [{ kind: "number", value: around.chainId }];
    default:
      return undefined;
  }
}

/** Nothing that is signed stays unseen, whatever the descriptor thinks of it. */
function addRest(around: Around, found: Found): void {
  const rest = leavesOf(around.root, "").filter(([, value]) => !found.shown.has(value));
  if (rest.length === 0) return;
  const text = rest.length === 1 ? "1 value, as it is" : `${rest.length} values, as they are`;
  found.facts.push({ label: "Not described", value: { kind: "words", text } });
  for (const [label, value] of rest)
    found.facts.push({ label, foreign: true, value: plain(value, around), depth: 1 });
}
