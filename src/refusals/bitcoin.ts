export const bitcoinRefusals = {} as const;
