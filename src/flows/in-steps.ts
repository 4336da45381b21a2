// Work that derives addresses, as performReading takes it.

import type { Work } from "../request.ts";

/** As many addresses at a time as are derived between two looks at the buttons. */
const AT_ONCE = 16;

export async function* inSteps<T>(work: Work<T>): AsyncGenerator<number, T, void> {
  for (let count = 1; ; count++) {
    const step = work.next();
    if (step.done) return step.value;
    if (count % AT_ONCE === 0) yield step.value;
  }
}
