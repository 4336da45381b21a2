// Numbers of the TPM 2.0 Library specification, Part 2, that are spoken here.

/** Structure tags (TPM_ST). */
export const TAG = { plain: 0x8001, sessions: 0x8002 } as const;

/** Commands (TPM_CC). */
export const COMMAND = {
  undefineSpace: 0x122,
  clear: 0x126,
  hierarchyChangeAuth: 0x129,
  defineSpace: 0x12a,
  createPrimary: 0x131,
  nvIncrement: 0x134,
  nvWrite: 0x137,
  lockReset: 0x139,
  lockParameters: 0x13a,
  startup: 0x144,
  shutdown: 0x145,
  nvRead: 0x14e,
  create: 0x153,
  load: 0x157,
  unseal: 0x15e,
  flushContext: 0x165,
  nvReadPublic: 0x169,
  startAuthSession: 0x176,
  getCapability: 0x17a,
  getRandom: 0x17b,
} as const;

/** Hierarchies and the like (TPM_RH). */
export const HANDLE = {
  owner: 0x40000001,
  none: 0x40000007,
  password: 0x40000009,
  lockout: 0x4000000a,
  platform: 0x4000000c,
} as const;

/** Response codes (TPM_RC); of those that name a parameter, handle or session the name is taken off: see `baseOf`. */
export const CODE = {
  handle: 0x08b,
  authFail: 0x08e,
  badAuth: 0x0a2,
  alreadyStarted: 0x100,
  yielded: 0x908,
  canceled: 0x909,
  testing: 0x90a,
  nvRate: 0x920,
  lockout: 0x921,
  retry: 0x922,
  nvUnavailable: 0x923,
} as const;

/** Algorithms (TPM_ALG). */
export const ALG = {
  aes: 0x0006,
  keyedHash: 0x0008,
  sha256: 0x000b,
  none: 0x0010,
  ecc: 0x0023,
  cfb: 0x0043,
} as const;

export const CURVE_P256 = 0x0003;

/** TPMA_OBJECT. */
export const OBJECT = {
  fixedTpm: 1 << 1,
  fixedParent: 1 << 4,
  sensitiveDataOrigin: 1 << 5,
  userWithAuth: 1 << 6,
  noLockout: 1 << 10,
  restricted: 1 << 16,
  decrypt: 1 << 17,
} as const;

/** TPMA_NV. */
export const NV = {
  ownerWrite: 1 << 1,
  counter: 1 << 4,
  ownerRead: 1 << 17,
  noLockout: 1 << 25,
  written: 1 << 29,
} as const;

/** TPMA_SESSION. */
export const SESSION = { goesOn: 0x01, hidesCommand: 0x20, hidesAnswer: 0x40, audit: 0x80 } as const;

/** TPM_CAP_TPM_PROPERTIES, and the properties (TPM_PT) from TPM_PT_PERMANENT on. */
export const CAPABILITY_PROPERTIES = 6;
export const PROPERTY = {
  permanent: 0x200,
  lockoutCounter: 0x20e,
  mostTries: 0x20f,
  recoverySeconds: 0x210,
  lockoutRecoverySeconds: 0x211,
} as const;

/** TPMA_PERMANENT. */
export const PERMANENT = { lockoutAuthSet: 1 << 2 } as const;

/** Takes parameter, handle or session number off a response code (Part 2, 6.6.2). */
export function baseOf(code: number): number {
  return code & 0x80 ? code & 0xbf : code;
}
