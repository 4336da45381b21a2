// Typed data (EIP 712): docs/typed-data.md.

export { actsOfTyped, outpointsOf } from "./acts.ts";
export { agreeOnTyped } from "./agree.ts";
export { chainOfDomain, type TypedDomain } from "./domain.ts";
export { namedFields } from "./fields.ts";
export { at, chainOf, checkDomainChain, domainOf, readTyped, type TypedData } from "./read.ts";
export type { TypedStruct, TypedValue } from "./values.ts";
