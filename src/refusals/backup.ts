// Backups, their rehearsal, and the stick.

export const backupRefusals = {
  "stick.unreadable": {
    title: "The stick cannot be read",
    meaning: "Nothing was taken from it and nothing was changed.",
    remedy: "Plug it in again, or try another stick.",
  },
  "stick.too-large": {
    title: "The file on the stick is too large",
    meaning: "It was not read; nothing was changed.",
    remedy: "Choose the file that Firn wrote.",
  },
  "stick.exists": {
    title: "The stick already has a file of this name",
    meaning: "It was left as it is, and nothing was written.",
    remedy: "Move that file away, or use another stick.",
  },
  "stick.failed": {
    title: "The stick cannot be written",
    meaning: "What was written could not be read back as it was; do not count on it.",
    remedy: "Use another stick, and remove the file that may be left on this one.",
  },
} as const;
