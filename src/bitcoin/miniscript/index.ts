// Miniscript (BIP 379), as pure functions: text ↔ nodes, whether a script is safe, the script, what it takes to spend.

export { compileNode } from "./compile.ts";
export { readNode } from "./read.ts";
export { writeNode } from "./write.ts";
