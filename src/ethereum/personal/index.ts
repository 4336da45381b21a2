// Messages of Ethereum (EIP 191), and Sign-In with Ethereum (EIP 4361): docs/typed-data.md.

export { agreeOnPersonal, type Personal, readPersonal } from "./personal.ts";
export type { SignIn } from "./sign-in.ts";
export { actsOfPersonal, factsOfSignIn, saysOfPersonal, type Words } from "./words.ts";
