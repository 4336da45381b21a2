// What was found of this machine: by root before Firn started, and by Firn of itself and of its parts.

import type { Fact, Facts } from "../../src/ports.ts";
import { Breach, exact, list, matching, oneOf, text } from "../wire/schema.ts";
import { readRooted } from "./rooted.ts";

export const FACTS_FILE = "/run/firn-machine/facts.json";

const MOST_BYTES = 64 * 1024;
const MOST_FINDINGS = 64;

const fact = exact<Fact>(
  {
    about: oneOf("network", "root", "process", "part"),
    label: text(60, 1),
    found: text(200, 1),
    state: oneOf("well", "unknown", "open"),
  },
  {},
);
const hash = matching(/^[0-9a-f]{64}$/, 64);

export const readFactsJson = exact<Facts>(
  { board: text(80, 1), findings: list(fact, MOST_FINDINGS) },
  { image: exact<NonNullable<Facts["image"]>>({ rootHash: hash, imageId: hash }, {}) },
);

/** Where root's own findings cannot be had, that is a finding by which keys stay shut. */
export function machineFacts(path: string, board: string, owner?: number): Facts {
  const unknown = (found: string): Facts => {
    const about = { label: "The machine itself", found, state: "unknown" } as const;
    return {
      board,
      findings: [
        { about: "network", ...about },
        { about: "root", ...about },
      ],
    };
  };
  try {
    const facts = readRooted(path, readFactsJson, MOST_BYTES, owner);
    return facts ?? unknown("nobody has looked at it");
  } catch (problem) {
    if (!(problem instanceof Breach)) throw problem;
    return unknown(`what was found cannot be read (${problem.message})`);
  }
}
