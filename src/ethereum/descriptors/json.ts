// The JSON of descriptors: read strictly, and written in one way, so that what is signed is what is read.

import { LIMITS } from "../../limits.ts";
import { Refusal, refuse } from "../../refusal.ts";
import { shown } from "../../text.ts";
import { type Json, readJson } from "../typed/json.ts";

export type { Json };
export type JsonObject = ReadonlyMap<string, Json>;

/** Throws Refusal descriptor.not-json: also where a name stands twice. */
export function readDescriptorJson(text: string): JsonObject {
  if (text.length > LIMITS.descriptorChars) return refuse("descriptor.not-json", "it is too long");
  const json = read(text);
  return json.kind === "object" ? json.members : refuse("descriptor.not-json", "it is no object");
}

function read(text: string): Json {
  try {
    return readJson(text);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refuse("descriptor.not-json", error.detail ?? "");
  }
}

/** On one line, names in the order of their letters, no blanks. */
export function canonical(json: Json): string {
  switch (json.kind) {
    case "object": {
      const names = [...json.members.keys()].sort();
      return `{${names.map((name) => `${quoted(name)}:${canonical(json.members.get(name)!)}`).join(",")}}`;
    }
    case "array":
      return `[${json.items.map(canonical).join(",")}]`;
    case "string":
      return quoted(json.text);
    default:
      return json.text;
  }
}

/** Letters beyond ASCII by their numbers: what is signed is the same bytes on every way. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

// ---------------------------------------------------------------- what stands in it

export function malformed(place: string): never {
  return refuse("descriptor.malformed", shown(place, 200));
}

export function object(json: Json | undefined, place: string): JsonObject {
  return json?.kind === "object" ? json.members : malformed(place);
}

export function list(json: Json | undefined, place: string): readonly Json[] {
  return json?.kind === "array" ? json.items : malformed(place);
}

export function string(json: Json | undefined, place: string): string {
  return json?.kind === "string" ? json.text : malformed(place);
}

/** A whole number from 0 on. */
export function count(json: Json | undefined, place: string): number {
  const [digits] = json?.kind === "number" ? (/^(0|[1-9]\d{0,15})$/.exec(json.text) ?? []) : [];
  const number = Number(digits);
  return digits !== undefined && Number.isSafeInteger(number) ? number : malformed(place);
}

/** Nothing but these names; those that begin with $ are for people who write it. */
export function only(members: JsonObject, names: readonly string[], place: string): void {
  for (const name of members.keys())
    if (!name.startsWith("$") && !names.includes(name)) malformed(`${place}.${name}`);
}
