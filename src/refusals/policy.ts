// What the owner's rules say no to, and what can be wrong with a policy itself.

export const policyRefusals = {
  "policy.none": {
    title: "No policy is set",
    meaning: "A device without rules signs nothing; the money stays where it is.",
    remedy: "Set the device up anew with the same words, and choose limits.",
  },
  "policy.malformed": {
    title: "This policy is not well formed",
    meaning: "It was not taken, and the rules stay as they were.",
    remedy: "Mend the entry that is named and try again.",
  },
  "policy.over-transaction-limit": {
    title: "More than one transaction may take",
    meaning: "Nothing was signed; the money stays where it is.",
    remedy: "Send less in one transaction. Other limits take a new set-up with the same words.",
  },
  "policy.over-window-limit": {
    title: "More than this hour, day, week or month may take",
    meaning: "Nothing was signed; the money stays where it is.",
    remedy: "Send less, or wait until earlier payments no longer count.",
  },
  "policy.too-many": {
    title: "Too many transactions",
    meaning: "Nothing was signed; the money stays where it is.",
    remedy: "Wait until earlier transactions no longer count.",
  },
  "policy.destination": {
    title: "A destination is not on the list",
    meaning: "Nothing was signed; the money may only go where the policy allows.",
    remedy: "Check the address. Another list takes a new set-up with the same words.",
  },
  "policy.fee-too-high": {
    title: "The fee is too high",
    meaning: "Nothing was signed; the miners would have kept more than the policy allows.",
    remedy: "Make the transaction again with a lower fee.",
  },
  "policy.fee-rate-too-high": {
    title: "The fee rate is too high",
    meaning: "Nothing was signed; more would have been paid per byte than the policy allows.",
    remedy: "Make the transaction again with a lower fee rate.",
  },
  "policy.fee-percent-too-high": {
    title: "The fee is too large a share",
    meaning: "Nothing was signed; compared with what is sent the fee is more than the policy allows.",
    remedy: "Make the transaction again with a lower fee, or send more at once.",
  },
  "policy.fee-unproven": {
    title: "The fee is not proven",
    meaning: "Nothing was signed; amounts of inputs are only claimed, so the fee could be anything.",
    remedy:
      "Show a PSBT with the previous transactions in it (many programs leave them out of codes for segwit), or spend from a taproot wallet.",
  },
  "policy.amounts-changed": {
    title: "The same transaction with other amounts",
    meaning:
      "One of the two claims is a lie; signing both could give the difference away as fee. Nothing was signed.",
    remedy: "Send neither. Make the transaction anew in a wallet program that you trust.",
  },
} as const;
