// SLIP-39, Seed XOR: shares of a secret.

export const sharesRefusals = {} as const;
