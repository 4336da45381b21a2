// Keys: from chance or words to signatures, and the envelope that keeps them.

export { loadCurve, nobleCurve } from "./curve.ts";
export { childOf, fingerprintOf, masterOf, type Node } from "./derivation.ts";
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
  WORD_COUNTS,
  wordNumber,
  words,
} from "./mnemonic.ts";
export { signEcdsaLowR, signSchnorrPlain } from "./signatures.ts";
