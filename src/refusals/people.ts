// Persons whom a policy asks.

export const peopleRefusals = {
  "people.missing": {
    title: "Those whom the policy asks are not here",
    meaning: "Too few of them are enrolled on this device, so nothing was signed.",
    remedy: "Enrol them under Policy, People, with their own factors, or change the policy.",
  },
  "people.wrong-proof": {
    title: "That was not the right proof",
    meaning: "It was not the person who was asked, or not meant for this; nothing was signed.",
    remedy: "Let the person try again; after three wrong ones the request is dropped.",
  },
  "people.too-many-wrong": {
    title: "Three wrong proofs: the request is dropped",
    meaning: "Nothing was signed; what was typed is worth nothing any more.",
    remedy: "Show the transaction again once everybody who is asked is there.",
  },
  "people.named": {
    title: "The policy names this person",
    meaning: "Whoever is asked for cannot be exchanged meanwhile, so nothing was changed.",
    remedy:
      "Change the policy first; the person can be removed once neither the policy that holds nor one that waits names that person.",
  },
  "people.too-many": {
    title: "No room for another person",
    meaning: "Nothing was changed.",
    remedy: "Remove one whom no policy names.",
  },
} as const;
