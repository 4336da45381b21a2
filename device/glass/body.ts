// The blocks of a picture in the rows that are left for them.

import type { Block, Size } from "../../src/model.ts";
import { wrap } from "../../src/text.ts";
import { blockRows, listRows } from "./blocks.ts";
import { codeHeight, codeRows, codeWidth } from "./code.ts";
import { modulePixels, readsWell } from "./holes.ts";
import { imageRows } from "./image.ts";
import { type BlockOf, indent, type Row, row, rowLength, type Sheet } from "./row.ts";

/** A list with its marks, or a picture, is of no use in fewer rows. */
const LEAST_ROWS = 4;
/** Words in fewer columns than these are no longer read at ease. */
const LEAST_COLUMNS = 16;

/** Blocks that can do with fewer rows than they would like. */
type Flexible = BlockOf<"list"> | BlockOf<"image"> | BlockOf<"code">;

export interface Body {
  readonly rows: readonly Row[];
  /** Something is not there. */
  readonly more: boolean;
}

/** All blocks at their height, the first flexible one in what they leave it, but never in less than it needs. */
export function bodyRows(lead: readonly Row[], blocks: readonly Block[], area: Sheet, screen: Size): Body {
  const columns = area.columns - 2;
  const flexible = blocks.find(isFlexible);
  const beside = flexible?.kind === "code" ? besideCode(lead, blocks, flexible, area) : undefined;
  if (beside) return beside;
  const sections = blocks.map((block) => (block === flexible ? [] : rigidRows(block, columns)));
  const rigid = lead.length + sections.reduce((sum, rows) => sum + rows.length, 0);
  const gaps = Math.max(0, blocks.length - 1);
  const { least, wanted } = flexible ? heights(flexible, area, rigid) : { least: 0, wanted: 0 };
  const airy = rigid + gaps + wanted <= area.rows;
  const budget = area.rows - least;
  const free = Math.max(least, area.rows - rigid - (airy ? gaps : 0));
  const out: Row[] = lead.slice(0, budget).map((line) => indent(line, 1));
  let used = out.length;
  for (const [at, block] of blocks.entries()) {
    if (airy && at > 0) out.push(row(""));
    if (block === flexible) {
      out.push(...flexibleRows(flexible, { ...area, rows: free }, area, screen));
      continue;
    }
    const kept = sections[at]!.slice(0, budget - used);
    used += kept.length;
    out.push(...kept.map((line) => indent(line, 1)));
  }
  return { rows: out, more: used < rigid };
}

/** The words at the left of a zone, or of a code that leaves no rows for them; undefined where they go above. */
function besideCode(
  lead: readonly Row[],
  blocks: readonly Block[],
  code: BlockOf<"code">,
  area: Sheet,
): Body | undefined {
  const others = blocks.filter((block) => block !== code);
  const above = others.flatMap((block) => rigidRows(block, area.columns - 2)).length;
  // In pixels a code is as large as its room: the words are left theirs.
  const room = area.cell && !code.zone ? { ...area, columns: area.columns - LEAST_COLUMNS - 3 } : area;
  const width = codeWidth(code, room);
  if (lead.length > 0 || width === undefined) return undefined;
  const below = { ...area, rows: area.rows - above };
  // A zone is the larger the more rows it has.
  if (!code.zone && !isLargerBeside(code, room, below)) return undefined;
  const columns = area.columns - width - 3;
  if (columns < LEAST_COLUMNS) return undefined;
  const words = others.flatMap((block, at) => [...(at > 0 ? [row("")] : []), ...rigidRows(block, columns)]);
  // In the middle of the screen, or as near to it as the words leave room for.
  const longest = Math.max(...words.map(rowLength));
  const start = Math.max(longest + 3, Math.floor((area.columns - width) / 2));
  const rows = codeRows(code, { ...room, columns: width }, 0, area).map((modules, at) => {
    const left = indent(words[at] ?? [], 1);
    return [...left, ...row(" ".repeat(start - rowLength(left))), ...modules];
  });
  return { rows, more: words.length > rows.length };
}

/** Beside its words the code is larger, or has room at all, as it has not below them. */
function isLargerBeside(code: BlockOf<"code">, beside: Sheet, below: Sheet): boolean {
  const { cell } = beside;
  if (!cell) return codeHeight(code, below) === undefined;
  const { version } = code.loop;
  return modulePixels(version, beside, cell) > modulePixels(version, below, cell);
}

function isFlexible(block: Block): block is Flexible {
  return block.kind === "list" || block.kind === "image" || block.kind === "code";
}

/** A second code in one picture has no place: its words stand for it. */
function rigidRows(block: Block, columns: number): Row[] {
  if (block.kind !== "code") return blockRows(block, columns);
  return wrap("(one code at a time)", columns).map((line) => row(line, "caution"));
}

function heights(block: Flexible, area: Sheet, rigid: number): { least: number; wanted: number } {
  if (block.kind === "code") {
    const left = { ...area, rows: area.rows - rigid };
    const well = !area.cell || block.zone || readsWell(block.loop.version, left, area, area.cell);
    const height = (well ? codeHeight(block, left) : undefined) ?? codeHeight(block, area) ?? LEAST_ROWS;
    return { least: height, wanted: height };
  }
  const inner = { ...area, columns: area.columns - 2 };
  const wanted =
    block.kind === "list" ? blockRows(block, inner.columns).length : imageRows(block, inner).length;
  return { least: Math.min(wanted, LEAST_ROWS), wanted };
}

function flexibleRows(block: Flexible, free: Sheet, area: Size, screen: Size): Row[] {
  if (block.kind === "code") return codeRows(block, free, screen.rows - area.rows, screen);
  const inner = { ...free, columns: free.columns - 2 };
  const rows = block.kind === "list" ? listRows(block, inner) : imageRows(block, inner);
  return rows.map((line) => indent(line, 1));
}
