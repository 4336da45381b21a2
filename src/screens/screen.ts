// A screen is a value: it draws itself and says what each event leads to. It never waits.
// Its state is the arguments of the function that made it.

import type { Event, Picture, Size, Wants } from "../model.ts";

export interface Done<Answer> {
  readonly done: Answer;
}

export interface Screen<Answer> {
  /** Pure: the same screen and size give the same picture. */
  draw(size: Size): Picture;
  /** Pure: the next screen (itself where nothing changes), or the answer. */
  on(event: Event, size: Size): Screen<Answer> | Done<Answer>;
  readonly wants?: Wants;
}

export function done<Answer>(answer: Answer): Done<Answer> {
  return { done: answer };
}
