// What the launcher of a played session and Firn's simulated ports say to each other.
// On a board, and with a person at the keyboard, this pipe does not exist.

import { REFUSALS, type Reason } from "../../src/refusal.ts";
import type { Bounds } from "../wire/channel.ts";
import {
  bytes,
  exact,
  flag,
  list,
  matching,
  oneOf,
  type Reader,
  tagged,
  text,
  whole,
} from "../wire/schema.ts";
import type { PlayedStart } from "./time.ts";

export interface Entropy {
  readonly hex: string;
  /** How many times this play has started Firn. */
  readonly start: number;
}

export type ToFirn =
  /** The first line: Firn waits for it. */
  | ({ readonly t: "start"; readonly entropy?: Entropy } & PlayedStart)
  | { readonly t: "pass"; readonly mostMs: number }
  | { readonly t: "wall"; readonly wallMs: number }
  /** What Firn reads of its buttons from now on, where the played machine has some. */
  | { readonly t: "levels"; readonly ok: boolean; readonly back: boolean }
  | { readonly t: "entropy"; readonly entropy: Entropy }
  | {
      readonly t: "kept";
      readonly id: number;
      readonly bytes?: Uint8Array;
      readonly names?: readonly string[];
    }
  /** A Refusal's reason and detail. */
  | { readonly t: "failed"; readonly id: number; readonly reason: Reason; readonly detail: string };

export interface Rest {
  /** The last picture's number. */
  readonly shown: number;
  /** Lines taken from each pipe so far. */
  readonly fromGlass: number;
  readonly fromEye: number;
  readonly fromControl: number;
  /** Lines sent to the eye so far, and those for the security key. */
  readonly toEye: number;
  readonly toKey: number;
  /** The camera is wanted. */
  readonly watching: boolean;
}

export type FromFirn =
  /** Firn waits for input and nothing is queued. */
  | ({ readonly t: "waiting" } & Rest)
  | { readonly t: "passed"; readonly ms: number }
  | ({ readonly t: "disk"; readonly id: number } & DiskAct);

export type DiskAct = FolderAct | FileAct | BytesAct | LengthAct | RenameAct;

interface FolderAct {
  readonly act: "names" | "syncFolder";
}
interface FileAct {
  readonly act: "read" | "sync" | "remove";
  readonly name: string;
}
interface BytesAct {
  readonly act: "write" | "append";
  readonly name: string;
  readonly bytes: Uint8Array;
}
interface LengthAct {
  readonly act: "truncate";
  readonly name: string;
  readonly length: number;
}
interface RenameAct {
  readonly act: "rename";
  readonly name: string;
  readonly to: string;
}

const MOST_BYTES = 64 * 1024 * 1024;

export const CONTROL_BOUNDS: Bounds = {
  lineBytes: 64 * 1024,
  bulkBytes: 2 * MOST_BYTES,
  bulk: ["kept", "disk"],
};

const REASONS = Object.keys(REFUSALS) as Reason[];

type Of<U, K extends string> = U & { readonly t: K };
type Asked<A> = { readonly t: "disk"; readonly id: number } & A;

const count = whole(0, Number.MAX_SAFE_INTEGER);
const wallMs = whole(-8.64e15, 8.64e15);
const name = text(255, 1);
const content = bytes(0, MOST_BYTES);
const entropy = exact<Entropy>({ hex: matching(/^([0-9a-f]{2})+$/, 60_000), start: count }, {});

export const readToFirn: Reader<ToFirn> = tagged<ToFirn>("t", {
  start: exact<Of<ToFirn, "start">>(
    { t: oneOf("start"), wallMs, monotonicMs: count, chipMs: count, boot: matching(/^[0-9a-z]+$/, 40) },
    { entropy },
  ),
  pass: exact<Of<ToFirn, "pass">>({ t: oneOf("pass"), mostMs: count }, {}),
  wall: exact<Of<ToFirn, "wall">>({ t: oneOf("wall"), wallMs }, {}),
  levels: exact<Of<ToFirn, "levels">>({ t: oneOf("levels"), ok: flag, back: flag }, {}),
  entropy: exact<Of<ToFirn, "entropy">>({ t: oneOf("entropy"), entropy }, {}),
  kept: exact<Of<ToFirn, "kept">>(
    { t: oneOf("kept"), id: count },
    { bytes: content, names: list(name, 100_000) },
  ),
  failed: exact<Of<ToFirn, "failed">>(
    { t: oneOf("failed"), id: count, reason: oneOf(...REASONS), detail: text(400) },
    {},
  ),
});

const disk = { t: oneOf("disk"), id: count };
const named = exact<Asked<FileAct>>({ ...disk, act: oneOf("read", "sync", "remove"), name }, {});
const bare = exact<Asked<FolderAct>>({ ...disk, act: oneOf("names", "syncFolder") }, {});
const written = exact<Asked<BytesAct>>({ ...disk, act: oneOf("write", "append"), name, bytes: content }, {});

const readDisk = tagged<Of<FromFirn, "disk">>("act", {
  names: bare,
  syncFolder: bare,
  read: named,
  sync: named,
  remove: named,
  write: written,
  append: written,
  truncate: exact<Asked<LengthAct>>({ ...disk, act: oneOf("truncate"), name, length: count }, {}),
  rename: exact<Asked<RenameAct>>({ ...disk, act: oneOf("rename"), name, to: name }, {}),
});

export const readFromFirn: Reader<FromFirn> = tagged<FromFirn>("t", {
  waiting: exact<Of<FromFirn, "waiting">>(
    {
      t: oneOf("waiting"),
      shown: count,
      fromGlass: count,
      fromEye: count,
      fromControl: count,
      toEye: count,
      toKey: count,
      watching: flag,
    },
    {},
  ),
  passed: exact<Of<FromFirn, "passed">>({ t: oneOf("passed"), ms: count }, {}),
  disk: readDisk,
});
