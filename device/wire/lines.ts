// Every line that Firn and its cages exchange, as types and as readers.
// Rule: what is not listed here does not exist on the pipes.

import { LIMITS } from "../../src/limits.ts";
import type {
  Block,
  Button,
  CodeLoop,
  Message,
  Picture,
  Progress,
  Sight,
  Size,
  Zone,
} from "../../src/model.ts";
import { transportRefusals } from "../../src/refusals/transport.ts";
import { dialect, readMessage } from "./messages.ts";
import {
  bytes,
  exact,
  flag,
  list,
  matching,
  oneOf,
  type Reader,
  share,
  tagged,
  text,
  where,
  whole,
} from "./schema.ts";

export type ToEye = { readonly t: "watch"; readonly kinds: readonly Sight[] } | { readonly t: "rest" };

export type FromEye =
  | ({ readonly t: "progress" } & Progress)
  | { readonly t: "message"; readonly message: Message }
  /** A reason of the table in src/refusals/transport.ts. */
  | { readonly t: "unread"; readonly reason: string }
  /** What is wrong with the camera or with what it sees, from now on; absent: nothing. Of the same table. */
  | { readonly t: "camera"; readonly trouble?: string }
  /** Since this watch began. */
  | { readonly t: "pace"; readonly frames: number; readonly looked: number; readonly ms: number }
  | { readonly t: "preview"; readonly width: number; readonly height: number; readonly luma: Uint8Array };

export type ToGlass =
  | { readonly t: "show"; readonly seq: number; readonly picture: Picture }
  /** A security key is wanted from now on, or no longer. */
  | { readonly t: "key"; readonly open: boolean }
  /** 64 bytes for it, unread. */
  | { readonly t: "packet"; readonly bytes: Uint8Array };

export type FromGlass =
  | { readonly t: "press"; readonly button: Button }
  | { readonly t: "char"; readonly char: string }
  | ({ readonly t: "size" } & Size)
  /** A security key is there, or no longer; when one begins to be wanted none is, until this is said. */
  | { readonly t: "key"; readonly present: boolean }
  /** 64 bytes from it, unread. */
  | { readonly t: "packet"; readonly bytes: Uint8Array };

/** Launcher and glass, in a played session only. */
export type GlassControl = FromGlass;
export type GlassReport =
  | { readonly t: "picture"; readonly seq: number; readonly picture: Picture }
  | Exclude<ToGlass, { readonly t: "show" }>;

/** Lines that may be as long as LIMITS.wireBulkBytes; all others end at LIMITS.wireLineBytes. */
export const BULK: readonly string[] = ["message", "show", "preview", "picture"];

const SIGHTS: readonly Sight[] = [
  "psbt",
  "ethereum",
  "wallet",
  "key",
  "message",
  "seed",
  "document",
  "headers",
  "address",
  "chance",
  "pace",
];
/** Sights that nothing else goes with. */
const ALONE: readonly Sight[] = ["chance", "pace"];
const BUTTONS: readonly Button[] = ["up", "down", "left", "right", "ok", "back"];
/** A report of a security key (CTAPHID). */
const PACKET_BYTES = 64;
/** A camera's small picture: enough for 1024 × 768, never a whole frame of a big sensor. */
const LUMA_BYTES = 1024 * 1024;

const sight = oneOf(...SIGHTS);
const button = oneOf(...BUTTONS);
const tone = oneOf("calm", "caution", "danger");
const label = text(400);
const prose = text(LIMITS.walletTextChars);

// ---------------------------------------------------------------- eye

type Luma = { readonly width: number; readonly height: number; readonly luma: Uint8Array };
const isWhole = (image: Luma) => image.luma.length === image.width * image.height;
const lumaFields = { width: whole(1, 4096), height: whole(1, 4096), luma: bytes(1, LUMA_BYTES) };

const count = whole(0, 1e9);
const reason = oneOf(...Object.keys(transportRefusals));

export const readToEye: Reader<ToEye> = tagged<ToEye>("t", {
  watch: where(
    exact<ToEye & { t: "watch" }>({ t: oneOf("watch"), kinds: list(sight, SIGHTS.length, 1) }, {}),
    ({ kinds }) => kinds.length === 1 || !kinds.some((kind) => ALONE.includes(kind)),
    "chance or pace alone, or messages",
  ),
  rest: exact<ToEye & { t: "rest" }>({ t: oneOf("rest") }, {}),
});

export const readFromEye: Reader<FromEye> = tagged<FromEye>("t", {
  progress: where(
    exact<FromEye & { t: "progress" }>(
      {
        t: oneOf("progress"),
        dialect,
        have: whole(0, LIMITS.parts),
        total: whole(1, LIMITS.parts),
        map: matching(/^[#.~]*$/, LIMITS.parts),
      },
      {},
    ),
    (progress) => progress.have <= progress.total,
    "no more parts than there are",
  ),
  message: exact<FromEye & { t: "message" }>({ t: oneOf("message"), message: readMessage }, {}),
  unread: exact<FromEye & { t: "unread" }>({ t: oneOf("unread"), reason }, {}),
  camera: exact<FromEye & { t: "camera" }>({ t: oneOf("camera") }, { trouble: reason }),
  pace: exact<FromEye & { t: "pace" }>({ t: oneOf("pace"), frames: count, looked: count, ms: count }, {}),
  preview: where(
    exact<FromEye & { t: "preview" }>({ t: oneOf("preview"), ...lumaFields }, {}),
    isWhole,
    "width × height bytes",
  ),
});

// ---------------------------------------------------------------- glass

const loop = exact<CodeLoop>(
  {
    texts: list(text(LIMITS.qrTextChars, 1), LIMITS.parts, 1),
    version: whole(1, 40),
    level: oneOf("L", "M", "Q", "H"),
    mode: oneOf("alphanumeric", "byte", "binary", "numeric"),
  },
  {},
);

type BlockOf<K extends Block["kind"]> = Block & { readonly kind: K };
const index = whole(0, LIMITS.parts);
const zone = exact<Zone>({ row: whole(0, 176), column: whole(0, 176), side: whole(1, 16) }, {});

/** Some module of the code lies in the zone. */
function isWithin({ row, column, side }: Zone, { version }: CodeLoop): boolean {
  return Math.max(row, column) * side < 17 + 4 * version;
}

const block = tagged<Block>("kind", {
  text: exact<BlockOf<"text">>({ kind: oneOf("text"), text: prose }, {}),
  fact: exact<BlockOf<"fact">>({ kind: oneOf("fact"), label, value: prose }, { tone }),
  list: exact<BlockOf<"list">>({ kind: oneOf("list"), items: list(label, 4096), cursor: whole(0, 4096) }, {}),
  field: exact<BlockOf<"field">>({ kind: oneOf("field"), label, value: prose }, { masked: flag }),
  meter: exact<BlockOf<"meter">>({ kind: oneOf("meter"), label, share }, { map: text(LIMITS.parts) }),
  image: where(
    exact<BlockOf<"image">>({ kind: oneOf("image"), ...lumaFields }, {}),
    isWhole,
    "width × height bytes",
  ),
  code: where(
    exact<BlockOf<"code">>({ kind: oneOf("code"), loop, index }, { zone }),
    (code) =>
      code.index < code.loop.texts.length && (code.zone === undefined || isWithin(code.zone, code.loop)),
    "an index within the loop, a zone within the code",
  ),
});

type Buttons = { readonly [B in Button]?: string };

export const readPicture: Reader<Picture> = exact<Picture>(
  {
    title: label,
    tone,
    blocks: list(block, 64),
    buttons: exact<Buttons>(
      {},
      { up: label, down: label, left: label, right: label, ok: label, back: label },
    ),
  },
  {
    step: label,
    banner: label,
    hold: label,
    page: exact<{ readonly index: number; readonly count: number }>({ index, count: index }, {}),
  },
);

const seq = whole(0, Number.MAX_SAFE_INTEGER);

const packet = exact<{ readonly t: "packet"; readonly bytes: Uint8Array }>(
  { t: oneOf("packet"), bytes: bytes(PACKET_BYTES, PACKET_BYTES) },
  {},
);
const toKey = { key: exact<ToGlass & { t: "key" }>({ t: oneOf("key"), open: flag }, {}), packet };

export const readToGlass: Reader<ToGlass> = tagged<ToGlass>("t", {
  show: exact<ToGlass & { t: "show" }>({ t: oneOf("show"), seq, picture: readPicture }, {}),
  ...toKey,
});

export const readFromGlass: Reader<FromGlass> = tagged<FromGlass>("t", {
  press: exact<FromGlass & { t: "press" }>({ t: oneOf("press"), button }, {}),
  // One character: printable, or backspace.
  char: exact<FromGlass & { t: "char" }>(
    { t: oneOf("char"), char: matching(/^(?:[\b]|[^\p{C}\p{Zl}\p{Zp}])$/u, 2) },
    {},
  ),
  size: exact<FromGlass & { t: "size" }>(
    { t: oneOf("size"), columns: whole(1, 1000), rows: whole(1, 1000) },
    { codeModules: whole(1, 177) },
  ),
  key: exact<FromGlass & { t: "key" }>({ t: oneOf("key"), present: flag }, {}),
  packet,
});

export const readGlassControl: Reader<GlassControl> = readFromGlass;

export const readGlassReport: Reader<GlassReport> = tagged<GlassReport>("t", {
  picture: exact<GlassReport & { t: "picture" }>({ t: oneOf("picture"), seq, picture: readPicture }, {}),
  ...toKey,
});
