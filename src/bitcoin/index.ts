// The room of Bitcoin: what may be used of it from outside.

export type { AccountKey } from "./accounts.ts";
export { accountWallets } from "./accounts.ts";
export { addressOf, networksOf, scriptOf } from "./address.ts";
export type { Found, ScriptsAt } from "./derive.ts";
export { childNode, compile, prepare } from "./derive.ts";
export { checksum } from "./descriptor/checksum.ts";
export { parseDescriptor, readAnyDescriptor } from "./descriptor/descriptor.ts";
export type { ExtendedKey } from "./descriptor/extended.ts";
export { readExtended, writeExtended } from "./descriptor/extended.ts";
export { writePath } from "./descriptor/origin.ts";
export type { DescriptorValue } from "./descriptor/value.ts";
export { canonical, nameWallet, quorumValue, sameWallet, walletFingerprint } from "./descriptor/value.ts";
export * from "./exports/index.ts";
export * from "./formats/index.ts";
export { proveTime, type TimeProof } from "./headers.ts";
export { locate, locateFar, lookAlike, type Place } from "./locate.ts";
export { messagePsbt } from "./messages/build.ts";
export {
  formOfPath,
  type KeyMessage,
  keyMessage,
  type MessageKnown,
  type MessageRequest,
} from "./messages/key-message.ts";
export {
  fromBase64,
  type LegacyForm,
  messageDigest,
  recoverableToBase64,
  verifyMessageByKey,
} from "./messages/legacy.ts";
export { addressAt as keyAddress } from "./messages/place.ts";
export { type PsbtKnown, psbtMessage, saysMessage } from "./messages/psbt-message.ts";
export {
  type AskedMessage,
  boundMessage,
  isSignature,
  readMessageText,
  readSignedMessage,
  type SignedMessage,
  writeArmour,
} from "./messages/read.ts";
export { type ToVerify, verifySigned } from "./messages/verify.ts";
export type { Party } from "./parties.ts";
export { partyOf } from "./parties.ts";
export { type PaymentRequest, readPayment } from "./payment.ts";
export {
  checkBeside,
  checkName,
  checkRegistration,
  checkUnnamed,
  markOurs,
  nameKeys,
  readWallet,
} from "./register.ts";
export { agreeOnKeys } from "./second-derivation.ts";
export type { Known } from "./understand.ts";
export { understand } from "./understand.ts";
export type { Derived, Quorum, ScriptForm, Template, Wallet, WalletKey } from "./wallet.ts";
export { isNobodys, quorumOf } from "./wallet.ts";
