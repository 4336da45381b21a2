// Files on a removable stick: the same contents as codes have, through the same readers and the same screens.

import { LIMITS, STICK_FILES } from "../limits.ts";
import type { Message, PsbtMessage } from "../model.ts";
import type { Stick } from "../ports.ts";
import { refuse } from "../refusal.ts";
import { type Item, menu } from "../screens/menu.ts";
import { notice } from "../screens/notice.ts";
import { type ScanOptions, scan } from "../screens/scan.ts";
import { shown } from "../text.ts";
import { fileOfReply, KIND_WORDS, messageOfFile } from "../transport/index.ts";
import type { Desk } from "../ui.ts";
import { ask, drain, wait } from "../ui.ts";
import { orRefused } from "./or-refused.ts";
import type { HomeState } from "./state.ts";

/**
 * The stick as far as the owner lets one in: on a board it is switched on in the settings, in the simulator by naming
 * one. Where there is no home yet whoever sets up says so by choosing it.
 */
export function stickFor({ ports }: Desk, state: Pick<HomeState, "stick">): Stick | undefined {
  return ports.machine.kind === "simulator" || state.stick === true ? ports.stick : undefined;
}

/** A way that leads to the stick says where there is none, or it is off. */
export function stickLabel({ stick, ports }: Desk, label: string): string {
  if (stick) return label;
  return ports.stick ? `${label} (switched off)` : `${label} (there is none)`;
}

export async function tellNoStick(desk: Desk, instead: string): Promise<"back"> {
  const text = desk.ports.stick
    ? `The stick is switched off: Settings, Stick. ${instead}`
    : `This machine has no place for a stick. ${instead}`;
  await ask(desk, notice("No stick", [{ kind: "text", text }], "back"));
  return "back";
}

export interface StickFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** So many are offered, those whose names come last first: names often end in the day. */
const MOST_FILES = 99;

/** One of the files of a kind. Throws Refusal stick.*, backup.none. */
export async function pickFile(
  desk: Desk,
  stick: Stick,
  kind: keyof typeof STICK_FILES | readonly (keyof typeof STICK_FILES)[],
): Promise<StickFile | "back"> {
  const files = [kind].flat().map((one) => STICK_FILES[one]);
  const endings = [...new Set(files.flatMap((one) => one.endings as readonly string[]))];
  const mostBytes = Math.max(...files.map((one) => one.mostBytes));
  const all = await patiently(desk, "Looking at the stick", stick.names());
  const names = all.filter((name) => endings.some((ending) => name.toLowerCase().endsWith(ending)));
  if (names.length === 0)
    return refuse(kind === "backup" ? "backup.none" : "stick.no-files", `none ends in ${endings.join(", ")}`);
  const items = names
    .toReversed()
    .slice(0, MOST_FILES)
    .map((name) => ({ label: shown(name), answer: { name } }));
  const more = names.length - items.length;
  const left = `${more} more are there and not shown: keep fewer files on the stick.`;
  const above = more > 0 ? [{ kind: "text", text: left } as const] : [];
  const back = { label: "back", answer: "back" } as const;
  const picked = await ask(
    desk,
    menu<{ readonly name: string } | "back">({ title: "On the stick", above, items, back }),
  );
  if (picked === "back") return "back";
  const { name } = picked;
  const bytes = await patiently(desk, "Reading the stick", stick.read(name, mostBytes));
  return { name, bytes: bytes ?? refuse("stick.unreadable", shown(name)) };
}

/** A stick is slow: what was pressed meanwhile is for no screen that comes then. */
export async function patiently<T>(desk: Desk, title: string, act: Promise<T>): Promise<T> {
  const done = await wait(desk, title, act);
  drain(desk);
  return done;
}

// ---------------------------------------------------------------- by camera or by stick

/** A message of the kind that was asked for, and the name of its file where it came on a stick. */
export interface Brought<M extends Message> {
  readonly message: M;
  readonly file?: string;
}

/** What a person shows to the camera, or picks on a stick where there is one. Throws Refusal transport.wrong-kind. */
export async function bring<K extends Exclude<Message["kind"], "seed">>(
  desk: Desk,
  kind: K | readonly K[],
  words: Pick<ScanOptions, "title" | "ask">,
): Promise<Brought<Message & { readonly kind: K }> | "back"> {
  const { stick } = desk;
  const kinds = [kind].flat() as readonly K[];
  const options = { ...words, kinds };
  for (;;) {
    const seen = stick
      ? await ask(desk, scan<"stick">({ ...options, other: FROM_STICK }))
      : await ask(desk, scan(options));
    if (seen === "back") return "back";
    if (seen !== "stick") return { message: ofKind(kinds, seen) };
    const file = await orRefused(desk, async () => {
      const picked = await pickFile(desk, stick!, kinds);
      if (picked === "back") return "back";
      return { message: ofKind(kinds, messageOfFile(picked.bytes, kinds)), file: picked.name };
    });
    if (file !== "back") return file;
  }
}

const FROM_STICK: Item<"stick"> = { label: "from a stick", answer: "stick" };

function ofKind<K extends Message["kind"]>(
  kinds: readonly K[],
  message: Message,
): Message & { readonly kind: K } {
  if ((kinds as readonly string[]).includes(message.kind)) return message as Message & { readonly kind: K };
  return refuse("transport.wrong-kind", KIND_WORDS[message.kind]);
}

// ---------------------------------------------------------------- the reply

export interface ReplyFile {
  /** The request's own, where it came on a stick. */
  readonly file?: string;
  readonly txid: string;
  /** What stands in its name; "signed" unless given. */
  readonly done?: "signed" | "round1";
}

/** The name's longest, as every stick takes it, without room for a number. */
const MOST_STEM = 48;

/** Writes the signed transaction beside what is there. The name that it got. Throws Refusal stick.*. */
export async function writeReply(
  desk: Desk,
  stick: Stick,
  reply: PsbtMessage,
  { file, txid, done = "signed" }: ReplyFile,
): Promise<string> {
  // As text only where it came as a text file; who shows base64 as a code reads bytes from a file.
  const bytes = file === undefined ? reply.bytes : fileOfReply(reply);
  if (bytes.length > LIMITS.stickFileBytes) refuse("stick.reply-too-large", `${bytes.length} bytes`);
  const names = await patiently(desk, "Looking at the stick", stick.names());
  const stem = file === undefined ? `firn-${txid.slice(0, 8)}` : stemOf(file);
  const name = freeName(`${stem}-${done}`, ".psbt", names);
  await patiently(desk, "Writing to the stick", stick.write(name, bytes));
  return name;
}

/** What a cosigner's device called its own reply is called so once. */
function stemOf(file: string): string {
  const bare = file.replace(/\.(psbt|txt)$/i, "").replace(/-(signed|round1)(-\d+)?$/, "");
  return (bare === "" ? "firn" : bare).slice(0, MOST_STEM);
}

/** Numbered from 2; what is there is left as it is. FAT knows no capitals. */
export function freeName(start: string, ending: string, names: readonly string[]): string {
  const taken = new Set(names.map((name) => name.toLowerCase()));
  for (let number = 1; ; number++) {
    const name = `${start}${number === 1 ? "" : `-${number}`}${ending}`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}
