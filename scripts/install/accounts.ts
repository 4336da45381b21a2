// Firn's users and groups in the files of a system that has others: the image's numbers where they are free.

import { GROUPS, USERS } from "../image/accounts.ts";
import { BuildError } from "../image/run.ts";
import { type Edit, withLines } from "./edits.ts";

const FIRN = /^firn(-|$)/;
const OWN_USERS = USERS.filter(({ name }) => FIRN.test(name));
const OWN_GROUPS = Object.entries(GROUPS).filter(([name]) => FIRN.test(name));
const GROUP_NAMES = [...OWN_USERS.map(({ name }) => name), ...OWN_GROUPS.map(([name]) => name)];

/** Numbers that Debian gives to users of the system's. */
const FIRST_SYSTEM_ID = 100;
const LAST_SYSTEM_ID = 999;

export type Numbers = Readonly<Record<string, number>>;

export interface AccountFiles {
  readonly passwd: string;
  readonly group: string;
}

const fieldsOf = (text: string) => text.split("\n").map((line) => line.split(":"));

/** `known`: lines that were added before keep their numbers, as files bear them. */
export function numbersFor(files: AccountFiles, known: AccountFiles): Numbers {
  const before = new Map(
    [...fieldsOf(known.group), ...fieldsOf(known.passwd)].map(([name, , id]) => [name, id]),
  );
  const taken = new Set([...fieldsOf(files.passwd), ...fieldsOf(files.group)].map(([, , id]) => Number(id)));
  const numbers: Record<string, number> = {};
  const wanted = [...OWN_USERS.map(({ name, id }) => [name, id] as const), ...OWN_GROUPS];
  for (const [name, id] of wanted) {
    numbers[name] = freeNumber(Number(before.get(name) ?? id), taken);
    taken.add(numbers[name]);
  }
  return numbers;
}

function freeNumber(wanted: number, taken: ReadonlySet<number>): number {
  if (!taken.has(wanted)) return wanted;
  for (let id = LAST_SYSTEM_ID; id >= FIRST_SYSTEM_ID; id--) if (!taken.has(id)) return id;
  throw new BuildError("no number is free for another user");
}

/** By the file's name in /etc. */
export function accountEdits(numbers: Numbers): Readonly<Record<string, Edit>> {
  const members = (group: string) =>
    OWN_USERS.filter((user) => user.groups.includes(group))
      .map(({ name }) => name)
      .join(",");
  return {
    passwd: adding(
      OWN_USERS.map(({ name }) => `${name}:x:${numbers[name]}:${numbers[name]}::/:/usr/sbin/nologin`),
    ),
    group: adding(GROUP_NAMES.map((name) => `${name}:x:${numbers[name]}:${members(name)}`)),
    shadow: adding(OWN_USERS.map(({ name }) => `${name}:!*:::::::`)),
    gshadow: adding(GROUP_NAMES.map((name) => `${name}:!*::${members(name)}`)),
  };
}

function adding(lines: readonly string[]): Edit {
  return (text) => {
    const names = new Set(lines.map((line) => line.split(":")[0]));
    const other = fieldsOf(text).find(([name]) => names.has(name));
    if (other !== undefined)
      throw new BuildError(`this system has a user or a group ${other[0]} already, which is not Firn's`);
    return { text: withLines(text, lines), steps: lines.map((to) => ({ from: null, to })) };
  };
}
