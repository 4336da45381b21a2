// A key in several pieces, entered one after the other: shares of SLIP-39, of codex32, parts of a Seed XOR.
// What belongs together, and what is enough, the form says; a piece that does not fit is named and left out.

import type { SeedMessage } from "../../model.ts";
import { Refusal } from "../../refusal.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { question, refused } from "../../screens/notice.ts";
import { scan } from "../../screens/scan.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";

/** Pieces are never changed; whoever takes one out of the list wipes it. */
export interface Collecting<Piece> {
  readonly title: string;
  /** "share", "part". */
  readonly one: string;
  /** How far it is, a line each; `pieces` may be empty. */
  told(desk: Desk, pieces: readonly Piece[]): Promise<readonly string[]>;
  /** "share A" */
  name(piece: Piece, place: number): string;
  type(desk: Desk, pieces: readonly Piece[]): Promise<Piece | "back">;
  /** Throws Refusal where the code holds something else. */
  read(message: SeedMessage): Piece;
  /** Throws Refusal where the piece does not belong to the others. */
  add(pieces: readonly Piece[], piece: Piece): readonly Piece[];
  /** more: some are missing. enough: one may go on, or add others. full: one may go on. all: it goes on by itself. */
  state(pieces: readonly Piece[]): "more" | "enough" | "full" | "all";
  /** Throws Refusal where those that are there do not fit together; asked as soon as there are all. */
  prove(pieces: readonly Piece[]): Promise<void>;
  wipe(piece: Piece): void;
}

type Act = "go" | "type" | "scan" | "drop" | "back";

/** All that is needed, which the caller wipes; "back" where the person left, and then nothing is kept. */
export async function collect<Piece>(
  desk: Desk,
  form: Collecting<Piece>,
  first?: Piece,
): Promise<readonly Piece[] | "back"> {
  let pieces: readonly Piece[] = first === undefined ? [] : [first];
  let last: Act = first === undefined ? "type" : "scan";
  let proven = false;
  try {
    for (;;) {
      if (form.state(pieces) === "all") proven = await isProven(desk, form, pieces);
      if (proven) return pieces;
      const act: Act = await askAct(desk, form, pieces, last);
      if (act === "go") proven = await isProven(desk, form, pieces);
      if (proven) return pieces;
      if (act === "back" && (await leaves(desk, form, pieces))) return "back";
      if (act === "type" || act === "scan") pieces = await withOne(desk, form, pieces, act);
      if (act === "drop") pieces = await withoutOne(desk, form, pieces);
      last = act;
    }
  } finally {
    if (!proven) for (const piece of pieces) form.wipe(piece);
  }
}

async function isProven<Piece>(desk: Desk, form: Collecting<Piece>, pieces: readonly Piece[]) {
  try {
    await form.prove(pieces);
    return true;
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    await ask(desk, refused(problem));
    return false;
  }
}

async function askAct<Piece>(
  desk: Desk,
  form: Collecting<Piece>,
  pieces: readonly Piece[],
  last: Act,
): Promise<Act> {
  const state = form.state(pieces);
  const { one } = form;
  const goes = state === "enough" || state === "full";
  const adds = state === "enough" || state === "more";
  const items: Item<Act>[] = [
    ...(goes ? [{ label: `Go on with ${pieces.length}`, answer: "go" } as const] : []),
    ...(adds ? [{ label: `Type a ${one}`, answer: "type" } as const] : []),
    ...(adds ? [{ label: `Scan a ${one}`, answer: "scan" } as const] : []),
    ...(pieces.length > 0 ? [{ label: `Leave out a ${one}`, answer: "drop" } as const] : []),
  ];
  const told = await form.told(desk, pieces);
  const above = told.map((text) => ({ kind: "text", text }) as const);
  const back = { label: "back", answer: "back" } as const;
  const cursor = state === "more" ? items.findIndex(({ answer }) => answer === last) : 0;
  return ask(desk, menu<Act>({ title: form.title, above, items, back }, Math.max(0, cursor)));
}

/** Nobody types twenty words again because of one key too many. */
async function leaves<Piece>(desk: Desk, form: Collecting<Piece>, pieces: readonly Piece[]) {
  if (pieces.length === 0) return true;
  const text = `What was entered is forgotten, ${pieces.length} ${form.one}${pieces.length === 1 ? "" : "s"}.`;
  const sheet = { title: "Leave?", blocks: [{ kind: "text", text }] } as const;
  return (await ask(desk, question([sheet], "leave", "stay"))) === "yes";
}

async function withOne<Piece>(
  desk: Desk,
  form: Collecting<Piece>,
  pieces: readonly Piece[],
  how: "type" | "scan",
): Promise<readonly Piece[]> {
  let piece: Piece | "back" = "back";
  try {
    piece = how === "type" ? await form.type(desk, pieces) : await scanOne(desk, form);
    if (piece === "back") return pieces;
    return form.add(pieces, piece);
  } catch (problem) {
    if (piece !== "back") form.wipe(piece);
    if (!(problem instanceof Refusal)) throw problem;
    await ask(desk, refused(problem));
    return pieces;
  }
}

async function scanOne<Piece>(desk: Desk, form: Collecting<Piece>): Promise<Piece | "back"> {
  const message = await ask(
    desk,
    scan({ title: form.title, ask: `Show a ${form.one} to the camera.`, kinds: ["seed"] }),
  );
  if (message === "back") return "back";
  if (message.kind !== "seed") throw new Refusal("transport.wrong-kind");
  return form.read(message);
}

async function withoutOne<Piece>(
  desk: Desk,
  form: Collecting<Piece>,
  pieces: readonly Piece[],
): Promise<readonly Piece[]> {
  const items = pieces.map((piece, answer) => ({ label: form.name(piece, answer), answer }));
  const back = { label: "back", answer: "back" } as const;
  const out = await ask(desk, menu<number | "back">({ title: `Leave out which ${form.one}`, items, back }));
  if (out === "back") return pieces;
  form.wipe(pieces[out]!);
  return pieces.filter((_, place) => place !== out);
}
