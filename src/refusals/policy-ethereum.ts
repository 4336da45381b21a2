// What the owner's rules say no to on Ethereum.

const stays = "Nothing was signed; the money stays where it is.";
const change = "Or change the policy: what allows more waits.";

export const policyEthereumRefusals = {
  "policy.chain": {
    title: "Not on this chain",
    meaning: `The policy names the chains on which this device signs. ${stays}`,
    remedy: `Make the request on a chain that the policy names. ${change}`,
  },
  "policy.contract": {
    title: "A contract that may not be called",
    meaning: `What a contract does with the money is up to its code, and the policy does not name this one. ${stays}`,
    remedy: `Check the contract's address with whom it belongs to. ${change}`,
  },
  "policy.blind": {
    title: "Firn cannot tell what this does",
    meaning: "Nothing was signed; such a call could take everything that its contract may reach.",
    remedy:
      "Ask for the same in a way that Firn can read. A policy can allow it for this very contract: what allows more waits.",
  },
  "policy.spender": {
    title: "This spender may not be allowed",
    meaning: "Nothing was signed; whoever is allowed to spend can take it later, without asking again.",
    remedy: `Check who the spender is. ${change}`,
  },
  "policy.allowance": {
    title: "Too large an allowance",
    meaning: "Nothing was signed; the spender could have taken all of it, at any time.",
    remedy: "Allow no more than is needed now. Or change the policy: what allows more waits.",
  },
  "policy.typed-data": {
    title: "Typed data for a contract that is not named",
    meaning:
      "Nothing was signed; typed data can move tokens as a transaction does, without a fee to be seen.",
    remedy: `Check which program asks for it, and for what. ${change}`,
  },
  "policy.delegation": {
    title: "The account would be handed over",
    meaning: "Nothing was signed; the code of that contract could have done everything that the key can.",
    remedy: "Do not sign it, unless you know the contract well: a policy can name those that may be.",
  },
  "policy.site": {
    title: "Not this site",
    meaning: "Nothing was signed; whoever has such a signature can act there in your name.",
    remedy: `Check the site's address in your browser. ${change}`,
  },
  "policy.unknown-typed-data": {
    title: "Firn cannot tell what this typed data does",
    meaning: "Nothing was signed; it could have sold or given away what the contract may reach.",
    remedy: `Do not sign what nobody can explain. ${change}`,
  },
  "policy.contract-creation": {
    title: "A contract would be created",
    meaning: `Nobody here can tell what its code does. ${stays}`,
    remedy: `If you did not write the contract, do not sign. ${change}`,
  },
  "policy.unlimited-approval": {
    title: "An allowance without a limit",
    meaning: "Nothing was signed; the spender could have taken every token of this kind, now and later.",
    remedy: "Allow the amount that is needed, and no more. Or change the policy: what allows more waits.",
  },
  "policy.approval-of-all": {
    title: "An allowance of a whole collection",
    meaning: "Nothing was signed; the operator could have taken all of it, now and later.",
    remedy: `Allow only what is sold, item by item, if the market can. ${change}`,
  },
  "policy.far-deadline": {
    title: "It holds for too long",
    meaning: "Nothing was signed; it could have been used long after you forgot it.",
    remedy: "Ask for one with a deadline within 30 days. Or change the policy: what allows more waits.",
  },
  "policy.unlisted-token": {
    title: "A token that no list names",
    meaning: `Neither its worth nor its decimals are known. ${stays}`,
    remedy: `Check its contract: names of tokens are free to anybody. ${change}`,
  },
  "policy.delegate-call": {
    title: "Code of another contract would run as the account",
    meaning:
      "Nothing was signed; that code could have taken everything, and changed who controls the account.",
    remedy: "Do not sign it, unless you know that very code. A policy can allow it: what allows more waits.",
  },
  "policy.safe-change": {
    title: "Who controls a Safe would change",
    meaning: `Owners, threshold, modules, guard or handler decide who can take all of it. ${stays}`,
    remedy: `Agree on it with the other owners, away from the screen that asks for it. ${change}`,
  },
  "policy.control-change": {
    title: "Who controls a contract would change",
    meaning: `Whoever controls it may take what it holds. ${stays}`,
    remedy: `Check who would control it from then on. ${change}`,
  },
  "policy.unreadable-message": {
    title: "A message that people cannot read",
    meaning: "Nothing was signed; what nobody can read can mean anything, an order or a payment among it.",
    remedy: `Ask the program for a message in words. ${change}`,
  },
} as const;
