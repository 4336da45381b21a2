// The person's no, the home's medium, and parts of the machine.

export const deviceRefusals = {
  "user.declined": {
    title: "Declined",
    meaning: "Nothing was signed; the money stays where it is.",
    remedy: "Scan the transaction again if this was not meant.",
  },
  "store.full": {
    title: "The card is full",
    meaning: "Nothing was signed, because it could not be recorded first.",
    remedy: "Make room on the card, then try again.",
  },
  "store.failed": {
    title: "The card cannot be written",
    meaning: "Nothing was signed, because it could not be recorded first.",
    remedy: "Check that the card is not read-only or worn out, then try again.",
  },
  "store.home-missing": {
    title: "Part of the home is missing",
    meaning:
      "The sealed keys are not where they were, though other files of this home are; nothing was changed.",
    remedy: "Put the missing file back, or move what is left away and restore from your backup words.",
  },
  "store.unreadable": {
    title: "The card cannot be read",
    meaning: "Nothing was changed; the keys on it may still be whole.",
    remedy: "Try another reader or machine, and have your backup words at hand.",
  },
} as const;
