// Keys and wallets for other devices and programs, and a wallet made of cosigners' keys.

export { assemble, type Plan, type SharedForm, unspendable } from "./assemble.ts";
export { checkJoining, purposeFits, purposeOf } from "./gather.ts";
export { type CosignerKey, readKeys } from "./key-record.ts";
export {
  coldcardJson,
  cosignerJson,
  keyFacts,
  keyStatement,
  ownKey,
  slip132,
  walletStatement,
  writeKey,
} from "./key-write.ts";
export { cosignerPath, type Purpose } from "./purposes.ts";
export {
  addwalletText,
  branchOf,
  caravanJson,
  coldcardText,
  electrumFile,
  importDescriptors,
  isMoney,
  specterJson,
} from "./wallet-files.ts";
