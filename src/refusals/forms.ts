// codex32, KEF, BIP 85 and other forms of a key.

export const formsRefusals = {
  "forms.codex32-prefix": {
    title: "This is no codex32 string",
    meaning: "Such a string begins with MS1; nothing was taken in.",
    remedy: "Begin at the first letter of your share, and check that it is one of codex32.",
  },
  "forms.codex32-case": {
    title: "Capital and small letters are mixed",
    meaning: "A codex32 string is all one or all the other, so this one is damaged; nothing was taken in.",
    remedy: "Enter it again in capital letters only.",
  },
  "forms.codex32-letter": {
    title: "A letter that codex32 does not have",
    meaning: "B, I and O never occur, nor does 1 after the first three; nothing was taken in.",
    remedy: "Look at the place that is named: 8 is often read as B, 0 as O, L as 1 or I.",
  },
  "forms.codex32-length": {
    title: "Letters are missing, or there are too many",
    meaning:
      "No codex32 string has this length (48 for a seed of 16 bytes, 74 for 32); nothing was taken in.",
    remedy: "Compare group by group with what you wrote down.",
  },
  "forms.codex32-header": {
    title: "The beginning of the share is wrong",
    meaning:
      "Behind MS1 stand how many shares are needed (2 to 9, or 0 for a whole secret) and its name; nothing was taken in.",
    remedy: "Compare the first nine characters with what you wrote down.",
  },
  "forms.codex32-checksum": {
    title: "The share does not add up",
    meaning: "At least one letter is wrong, so it would lead to other keys; nothing was taken in.",
    remedy: "Compare with what you wrote down: the places that are named, or else every group.",
  },
  "forms.codex32-other-set": {
    title: "A share of another set",
    meaning: "It does not belong to the shares before it; those are kept as they were.",
    remedy: "Enter a share whose first eight characters are the same as on the others.",
  },
  "forms.codex32-twice": {
    title: "This share was entered already",
    meaning: "The same share twice counts once; the ones before are kept as they were.",
    remedy: "Enter a share with another letter in the ninth place.",
  },
  "forms.codex32-whole": {
    title: "The whole secret and a share together",
    meaning:
      "A string with S in the ninth place is the secret itself and needs no others; it was not taken in.",
    remedy: "Begin again, with that string alone or with shares alone.",
  },
  "forms.codex32-odd": {
    title: "One share does not go with the others",
    meaning:
      "They are of the same name but not of one seed, and which of them is the wrong one cannot be told.",
    remedy: "Use only shares that were made together, and compare the fingerprint of the key.",
  },
  "forms.codex32-identifier": {
    title: "The name of a set has four letters",
    meaning: "Digits but 1, and letters but B, I and O; nothing was made.",
    remedy: "Choose four such letters, others than on any other set you have.",
  },
  "forms.bip85-range": {
    title: "There is no such child",
    meaning: "BIP 85 allows only the range that is named; nothing was made and no money is concerned.",
    remedy: "Enter a number within the range.",
  },
} as const;
