// Security keys.

export const factorRefusals = {} as const;
