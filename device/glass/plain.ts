// A picture as plain text: for goldens, for played sessions, for whoever pipes Firn into a file.

import type { Picture, Size } from "../../src/model.ts";
import { layout } from "./layout.ts";

/**
 * Exactly size.rows lines of at most size.columns characters, without trailing spaces.
 * Codes are ink on paper: a full block is a dark module.
 */
export function plainRows(picture: Picture, size: Size): string[] {
  return layout(picture, size).map((spans) =>
    spans
      .map((span) => span.text)
      .join("")
      .trimEnd(),
  );
}

/** The same as one text, a line end after every row but the last. */
export function plainText(picture: Picture, size: Size): string {
  return plainRows(picture, size).join("\n");
}
