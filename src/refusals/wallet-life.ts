// What can be wrong with a drill, and with putting one wallet in another's place.

const NOTHING = "Nothing was changed here, and no money is concerned.";

export const walletLifeRefusals = {
  "wallet.drill-not-answered": {
    title: "No cosigner's key made this signature",
    meaning:
      "It proves nothing: it is another text's, another wallet's or another key's, or it was misread. Nothing was written down.",
    remedy: "Let the cosigner sign the text of this drill, letter by letter, with the path that is shown.",
  },
  "wallet.drill-other-text": {
    title: "This was signed for something else",
    meaning:
      "Another text than this drill's was signed, perhaps one of an earlier drill: it does not prove that the key can sign today.",
    remedy: "Show the cosigner the code of this drill, and take the answer to that one.",
  },
  "wallet.replaced-already": {
    title: "Another wallet took its place already",
    meaning: NOTHING,
    remedy: "Replace keys of the wallet that took its place; this one is kept for watching.",
  },
  "wallet.no-successor": {
    title: "This wallet cannot take the other's place",
    meaning:
      "It shares no key with it, so it is no wallet of the same cosigners; its money could belong to somebody else. Nothing was changed.",
    remedy: "Ask whoever made it for the right one, or register it as a wallet of its own.",
  },
  "wallet.own-key-leaves": {
    title: "Your key leaves this wallet",
    meaning:
      "The new wallet has no key of this device, so nothing of it is signed here and nothing was registered. The old wallet stays known, and its last payments can be signed.",
    remedy:
      "Sign the sweep to the new wallet when the others show it, and compare its address with them by voice.",
  },
  "wallet.successor-removed-first": {
    title: "A replaced wallet leads to this one",
    meaning:
      "Without it this device could no longer tell the sweep of the replaced wallet from a payment; nothing was removed.",
    remedy: "Once the replaced wallet is empty, remove that one first.",
  },
} as const;
