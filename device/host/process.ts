// Firn in a process of its own, wherever it runs: what it ends with, and the one line that says why.
// Exit codes: 0 locked, 1 a bug, 3 a cage ended or broke the rules, 4 a refusal: the home, or another part of the
// machine that Firn cannot begin without.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { REFUSALS, Refusal } from "../../src/refusal.ts";
import { CageEnded } from "../wire/panel.ts";
import { tuneEngine } from "./engine.ts";

/** Runs until Firn locks, then ends this process. */
export function untilLocked(run: () => Promise<unknown>): void {
  tuneEngine();
  process.on("uncaughtException", stop);
  process.on("unhandledRejection", stop);
  run().then(() => process.exit(0), stop);
}

/** Firn's, as package.json says it. */
export function version(): string {
  const stated: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return String((stated as { readonly version?: unknown }).version);
}

function stop(problem: unknown): never {
  if (problem instanceof CageEnded) end(3, `Firn stopped: ${problem.message}`);
  if (problem instanceof Refusal) end(4, refused(problem));
  end(1, `Firn stopped: code ${codeOf(problem)}`);
}

/** Only opening what Firn begins with can come to this: all later refusals are shown on the glass. */
function refused(refusal: Refusal): string {
  const { title, remedy } = REFUSALS[refusal.reason];
  return `Firn stopped: ${title} (${refusal.message}). ${remedy}`;
}

function end(code: number, line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(code);
}

/**
 * The same bug has the same code everywhere, also where types were stripped and `.ts` is `.js`. A message may hold
 * anything: only the places are used, and the system's names for what failed, for such errors often come without any.
 * FIRN_PLACES=1 has them said as well.
 */
function codeOf(problem: unknown): string {
  const frames = problem instanceof Error ? (problem.stack ?? "").split("\n") : [];
  const places = frames.flatMap((frame) => {
    const [, name, at] = /([\w.-]+)\.[cm]?[jt]s(:\d+:\d+)\)?$/.exec(frame) ?? [];
    return name === undefined ? [] : [name + at];
  });
  const said = [...places, ...namesOf(problem)].join("\n");
  if (process.env.FIRN_PLACES === "1") process.stderr.write(`${said}\n`);
  return createHash("sha256").update(said).digest("hex").slice(0, 8);
}

/** "ERR_CRYPTO_OPERATION_FAILED", "open": names alone. */
function namesOf(problem: unknown): string[] {
  const { code, syscall } = (problem ?? {}) as { readonly code?: unknown; readonly syscall?: unknown };
  return [code, syscall].filter((name) => typeof name === "string" && /^\w{1,60}$/.test(name)) as string[];
}
