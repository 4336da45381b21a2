// Backups, their rehearsal, and the stick.

export const backupRefusals = {
  "keys.backup-unrehearsed": {
    title: "No backup of this key was ever rehearsed",
    meaning:
      "Nothing was signed: money that goes to a key of which no backup is proven can be lost with this device.",
    remedy: "Go to Keys and backups, choose the key, then Backups and health, and rehearse a backup.",
  },
  "backup.differs": {
    title: "This is not a backup of this key",
    meaning:
      "What was entered makes another key than this one; nothing was taken in and nothing was changed.",
    remedy:
      "Compare with your paper what is named, and if it says the same, make a new backup of this key today.",
  },
  "backup.share-differs": {
    title: "This share does not fit the others",
    meaning: "It reads well, but it would not lead to this key; those tried before stay as they were.",
    remedy: "Destroy it, and if too few others are left, make a new set of shares.",
  },
  "backup.same-name": {
    title: "A set of this name exists already",
    meaning: "Shares of two sets with one name cannot be told apart, and together they open nothing.",
    remedy: "Choose another name, or let chance choose one.",
  },
  "backup.wrong-code": {
    title: "The code does not open this backup",
    meaning:
      "The code is another backup's, or was mistyped; nothing was taken in, and the backup is as it was.",
    remedy: "Compare with what you wrote down, and try the codes of your other backups.",
  },
  "backup.code": {
    title: "These words are no backup code",
    meaning:
      "A code has 12 words that fit together, so a word is wrong or out of place; nothing was taken in.",
    remedy: "Compare every word with what you wrote down; the words of a key are no code.",
  },
  "backup.code-short": {
    title: "The passphrase is too short",
    meaning: "Whoever finds the backup can try passphrases without end; nothing was made.",
    remedy: "Take at least 16 characters, best six or more words drawn by dice, or let Firn make a code.",
  },
  "backup.another": {
    title: "This is another backup",
    meaning: "What was read back opens, and is not the one that was just made; it was not counted.",
    remedy: "Read back the codes or the file of today, and mark the other one as old.",
  },
  "backup.other-keys": {
    title: "None of this device's keys is in this backup",
    meaning: "It opens, and holds other keys; nothing was taken in and nothing was changed.",
    remedy: "Rehearse a backup of this device, and mark this one with the keys that it holds.",
  },
  "backup.damaged": {
    title: "The backup is damaged",
    meaning: "It is not as it was written, so nothing in it can be opened; the money stays where it is.",
    remedy: "Read it in again, and try your other copies and backups.",
  },
  "backup.version": {
    title: "The backup was written by another version of Firn",
    meaning: "It is whole; this version cannot read it, and nothing was taken in.",
    remedy: "Open it with the version that wrote it, or a newer one.",
  },
  "backup.weak": {
    title: "The backup is guarded too weakly",
    meaning: "Somebody wrote it so that its code is quickly guessed; it was not opened.",
    remedy: "Use another backup; if this one came from elsewhere, do not trust it.",
  },
  "backup.too-large": {
    title: "The backup is too large",
    meaning: "No backup of Firn's is larger than 256 KiB; nothing was written or taken in.",
    remedy: "Remove wallets that are no longer used, or choose the file that Firn wrote.",
  },
  "backup.none": {
    title: "There is no backup on the stick",
    meaning: "No file on it ends in .backup; nothing was changed.",
    remedy: "Try another stick, or show the backup's codes to the camera.",
  },
  "stick.none": {
    title: "No stick is plugged in",
    meaning: "Nothing was read and nothing was written.",
    remedy: "Plug one in, wait a moment, and try again.",
  },
  "stick.several": {
    title: "More than one stick is plugged in",
    meaning: "Which one is meant is not clear, so none was let in; nothing was read or written.",
    remedy: "Leave the one that is meant, and try again.",
  },
  "stick.other": {
    title: "The stick is more than a stick",
    meaning:
      "It says that it is a keyboard, a network or another device as well, so it was not let in; nothing was read.",
    remedy: "Pull it out and do not trust it; take a plain stick.",
  },
  "stick.format": {
    title: "The stick has no file system that Firn reads",
    meaning: "Nothing was taken from it and nothing was changed.",
    remedy: "Format it as FAT32 or exFAT on another machine, or take another stick.",
  },
  "stick.full": {
    title: "The stick is full",
    meaning: "Nothing was written that counts.",
    remedy: "Make room on it, or use another stick.",
  },
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
