// A unit file as systemd reads it: sections of keys, each of which may stand there several times.

import { readFileSync } from "node:fs";
import { basename } from "node:path";

export interface Unit {
  readonly name: string;
  /** Every value of a key, in order; an empty list where it is not there. */
  all(key: string): readonly string[];
  /** The words of all its values. */
  words(key: string): readonly string[];
  /** The one value. Throws where there are several. */
  one(key: string): string | undefined;
}

export function readUnit(path: string): Unit {
  const values = new Map<string, string[]>();
  let section = "";
  for (const line of readFileSync(path, "utf8").split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const header = /^\[(\w+)\]$/.exec(line)?.[1];
    if (header !== undefined) {
      section = header;
      continue;
    }
    const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (section === "" || key === undefined || line.endsWith("\\")) throw new Error(`${path}: ${line}`);
    values.set(key, [...(values.get(key) ?? []), value!]);
  }
  const all = (key: string) => values.get(key) ?? [];
  return {
    name: basename(path),
    all,
    words: (key) => all(key).flatMap((value) => value.split(/\s+/).filter((word) => word !== "")),
    one(key) {
      if (all(key).length > 1) throw new Error(`${path}: ${key} stands there several times`);
      return all(key)[0];
    },
  };
}
