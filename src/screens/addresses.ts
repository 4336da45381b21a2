// A wallet's addresses, several a page, each with its index.

import { LIMITS } from "../limits.ts";
import type { Event, Size } from "../model.ts";
import { bodySize, grouped, wrap } from "../text.ts";
import type { Done, Screen } from "./screen.ts";
import { done } from "./screen.ts";

export interface AddressesOptions {
  readonly title: string;
  readonly address: (index: number) => string;
}

/** One of them; or another index is wanted, of which perhaps the first digit was typed. */
export type AddressesAnswer = { readonly index: number } | { readonly typed: string } | "back";

const TURNS = { next: "Next addresses", previous: "Previous addresses", typed: "Go to an index" } as const;

/** An index, or what stands below the addresses: it means the same at every size. */
type Cursor = number | keyof typeof TURNS;

const MOST_ON_A_PAGE = 10;
/** A list's rows have a mark before them. */
const MARK_COLUMNS = 2;

/** Begins with the address of this index, and the cursor on it. */
export function addresses(options: AddressesOptions, index = 0): Screen<AddressesAnswer> {
  return at(options, index, index);
}

function at(options: AddressesOptions, start: number, cursor: Cursor): Screen<AddressesAnswer> {
  return {
    draw: (size) => {
      const rows = rowsAt(options, start, size);
      return {
        title: options.title,
        tone: "calm",
        blocks: [
          {
            kind: "list",
            items: rows.map((one) => (typeof one === "number" ? itemOf(options, one) : TURNS[one])),
            cursor: placeIn(rows, cursor),
          },
        ],
        buttons: { up: "up", down: "down", ok: "choose", back: "back" },
      };
    },
    on(event: Event, size: Size): Screen<AddressesAnswer> | Done<AddressesAnswer> {
      if (event.kind === "char") return /^\d$/.test(event.char) ? done({ typed: event.char }) : this;
      if (event.kind !== "press") return this;
      const rows = rowsAt(options, start, size);
      const place = placeIn(rows, cursor);
      const move = (by: number) => at(options, start, rows[(place + by + rows.length) % rows.length]!);
      const turn = (way: "next" | "previous", stay: Cursor) => at(options, turned(rows, way), stay);
      switch (event.button) {
        case "down":
          return move(1);
        case "up":
          return move(-1);
        case "right":
          return turn("next", "next");
        case "left":
          return turn("previous", "previous");
        case "back":
          return done("back");
        case "ok": {
          const chosen = rows[place]!;
          if (typeof chosen === "number") return done({ index: chosen });
          return chosen === "typed" ? done({ typed: "" }) : turn(chosen, chosen);
        }
      }
    },
  };
}

function itemOf({ address }: AddressesOptions, index: number): string {
  return `${index}  ${grouped(address(index))}`;
}

/** Addresses as many as there is room for, then what leads on from here. */
function rowsAt(options: AddressesOptions, start: number, size: Size): readonly Cursor[] {
  const body = bodySize(size);
  const each = wrap(itemOf(options, start), body.columns - MARK_COLUMNS).length;
  const fits = Math.floor((body.rows - Object.keys(TURNS).length) / each);
  const count = Math.max(1, Math.min(fits, MOST_ON_A_PAGE, LIMITS.addressIndex + 1 - start));
  const indexes = Array.from({ length: count }, (_, i) => start + i);
  return [
    ...indexes,
    ...(start + count <= LIMITS.addressIndex ? (["next"] as const) : []),
    ...(start > 0 ? (["previous"] as const) : []),
    "typed",
  ];
}

/** What is gone from the page leads to what is there. */
function placeIn(rows: readonly Cursor[], cursor: Cursor): number {
  const place = rows.indexOf(cursor);
  return place >= 0 ? place : 0;
}

/** The first index of the page after, or before: the same where there is none. */
function turned(rows: readonly Cursor[], way: "next" | "previous"): number {
  const indexes = rows.filter((one) => typeof one === "number");
  const first = indexes[0]!;
  if (way === "previous") return Math.max(0, first - indexes.length);
  return rows.includes("next") ? first + indexes.length : first;
}
