// codex32, KEF, BIP 85 and other forms of a key.

export const formsRefusals = {
  "forms.bip85-range": {
    title: "There is no such child",
    meaning: "BIP 85 allows only the range that is named; nothing was made and no money is concerned.",
    remedy: "Enter a number within the range.",
  },
} as const;
