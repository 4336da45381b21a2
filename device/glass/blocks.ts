// Blocks as rows. Each function gets the columns it may fill and answers with as many rows as it needs.

import type { Block, Size } from "../../src/model.ts";
import { wrap } from "../../src/text.ts";
import { imageRows } from "./image.ts";
import { type BlockOf, clean, indent, type Row, row, type Span } from "./row.ts";

/** Most rows that a map of parts takes. */
const MAP_ROWS = 4;

/** Rows of a block at its full height. Codes are drawn by layout.ts, which knows the whole screen. */
export function blockRows(block: Exclude<Block, BlockOf<"code">>, columns: number): Row[] {
  switch (block.kind) {
    case "text":
      return lines(block.text, columns).map((line) => row(line));
    case "fact":
      return factRows(block, columns);
    case "field":
      return fieldRows(block, columns);
    case "meter":
      return meterRows(block, columns);
    case "list":
      return listItems(block, columns).flat();
    case "image":
      return imageRows(block, { columns, rows: 8 });
  }
}

function lines(text: string, columns: number): string[] {
  return wrap(clean(text), columns);
}

function factRows(fact: BlockOf<"fact">, columns: number): Row[] {
  const tone = fact.tone ?? "calm";
  const label = tone === "calm" ? fact.label : `! ${fact.label}`;
  const look = tone === "calm" ? "label" : tone;
  const value = lines(fact.value, columns - 2);
  const grouped = /^(\S{4} ){5,}\S{1,4}$/.test(fact.value);
  const rows = grouped ? groupRows(value) : value.map((line) => row(line, tone === "calm" ? "plain" : tone));
  return [...lines(label, columns).map((line) => row(line, look)), ...rows.map((line) => indent(line, 2))];
}

/** An address in groups: the first two and the last two stand out, for they are what people compare. */
function groupRows(value: readonly string[]): Row[] {
  const count = value.join(" ").split(" ").length;
  let at = 0;
  return value.map((line) =>
    line.split(" ").map((group, index): Span => {
      const edge = at < 2 || at >= count - 2;
      at++;
      return { text: index === 0 ? group : ` ${group}`, look: edge ? "strong" : "plain" };
    }),
  );
}

function fieldRows(field: BlockOf<"field">, columns: number): Row[] {
  const value = field.masked ? "*".repeat(field.value.length) : field.value;
  const rows = lines(`${value}_`, columns - 2);
  return [
    ...lines(field.label, columns).map((line) => row(line, "label")),
    ...rows.map((line, index) => row(`${index === 0 ? "> " : "  "}${line}`, "strong")),
  ];
}

function meterRows(meter: BlockOf<"meter">, columns: number): Row[] {
  const percent = `${Math.floor(meter.share * 100)}%`.padStart(5);
  const length = columns - percent.length;
  const full = Math.floor(meter.share * length);
  return [
    ...lines(meter.label, columns).map((line) => row(line, "label")),
    row(`${"█".repeat(full)}${"░".repeat(length - full)}${percent}`),
    ...mapRows(clean(meter.map ?? ""), columns),
  ];
}

/** One character a part; where there are too many, one for several: alike as they are, else "~". */
function mapRows(map: string, columns: number): Row[] {
  const each = Math.ceil(map.length / (columns * MAP_ROWS));
  let short = "";
  for (let at = 0; at < map.length; at += each) {
    const part = map.slice(at, at + each);
    short += part === part[0]!.repeat(part.length) ? part[0] : "~";
  }
  const rows: Row[] = [];
  for (let at = 0; at < short.length; at += columns) rows.push(row(short.slice(at, at + columns), "dim"));
  return rows;
}

/** The rows of each item; the chosen one carries the mark. */
function listItems(list: BlockOf<"list">, columns: number): Row[][] {
  return list.items.map((item, index) => {
    const chosen = index === list.cursor;
    return lines(item, columns - 2).map((line, at) =>
      row(`${chosen && at === 0 ? "> " : "  "}${line}`, chosen ? "cursor" : "plain"),
    );
  });
}

/** A list within `area`: where it is longer, the part around the cursor, and marks for what is above and below. */
export function listRows(list: BlockOf<"list">, area: Size): Row[] {
  const items = listItems(list, area.columns);
  const all = items.flat();
  if (all.length <= area.rows) return all;
  const inner = Math.max(1, area.rows - 2);
  const before = items.slice(0, list.cursor).flat().length;
  const height = items[list.cursor]?.length ?? 1;
  const middle = before - Math.max(0, Math.floor((inner - height) / 2));
  const first = Math.max(0, Math.min(middle, all.length - inner));
  const above = itemsHidden(items, 0, first);
  const below = itemsHidden(items, first + inner, all.length);
  return [
    row(above === 0 ? "" : `  ↑ ${above} more`, "dim"),
    ...all.slice(first, first + inner),
    row(below === 0 ? "" : `  ↓ ${below} more`, "dim"),
  ];
}

/** Items of which some row lies in [from, to). */
function itemsHidden(items: readonly Row[][], from: number, to: number): number {
  let at = 0;
  let count = 0;
  for (const item of items) {
    if (at < to && at + item.length > from) count++;
    at += item.length;
  }
  return count;
}
