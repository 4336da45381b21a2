// Work in pieces, so that events can come in between.

import type { Work } from "../request.ts";

/** The share that a piece of work reports, as a part of the whole: from there to here. */
export function* scaled<T>(work: Work<T>, from: number, to: number): Work<T> {
  let step = work.next();
  while (!step.done) {
    yield from + (to - from) * step.value;
    step = work.next();
  }
  return step.value;
}
