// What can be wrong with a transaction of Ethereum that asks to be signed.

const unsigned = "Nothing was signed; the money stays where it is.";
const anew = "Make the transaction anew in the wallet program.";

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
  "ethereum.other-chain": {
    title: "The request is for one chain, and what it holds for another",
    meaning: `What you see in the wallet program would not be what is signed: it could take other coins. ${unsigned}`,
    remedy:
      "Choose the chain anew in the wallet program and make the request again; if this stays, use another one.",
  },
  "ethereum.encoding": {
    title: "The transaction is not written as it must be",
    meaning: `Other programs could read something else in it than Firn shows, and take other money. ${unsigned}`,
    remedy: `${anew} If it stays so, use another wallet program.`,
  },
  "ethereum.field": {
    title: "The transaction holds a value that none can have",
    meaning: `No chain takes it, or chains read it differently; signed, it could do what nobody meant. ${unsigned}`,
    remedy: `${anew} Look at the field that is named above.`,
  },
  "ethereum.data-type": {
    title: "The request names another kind of transaction than it holds",
    meaning: `The signature would be written for the wrong kind, and what it allows is in doubt. ${unsigned}`,
    remedy: "Update the wallet program; if this stays, report it to its makers.",
  },
  "ethereum.unknown-type": {
    title: "Firn does not know this type of transaction",
    meaning: `Firn cannot tell what it does; signed, it could do anything with the account. ${unsigned}`,
    remedy: "Let the wallet program make a usual transaction, of type 2 or legacy.",
  },
  "ethereum.raw-authorization": {
    title: "This is no transaction: it hands your account over",
    meaning:
      "Signed, it would let the code at an address that is not shown take everything in the account, at any time (EIP 7702). Nothing was signed.",
    remedy:
      "Do not use the page that asked for it. A real handover comes inside a transaction that Firn can show.",
  },
  "ethereum.disguised": {
    title: "This is no transaction: it is a message in disguise",
    meaning:
      "Signed, it would count as a signed message or as typed data, which can allow others to take tokens. Nothing was signed.",
    remedy: "Do not use the page that asked for it. Typed data and messages come as what they are.",
  },
  "ethereum.no-chain": {
    title: "The transaction does not say for which chain it is",
    meaning: `Signed, it could be carried out again on every other chain where the account has coins. ${unsigned}`,
    remedy: "Let the wallet program write the chain into it (EIP 155), or use a newer program.",
  },
  "ethereum.already-signed": {
    title: "The transaction is signed already",
    meaning: `It holds a signature where none belongs yet; Firn would sign something else than it shows. ${unsigned}`,
    remedy: "Show the transaction as it was before it was signed.",
  },
  "ethereum.fees": {
    title: "The fees contradict each other",
    meaning: `No chain takes it so; what it would cost cannot be told. ${unsigned}`,
    remedy: `${anew} Let it suggest the fee.`,
  },
  "ethereum.authorization": {
    title: "The transaction holds a handover that does not hold",
    meaning: `It is for another chain, or nobody signed it: who would hand over an account is not known. ${unsigned}`,
    remedy: `${anew} Handovers (EIP 7702) must be signed for this chain or for all.`,
  },
  "ethereum.too-deep": {
    title: "Calls inside calls, deeper than anybody writes them",
    meaning: `What it does could hide where nobody looks. ${unsigned}`,
    remedy: "Ask the program for the same in fewer steps, or make each of them a transaction of its own.",
  },
  "ethereum.too-many-acts": {
    title: "The transaction does more than a person can look at",
    meaning: `One that takes everything could hide among the others. ${unsigned}`,
    remedy: "Make several smaller transactions in the wallet program.",
  },
} as const;
