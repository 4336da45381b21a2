// What can be wrong with the script paths, the locks and the secrets of a transaction.

const unsigned = "Nothing was signed.";

export const spendingRefusals = {
  "bitcoin.no-way-open": {
    title: "This transaction opens no way that your key is part of",
    meaning: `Signed now it could not be sent: a time lock or a script that you cannot sign for stands in between. ${unsigned}`,
    remedy:
      "In your wallet program, choose the way to spend that holds your key, and make the transaction anew when its time has come.",
  },
  "bitcoin.leaf-unknown": {
    title: "A script path that your wallet does not have",
    meaning: `Someone else might be able to spend by it. ${unsigned}`,
    remedy: "Check that your wallet program and Firn hold the same wallet, with every leaf of its tree.",
  },
  "bitcoin.secret-wrong": {
    title: "A secret is not the one that its hash asks for",
    meaning: `With it the transaction could not be sent. ${unsigned}`,
    remedy: "Ask whoever holds the secret for it again, and make the transaction anew.",
  },
} as const;
