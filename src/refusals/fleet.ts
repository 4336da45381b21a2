// What can be wrong with documents of a fleet.

export const fleetRefusals = {
  "fleet.malformed": {
    title: "This document is not well formed",
    meaning: "It was not taken; policy and wallets stay as they were.",
    remedy: "Make it anew on an administrator's Firn, and show that one.",
  },
  "fleet.none": {
    title: "This device knows no administrators",
    meaning: "Nobody may sign documents for it yet, so none is taken; its rules stay as they are.",
    remedy: "Set the administrators first: Policy, Fleet, Administrators.",
  },
  "fleet.other": {
    title: "A document of another fleet or network",
    meaning: "It was not taken; policy and wallets stay as they were.",
    remedy: "Show the document that was made for this device's fleet.",
  },
  "fleet.older": {
    title: "An older document",
    meaning: "A newer one was taken already, and none of before comes back; nothing was changed.",
    remedy: "Show the newest document. To go back to older rules, sign them anew under a higher number.",
  },
  "fleet.signatures": {
    title: "Not enough administrators signed it",
    meaning: "It was not taken; policy and wallets stay as they were.",
    remedy: "Let the others sign it too, each on his own Firn, then show it again.",
  },
  "fleet.signature-wrong": {
    title: "A signature under it does not hold",
    meaning: "It was changed after it was signed, or somebody else signed it. It was not taken.",
    remedy: "Ask the administrators for it again, by another way than this one came.",
  },
  "fleet.not-administrator": {
    title: "Not one of the fleet's administrators",
    meaning: "This device's card is not among those that its fleet knows; nothing was signed.",
    remedy: "Sign on an administrator's Firn, or set the administrators anew.",
  },
} as const;
