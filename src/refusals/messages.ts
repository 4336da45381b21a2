// What can be wrong with a message that is to be signed, or that was.

const unsigned = "Nothing was signed, and no money moves.";

export const messageRefusals = {
  "message.unread": {
    title: "This is no message that Firn can read",
    meaning: `What should be signed, or was, cannot be read for certain. ${unsigned}`,
    remedy:
      "Show a code that begins with signmessage, Coldcard's JSON, a PSBT by BIP 322, or a signed message in its frame.",
  },
  "message.path": {
    title: "The request does not say which key signs",
    meaning: `Its path is missing, or is none. ${unsigned}`,
    remedy: "Choose the address in your wallet program and make the request anew.",
  },
  "message.too-long": {
    title: "The message is longer than Firn shows",
    meaning: `Nobody would read all of it on this screen. ${unsigned}`,
    remedy: "Sign a shorter message: name the long text in it by its SHA-256.",
  },
  "message.network": {
    title: "The path is one for another network",
    meaning: `Keys of mainnet and of practice networks sign apart from each other. ${unsigned}`,
    remedy: "Use an account of this network in your wallet program.",
  },
  "message.no-text": {
    title: "The message is no readable text",
    meaning: `Its bytes are no UTF-8, so what it says cannot be shown. ${unsigned}`,
    remedy: "Sign a text. What is no text can be named in one by its SHA-256.",
  },
  "message.mismatch": {
    title: "This is neither a message nor a payment",
    meaning: `It says that it is a message to sign, but the transaction in it is not that message's. ${unsigned}`,
    remedy: "Make the request anew; if this stays, do not trust the program that made it.",
  },
  "message.other-address": {
    title: "The message is for an address that is not yours",
    meaning: `No wallet that is registered here makes this address. ${unsigned}`,
    remedy: "Register the wallet that it belongs to, or choose an address of yours.",
  },
  "message.no-form": {
    title: "No signature of that form speaks for this address",
    meaning: `This kind of address needs another one. ${unsigned}`,
    remedy: "Choose BIP 322 in your wallet program, or sign from the address's own page here.",
  },
} as const;
