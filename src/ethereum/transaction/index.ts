// Transactions of Ethereum: read, read again by the second reader, told apart into acts, and answered.

export { actsOfTransaction } from "./acts.ts";
export { agreeOnTransaction } from "./agree.ts";
export { factsOfTransaction, mostFee } from "./facts.ts";
export { checkSigned, recoveryOf, type SignatureForm, writeSignature } from "./signature.ts";
export type { AccessEntry, Authorization, EthereumTransaction, TransactionType } from "./transaction.ts";
export { readTransaction } from "./transaction.ts";
