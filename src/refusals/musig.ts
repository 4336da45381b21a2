// What can be wrong with keys that sign together (BIP 327), and with the two rounds in which they do.

const UNSIGNED = "Nothing was signed; the money stays where it is.";
const AGAIN =
  "Start round 1 again: export the transaction anew from your wallet program, without nonces, for all cosigners.";

export const musigRefusals = {
  "bitcoin.musig-repeated": {
    title: "One key stands twice in a musig()",
    meaning: "There would be fewer cosigners than it says. Nothing was registered and no money is concerned.",
    remedy: "Give each cosigner a key of their own, and export the wallet anew.",
  },
  "bitcoin.musig-participants": {
    title: "Others than the wallet's cosigners would sign together",
    meaning: `What it names is not what your wallet is made of. ${UNSIGNED}`,
    remedy: "Make the transaction anew; if this stays, do not trust the program that made it.",
  },
  "bitcoin.musig-nonce-wrong": {
    title: "A cosigner's nonce is none",
    meaning: `With it no signature could come of this. ${UNSIGNED}`,
    remedy: "Tell that cosigner; then start round 1 again, with a transaction without nonces.",
  },
  "bitcoin.musig-partial-wrong": {
    title: "A cosigner's part of the signature does not hold",
    meaning: `It was made for something else, or to keep the others from signing. ${UNSIGNED}`,
    remedy: "Tell that cosigner; then start round 1 again, with a transaction without nonces.",
  },
  "bitcoin.musig-waits": {
    title: "Your nonce is in it; others are missing",
    meaning: "There is nothing to sign before every cosigner has added a nonce; the money stays where it is.",
    remedy:
      "Let the cosigners that are named below add theirs, then bring the transaction back; do not lock Firn meanwhile.",
  },
  "bitcoin.musig-nonce-lost": {
    title: "Firn no longer has the secret of this nonce",
    meaning: `It was locked since, another transaction or another key came in between, or it never made it. ${UNSIGNED}`,
    remedy: AGAIN,
  },
  "bitcoin.musig-nonce-used": {
    title: "This nonce has signed already",
    meaning: `To sign with it a second time would give your key away. ${UNSIGNED}`,
    remedy: AGAIN,
  },
  "bitcoin.musig-nonce-elsewhere": {
    title: "This nonce was made to sign something else",
    meaning: `The transaction or the cosigners are not those of round 1; somebody may be after your key. ${UNSIGNED}`,
    remedy: AGAIN,
  },
} as const;
