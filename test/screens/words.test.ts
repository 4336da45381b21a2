// What counts as a word of the list when it is typed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { wordList } from "../../src/keys/index.ts";
import { wordNumber } from "../../src/screens/words.ts";

test("a word is known by all its letters, by its first four, or by as many as no other begins with", () => {
  for (const [number, word] of wordList.entries()) {
    assert.equal(wordNumber(wordList, word), number);
    if (word.length > 4) assert.equal(wordNumber(wordList, word.slice(0, 4)), number);
  }
  assert.equal(wordNumber(wordList, "add"), wordList.indexOf("add"), "a word may begin another one");
  assert.equal(wordNumber(wordList, "zon"), wordList.indexOf("zone"));
});

test("what begins several words, or none, is no word", () => {
  for (const bad of ["", "a", "zo", "abandonx", "Abandon", " abandon", "zzzz", "toString", "__proto__"])
    assert.equal(wordNumber(wordList, bad), undefined, bad);
});
