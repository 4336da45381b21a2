// Which lists these are: docs/known.md says where each comes from.

/** Grows with every change of the lists. */
export const KNOWN_VERSION = 1;
/** Of the newest source, as its publisher dates it. */
export const KNOWN_DATE = "2026-08-22";
