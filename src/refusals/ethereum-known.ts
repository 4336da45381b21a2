// What can be wrong with descriptors of calls that administrators sign (ERC 7730).

export const ethereumKnownRefusals = {} as const;
