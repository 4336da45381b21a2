// codex32, KEF, BIP 85 and other forms of a key.

export const formsRefusals = {} as const;
