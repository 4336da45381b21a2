// The machine's seal: TPM, board secret, file.

export const sealRefusals = {
  "seal.failed": {
    title: "The machine's seal does not answer",
    meaning: "The keys stay locked; the money stays where it is and your backups still reach it.",
    remedy: "Switch the device off and on; if this stays, restore from a backup on another one.",
  },
  "seal.foreign": {
    title: "These keys are sealed to another machine",
    meaning: "Without that machine nothing opens them here; the money stays where it is.",
    remedy: "Put the card back into its own machine, or set up another home from your backup.",
  },
  "seal.locked": {
    title: "The machine takes no more PINs for now",
    meaning: "Too many wrong ones were tried; the keys stay locked, and the machine counts by itself.",
    remedy: "Leave it switched on until it takes PINs again, or restore from a backup on another device.",
  },
  "seal.owned": {
    title: "The TPM serves somebody else",
    meaning: "Firn cannot count tries with it, so nothing was sealed to it and nothing was changed.",
    remedy: "Clear the TPM if nothing else needs it, then try again.",
  },
} as const;
