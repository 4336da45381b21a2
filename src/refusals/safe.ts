// What can be wrong with a Safe, and with what is signed for one.

export const safeRefusals = {} as const;
