// Words, keys, and the envelope that they lie in.

export const keysRefusals = {
  "keys.words-count": {
    title: "Not the number of words of a backup",
    meaning: "A backup has 12, 15, 18, 21 or 24 words; nothing was taken in.",
    remedy: "Compare with what you wrote down and enter all words in their order.",
  },
  "keys.words-unknown": {
    title: "A word that is not on the list",
    meaning: "Words come from the English list of BIP 39; nothing was taken in.",
    remedy: "Check the word that is named for a slip of the pen, then enter it again.",
  },
  "keys.words-checksum": {
    title: "The words do not add up",
    meaning:
      "Some word is wrong or out of place, so these words lead to no backup of yours; nothing was taken in.",
    remedy: "Compare every word and its place with what you wrote down.",
  },
  "keys.passphrase-long": {
    title: "The passphrase is too long",
    meaning: "Firn takes 256 bytes at most; nothing was taken in.",
    remedy: "Choose a shorter passphrase.",
  },
  "keys.entropy-dead": {
    title: "The random source repeats itself",
    meaning: "Words made from it could be guessed, so none were made; no money is concerned.",
    remedy: "Restart the device; if this stays, do not make keys on it.",
  },
  "keys.practice": {
    title: "Practice keys never hold real money",
    meaning:
      "The random source was fixed from outside, so anyone could make the same keys; mainnet is refused.",
    remedy: "Choose a practice network, or start without a fixed random source.",
  },
  "keys.not-ours": {
    title: "Another key is asked for",
    meaning: "Nothing was signed, because the request names a master key that is not on this device.",
    remedy: "Unlock the device that holds that key, or check the passphrase.",
  },
  "keys.key-mismatch": {
    title: "The key is not the one that is named",
    meaning: "Nothing was signed, because the path leads to another key than the request says.",
    remedy: "Check in your wallet program that the wallet was made from this device and this passphrase.",
  },
  "vault.wrong-pin": {
    title: "Wrong PIN",
    meaning: "The keys stay locked; this try was counted.",
    remedy: "Try again; the wait grows with every wrong PIN.",
  },
  "vault.too-soon": {
    title: "Wait before the next PIN",
    meaning: "The keys stay locked; this try was not made and not counted.",
    remedy: "Leave the device on until the time shown has passed.",
  },
  "vault.pin-length": {
    title: "A PIN has 4 to 12 digits",
    meaning: "Nothing was changed and nothing was unlocked.",
    remedy: "Enter 4 to 12 digits.",
  },
  "vault.damaged": {
    title: "The home is damaged",
    meaning:
      "The keys in it cannot be read as it is; the money stays where it is and your backup words still reach it.",
    remedy: "Leave this home as it is, and restore from your backup words in another one.",
  },
  "vault.version": {
    title: "The home was written by another version of Firn",
    meaning: "The keys in it are as they were; this version cannot read them and changed nothing.",
    remedy: "Start the version that wrote it, or a newer one.",
  },
  "vault.weak": {
    title: "The home is guarded too weakly",
    meaning: "Somebody wrote it so that a PIN is quickly guessed; it was not opened.",
    remedy: "Set up a new home from your backup words.",
  },
} as const;
