// Every bound in one place. Each is checked before anything is allocated.

export const LIMITS = {
  /** A whole message (PSBT, wallet text), bytes. */
  messageBytes: 4 * 1024 * 1024,
  /** Longest text one QR code can carry (40-L, numeric is longer but only seeds use it). */
  qrTextChars: 7089,
  /** Parts of an animated code. */
  parts: 8192,
  bbqrParts: 1295,
  pmofnParts: 512,
  /** base43 is converted as one big number: quadratic. */
  base43Chars: 5120,
  cborDepth: 16,
  cborItems: 4096,
  inputs: 1000,
  outputs: 2000,
  /** An unsigned transaction, bytes: with more no block can hold it (4,000,000 weight units, BIP 141). */
  transactionBytes: 1_000_000,
  /** Virtual bytes that nodes still pass on (MAX_STANDARD_TX_WEIGHT); more is warned of. */
  relayedVbytes: 100_000,
  /** Rows (key-value records) in a PSBT, and in one of its maps. */
  psbtRows: 65_536,
  psbtMapRows: 4096,
  /** A previous transaction, bytes: nodes relay none of more weight than this (MAX_STANDARD_TX_WEIGHT). */
  previousBytes: 400_000,
  /** Derivation paths in one PSBT that may turn out to lead elsewhere before it is refused. */
  falsePaths: 256,
  /** A fee above either is warned of, whatever the policy says: percent of what is sent, sat/vB. */
  feeHighPercent: 5,
  feeHighRate: 500,
  /** A lock time from here on is warned of: no mainnet block of before 2046, or a time instead of a height. */
  lockHeight: 2_000_000,
  /** Testnet 3 ran far ahead of its clock: it passed 4,800,000 in 2025. */
  lockHeightTestnet3: 50_000_000,
  /** Keys in one wallet: P2WSH allows 20 by OP_CHECKMULTISIG. */
  walletKeys: 20,
  /** Fragments and wrappers in one script of miniscript, and so how deep they can be nested. */
  miniscriptFragments: 500,
  /** Ways to spend that one script is taken apart into; more stay together. */
  ways: 64,
  /** Places in a descriptor where a key stands: the deepest tree of BIP 341, a key a leaf, has 130. */
  walletUses: 256,
  /** A descriptor: such a tree of keys with their origins takes 22,000 characters. */
  walletTextChars: 32 * 1024,
  /** A wallet's file, which may hold more than its descriptor: Electrum's, with its addresses. */
  walletFileChars: 256 * 1024,
  /** Descriptors in one such file: Bitcoin Core keeps two for each kind of script. */
  walletDescriptors: 64,
  /** Sets of lost keys of one size that are looked at when it is said what they cost. */
  lossCases: 1000,
  /** What says a cosigner's keys: a program's file with a dozen accounts takes 4,000. */
  keyTextChars: 16 * 1024,
  /** PBKDF2 rounds of the codes that cosigners read aloud (docs/ceremony.md): half a second on the slowest board. */
  spokenRounds: 32_768,
  /** A text that begins with "Firn ", bytes: a policy of the most characters is a quarter of it. */
  documentBytes: 256 * 1024,
  /** Block headers in one message: as many as have one difficulty, a fortnight of them. */
  headers: 2016,
  /** A message that is signed, UTF-8 bytes; and all that frames one, a proof of what many coins hold included. */
  signedBytes: 8 * 1024,
  messageTextBytes: 512 * 1024,
  /** Calldata, typed data or a message of Ethereum, bytes. */
  ethereumBytes: 512 * 1024,
  /** What a wallet program calls itself in a request. */
  originChars: 256,
  /** Fields of typed data, words of decoded calls, and acts that one request unfolds into. */
  typedFields: 4096,
  callValues: 16_384,
  /** Types of typed data, their members, characters of a name, and of all types written out (EIP 712, encodeType). */
  typedTypes: 64,
  typedMembers: 1024,
  typedNameChars: 128,
  typedTypeChars: 512 * 1024,
  acts: 256,
  /** How deep calls, typed data and RLP may be nested. */
  ethereumDepth: 16,
  /** Of one transaction: contracts in its access list, and of each its slots; blobs; accounts that are handed over. */
  accessEntries: 256,
  accessSlots: 4096,
  blobHashes: 128,
  authorizations: 32,
  /** Gas of one transaction: no chain's block holds more (Arbitrum's 2^50 is the largest). */
  ethereumGas: 2 ** 50,
  /** A permit that holds for longer is warned of: 30 days. */
  farDeadlineSeconds: 2_592_000,
  /** A nonce so far above the highest that was signed here is warned of. */
  nonceGap: 10,
  /** Accounts m/44'/60'/0'/0/x that are looked through for an address. */
  ethereumAccounts: 100,
  /** Registered Safes, and owners of one. */
  safes: 64,
  safeOwners: 64,
  /** Accounts of each layout that are looked through for owners that are one's own. */
  safeSearched: 20,
  /** What a Safe is read from: the transaction service's answer with as many owners takes 5,000. */
  safeTextChars: 32 * 1024,
  /** Texts of ERC-7730 that the administrators gave; together no more than a document. */
  descriptors: 64,
  /** One of them, as its maker writes it. */
  descriptorChars: 128 * 1024,
  wallets: 64,
  walletNameChars: 40,
  pathDepth: 8,
  /** Addresses of a branch that are looked through where nothing says which one it is. */
  searchedAddresses: 1000,
  /** Addresses that one call of `npm run derive` prints. */
  derivedAddresses: 10_000,
  /** How far past index 0 a change or receive index may lie and still be called ours without a word. */
  addressIndex: 100_000,
  passphraseBytes: 256,
  /** Dice rolls or coin flips for one key, and characters that are typed for chance: more adds nothing. */
  rolls: 512,
  typedChance: 256,
  pinDigitsMin: 4,
  pinDigitsMax: 12,
  /** A line on a pipe between Firn and its cages, bytes: bulk for a whole message, else small. */
  wireBulkBytes: 6 * 1024 * 1024,
  wireLineBytes: 64 * 1024,
  /** One journal line before encryption, bytes: a spend with the most inputs, outputs and rules fits. */
  journalLineBytes: 256 * 1024,
  /** One blob in the store, bytes. */
  blobBytes: 4 * 1024 * 1024,
  /** What a machine's seal keeps in the home, bytes. */
  sealBlobBytes: 4096,
  /** Keys in one device; characters of a key's name. */
  keys: 16,
  keyNameChars: 32,
  /** Security keys enrolled in one home. */
  securityKeys: 8,
  /** An encrypted backup, bytes; a file on a stick. */
  backupBytes: 256 * 1024,
  stickFileBytes: 4 * 1024 * 1024,
  /** Krux's encrypted envelope with a backup in it, bytes; and what one key's try may cost (PBKDF2). */
  kefBytes: 1024,
  kefIterations: 10_000_000,
  policyTextChars: 64 * 1024,
  policyDestinations: 500,
  policyRules: 200,
  /** Whom policies may ask, and changes that wait, in one home. */
  people: 32,
  pending: 16,
  /** A picture file shown to the simulator's camera: a phone's photo, no more. */
  pictureBytes: 32 * 1024 * 1024,
  picturePixels: 24_000_000,
} as const;

/** What comes and goes on a stick, a line a kind: how such files' names end, in small letters, and the largest, bytes. */
export const STICK_FILES = {
  psbt: { endings: [".psbt", ".txt"], mostBytes: LIMITS.stickFileBytes },
  /** The request's UR as text, a line a part. */
  ethereum: { endings: [".txt"], mostBytes: LIMITS.stickFileBytes },
  /** UTF-8 takes four bytes a character at most. */
  wallet: {
    endings: [".txt", ".json", ".bsms", ".descriptor", ".dat"],
    mostBytes: 4 * LIMITS.walletFileChars,
  },
  key: { endings: [".txt", ".json", ".bsms"], mostBytes: 4 * LIMITS.keyTextChars },
  message: { endings: [".txt", ".json"], mostBytes: LIMITS.messageTextBytes },
  backup: { endings: [".backup"], mostBytes: LIMITS.backupBytes },
  address: { endings: [".txt"], mostBytes: 1024 },
  document: { endings: [".txt", ".json"], mostBytes: LIMITS.documentBytes },
  /** As text: two letters a byte, and two line ends a header. */
  headers: { endings: [".txt", ".hex", ".headers", ".bin"], mostBytes: 164 * LIMITS.headers },
} as const satisfies Record<string, { readonly endings: readonly string[]; readonly mostBytes: number }>;

/** BIP 65: a lock time from here on is a time, below it a block height. */
export const LOCK_TIME_THRESHOLD = 500_000_000;

/** 21 million bitcoin, in sats: no amount and no sum is larger (consensus, MAX_MONEY). */
export const MAX_MONEY_SATS = 2_100_000_000_000_000n;

export const HARDENED = 0x80000000;
