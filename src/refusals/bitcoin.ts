// What can be wrong with a transaction that asks to be signed.

const unsigned = "Nothing was signed; the money stays where it is.";

export const bitcoinRefusals = {
  "bitcoin.psbt-malformed": {
    title: "This is no valid PSBT",
    meaning: `What it would spend cannot be read for certain. ${unsigned}`,
    remedy:
      "Make the transaction anew in your wallet program; if this stays, report the words above to its makers.",
  },
  "bitcoin.psbt-version": {
    title: "A version of PSBT that Firn does not know",
    meaning: `It may carry meaning that Firn would miss. ${unsigned}`,
    remedy: "Export it as PSBT version 0 or 2.",
  },
  "bitcoin.too-large": {
    title: "The transaction is larger than Firn takes",
    meaning: unsigned,
    remedy: "Split the payment into several smaller transactions.",
  },
  "bitcoin.lock-times-disagree": {
    title: "The inputs ask for lock times that exclude each other",
    meaning: `One wants a block height, another a time: no such transaction can exist. ${unsigned}`,
    remedy: "Spend these inputs in separate transactions.",
  },
  "bitcoin.no-inputs": {
    title: "The transaction spends nothing",
    meaning: unsigned,
    remedy: "Add what is to be spent in your wallet program, then export it again.",
  },
  "bitcoin.no-outputs": {
    title: "The transaction pays nobody",
    meaning: `All of it would be lost as fee. ${unsigned}`,
    remedy: "Add a destination in your wallet program, then export it again.",
  },
  "bitcoin.duplicate-input": {
    title: "The same coin is spent twice",
    meaning: `The amounts that it shows would be wrong, and no node would take it. ${unsigned}`,
    remedy: "Make the transaction anew; if this stays, do not trust the program that made it.",
  },
  "bitcoin.null-input": {
    title: "An input spends no coin at all",
    meaning: `Only a miner's own transaction looks like this. ${unsigned}`,
    remedy: "Make the transaction anew in your wallet program.",
  },
  "bitcoin.missing-utxo": {
    title: "The coin that is spent is not described",
    meaning: `Its amount is unknown, and with it the fee. ${unsigned}`,
    remedy: "Export the PSBT with its inputs filled in (previous transactions included).",
  },
  "bitcoin.previous-mismatch": {
    title: "The previous transaction is another one",
    meaning: `An amount is claimed that nothing proves; this can be an attempt to burn money as fee. ${unsigned}`,
    remedy: "Make the transaction anew; if this stays, do not trust the program that made it.",
  },
  "bitcoin.utxo-mismatch": {
    title: "Two statements about the same coin differ",
    meaning: `Its amount or its owner is misstated; this can be an attempt to burn money as fee. ${unsigned}`,
    remedy: "Make the transaction anew; if this stays, do not trust the program that made it.",
  },
  "bitcoin.legacy-needs-previous": {
    title: "An old-style input without its previous transaction",
    meaning: `Nothing proves its amount, and the rest could become fee. ${unsigned}`,
    remedy: "Export the PSBT with full previous transactions.",
  },
  "bitcoin.script-mismatch": {
    title: "A script is not the one of your wallet",
    meaning: `It claims to be yours and is built otherwise. ${unsigned}`,
    remedy: "Check that your wallet program and Firn hold the same wallet, with every cosigner.",
  },
  "bitcoin.sighash": {
    title: "A signature that would not bind the whole transaction",
    meaning: `Others could change where the money goes after you signed. ${unsigned}`,
    remedy: "Make the transaction with the signature type ALL, or DEFAULT for taproot.",
  },
  "bitcoin.signature-invalid": {
    title: "A signature in it is wrong",
    meaning: `It was made by another key or for another transaction. ${unsigned}`,
    remedy: "Start again from the unsigned transaction and ask the cosigner to sign once more.",
  },
  "bitcoin.already-final": {
    title: "The transaction is complete already",
    meaning: "It needs no signature of yours and can be sent as it is; nothing was signed here.",
    remedy: "Send it with your wallet program, or export it before it is finalised.",
  },
  "bitcoin.already-signed": {
    title: "Your signature is in it already",
    meaning: "Nothing is left to sign with this key; nothing was signed now.",
    remedy: "Hand it to the next cosigner, or send it where enough have signed.",
  },
  "bitcoin.not-ours": {
    title: "Nothing in it is yours to sign",
    meaning: `No input belongs to a wallet that this device knows. ${unsigned}`,
    remedy: "Register the wallet on this device first, or check the network and which device you took.",
  },
  "bitcoin.claimed-input": {
    title: "A coin under your key that no wallet here makes",
    meaning: `What you would give cannot be told: the coin may be yours, or is passed off as yours. ${unsigned}`,
    remedy:
      "Register the wallet that it belongs to. If there is none, do not trust who made the transaction.",
  },
  "bitcoin.amounts": {
    title: "The amounts do not add up",
    meaning: `More would leave than comes in, or more than there is bitcoin. ${unsigned}`,
    remedy: "Make the transaction anew; if this stays, do not trust the program that made it.",
  },
  "bitcoin.message-not-payment": {
    title: "This is a message to sign, not a payment",
    meaning: "A signature would prove ownership and move no money; nothing was signed.",
    remedy:
      "Let your wallet program ask for a signed message (BIP 322) that carries its text; it is shown as one then.",
  },
  "bitcoin.silent-payment": {
    title: "An output whose address is not made yet",
    meaning: `Where the money would go cannot be shown before all have taken part (silent payment). ${unsigned}`,
    remedy: "Pay to an ordinary address, or let your wallet program complete the output first.",
  },
  "bitcoin.false-paths": {
    title: "Too many derivation paths in it lead elsewhere",
    meaning: `What belongs to you cannot be told with reasonable effort. ${unsigned}`,
    remedy: "Check that your wallet program and Firn hold the same wallet, then export again.",
  },
  "bitcoin.readers-disagree": {
    title: "Two readings of the transaction differ",
    meaning: `It can be read in more than one way, so what was shown may not be what is signed. ${unsigned}`,
    remedy: "Make the transaction anew with another program, and report the words above to Firn's makers.",
  },
} as const;
