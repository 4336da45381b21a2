// What can be wrong when a wallet is set up with records that a token seals (BIP 129).

const NOTHING = "Nothing was registered and no money is concerned.";

export const bsmsRefusals = {
  "bsms.unreadable": {
    title: "This is no record that Firn can read",
    meaning: NOTHING,
    remedy: "Ask for the record again: BSMS 1.0, plain or sealed with the token.",
  },
  "bsms.sealed": {
    title: "The record is sealed",
    meaning: `Only who has the coordinator's token can read it. ${NOTHING}`,
    remedy: "Go to Wallets, Set up with BSMS, and enter the token first.",
  },
  "bsms.unsealed": {
    title: "The record is not sealed",
    meaning: `With a token every record is sealed; this one can be anybody's. ${NOTHING}`,
    remedy: "Ask for the record that was sealed with your token.",
  },
  "bsms.token": {
    title: "The token does not open this record",
    meaning: `It was sealed with another token, or changed on its way. ${NOTHING}`,
    remedy: "Compare the token with the coordinator; then ask for the record again.",
  },
  "bsms.other-token": {
    title: "The record was made for another token",
    meaning: `It belongs to another setup, or to another cosigner. ${NOTHING}`,
    remedy: "Ask that cosigner for a record made with the token that they were given.",
  },
  "bsms.signature-missing": {
    title: "The key record is not signed",
    meaning: "Nothing shows that whoever made it holds that key; the key was not taken.",
    remedy: "Ask for a signed record, or gather keys without BSMS and compare their spoken codes.",
  },
  "bsms.signature": {
    title: "The key record's signature is wrong",
    meaning: "The key or its description was changed, or its maker does not hold it; the key was not taken.",
    remedy: "Ask that cosigner for their record again, on another way if it comes changed twice.",
  },
} as const;
