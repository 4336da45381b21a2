// What can be wrong with the record, and with the home as a whole.

export const journalRefusals = {
  "journal.damaged": {
    title: "The journal is damaged",
    meaning:
      "What was spent before can no longer be counted, so nothing is signed; the money stays where it is.",
    remedy:
      "Put a good copy of the card back; if there is none, unlock again and go on without what is missing.",
  },
  "journal.truncated": {
    title: "Lines of the journal are missing",
    meaning:
      "An older or shorter record was put in its place, so nothing is signed; the money stays where it is.",
    remedy:
      "Put the latest copy of this home back; if there is none, unlock again and go on without what is missing.",
  },
  "journal.rewound": {
    title: "An older copy of this card was put in",
    meaning: "What was spent since cannot be counted, so nothing opens; the money stays where it is.",
    remedy: "Put the latest copy back; if it is lost, restore from a backup in another home.",
  },
  "journal.foreign": {
    title: "The journal belongs to another state of this device",
    meaning: "Its lines do not lead to the ones that the home remembers, so nothing is signed.",
    remedy:
      "Put journal and home back from one and the same copy; if there is none, unlock again and go on without what is missing.",
  },
  "journal.newer": {
    title: "The journal was written by a newer Firn",
    meaning:
      "This version does not understand every line, so it cannot count what was spent and signs nothing.",
    remedy: "Use the newer version with this home.",
  },
  "store.in-use": {
    title: "Firn already runs on this home",
    meaning: "Two at once could count the same limit twice, so this one changed nothing and ended.",
    remedy: "Use the Firn that is running, or end it first.",
  },
  "journal.signed-unwritten": {
    title: "The journal could not be completed",
    meaning: "No signature left this device, but the payment is recorded and counts against the day's limit.",
    remedy: "Make room where Firn keeps its home, then scan the same transaction again: it counts once.",
  },
} as const;
