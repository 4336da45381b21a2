// What can be wrong with keys that sign together (BIP 327), and with the two rounds in which they do.

export const musigRefusals = {
  "bitcoin.musig-repeated": {
    title: "One key stands twice in a musig()",
    meaning: "There would be fewer cosigners than it says. Nothing was registered and no money is concerned.",
    remedy: "Give each cosigner a key of their own, and export the wallet anew.",
  },
} as const;
