// What a fleet's administrators say of contracts: descriptors of ERC 7730, each on a line, under one number that only grows.

import { LIMITS } from "../limits.ts";
import { refuse } from "../refusal.ts";
import { isFleetName, type Signed, splitSigned } from "./fleet.ts";

export interface DescriptorsDocument {
  readonly fleet: string;
  /** Only grows; it is no policy's number. */
  readonly number: number;
  /** Canonical JSON, a line each. None of them: what was there before goes. */
  readonly texts: readonly string[];
}

export interface SignedDescriptors extends Signed {
  readonly document: DescriptorsDocument;
}

const FIRST = "Firn descriptors 1";

export function isDescriptorsText(text: string): boolean {
  return text.startsWith(`${FIRST}\n`);
}

export function writeDescriptors({ fleet, number, texts }: DescriptorsDocument): string {
  const lines = texts.map((text) => `Descriptor ${text}`);
  return [FIRST, `Fleet ${fleet}`, `Number ${number}`, ...lines, ""].join("\n");
}

/** Throws Refusal fleet.malformed for anything but what writeDescriptors and withSignature write. The JSON is not read here. */
export function readDescriptors(given: string): SignedDescriptors {
  const signed = splitSigned(given);
  const document = readBody(signed.body);
  if (writeDescriptors(document) !== signed.body) malformed("it is not written as it must be");
  return { document, ...signed };
}

function readBody(body: string): DescriptorsDocument {
  const [first, second = "", third = "", ...lines] = body.slice(0, -1).split("\n");
  if (first !== FIRST) malformed("it has no descriptors");
  const [, fleet = ""] = /^Fleet (.*)$/.exec(second) ?? [];
  if (!isFleetName(fleet)) malformed("line 2 names no fleet");
  const [, number] = /^Number ([1-9]\d{0,8})$/.exec(third) ?? [];
  if (number === undefined) return malformed("line 3 has no number");
  if (lines.length > LIMITS.descriptors)
    refuse("descriptor.too-many", `${lines.length} of ${LIMITS.descriptors}`);
  const texts = lines.map((line) =>
    line.startsWith("Descriptor {") ? line.slice("Descriptor ".length) : malformed("a line is no descriptor"),
  );
  return { fleet, number: Number(number), texts };
}

function malformed(what: string): never {
  return refuse("fleet.malformed", what);
}
