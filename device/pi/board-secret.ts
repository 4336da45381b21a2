// Run as root, once, before Firn starts: asks the firmware for the board's one-time-programmable private key and
// leaves it where systemd hands credentials over from. Firn itself never sees the mailbox, and the file is gone
// from its view when it runs: it is given a copy of its own.
// node board-secret.ts FILE. Exit codes: 0 written, or nothing was ever burnt into this board; 1 it cannot be read.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";

/** Property tag of the mailbox: read the rows of the private key. */
const READ_KEY = 0x00030081;
const ANSWERED = 0x80000000;
/** Of all words of the answer the rows come after size, code, tag, two lengths, first row and count. */
const FIRST_ROW = 7;
/** Rows of 32 bits that a board has: 16 from the Pi 5 on, 8 before. */
const ROWS = [16, 8] as const;

/** What vcmailbox prints, one line of words in hex, as 4 bytes a row; undefined where it is no answer to this. */
export function keyOfAnswer(line: string, rows: number): Uint8Array | undefined {
  const words = line.trim().split(/\s+/);
  if (!words.every((word) => /^0x[0-9a-f]{1,8}$/i.test(word))) return undefined;
  const numbers = words.map(Number);
  if (numbers[1] !== ANSWERED || numbers[2] !== READ_KEY || numbers[6] !== rows) return undefined;
  if (numbers.length < FIRST_ROW + rows) return undefined;
  const key = new Uint8Array(4 * rows);
  const view = new DataView(key.buffer);
  for (let row = 0; row < rows; row++) view.setUint32(4 * row, numbers[FIRST_ROW + row]!);
  return key;
}

function readKey(): Uint8Array | undefined {
  for (const rows of ROWS) {
    const bytes = String(8 + 4 * rows);
    const room = Array.from({ length: rows }, () => "0");
    try {
      const line = execFileSync("vcmailbox", ["0x00030081", bytes, bytes, "0", String(rows), ...room], {
        encoding: "utf8",
        timeout: 5000,
        stdio: ["ignore", "pipe", "ignore"],
      });
      const key = keyOfAnswer(line, rows);
      if (key) return key;
    } catch {
      // A board with fewer rows refuses the question for more.
    }
  }
  return undefined;
}

function run(file: string): number {
  const key = readKey();
  if (key === undefined) {
    process.stderr.write("The board's private key cannot be read.\n");
    return 1;
  }
  if (key.every((byte) => byte === 0)) {
    process.stderr.write("No private key was ever burnt into this board: Firn seals by its file.\n");
    return 0;
  }
  writeFileSync(file, key, { mode: 0o400, flag: "wx" });
  key.fill(0);
  return 0;
}

if (import.meta.main) process.exitCode = run(process.argv[2] ?? "/run/credstore/firn-board-secret");
