// What can be wrong with accounts of Ethereum, and with requests that reach them.

export const ethereumWalletRefusals = {} as const;
