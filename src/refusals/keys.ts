export const keysRefusals = {} as const;
