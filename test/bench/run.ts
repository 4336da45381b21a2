// npm run bench -- [NAME…]: all figures, or those named. Each bench runs in a process of its own, so that none
// is measured in what another left behind.

import { spawnSync } from "node:child_process";
import { join } from "node:path";

const BENCHES = [
  "eye",
  "eye-pipe",
  "collect",
  "sign",
  "sign-scripts",
  "joint",
  "addresses",
  "start",
  "unlock",
  "seal",
  "policy",
  "board",
  "journal",
  "miniscript",
  "typed",
  "ethereum-transaction",
  "ethereum-page",
  "calls",
];

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !BENCHES.includes(name));
if (unknown !== undefined) {
  console.error(`There is no bench "${unknown}": ${BENCHES.join(", ")}.`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : BENCHES) {
  const file = join(import.meta.dirname, `${name}.ts`);
  const child = spawnSync(process.execPath, [...process.execArgv, file], { stdio: "inherit" });
  if (child.status !== 0) process.exitCode = 1;
}
