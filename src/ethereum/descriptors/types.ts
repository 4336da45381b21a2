// Whether each path of a descriptor leads to an argument of its function: known when it is read, not when money moves.

import { refuse } from "../../refusal.ts";
import { shown } from "../../text.ts";
import type { AbiField, AbiType } from "../abi.ts";
import type { Field, Operand, Step, ValuePath } from "./model.ts";
import { pathText } from "./path.ts";

const CONTAINER: readonly string[] = ["to", "from", "value", "chainId"];

/** Throws Refusal descriptor.path, descriptor.function. */
export function checkPaths(args: readonly AbiField[], shows: readonly Field[], written: string): void {
  checkNames(args, written);
  // Of no use but as the type that holds all arguments.
  const root: AbiType = { kind: "tuple", fields: args, dynamic: false, head: 0 };
  checkFields(root, root, shows, written);
}

/** Of two with one name a path could mean either. */
function checkNames(args: readonly AbiField[], written: string): void {
  const names = args.map(({ name }) => name).filter((name) => name !== "");
  if (new Set(names).size !== names.length) refuse("descriptor.function", shown(written, 200));
  for (const { type } of args) {
    let inner: AbiType = type;
    while (inner.kind === "list") inner = inner.of;
    if (inner.kind === "tuple") checkNames(inner.fields, written);
  }
}

function checkFields(root: AbiType, here: AbiType, shows: readonly Field[], written: string): void {
  const typeAt = (path: ValuePath) => {
    const found =
      path.root === "@" ? containerType(path.steps) : typeOf(path.root === "#" ? root : here, path.steps);
    return found ?? refuse("descriptor.path", `${shown(pathText(path), 120)} of ${shown(written, 120)}`);
  };
  for (const field of shows) {
    if (field.kind === "group") checkFields(root, typeAt(field.path), field.fields, written);
    else
      for (const operand of [field.of, field.params.token, field.params.callee, field.params.amount])
        if (isPath(operand)) typeAt(operand.path);
  }
}

function isPath(operand: Operand | undefined): operand is Extract<Operand, { kind: "path" }> {
  return operand?.kind === "path";
}

function containerType(steps: readonly Step[]): AbiType | undefined {
  const [step, ...more] = steps;
  if (more.length > 0 || step?.kind !== "name" || !CONTAINER.includes(step.name)) return undefined;
  return step.name === "to" || step.name === "from"
    ? { kind: "address", dynamic: false, head: 32 }
    : { kind: "uint", bits: 256, dynamic: false, head: 32 };
}

function typeOf(from: AbiType, steps: readonly Step[]): AbiType | undefined {
  let type: AbiType | undefined = from;
  for (const step of steps) {
    if (type === undefined) return undefined;
    if (step.kind === "name")
      type = type.kind === "tuple" ? type.fields.find(({ name }) => name === step.name)?.type : undefined;
    else if (type.kind === "list") type = type.of;
    else if (step.kind !== "slice" || !["bytes", "fixed", "uint", "int"].includes(type.kind))
      return undefined;
    else type = { kind: "bytes", dynamic: true, head: 32 };
  }
  return type;
}
