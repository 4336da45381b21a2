// Words of a list, or their numbers, typed: with completion, at once or sign by sign by the dial.
// A space ends a word, ok ends the phrase. The number of words is never asked first.

import type { Block, Event, Size } from "../model.ts";
import { bodySize, wrap } from "../text.ts";
import type { Done, Screen } from "./screen.ts";
import { done } from "./screen.ts";

export interface WordsOptions {
  readonly title: string;
  readonly ask: string;
  /** What is typed, in order: words, of which four letters are enough, or numbers in digits. */
  readonly list: readonly string[];
  /** Undefined where these word numbers will do, else what is wrong in a sentence. */
  readonly check: (indexes: Uint16Array) => string | undefined;
  /** One word alone is asked for, the one at this place: its end is the end. Else a whole phrase is. */
  readonly only?: number;
  /** The nearest words to a mistyped one. */
  readonly nearest: (typed: string) => readonly string[];
  /** Of a list of numbers: the word that a number stands for. */
  readonly wordAt?: (index: number) => string;
  /** No more are taken: 24 unless said. */
  readonly most?: number;
  /** What is odd about the words so far, said while the others are typed. */
  readonly watch?: (indexes: readonly number[]) => string | undefined;
}

interface State {
  readonly indexes: readonly number[];
  /** Letters of the word being typed. */
  readonly typed: string;
  /** The letter that the dial shows, or none. */
  readonly dial: string;
  readonly wrong: string;
}

interface Signs {
  readonly allowed: RegExp;
  readonly foreign: string;
  readonly longest: number;
  readonly tooLong: string;
}

const LETTERS: Signs = {
  allowed: /^[a-zA-Z]$/,
  foreign: "Words have the letters a to z only.",
  longest: 8,
  tooLong: "No word has more than 8 letters.",
};
const DIGITS: Signs = {
  allowed: /^[0-9]$/,
  foreign: "Numbers have digits only.",
  longest: 4,
  tooLong: "No number has more than 4 digits.",
};
const MOST_WORDS = 24;

const EMPTY: State = { indexes: [], typed: "", dial: "", wrong: "" };

export function words(options: WordsOptions, state: State = EMPTY): Screen<Uint16Array | "back"> {
  const next = (change: Partial<State>) => words(options, { ...state, dial: "", wrong: "", ...change });
  // What is odd about the words stays said until they are others.
  const wrong = state.wrong || (options.watch?.(state.indexes) ?? "");
  return {
    draw: (size) => ({
      title: options.title,
      step: `word ${placeOf(options, state)}`,
      tone: wrong === "" ? "calm" : "caution",
      blocks: blocks(options, { ...state, wrong }, bodySize(size)),
      buttons: {
        up: "turn",
        down: "turn",
        ok: state.dial !== "" ? `take ${state.dial}` : state.typed !== "" ? "take word" : "done",
        back: state.typed !== "" || state.indexes.length > 0 ? "erase" : "back",
      },
    }),
    on(event: Event) {
      if (event.kind === "char") return onChar(options, state, next, event.char);
      if (event.kind !== "press") return this;
      if (event.button === "up" || event.button === "down")
        return next({ dial: turned(options.list, state, event.button === "down" ? 1 : -1) });
      if (event.button === "back") return erase(state, next);
      if (event.button !== "ok") return this;
      if (state.dial !== "") return next({ typed: state.typed + state.dial });
      return finish(options, state, next);
    },
  };
}

function placeOf(options: WordsOptions, state: State): number {
  return (options.only ?? 1) + state.indexes.length;
}

type Next = (change: Partial<State>) => Screen<Uint16Array | "back">;

function onChar(options: WordsOptions, state: State, next: Next, char: string) {
  if (char === "\b") return erase(state, next);
  if (char === " ") return endWord(options, state, next);
  const signs = options.wordAt ? DIGITS : LETTERS;
  if (!signs.allowed.test(char)) return next({ wrong: signs.foreign });
  if (state.typed.length >= signs.longest) return next({ wrong: signs.tooLong });
  return next({ typed: state.typed + char.toLowerCase() });
}

function erase(state: State, next: Next) {
  if (state.typed !== "") return next({ typed: state.typed.slice(0, -1) });
  if (state.indexes.length > 0) return next({ indexes: state.indexes.slice(0, -1) });
  return done<Uint16Array | "back">("back");
}

function numberOf({ list, wordAt }: WordsOptions, typed: string): number | undefined {
  // Written with four digits each, as SeedQR has them.
  return wordNumber(list, wordAt ? typed.replace(/^0+(?=.)/, "") : typed);
}

/** Exact, or named by its first four letters, or the only one that begins so. */
export function wordNumber(list: readonly string[], typed: string): number | undefined {
  const exact = list.indexOf(typed);
  if (exact >= 0) return exact;
  const fits = list.flatMap((word, index) => (word.startsWith(typed) ? [index] : []));
  return typed.length > 0 && fits.length === 1 ? fits[0] : undefined;
}

function endWord(options: WordsOptions, state: State, next: Next) {
  if (state.typed === "") return next({});
  return options.only === undefined ? take(options, state, next) : finish(options, state, next);
}

function take(options: WordsOptions, state: State, next: Next) {
  const index = numberOf(options, state.typed);
  if (index === undefined) return next({ wrong: unknown(options, state) });
  const most = options.most ?? MOST_WORDS;
  if (state.indexes.length >= most) return next({ wrong: `There are never more than ${most} words.` });
  return next({ indexes: [...state.indexes, index], typed: "" });
}

function unknown(options: WordsOptions, state: State): string {
  const place = placeOf(options, state);
  if (options.wordAt) return `Word ${place}: there is no such number.`;
  const fits = options.list.filter((word) => word.startsWith(state.typed));
  if (fits.length > 1) return `Word ${place} begins like ${fits.slice(0, 4).join(", ")}: type more letters.`;
  const near = options.nearest(state.typed).join(", ");
  return `Word ${place} is not in the list.${near === "" ? "" : ` Nearest: ${near}.`}`;
}

function finish(
  options: WordsOptions,
  state: State,
  next: Next,
): Screen<Uint16Array | "back"> | Done<Uint16Array | "back"> {
  let indexes = state.indexes;
  if (state.typed !== "") {
    const last = numberOf(options, state.typed);
    if (last === undefined) return next({ wrong: unknown(options, state) });
    indexes = [...indexes, last];
  }
  const phrase = Uint16Array.from(indexes);
  const problem = options.check(phrase);
  if (problem === undefined) return done(phrase);
  return next({ indexes: options.only === undefined ? indexes : [], typed: "", wrong: problem });
}

/** The dial offers only letters that some word goes on with. */
function turned(list: readonly string[], state: State, by: 1 | -1): string {
  const letters = new Set<string>();
  for (const word of list)
    if (word.startsWith(state.typed) && word.length > state.typed.length)
      letters.add(word[state.typed.length]!);
  const all = [...letters].sort();
  if (all.length === 0) return "";
  const from = all.indexOf(state.dial);
  return all[from < 0 ? (by > 0 ? 0 : all.length - 1) : (from + by + all.length) % all.length]!;
}

function blocks(options: WordsOptions, state: State, body: Size): Block[] {
  const { list, wordAt } = options;
  const typed = state.typed + state.dial;
  const begun = (word: string, index: number) =>
    word.startsWith(typed) ? [wordAt ? `${word} ${wordAt(index)}` : word] : [];
  const fits = typed === "" ? [] : list.flatMap(begun).slice(0, 6);
  const taken = state.indexes.map((index, place) => `${place + 1} ${wordAt?.(index) ?? list[index]}`);
  const texts = [...(fits.length > 0 ? [fits.join("  ")] : []), ...(state.wrong !== "" ? [state.wrong] : [])];
  const above = [options.ask, ...texts].flatMap((text) => wrap(text, body.columns)).length + 2;
  // Where there is room for few, the last words typed are the ones to see; erasing shows those before.
  const lines = unbroken(taken, body.columns).slice(-Math.max(1, body.rows - above));
  return [
    { kind: "text", text: options.ask },
    { kind: "field", label: `Word ${placeOf(options, state)}`, value: typed },
    ...texts.map((text): Block => ({ kind: "text", text })),
    ...(lines.length > 0 ? [{ kind: "text", text: lines.join("\n") } as const] : []),
  ];
}

/** Lines of whole items: a number stays with its word. */
function unbroken(items: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const longer = `${lines.at(-1)}  ${item}`;
    if (lines.length > 0 && longer.length <= columns) lines[lines.length - 1] = longer;
    else lines.push(item);
  }
  return lines;
}
