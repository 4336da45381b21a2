// Makes the lists of Ethereum that Firn ships from published ones: docs/known.md says which, and how to have them.
// node scripts/known.ts FOLDER [OUT]; node scripts/known.ts --sources FOLDER

import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { chooseContracts } from "./known/contracts.ts";
import { digestsOf } from "./known/digests.ts";
import { checkMoved } from "./known/moved.ts";
import { readLists } from "./known/read.ts";
import { chooseSelectors } from "./known/selectors.ts";
import { chooseTokens } from "./known/tokens.ts";
import { type Written, writeContracts, writeIndex, writeSelectors, writeTokens } from "./known/write.ts";

/** Every file that is made, from the folder of the sources. */
export function makeKnown(folder: string): readonly Written[] {
  const tokens = chooseTokens(readLists(folder));
  checkMoved(tokens);
  return [
    ...writeTokens(tokens),
    writeIndex(tokens),
    writeContracts(chooseContracts(folder)),
    writeSelectors(chooseSelectors(folder)),
  ];
}

function main(): void {
  if (process.argv[2] === "--sources") {
    for (const { source, files, sha256 } of digestsOf(process.argv[3]!))
      console.log(`${source} ${files} ${sha256}`);
    return;
  }
  const [folder, out = resolve(import.meta.dirname, "../src/ethereum/known")] = process.argv.slice(2);
  if (folder === undefined) {
    console.error("node scripts/known.ts FOLDER [OUT]");
    process.exitCode = 2;
    return;
  }
  for (const { name, text } of makeKnown(folder)) writeFileSync(join(out, name), text);
}

if (import.meta.main) main();
