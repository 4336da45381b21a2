// What the owner's rules say no to, and what can be wrong with a policy itself.

export const policyRefusals = {
  "policy.none": {
    title: "No policy is set",
    meaning: "A device without rules signs nothing; the money stays where it is.",
    remedy: "Set a policy; Firn offers templates to start from.",
  },
  "policy.malformed": {
    title: "This policy is not well formed",
    meaning: "It was not taken, and the rules stay as they were.",
    remedy: "Mend the entry that is named and try again.",
  },
  "policy.silent": {
    title: "The policy does not speak of this",
    meaning: "Nothing was signed: what no rule speaks of is refused, and the money stays where it is.",
    remedy:
      "Make the transaction without what is named. Or change the policy to speak of it: what allows more waits.",
  },
  "policy.not-allowed": {
    title: "Not allowed",
    meaning:
      "The policy does not allow this, and is set not to say why. Nothing was signed; the money stays where it is.",
    remedy: "Whoever knows the policy can tell; the journal on this device has every reason.",
  },
  "policy.wait": {
    title: "This has to wait",
    meaning:
      "Nothing was signed yet; the policy lets it pass after a wait, which counts from when it was first shown.",
    remedy:
      "Show the same transaction again from the time that is named on. Whoever does not expect it can freeze the device until then.",
  },
  "policy.uncounted": {
    title: "What was spent can no longer be counted",
    meaning:
      "Nothing was signed; the money stays where it is. Lines of the journal are missing, so the limit of this time may be used up already.",
    remedy: "Wait until the time that is named: from then on nothing that is missing can count.",
  },
  "policy.over-transaction-limit": {
    title: "More than one transaction may take",
    meaning: "Nothing was signed; the money stays where it is.",
    remedy: "Send less in one transaction. Or change the policy: what allows more waits.",
  },
  "policy.over-window-limit": {
    title: "More than this hour, day, week or month may take",
    meaning: "Nothing was signed; the money stays where it is.",
    remedy: "Send less, or wait until earlier payments no longer count.",
  },
  "policy.too-many": {
    title: "Too many transactions",
    meaning: "Nothing was signed; the money stays where it is.",
    remedy: "Wait until earlier transactions no longer count, or pay several at once.",
  },
  "policy.destination": {
    title: "A destination is not on the list",
    meaning: "Nothing was signed; the money may only go where the policy allows.",
    remedy:
      "Check the address with whom it belongs to. To list it change the policy: what allows more waits.",
  },
  "policy.new-destination": {
    title: "Too much for a first payment",
    meaning: "Nothing was signed; to a destination that was never paid only so much may go at first.",
    remedy:
      "Send less at first, and check that it came. Or list the destination in the policy: what allows more waits.",
  },
  "policy.wallet": {
    title: "This wallet may not sign",
    meaning: "Nothing was signed; the money stays where it is.",
    remedy: "Spend from a wallet that the policy names, or change the policy: what allows more waits.",
  },
  "policy.hours": {
    title: "Not at this hour",
    meaning: "Nothing was signed; the money stays where it is.",
    remedy: "Show it again at an hour that the policy names. Where the date is wrong set it: forward waits.",
  },
  "policy.lock-height": {
    title: "Not locked to a height as it must be",
    meaning: "Nothing was signed; by the policy blocks must pass between one payment and the next.",
    remedy:
      "Make the transaction with the lock height (nLockTime) that is named, and a sequence that lets it hold.",
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
  "policy.unknown-script": {
    title: "A destination has no address",
    meaning: "Nothing was signed; whose the script is cannot be told from an address.",
    remedy: "Pay to an address. Or change the policy: what allows more waits.",
  },
  "policy.data-output": {
    title: "An output carries data",
    meaning: "Nothing was signed; what goes to such an output can never be spent again.",
    remedy: "Make the transaction without data. Or change the policy: what allows more waits.",
  },
  "policy.foreign-input": {
    title: "Inputs of others are spent too",
    meaning: "Nothing was signed; who pays what to whom is not told by our part alone.",
    remedy: "Make a transaction of own inputs only. Or change the policy: what allows more waits.",
  },
  "policy.mixed-wallets": {
    title: "Several own wallets are mixed",
    meaning: "Nothing was signed; spent together, everybody can see that they belong to one owner.",
    remedy: "Spend from one wallet at a time. Or change the policy: what allows more waits.",
  },
  "policy.lock-time": {
    title: "The lock time is unusual",
    meaning: "Nothing was signed; the payment could come to hold at a time that nobody expects.",
    remedy:
      "Make the transaction again with an ordinary lock time. Or change the policy: what allows more waits.",
  },
  "policy.message-path": {
    title: "No messages under this path",
    meaning: "Nothing was signed; a message signed here could speak for a key that holds money.",
    remedy:
      "Sign with an address under a path that the policy names. Or add one under Policy, Change it, Which paths: what allows more waits.",
  },
  "policy.time-passed": {
    title: "The rules ask for something else by now",
    meaning: "Time passed while it was read and agreed to. Nothing was signed; the money stays where it is.",
    remedy: "Scan it again: it is judged anew.",
  },
  "policy.amounts-changed": {
    title: "The same transaction with other amounts",
    meaning:
      "One of the two claims is a lie; signing both could give the difference away as fee. Nothing was signed.",
    remedy: "Send neither. Make the transaction anew in a wallet program that you trust.",
  },
} as const;
