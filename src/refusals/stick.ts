// Files on a stick, and what is in them.

export const stickRefusals = {
  "stick.no-files": {
    title: "The stick has no such file",
    meaning: "None of its files ends as one of this kind does; nothing was taken in.",
    remedy: "Save it on the stick again, in its top folder and by a plain name, or show it as a code.",
  },
  "stick.unknown": {
    title: "This file is nothing that Firn reads here",
    meaning: "Nothing was taken in and no money is concerned.",
    remedy: "Choose the file that your wallet program wrote, or have it written again.",
  },
  "stick.seed": {
    title: "This file holds a key in the open",
    meaning:
      "Whoever had this stick, or the computer that wrote it, can spend its money; nothing was taken in.",
    remedy:
      "Move that money to a new key, and destroy the stick; an encrypted backup is what a stick may carry.",
  },
  "stick.text-too-large": {
    title: "This text is too large for a file",
    meaning: "Nothing was written to the stick, and no money is concerned.",
    remedy: "Write a part of it, such as the journal's latest lines.",
  },
  "stick.reply-too-large": {
    title: "The signed transaction is too large for a file",
    meaning: "It is signed; nothing was written to the stick.",
    remedy: "Show it as codes, with the signatures only.",
  },
} as const;
