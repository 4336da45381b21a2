// docs/refusals.md is the table in src/refusals, for reading. UPDATE=1 writes it anew.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { REFUSALS } from "../src/refusal.ts";

const FILE = join(import.meta.dirname, "..", "docs", "refusals.md");

function rendered(): string {
  const rows = Object.entries(REFUSALS)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { title, meaning, remedy }]) => `### \`${name}\`\n\n**${title}.** ${meaning} *${remedy}*\n`);
  return `# Every no, by its name\n\nA refusal says what is wrong, what it means for the money, and what to do next. Scripts and vectors name it as below.\n\n${rows.join("\n")}`;
}

test("docs/refusals.md lists every refusal, as the screen words it", () => {
  if (process.env.UPDATE) writeFileSync(FILE, rendered());
  assert.equal(readFileSync(FILE, "utf8"), rendered());
});

test("a refusal says what is wrong, what it means for the money, and what to do next, calmly", () => {
  for (const [name, { title, meaning, remedy }] of Object.entries(REFUSALS)) {
    assert.match(name, /^[a-z]+\.[a-z0-9-]+$/);
    assert.ok(title.length > 3 && title.length <= 60, `${name}: the title is a few words`);
    for (const sentence of [meaning, remedy]) {
      assert.match(sentence, /^[A-Z].*\.$/s, `${name}: "${sentence}" is a sentence`);
      assert.ok(
        !sentence.includes("!") && !/\b(error|invalid|fail(ed)?)\b/i.test(sentence),
        `${name}: "${sentence}" is calm and exact`,
      );
    }
  }
});
