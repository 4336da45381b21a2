// What can be wrong with a Safe, and with what is signed for one.

const unsigned = "Nothing was signed; the money stays where it is.";
const unkept = "Nothing was registered.";

export const safeRefusals = {
  "safe.not-a-safe": {
    title: "This is not a Safe",
    meaning: `No chain, address, owners or threshold of a Safe can be read from it. ${unkept}`,
    remedy: "Bring the Safe's address, the facts that the transaction service gives, or another Firn's code.",
  },
  "safe.address": {
    title: "An address is wrong",
    meaning: `An address with a slip in it is somebody else's, or nobody's. ${unkept}`,
    remedy: "Copy the address anew, with its small and capital letters.",
  },
  "safe.chain": {
    title: "The chain is not known",
    meaning: `The same address is another Safe on every chain. ${unkept}`,
    remedy: "Bring the address without the chain's short name and choose the chain from the list.",
  },
  "safe.version": {
    title: "The Safe's version is not known",
    meaning: `Firn could not tell what is signed for a Safe of this version. ${unkept}`,
    remedy:
      "Look the version up in your Safe program; Firn knows 1.0.0, 1.1.1, 1.2.0, 1.3.0, 1.4.1 and 1.5.0.",
  },
  "safe.owners": {
    title: "The owners cannot be these",
    meaning: `Each owner stands once, and none is the Safe itself or nobody. ${unkept}`,
    remedy: "Compare the owners with your Safe program and bring them again.",
  },
  "safe.threshold": {
    title: "The threshold cannot be this",
    meaning: `A Safe asks for one owner at least and for all at most. ${unkept}`,
    remedy: "Look the threshold up in your Safe program.",
  },
  "safe.known": {
    title: "This Safe is registered already",
    meaning: `A Safe stands once for each chain and address. ${unkept}`,
    remedy: "Choose it in the list; if its owners changed: Owners changed.",
  },
  "safe.too-many": {
    title: "No more Safes fit",
    meaning: `This device keeps a bounded number of them. ${unkept}`,
    remedy: "Remove a Safe that is no longer used.",
  },
  "safe.other-safe": {
    title: "This is another Safe",
    meaning: `Only the same address on the same chain can take a Safe's place. ${unkept}`,
    remedy: "Bring the facts of the Safe whose owners changed, or register this one beside it.",
  },
  "safe.not-owner": {
    title: "Your account is no owner of the Safe",
    meaning: `The signature would count for nothing, or the owners registered here are out of date. ${unsigned}`,
    remedy: "Sign with an owner's account, or compare the Safe's owners and renew it: Ethereum, Safes.",
  },
  "safe.other-chain": {
    title: "The Safe is registered for another chain",
    meaning: `The same address on another chain can have other owners, or none. ${unsigned}`,
    remedy: "If you own the Safe there as well, register it for that chain too; else refuse the request.",
  },
  "safe.other-version": {
    title: "The request does not fit the Safe's version",
    meaning: `A Safe of another version would take what is signed for something else. ${unsigned}`,
    remedy: "If the Safe was moved to another version, renew it: Ethereum, Safes, Owners changed.",
  },
  "safe.chain-unnamed": {
    title: "The request names no chain",
    meaning: `Without a chain nobody can tell what leaves which Safe. ${unsigned}`,
    remedy: "Register the Safe first: its version, before 1.3.0, names no chain in what is signed.",
  },
  "safe.malformed": {
    title: "The Safe's transaction is malformed",
    meaning: `What would be signed is not what a Safe carries out. ${unsigned}`,
    remedy: "Make the transaction anew in your Safe program.",
  },
  "safe.batch": {
    title: "The batch cannot be read",
    meaning: `Calls could be hidden in it that take everything. ${unsigned}`,
    remedy: "Make the transaction anew, or each call by itself.",
  },
  "safe.hash-only": {
    title: "A hash alone is approved",
    meaning: `What it stands for can be anything, everything in the Safe included. ${unsigned}`,
    remedy: "Let your Safe program ask for a signature of the transaction itself.",
  },
} as const;
