// What can be wrong with a wallet's file, beyond the wallet in it; and with the records of BIP 129.

const NOTHING = "Nothing was registered and no money is concerned.";

export const walletFileRefusals = {
  "bitcoin.wallet-template": {
    title: "The wallet's template breaks a rule",
    meaning: `Which key stands where must be told by the template alone (BIP 388). ${NOTHING}`,
    remedy: "Export the wallet's descriptor instead, or report the words above to the makers of the program.",
  },
  "bitcoin.wallet-pair": {
    title: "The two descriptors are not of one wallet",
    meaning: "Change could go to other keys than the ones that receive; nothing was registered.",
    remedy: "Export receive and change descriptors of the same wallet, or one with <0;1>.",
  },
  "bitcoin.wallet-several": {
    title: "The file holds more than one wallet",
    meaning: `Which of them is meant cannot be told. ${NOTHING}`,
    remedy: "Show the descriptor of the one wallet that you want here.",
  },
  "bitcoin.wallet-first-address": {
    title: "The first address is another one",
    meaning:
      "The wallet in this file does not make the address that the file names, so one of them was changed; nothing was registered.",
    remedy: "Ask whoever made the file for it again, and compare the first address with them by voice.",
  },
} as const;
