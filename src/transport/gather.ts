// The parts of one message, as they come: in any order, again, and with gaps.

import { LIMITS } from "../limits.ts";
import type { Progress } from "../model.ts";
import { refuse } from "../refusal.ts";
import { crc32 } from "./crc32.ts";
import { type Degrees, degrees, fragmentsOf } from "./fountain.ts";
import type { CarouselPart, Content, FountainPart, Part } from "./parts.ts";
import { learn, pieces, type Solver, solved, solver } from "./solver.ts";

/** The longest map that a screen is given; longer messages share a character among several parts. */
const MAP_CHARS = 512;
/** Hex needs two letters a byte, the largest of the carousels' encodings. */
const CAROUSEL_CHARS = 2 * LIMITS.messageBytes;

export type Gathering =
  | {
      readonly form: "fountain";
      readonly first: FountainPart;
      readonly solver: Solver;
      readonly degrees: Degrees;
    }
  | {
      readonly form: "carousel";
      readonly first: CarouselPart;
      readonly bodies: (string | undefined)[];
      have: number;
      chars: number;
    };

/** An empty place for the set that `part` belongs to. */
export function begin(part: Part): Gathering {
  if (part.form === "fountain")
    return {
      form: "fountain",
      first: part,
      solver: solver(part.total, part.fragment.length),
      degrees: degrees(part.total),
    };
  return {
    form: "carousel",
    first: part,
    bodies: new Array(part.total).fill(undefined),
    have: 0,
    chars: 0,
  };
}

/** Lays in a part of the same key. Throws Refusal transport.damaged where it contradicts what is held. */
export function take(gathering: Gathering, part: Part): void {
  if (gathering.form === "fountain" && part.form === "fountain") {
    const mixed = fragmentsOf(part.seqNum, gathering.degrees, part.crc);
    if (learn(gathering.solver, mixed, part.fragment) === "contradiction")
      refuse("transport.damaged", "a part contradicts the others");
  }
  if (gathering.form === "carousel" && part.form === "carousel") {
    const held = gathering.bodies[part.index];
    if (held !== undefined) {
      if (held !== part.body) refuse("transport.damaged", `part ${part.index + 1} came back different`);
      return;
    }
    gathering.chars += part.body.length;
    if (gathering.chars > CAROUSEL_CHARS) refuse("transport.too-large");
    gathering.bodies[part.index] = part.body;
    gathering.have++;
  }
}

/** The content once all of it is there, else undefined. Throws Refusal where the whole is wrong. */
export function whole(gathering: Gathering): Content | undefined {
  const { first } = gathering;
  if (gathering.form === "carousel")
    return gathering.have < first.total ? undefined : gathering.first.read(gathering.bodies as string[]);
  if (gathering.solver.rank < first.total) return undefined;
  const message = solved(gathering.solver, gathering.first.messageLength);
  if (crc32(message) !== gathering.first.crc)
    refuse("transport.damaged", "the checksum of the whole is wrong");
  return gathering.first.read(message);
}

export function progress(gathering: Gathering): Progress {
  const { dialect, total } = gathering.first;
  const marks =
    gathering.form === "fountain"
      ? pieces(gathering.solver)
      : gathering.bodies.map((body) => (body === undefined ? "." : "#"));
  const have = gathering.form === "fountain" ? gathering.solver.rank : gathering.have;
  return { dialect, have, total, map: shrink(marks) };
}

/** At most MAP_CHARS characters: one stands for neighbours, "~" where they differ. */
function shrink(marks: readonly string[]): string {
  if (marks.length <= MAP_CHARS) return marks.join("");
  let map = "";
  for (let i = 0; i < MAP_CHARS; i++) {
    const from = Math.floor((i * marks.length) / MAP_CHARS);
    const bucket = marks.slice(from, Math.floor(((i + 1) * marks.length) / MAP_CHARS));
    map += bucket.every((mark) => mark === bucket[0]) ? bucket[0] : "~";
  }
  return map;
}
