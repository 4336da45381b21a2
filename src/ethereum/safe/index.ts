// Safes (Gnosis Safe): docs/safe.md.

export { type SafeCallReader, safeCalls } from "./calls.ts";
export { type Change, canOwn, changed } from "./changes.ts";
export { actsOfDelegateCall } from "./delegate.ts";
export { DEPLOYMENTS, type Deployment, deploymentAt, partText } from "./deployments.ts";
export { findOwners } from "./owners.ts";
export { type BroughtSafe, checkOwners, checkThreshold, readOwner, readSafe } from "./read.ts";
export { actsOfSafeTx, checkSafeChain, namesChain, type OfSafe, safeCalled, safeOfTyped } from "./typed.ts";
