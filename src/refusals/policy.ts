export const policyRefusals = {} as const;
