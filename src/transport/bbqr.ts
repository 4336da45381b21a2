// BBQr (Coinkite): "B$", encoding, type, total and index in base 36, body. No checksum of its own.

import { concat, fromHex } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import type { Kind } from "../model.ts";
import { refuse } from "../refusal.ts";
import { BASE32, decodeDigits } from "./digits.ts";
import type { CarouselPart, Content } from "./parts.ts";
import { contentOfBytes } from "./sniff.ts";

/** Raw deflate, bounded: undefined where it is damaged or unpacks to more than `mostBytes`. */
export type Inflate = (raw: Uint8Array, mostBytes: number) => Uint8Array | undefined;

/** Letters that hold a whole number of bytes. */
const STEP = { H: 2, "2": 8, Z: 8 } as const;

/** What a file type may carry: P a PSBT; U, J and B anything, found out at the end. */
function claimOf(type: string): Kind | undefined {
  if (type === "P") return "psbt";
  if (type === "U" || type === "J" || type === "B") return undefined;
  if (type === "T") return refuse("transport.wrong-kind", "a finished transaction");
  return refuse("transport.unsupported", `BBQr type ${type}`);
}

function unpack(bodies: readonly string[], encoding: "H" | "2" | "Z", inflate: Inflate): Uint8Array {
  const [first = ""] = bodies;
  const last = bodies.length - 1;
  for (const [i, body] of bodies.entries())
    if (
      i < last
        ? body.length !== first.length || body.length % STEP[encoding] !== 0
        : body.length > first.length
    )
      refuse("transport.damaged", "BBQr parts have unequal lengths");
  const decoded = bodies.map((body) => (encoding === "H" ? fromHex(body) : decodeDigits(body, BASE32)));
  const bytes = concat(
    ...decoded.map((part) => part ?? refuse("transport.damaged", "a BBQr part is malformed")),
  );
  if (bytes.length > LIMITS.messageBytes) refuse("transport.too-large");
  if (encoding !== "Z") return bytes;
  return (
    inflate(bytes, LIMITS.messageBytes) ?? refuse("transport.damaged", "it does not unpack within the bound")
  );
}

/** Any text that begins with "B$". Throws Refusal transport.*. */
export function readBbqr(text: string, inflate: Inflate): CarouselPart {
  const match = /^B\$([H2Z])([A-Z])([0-9A-Z]{2})([0-9A-Z]{2})([0-9A-Z]+)$/.exec(text);
  if (match === null) return refuse("transport.damaged", "its BBQr header is malformed");
  const [, encoding, type, count, number, body] = match as unknown as [string, "H" | "2" | "Z", ...string[]];
  const claims = claimOf(type!);
  const total = Number.parseInt(count!, 36);
  const index = Number.parseInt(number!, 36);
  if (total < 1 || index >= total) return refuse("transport.damaged", "its BBQr part number is out of range");
  return {
    form: "carousel",
    dialect: "bbqr",
    key: text.slice(0, 6),
    total,
    claims,
    index,
    body: body!,
    read: (bodies): Content => {
      const content = contentOfBytes(unpack(bodies, encoding, inflate));
      if (content === undefined || (type === "P" && content.kind !== "psbt"))
        return refuse(type === "P" ? "transport.damaged" : "transport.unknown");
      return content;
    },
  };
}
