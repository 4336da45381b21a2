// What can be wrong with messages and typed data of Ethereum.

export const ethereumTypedRefusals = {} as const;
