// What opens a home, and what keeps it shut.

export const lockRefusals = {} as const;
