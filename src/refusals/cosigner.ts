// Cosigners' keys, gathered for a wallet.

export const cosignerRefusals = {
  "cosigner.unreadable": {
    title: "No cosigner's key can be read there",
    meaning: "Nothing was taken; no wallet was made.",
    remedy:
      "Let the cosigner's device show its key once more: with its fingerprint and path, as crypto-account, as JSON or as text.",
  },
  "cosigner.twice": {
    title: "This key is there already",
    meaning: "One key counts once, so a wallet with it twice would need fewer people than it says.",
    remedy: "Take the key of another cosigner.",
  },
  "cosigner.same-device": {
    title: "Two keys of one seed",
    meaning:
      "Whoever has that seed could sign twice, so the wallet would need fewer people than it says. It was not taken.",
    remedy: "Each cosigner gives one key, from a seed that nobody else has.",
  },
  "cosigner.claims-ours": {
    title: "A foreign key under this device's fingerprint",
    meaning: "Money sent there could not be spent by this device. Somebody may have exchanged the key.",
    remedy: "Do not use what was shown. Ask the cosigner in person what the device shows as its fingerprint.",
  },
  "cosigner.code-differs": {
    title: "The codes differ",
    meaning:
      "The key that came here is not the one on the cosigner's device: it was exchanged on the way, or it is another account's. It was not taken.",
    remedy: "Scan the key from the cosigner's own screen, and compare the code once more.",
  },
  "cosigner.full": {
    title: "No room for another cosigner",
    meaning: "The script of this wallet can hold no more keys; nothing was changed.",
    remedy: "Make the wallet with fewer cosigners, or with another script.",
  },
  "cosigner.no-file": {
    title: "This program cannot hold this wallet",
    meaning: "Its format has no place for the wallet's script or for a key in it; nothing left this device.",
    remedy: "Show the descriptor, or choose another program.",
  },
} as const;
