// Miniscript (BIP 379), as pure functions: text ↔ nodes, whether a script is safe, the script, what it takes to spend.

export { checkDistinct, checkNode } from "./check.ts";
export { compileNode } from "./compile.ts";
export { conditionOf } from "./conditions.ts";
export { type Atom, isMet, isOpen, isUnlocked, type Lock, locksOf, satisfiable, type Timing } from "./met.ts";
export { readNode } from "./read.ts";
export { leavesOf, waysOf } from "./ways.ts";
export { type WitnessSize, witnessSize } from "./witness.ts";
export { writeNode } from "./write.ts";
