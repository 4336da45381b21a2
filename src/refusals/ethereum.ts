// What can be wrong with a transaction of Ethereum that asks to be signed.

const unsigned = "Nothing was signed; the money stays where it is.";

export const ethereumRefusals = {
  "ethereum.readers-disagree": {
    title: "Two readers do not agree on the request",
    meaning: `What would be signed is in doubt. ${unsigned}`,
    remedy: "Make the transaction anew; if this stays, report it to Firn's makers with the request.",
  },
  "ethereum.not-ours": {
    title: "The request is for another account",
    meaning: `The key that it asks for leads to another address than it names. ${unsigned}`,
    remedy: "Connect the wallet program anew: Ethereum, Connect a wallet program.",
  },
} as const;
