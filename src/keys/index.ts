// Keys: from chance or words to signatures, and the envelope that keeps them.

export {
  BACKUP_CODE_WORDS,
  BACKUP_PASSPHRASE_CHARS,
  type BackupCode,
  type BackupContent,
  codeOfPassphrase,
  codeOfWords,
  newCodeWords,
  openBackup,
  readBackup,
  sealBackup,
} from "./backup-file.ts";
export * from "./chance/index.ts";
export { loadCurve, nobleCurve } from "./curve.ts";
export { childOf, fingerprintOf, masterOf, type Node } from "./derivation.ts";
export { mixEntropy, refuseDead, type Source } from "./entropy.ts";
export { type Bip85Child, type Bip85Use, bip85 } from "./forms/bip85.ts";
export { type Codex32, codex32Identifier, mendedCodex32, parseCodex32 } from "./forms/codex32.ts";
export {
  addCodexShare,
  CODEX32_MOST_SHARES,
  type CodexSet,
  codex32Secret,
  isComplete as isCodexComplete,
  makeCodex32,
  randomIdentifier,
  recoverCodex32,
  wipeCodexSet,
} from "./forms/codex32-shares.ts";
export { KEF_ITERATIONS, type KefHeader, openKef, readKefHeader, sealKef, seedOfKef } from "./forms/kef.ts";
export { joinSeedXor, splitSeedXor } from "./forms/seed-xor.ts";
export { makeShares, recover, type SharePlan } from "./forms/slip39.ts";
export {
  addShare,
  type GroupStatus,
  type SetStatus,
  type ShareSet,
  shareFits,
  statusOf,
  wipeShares,
} from "./forms/slip39-set.ts";
export {
  nearestSlip39Words,
  parseShare,
  type Share,
  shareWordCount,
  slip39WordNumber,
  wordsOfShare,
} from "./forms/slip39-share.ts";
export { slip39Words } from "./forms/slip39-words.ts";
export { type KeptKey, packKeys, unpackKeys, wipeMaterial } from "./kept.ts";
export { type Account, Keyring, type KeyringParts } from "./keyring.ts";
export {
  completions,
  entropyOf,
  indexesOf,
  indexesOfSeedMessage,
  lastWords,
  nearestWords,
  passphraseBytes,
  seedOf,
  seedOfMaterial,
  WORD_COUNTS,
  wordList,
  wordNumber,
} from "./mnemonic.ts";
export { signEcdsaLowR, signSchnorrPlain } from "./signatures.ts";
export { isTextSignedBy, signText, textKeyOf } from "./text-signature.ts";
export {
  clearTries,
  countTry,
  decodeTries,
  delayMs,
  encodeTries,
  freeze,
  frozenForMs,
  readTries,
  TRIES_BLOB,
  type Tries,
  thaw,
  toldTries,
  untoldBefore,
  waitMs,
} from "./tries.ts";
export type { NewFactor, OpenVault } from "./vault.ts";
export type { Cost, SealKind } from "./vault-format.ts";
export { COST_CEILING, COST_FLOOR, calibrate, isWipePin, stretchPin } from "./vault-keys.ts";
export {
  type Factor,
  FIRST_SETTINGS,
  LEAST_WIPE_AFTER,
  MOST_WIPE_AFTER,
  type Settings,
} from "./vault-lock.ts";
export {
  createVault,
  type FactorAnswer,
  type LockedHome,
  openWith,
  pinKeyFor,
  readHome,
} from "./vault-open.ts";
