// What the launcher of a played session and the eye say to each other. On a board this pipe does not exist.

import { exact, matching, oneOf, type Reader, text, whole } from "../wire/schema.ts";

export type EyeControl =
  /** A picture file for the camera. */
  | { readonly t: "picture"; readonly path: string }
  /** What a decoder would have read: a text, or bytes. */
  | { readonly t: "read"; readonly text: string }
  | { readonly t: "read"; readonly hex: string };

/** One such control line was wholly dealt with; `sent` counts the lines that the eye has ever sent to Firn. */
export interface EyeReport {
  readonly t: "answered";
  readonly sent: number;
}

const MOST_CHARS = 60_000;

const picture = exact<EyeControl & { path: string }>({ t: oneOf("picture"), path: text(4096, 1) }, {});
const readText = exact<EyeControl & { text: string }>({ t: oneOf("read"), text: text(MOST_CHARS, 1) }, {});
const readHex = exact<EyeControl & { hex: string }>(
  { t: oneOf("read"), hex: matching(/^(?:[0-9a-f]{2})+$/, MOST_CHARS) },
  {},
);

export const readEyeControl: Reader<EyeControl> = (value, at) => {
  const has = (key: string) => typeof value === "object" && value !== null && Object.hasOwn(value, key);
  if (has("path")) return picture(value, at);
  return has("hex") ? readHex(value, at) : readText(value, at);
};

export const readEyeReport: Reader<EyeReport> = exact<EyeReport>(
  { t: oneOf("answered"), sent: whole(0, Number.MAX_SAFE_INTEGER) },
  {},
);
