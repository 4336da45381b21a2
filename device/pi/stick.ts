// The stick on a board: root lets it in, copies its files to where Firn may read them, and writes to it, each at a wish.
// Firn itself never has its device, its file system or a mount.

import { LIMITS } from "../../src/limits.ts";
import type { Stick } from "../../src/ports.ts";
import { type Reason, Refusal, refuse } from "../../src/refusal.ts";
import { folderStick, STICK_NAME } from "../stick/folder.ts";
import { Breach, exact, list, matching, oneOf, type Reader, whole } from "../wire/schema.ts";
import { type Id, MOST_ID, type Wishes } from "./wishes.ts";

const WISH = "stick";
const ENCLOSED = "stick-out";
/** A slow stick takes some seconds to be found, mounted and read, and more to be written and read back. */
const PATIENCE_MS = 60_000;
const MOST_FILES = 4096;

interface File {
  readonly name: string;
  readonly bytes: number;
}

/** Why root did not do it, and what Firn calls that. */
const REASONS = {
  none: "stick.none",
  several: "stick.several",
  other: "stick.other",
  format: "stick.format",
  unreadable: "stick.unreadable",
  exists: "stick.exists",
  full: "stick.full",
  failed: "stick.failed",
} as const satisfies Record<string, Reason>;
type Why = keyof typeof REASONS;

/** Exactly one of the three. */
type Reply = Id & { readonly files?: readonly File[]; readonly written?: true; readonly refused?: Why };

const file = exact<File>({ name: matching(STICK_NAME, 64), bytes: whole(0, Number.MAX_SAFE_INTEGER) }, {});
const id = whole(1, MOST_ID);

const readReply: Reader<Reply> = (value, at) => {
  const reply = exact<Reply>(
    { id },
    {
      files: list(file, MOST_FILES),
      written: oneOf(true),
      refused: oneOf(...(Object.keys(REASONS) as Why[])),
    },
  )(value, at);
  if (Object.keys(reply).length !== 2) throw new Breach("expected one answer");
  return reply;
};

/** `copies`: the folder where root puts the files of the stick that it has looked through. */
export function wishedStick(wishes: Wishes, copies: string, patienceMs = PATIENCE_MS): Stick {
  const copied = folderStick(copies);
  let seen: ReadonlyMap<string, number> | undefined;
  const look = async () => {
    const { files } = await asked(wishes, { act: "look" }, "stick.unreadable", patienceMs);
    if (files === undefined) return refuse("stick.unreadable", "another answer");
    return new Map(files.map(({ name, bytes }) => [name, bytes]));
  };
  return {
    async names() {
      seen = await look();
      return [...seen.keys()].sort();
    },
    async read(name, mostBytes) {
      checkName(name);
      seen ??= await look();
      const size = seen.get(name);
      if (size === undefined) return undefined;
      if (size > Math.min(mostBytes, LIMITS.stickFileBytes)) refuse("stick.too-large", `${size} bytes`);
      const bytes = await copied.read(name, mostBytes);
      if (bytes?.length !== size) return refuse("stick.unreadable", "its copy is not whole");
      return bytes;
    },
    async write(name, bytes) {
      checkName(name);
      if (bytes.length > LIMITS.stickFileBytes) throw new Error("too large for a stick");
      await unwritten(() => wishes.enclose(ENCLOSED, bytes));
      try {
        const { written } = await asked(wishes, { act: "write", name }, "stick.failed", patienceMs);
        if (!written) refuse("stick.failed", "another answer");
      } finally {
        await wishes.withdraw(ENCLOSED);
      }
    },
  };
}

/** Throws the Refusal that the answer stands for, or `otherwise` where there is none. */
async function asked(wishes: Wishes, what: object, otherwise: Reason, patienceMs: number): Promise<Reply> {
  const reply = await unwritten(() => wishes.ask(WISH, what, readReply, patienceMs), otherwise);
  if (reply === undefined) return refuse(otherwise, "no answer");
  if (reply.refused) refuse(REASONS[reply.refused]);
  return reply;
}

/** A wish that cannot be laid down, or an answer that is none. */
async function unwritten<T>(work: () => Promise<T>, otherwise: Reason = "stick.failed"): Promise<T> {
  try {
    return await work();
  } catch (problem) {
    if (problem instanceof Breach) throw new Refusal(otherwise, problem.message);
    const code = (problem as NodeJS.ErrnoException).code;
    throw code === undefined ? problem : new Refusal(otherwise, code);
  }
}

function checkName(name: string): void {
  if (!STICK_NAME.test(name)) throw new Error("no name for a file on a stick");
}
