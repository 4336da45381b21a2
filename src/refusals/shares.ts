// SLIP-39, Seed XOR: shares of a secret.

export const sharesRefusals = {
  "shares.word-unknown": {
    title: "A word that is not on the list of shares",
    meaning: "Shares use the 1,024 words of SLIP-39, another list than BIP 39 has; nothing was taken in.",
    remedy: "Check the word that is named for a slip of the pen, then enter it again.",
  },
  "shares.length": {
    title: "Not the number of words of a share",
    meaning:
      "A share has 20 or 33 words, 59 at most, and some numbers between never occur; nothing was taken in.",
    remedy: "Count the words on the share and enter all of them in their order.",
  },
  "shares.checksum": {
    title: "The words of this share do not add up",
    meaning: "Some word is wrong or out of place; nothing was taken in, and shares entered before stay.",
    remedy: "Compare every word and its place with the share, then enter it again.",
  },
  "shares.padding": {
    title: "This share is not written as SLIP-39 says",
    meaning:
      "Its words add up, but it was not made by a sound program or was altered since; nothing was taken in.",
    remedy: "Use another share of the set, and find out which program made this one.",
  },
  "shares.group-threshold": {
    title: "This share asks for more groups than there are",
    meaning:
      "No set can ever be complete with it, and no sound program writes one like it; nothing was taken in.",
    remedy: "Use another share of the set, and find out which program made this one.",
  },
  "shares.other-set": {
    title: "A share of another set",
    meaning:
      "It was not made together with those entered before, so they open nothing together; it was left out.",
    remedy: "Enter a share that begins with the same two words as the others.",
  },
  "shares.member-threshold": {
    title: "Shares of one group that disagree",
    meaning:
      "They say different numbers of shares needed, so one of them was altered; this one was left out.",
    remedy: "Use another share of this group, and keep both until you know which one is right.",
  },
  "shares.duplicate": {
    title: "This share was entered already",
    meaning: "It counts once; those entered before stay.",
    remedy: "Enter another share.",
  },
  "shares.conflict": {
    title: "Two different shares with the same number",
    meaning: "One set never has both, so one of them was altered or badly made; this one was left out.",
    remedy: "Use another share of this group, and keep both until you know which one is right.",
  },
  "shares.too-many": {
    title: "One share more than is needed",
    meaning: "Enough shares of this group, or enough groups, are there already; it was left out.",
    remedy: "Go on with those entered before.",
  },
  "shares.too-few": {
    title: "Shares are still missing",
    meaning:
      "Fewer than the needed shares tell nothing of the key, so none was recovered; nothing was changed.",
    remedy: "Enter the shares that the screen names as missing.",
  },
  "shares.digest": {
    title: "These shares do not fit together",
    meaning:
      "Each reads well by itself, but one at least is forged or badly made, so no key was taken from them.",
    remedy: "Leave out one share after the other and use another of the same group instead.",
  },
  "shares.secret-length": {
    title: "This key cannot be split into shares",
    meaning: "SLIP-39 splits seeds of 16 to 64 bytes, an even number; no shares were made.",
    remedy: "Choose another form of backup for this key.",
  },
  "shares.plan": {
    title: "Shares cannot be split so",
    meaning:
      "There are 1 to 16 groups of 1 to 16 shares, never fewer than are needed, and just one where one is needed.",
    remedy: "Change the number that is named.",
  },
  "shares.passphrase": {
    title: "Not a passphrase for shares",
    meaning:
      "Only letters from a to z, digits and plain signs open shares on every device; no shares were made.",
    remedy: "Choose a passphrase without accents and other special letters.",
  },
  "shares.xor-count": {
    title: "Seed XOR needs two parts or more",
    meaning: "A part by itself is another wallet than the one that was split; nothing was taken in.",
    remedy: "Enter all parts.",
  },
  "shares.xor-lengths": {
    title: "Parts with different numbers of words",
    meaning:
      "All parts of one Seed XOR are of one length, so these do not belong together; nothing was taken in.",
    remedy: "Look for the part that has as many words as the first.",
  },
  "shares.xor-equal": {
    title: "The same part twice",
    meaning: "Two equal parts cancel each other out and would open another wallet; nothing was taken in.",
    remedy: "Enter every part once.",
  },
  "shares.xor-zero": {
    title: "Nothing but zeros",
    meaning:
      "Words of zeros hide nothing: as a part they change nothing, as a whole anyone can spend from their wallet.",
    remedy: "Check that every part was entered once and that none belongs to another set.",
  },
} as const;
