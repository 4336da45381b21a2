// A policy for reading: what the owner approves. Its own lines are the sentences.

import type { Policy } from "../rules.ts";
import { writePolicy } from "./document.ts";

/** Every line of it, in order; empty lines part its sections. */
export function sentences(policy: Policy): string[] {
  return writePolicy(policy).trimEnd().split("\n");
}
