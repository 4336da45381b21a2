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
  "forms.kef-damaged": {
    title: "The encrypted code does not add up",
    meaning: "It is not whole, so nothing in it can be opened; nothing was taken in.",
    remedy: "Show the code again as Krux made it.",
  },
  "forms.kef-version": {
    title: "An encrypted code of a newer kind",
    meaning: "Firn does not know this version, so it cannot be opened here; nothing was taken in.",
    remedy: "Open it where it was made, and show the backup in another form.",
  },
  "forms.kef-compressed": {
    title: "The encrypted code is compressed",
    meaning: "Firn unpacks nothing that it cannot trust yet, so this was not opened; nothing was taken in.",
    remedy: "Open it where it was made, and encrypt the words by a mode without +c.",
  },
  "forms.kef-slow": {
    title: "The encrypted code asks for too much work",
    meaning: "Trying one key would take this device many minutes, so none was tried; nothing was taken in.",
    remedy: "Open it where it was made, and encrypt again with fewer iterations.",
  },
  "forms.kef-wrong-key": {
    title: "The key does not open it",
    meaning: "The key is another one, or the code is damaged: they look alike; nothing was taken in.",
    remedy: "Enter the key again, capitals and spaces as they were; it is not your PIN.",
  },
  "forms.kef-content": {
    title: "There is no backup in it",
    meaning:
      "The code was opened, and what is in it are neither words nor their entropy; nothing was taken in.",
    remedy: "Show the encrypted code of your words.",
  },
  "forms.kef-key": {
    title: "The key is too short, or too long",
    meaning:
      "Who finds the code can try keys without end, so 8 to 200 characters are taken; nothing was made.",
    remedy: "Choose several words by chance, and keep them apart from the code.",
  },
  "forms.bip85-range": {
    title: "There is no such child",
    meaning: "BIP 85 allows only the range that is named; nothing was made and no money is concerned.",
    remedy: "Enter a number within the range.",
  },
} as const;
