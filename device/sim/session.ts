// The session language: text to steps. Everything that can be known to be wrong is said before
// anything starts. docs/session-language.md is its exact description and changes with it.

import type { Button } from "../../src/model.ts";
import type { KeyMake } from "./authenticator/state.ts";

interface At {
  /** Counted from 1. */
  readonly line: number;
  /** As written, names not filled in: they may stand for a PIN. */
  readonly source: string;
}

export type Act =
  | { readonly step: "press"; readonly button: Button; readonly times: number }
  | { readonly step: "hold"; readonly what: "ok" | "back" | "both" }
  | { readonly step: "type"; readonly text: string }
  | { readonly step: "pick"; readonly label: string }
  | { readonly step: "page" }
  | { readonly step: "camera"; readonly path: string; readonly loop: boolean }
  | { readonly step: "scan"; readonly text: string }
  | { readonly step: "scan-file"; readonly path: string }
  | { readonly step: "scan-hex"; readonly hex: string }
  | { readonly step: "see"; readonly text: string }
  | { readonly step: "unseen"; readonly text: string }
  | { readonly step: "if"; readonly text: string; readonly steps: readonly Step[] }
  | { readonly step: "codes"; readonly folder: string }
  | { readonly step: "shot"; readonly file: string }
  | { readonly step: "pass"; readonly ms: number }
  | { readonly step: "set-clock"; readonly wallMs: number }
  | { readonly step: "plug"; readonly name: string; readonly make: KeyMake }
  | { readonly step: "unplug"; readonly name: string }
  | { readonly step: "touch" }
  | { readonly step: "cut"; readonly after: number }
  | { readonly step: "entropy"; readonly hex: string }
  | { readonly step: "idle" };

export type Step = At & Act;

/** What is wrong with a script, and where. */
export class ScriptError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`);
    this.name = "ScriptError";
    this.line = line;
  }
}

interface Line extends At {
  readonly word: string;
  readonly rest: string;
}

/** Throws ScriptError for an unknown step, wrong words, a name that was not given, an `if` without `end`. */
export function parseSession(text: string, names: ReadonlyMap<string, string>): Step[] {
  const open: { line: Line; steps: Step[] }[] = [];
  let steps: Step[] = [];
  for (const line of readLines(text, names)) {
    if (line.word === "if") {
      open.push({ line, steps });
      steps = [];
    } else if (line.word === "end") {
      const outer = open.pop();
      if (!outer || line.rest !== "")
        throw new ScriptError(line.line, "`end` stands alone and closes an `if`");
      outer.steps.push({ ...place(outer.line), step: "if", text: condition(outer.line), steps });
      steps = outer.steps;
    } else steps.push({ ...place(line), ...act(line) });
  }
  const left = open.pop();
  if (left) throw new ScriptError(left.line.line, "this `if` has no `end`");
  return steps;
}

function readLines(text: string, names: ReadonlyMap<string, string>): Line[] {
  const lines: Line[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    const bare = raw.replace(/(^|\s)#(\s.*)?$/, "").trim();
    if (bare === "" || bare.startsWith("#")) continue;
    const at = index + 1;
    const [, word, rest] = /^(\S+)\s*(.*)$/s.exec(bare)!;
    lines.push({ line: at, source: bare, word: word!, rest: fill(rest!, names, at) });
  }
  return lines;
}

function fill(text: string, names: ReadonlyMap<string, string>, line: number): string {
  return text.replace(/\$([A-Za-z_][A-Za-z0-9_]*)/g, (_, name: string) => {
    const value = names.get(name);
    if (value === undefined) throw new ScriptError(line, `$${name} was not given: --set ${name}=VALUE`);
    return value;
  });
}

function place(line: Line): At {
  return { line: line.line, source: line.source };
}

function condition(line: Line): string {
  const match = /^see\s+(.+)$/s.exec(line.rest);
  if (!match) throw new ScriptError(line.line, "`if` is written: if see TEXT");
  return match[1]!;
}

function act(line: Line): Act {
  const make = Object.hasOwn(STEPS, line.word) ? STEPS[line.word] : undefined;
  if (!make) throw new ScriptError(line.line, `there is no step \`${line.word}\``);
  const made = make.read(line.rest);
  if (typeof made === "string") throw new ScriptError(line.line, made);
  if (made === undefined) throw new ScriptError(line.line, `\`${line.word}\` is written: ${make.usage}`);
  return made;
}

/** The step; undefined where the words are wrong; a text where there is more to say. */
type ReadWords = (rest: string) => Act | undefined | string;

const STEPS: Readonly<Record<string, { readonly usage: string; readonly read: ReadWords }>> = {
  press: { usage: "press up|down|left|right|ok|back [xN]", read: readPress },
  hold: {
    usage: "hold ok|back|both",
    read: (rest) =>
      rest === "ok" || rest === "back" || rest === "both" ? { step: "hold", what: rest } : undefined,
  },
  type: {
    usage: "type TEXT, of characters that can be printed",
    read: (text) => (text === "" || /[\p{C}\p{Zl}\p{Zp}]/u.test(text) ? undefined : { step: "type", text }),
  },
  pick: { usage: "pick LABEL", read: (label) => (label === "" ? undefined : { step: "pick", label }) },
  page: { usage: "page", read: (rest) => (rest === "" ? { step: "page" } : undefined) },
  camera: { usage: "camera PATH [loop]", read: readCamera },
  scan: { usage: "scan TEXT", read: (text) => (text === "" ? undefined : { step: "scan", text }) },
  "scan-file": {
    usage: "scan-file PATH",
    read: (path) => (path === "" ? undefined : { step: "scan-file", path }),
  },
  "scan-hex": {
    usage: "scan-hex HEX",
    read: (rest) => (isHex(rest) ? { step: "scan-hex", hex: rest.toLowerCase() } : undefined),
  },
  see: { usage: "see TEXT", read: (text) => (text === "" ? undefined : { step: "see", text }) },
  unseen: { usage: "unseen TEXT", read: (text) => (text === "" ? undefined : { step: "unseen", text }) },
  codes: { usage: "codes FOLDER", read: (folder) => (folder === "" ? undefined : { step: "codes", folder }) },
  shot: {
    usage: "shot FILE.txt|FILE.png",
    read: (file) => (/[^/]\.(txt|png)$/.test(file) ? { step: "shot", file } : undefined),
  },
  clock: { usage: "clock +NUMBERs|m|h|d, or clock YYYY-MM-DDTHH:MM[:SS]Z", read: readClock },
  plug: { usage: "plug NAME [fingerprint] [pin PIN]", read: readPlug },
  unplug: {
    usage: "unplug NAME",
    read: (name) => (KEY_NAME.test(name) ? { step: "unplug", name } : undefined),
  },
  touch: { usage: "touch", read: (rest) => (rest === "" ? { step: "touch" } : undefined) },
  cut: { usage: "cut [N]", read: readCut },
  entropy: {
    usage: "entropy HEX",
    read: (rest) => (isHex(rest) ? { step: "entropy", hex: rest.toLowerCase() } : undefined),
  },
  idle: { usage: "idle", read: (rest) => (rest === "" ? { step: "idle" } : undefined) },
};

function readPress(rest: string): Act | undefined {
  const match = /^(up|down|left|right|ok|back)(?:\s+x([1-9]\d{0,3}))?$/.exec(rest);
  return match ? { step: "press", button: match[1] as Button, times: Number(match[2] ?? 1) } : undefined;
}

function readCamera(rest: string): Act | undefined {
  const match = /^(.+?)(\s+loop)?$/s.exec(rest);
  return match ? { step: "camera", path: match[1]!, loop: match[2] !== undefined } : undefined;
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function readClock(rest: string): Act | undefined {
  const passed = /^\+(\d{1,6})([smhd])$/.exec(rest);
  if (passed) return { step: "pass", ms: Number(passed[1]) * UNIT_MS[passed[2]!]! };
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/.test(rest)) return undefined;
  const wallMs = Date.parse(rest);
  return Number.isNaN(wallMs) ? undefined : { step: "set-clock", wallMs };
}

const KEY_NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;

/** A PIN may have spaces within: it goes to the line's end. */
function readPlug(rest: string): Act | undefined {
  const match = /^(\S+)(\s+fingerprint)?(?:\s+pin\s+(.{4,63}))?$/.exec(rest);
  if (!match || !KEY_NAME.test(match[1]!)) return undefined;
  const make: KeyMake = {
    ...(match[2] === undefined ? {} : { fingerprint: true }),
    ...(match[3] === undefined ? {} : { pin: match[3] }),
  };
  return { step: "plug", name: match[1]!, make };
}

/** `after` 0: now. */
function readCut(rest: string): Act | undefined {
  if (rest === "") return { step: "cut", after: 0 };
  return /^[1-9]\d{0,5}$/.test(rest) ? { step: "cut", after: Number(rest) } : undefined;
}

function isHex(text: string): boolean {
  return text !== "" && text.length % 2 === 0 && /^[0-9a-fA-F]+$/.test(text);
}
