// Specter's text parts: "p1of3 …", any text cut into pieces.

import { LIMITS } from "../limits.ts";
import { refuse } from "../refusal.ts";
import type { CarouselPart } from "./parts.ts";
import { contentOfText } from "./sniff.ts";

/** Undefined where the text is none of these. Throws Refusal transport.* where it is one, and wrong. */
export function readPmofn(text: string): CarouselPart | undefined {
  const match = /^p(\d{1,6})of(\d{1,6}) ([\s\S]+)$/.exec(text);
  if (match === null) return undefined;
  const number = Number(match[1]);
  const total = Number(match[2]);
  if (number < 1 || number > total) return refuse("transport.damaged", "a part's number is out of range");
  if (total > LIMITS.pmofnParts) return refuse("transport.too-large");
  return {
    form: "carousel",
    dialect: "pmofn",
    key: `p/${total}`,
    total,
    claims: undefined,
    index: number - 1,
    body: match[3]!,
    read: (bodies) => contentOfText(bodies.join(""))?.content ?? refuse("transport.unknown"),
  };
}
