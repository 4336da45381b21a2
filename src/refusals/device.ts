// The person's no, the card or disk that the home lies on, and parts of the machine.

export const deviceRefusals = {
  "user.declined": {
    title: "Declined",
    meaning: "Nothing was signed; the money stays where it is.",
    remedy: "Scan the transaction again if this was not meant.",
  },
  "store.full": {
    title: "The card or disk is full",
    meaning: "Nothing was signed, because it could not be recorded first.",
    remedy: "Make room on it, then try again.",
  },
  "store.failed": {
    title: "The card or disk cannot be written",
    meaning: "Nothing was signed, because it could not be recorded first.",
    remedy:
      "Check that the home may be written there, and that the card or disk is not read-only or worn out; then try again.",
  },
  "store.home-missing": {
    title: "Part of the home is missing",
    meaning:
      "The sealed keys are not where they were, though other files of this home are; nothing was changed.",
    remedy: "Put the missing file back, or move what is left away and restore from your backup words.",
  },
  "machine.pipes": {
    title: "Firn was not started with its pipes",
    meaning: "Without the pipes to camera and screen nothing was opened, and nothing was changed.",
    remedy: "Start the unit firn.service, which hands them over.",
  },
  "machine.unknown": {
    title: "What this machine is cannot be read",
    meaning: "Its description does not say which board, camera and screen this is; nothing was opened.",
    remedy: "Write the image to the card again, or run the installer again.",
  },
  "power.failed": {
    title: "The machine does not switch itself off",
    meaning: "Everything that was to be written is written; nothing is lost.",
    remedy: "Pull the plug.",
  },
  "store.unreadable": {
    title: "The card or disk cannot be read",
    meaning: "Nothing was changed; the home on it may still be whole.",
    remedy: "Try another reader or machine, and have your backup words at hand.",
  },
} as const;
