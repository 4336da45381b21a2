// /run/firn-machine/facts.json: what root found, for Firn to read.

import type { Fact, Facts } from "../../../src/ports.ts";
import { lookAt } from "./check.ts";
import { leave, type Machine } from "./machine.ts";

export const PLACE = "/run/firn-machine";
const FACTS = `${PLACE}/facts.json`;

/** `parts`: what else was found when the machine was made ready. */
export function tellFacts(machine: Machine, board: string, parts: readonly Fact[]): void {
  const facts = lookAt(machine, board);
  leave(machine, FACTS, { ...facts, findings: [...facts.findings, ...parts] });
}

/** Looks anew, and keeps what was found of parts. Nothing where nothing was told yet. */
export function tellAgain(machine: Machine): void {
  const told = machine.text(FACTS);
  if (told === undefined) return;
  const before = JSON.parse(told) as Facts;
  const now = lookAt(machine, before.board);
  const labels = now.findings.map(({ label }) => label);
  const kept = before.findings.filter(({ label }) => !labels.includes(label));
  leave(machine, FACTS, { ...now, findings: [...now.findings, ...kept] });
}
