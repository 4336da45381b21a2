// What each call means, in words: goldens of every call that Firn reads. UPDATE=1 writes them anew; look at them.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ALL } from "../../src/ethereum/calls/table.ts";
import { EXAMPLES } from "./call-examples.ts";
import { actsOf, told } from "./call-world.ts";

const GOLDEN = join(import.meta.dirname, "calls.golden.txt");

test("what every call means is told in these words", () => {
  const text = Object.entries(EXAMPLES)
    .flatMap(([family, examples]) => [
      `#### ${family}`,
      ...examples.map(
        ({ name, to, data, value }) =>
          `## ${name}\n${told(actsOf(to, data, value === undefined ? {} : { value })).join("\n")}\n`,
      ),
    ])
    .join("\n");
  if (process.env.UPDATE) writeFileSync(GOLDEN, text);
  assert.equal(text, readFileSync(GOLDEN, "utf8"));
});

test("every call that can be read has an example in which it is read", () => {
  const read = new Set(
    Object.values(EXAMPLES)
      .flat()
      .flatMap(({ to, data, value }) => actsOf(to, data, value === undefined ? {} : { value }))
      .flatMap(({ calls }) => calls.filter(({ known }) => known).map(({ selector }) => selector)),
  );
  assert.deepEqual(
    ALL.filter(({ selector }) => !read.has(selector)).map(({ signature }) => signature),
    [],
  );
});
