// Every field of typed data, for the screen: the domain first, nothing left out that is signed.

import type { ActFact, Value } from "../../act.ts";
import { chainName } from "../../assets.ts";
import type { Address } from "../../eip55.ts";
import type { Schema } from "./schema.ts";
import type { TypedStruct, TypedValue } from "./values.ts";

export interface ToShow {
  readonly domain: TypedStruct;
  readonly primaryType: string;
  /** Absent where the domain alone is signed. */
  readonly message: TypedStruct | undefined;
  readonly schema: Schema;
  readonly others: number;
}

/** No member's name has a space or an apostrophe: none can pass for these. */
const DOMAIN_WORDS: Readonly<Record<string, string>> = {
  name: "Domain's name",
  version: "Domain's version",
  chainId: "Domain's chain",
  verifyingContract: "Domain's contract",
  salt: "Domain's salt",
};

export function fieldsOf({ domain, primaryType, message, schema, others }: ToShow): readonly ActFact[] {
  const facts: ActFact[] = [];
  for (const [name, value] of domain.members)
    facts.push({ label: DOMAIN_WORDS[name]!, value: domainValue(name, value), depth: 0 });
  if (domain.members.size === 0) facts.push(words("Domain's name", "none is named", 0));
  facts.push({ label: "Type of message", value: { kind: "text", text: primaryType }, depth: 0 });
  if (message === undefined) facts.push(words("The message", "none: the domain alone is signed", 0));
  else addMembers(message, 0, facts);
  const ignored = [counted(schema.unused, "type"), counted(others, "member")].filter((text) => text !== "");
  if (ignored.length > 0) facts.push(words("Not signed, not shown", ignored.join(", "), 0));
  return facts;
}

/** With what an account or a contract is called, where somebody knows. */
export function namedFields(
  fields: readonly ActFact[],
  nameOf: (address: Address) => string | undefined,
): readonly ActFact[] {
  return fields.map((fact) => {
    if (fact.value.kind !== "address") return fact;
    const name = nameOf(fact.value.address);
    return name === undefined ? fact : { ...fact, value: { ...fact.value, name } };
  });
}

function words(label: string, text: string, depth: number): ActFact {
  return { label, value: { kind: "words", text }, depth };
}

function counted(count: number, noun: string): string {
  return count === 0 ? "" : `${count} ${noun}${count === 1 ? "" : "s"} that nothing leads to`;
}

function domainValue(name: string, value: TypedValue): Value {
  if (name !== "chainId" || value.kind !== "number") return plainValue(value);
  const known = chainName(value.value);
  return { kind: "words", text: known.startsWith("chain ") ? known : `${known} (chain ${value.value})` };
}

function addMembers(struct: TypedStruct, depth: number, facts: ActFact[]): void {
  for (const [name, value] of struct.members) addFact(name, value, depth, facts);
}

function addFact(label: string, value: TypedValue, depth: number, facts: ActFact[]): void {
  facts.push({ label, foreign: true, value: plainValue(value), depth });
  if (value.kind === "struct") addMembers(value, depth + 1, facts);
  if (value.kind !== "array") return;
  for (const [i, item] of value.items.entries()) addFact(`${label}[${i}]`, item, depth + 1, facts);
}

function plainValue(value: TypedValue): Value {
  switch (value.kind) {
    case "bool":
      return { kind: "words", text: value.value ? "true" : "false" };
    case "struct":
      return { kind: "text", text: value.name };
    case "array":
      return { kind: "words", text: items(value.items.length) };
    case "none":
      return { kind: "words", text: "nothing (null)" };
    case "bytes":
      return { kind: "bytes", bytes: value.bytes };
    default:
      return value;
  }
}

function items(count: number): string {
  return count === 0 ? "an empty list" : count === 1 ? "a list of 1" : `a list of ${count}`;
}
