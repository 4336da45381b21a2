// A glass that a test wrote: says what STRAY_GLASS tells it to, one word after the other, each when a picture
// has come. "quit" and "fall" end it as Ctrl-C and a crash would. Each start takes the next line of the file.

import { readFileSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";

const file = process.env.STRAY_GLASS!;
const [mine = "", ...later] = readFileSync(file, "utf8").split("\n");
writeFileSync(file, later.join("\n"));
const words = mine.split(" ");

const firn = new Socket({ fd: 3 });
const say = (line: unknown) => firn.write(`${JSON.stringify(line)}\n`);
say({ t: "size", columns: 80, rows: 24 });
let held = "";
firn.on("data", (chunk) => {
  held += chunk;
  for (let end = held.indexOf("\n"); end >= 0; end = held.indexOf("\n")) {
    held = held.slice(end + 1);
    act(words.shift());
  }
});
firn.on("end", () => process.exit(0));

function act(word: string | undefined): void {
  if (word === "quit") process.exit(130);
  if (word === "fall") process.exit(9);
  if (word === "lie") firn.write("not a line of the contract\n");
  else if (word === "pids") process.stdout.write(`${process.ppid}\n`);
  else if (word !== undefined && word !== "") say({ t: "press", button: word });
}
