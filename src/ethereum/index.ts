// The room of Ethereum: what may be used of it from outside.

export {
  type Account,
  isFar,
  LAYOUTS,
  type Layout,
  type NodeAt,
  nameOfAccount,
  type OwnAccount,
  ownAccount,
  writeAccountPath,
} from "./accounts.ts";
export {
  type AskedAddress,
  findAccount,
  isAlike,
  type Looked,
  listedNames,
  type Range,
  readAddressText,
} from "./addresses.ts";
export {
  checkTogether,
  type Descriptor,
  type Descriptors,
  readDescriptor,
  readKeptDescriptor,
  summaryOf,
} from "./descriptors/index.ts";
export { ethereumPairing, PAIRED_ACCOUNTS } from "./pairing.ts";
export {
  type BroughtSafe,
  checkOwners,
  checkThreshold,
  findOwners,
  readOwner,
  readSafe,
} from "./safe/index.ts";
export { accountFingerprint } from "./spend.ts";
export { type EthereumRequest, type KnownEthereum, understand } from "./understand.ts";
