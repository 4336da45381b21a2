// What can be wrong with messages and typed data of Ethereum.

const unsigned = "Nothing was signed; the money stays where it is.";
const again = "Ask again from the program; if this stays, tell its makers the name of this page.";

export const ethereumTypedRefusals = {
  "typed.not-json": {
    title: "This typed data is no JSON",
    meaning: `What it would allow cannot be read: it could be a permit for all of a token. ${unsigned}`,
    remedy: again,
  },
  "typed.hash-only": {
    title: "Only a hash was sent",
    meaning: `Nobody can tell what a hash stands for: it could give away everything. ${unsigned}`,
    remedy: "Use a program that sends the whole typed data, and sign nothing that only shows you a hash.",
  },
  "typed.old-form": {
    title: "Typed data of the first form",
    meaning: `It names no domain, so what was meant for one program could serve another. ${unsigned}`,
    remedy: "Use a program that sends typed data by EIP 712 (eth_signTypedData_v4).",
  },
  "typed.twice": {
    title: "Something is named twice in this typed data",
    meaning: `Programs differ on which of the two counts, so you would see one and sign the other. ${unsigned}`,
    remedy: "Do not trust the program that made it; if it is known to be honest, tell its makers.",
  },
  "typed.shape": {
    title: "A part of this typed data is missing or misplaced",
    meaning: `What it would allow cannot be read for certain. ${unsigned}`,
    remedy: again,
  },
  "typed.name": {
    title: "A name in this typed data cannot be used",
    meaning: `Programs cut such names differently, so what you see might not be what is signed. ${unsigned}`,
    remedy: "Use a program whose types are named with letters, digits and _ alone.",
  },
  "typed.type": {
    title: "A type in this typed data is not one of EIP 712",
    meaning: `Nobody could say for certain what its value would mean to a contract. ${unsigned}`,
    remedy: again,
  },
  "typed.no-type": {
    title: "A type is used that is nowhere described",
    meaning: `What it holds cannot be read: it could be a permit for all of a token. ${unsigned}`,
    remedy: again,
  },
  "typed.no-domain-type": {
    title: "The type of the domain is missing",
    meaning: `Wallets differ on what is signed then: it could count for another program than you see. ${unsigned}`,
    remedy: "Use a program that describes EIP712Domain among its types.",
  },
  "typed.domain-member": {
    title: "The domain has something in it that none has",
    meaning: `For which program, contract and chain it would count cannot be said for certain. ${unsigned}`,
    remedy: again,
  },
  "typed.missing-member": {
    title: "A field of this typed data has no value",
    meaning: `Wallets differ on what is signed then, so you would see one thing and sign another. ${unsigned}`,
    remedy: again,
  },
  "typed.extra-member": {
    title: "A value stands where its type has no field",
    meaning: `It would be shown, but nobody would sign it: you could be misled by it. ${unsigned}`,
    remedy: "Do not trust the program that made it; if it is known to be honest, tell its makers.",
  },
  "typed.value": {
    title: "A value is none of its type",
    meaning: `Programs would read it in different ways, so you would see one thing and sign another. ${unsigned}`,
    remedy: again,
  },
  "typed.number": {
    title: "A number is written as no program keeps it",
    meaning: `Beyond 2^53 a bare number becomes another one on its way: another amount would be signed. ${unsigned}`,
    remedy: "Use a program that writes large numbers as text.",
  },
  "typed.checksum": {
    title: "The capitals of an address are wrong",
    meaning: `A letter of it was changed or mistyped: money sent there would be lost. ${unsigned}`,
    remedy: "Compare the address with where you have it from, and ask again.",
  },
  "typed.nowhere": {
    title: "It moves or allows money, and does not say where",
    meaning: `Its domain lacks the chain or the contract: on every chain where such a contract stands it could be handed in. ${unsigned}`,
    remedy: "Ask again in a program that names chain and contract.",
  },
  "typed.too-large": {
    title: "There is more in this typed data than Firn shows",
    meaning: `Nobody would read all of it, and what is not read could give everything away. ${unsigned}`,
    remedy: "Ask for less at once: fewer orders, fewer tokens.",
  },
  "typed.too-deep": {
    title: "This typed data is nested deeper than Firn shows",
    meaning: `What stands at its bottom nobody would find, and it could give everything away. ${unsigned}`,
    remedy: again,
  },
  "ethereum.domain-chain": {
    title: "The domain is of another chain than the request",
    meaning: `What is signed for one chain would count on the other: a token there could be given away. ${unsigned}`,
    remedy: "Choose the right chain in your wallet program and ask again.",
  },
  "ethereum.sign-in": {
    title: "This sign-in is not written as it must be",
    meaning: `It reads like a sign-in, and sites could read it in another way than you. ${unsigned}`,
    remedy:
      "Ask again from the site; if this stays, tell its makers the field that this page names (EIP 4361).",
  },
  "ethereum.sign-in-account": {
    title: "The sign-in is for another account",
    meaning: `Your key would speak for an account that is not its own. ${unsigned}`,
    remedy: "Choose the right account in your wallet program and sign in again.",
  },
} as const;
