// Whose script is it? Only what a registered wallet's own keys make is ours; what a PSBT says about
// derivation merely tells where to look, and how often it may be wrong is bounded.

import { equal, fromHex, readU32be, readU32le, toHex } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import type { Path } from "../model.ts";
import { refuse } from "../refusal.ts";
import type { Work } from "../request.ts";
import { compactSize, cursor, skip } from "./cursor.ts";
import type { Found } from "./derive.ts";
import type { Steps, Use } from "./expression.ts";
import { place, type Rows } from "./psbt/rows.ts";
import { shapedAs } from "./script.ts";
import { scaled } from "./steps.ts";
import { type Place, placeOf } from "./use-path.ts";
import type { Derived, Template } from "./wallet.ts";

/** A key origin as a PSBT claims it. */
interface Origin {
  /** The four bytes as a number. */
  readonly fingerprint: number;
  readonly path: readonly number[];
}

interface Candidate extends Place {
  readonly template: Template;
}

/** Different origins of one script that are looked at. */
const ORIGINS = 32;

/** The origins that the rows of these types claim (BIP 174: fingerprint, path; BIP 371: leaf hashes first). */
function originsOf(rows: Rows, derivation: number, tapDerivation: number): Origin[] {
  const origins: Origin[] = [];
  for (const { type, value } of rows) {
    if (type !== derivation && type !== tapDerivation) continue;
    const from = cursor(value, place("global"));
    if (type === tapDerivation) skip(from, 32 * compactSize(from));
    const steps = (value.length - from.at) / 4 - 1;
    if (steps > LIMITS.pathDepth || origins.length === ORIGINS) continue;
    const at = from.at + 4;
    const path = Array.from({ length: steps }, (_, i) => readU32le(value, at + 4 * i));
    origins.push({ fingerprint: readU32be(value, from.at), path });
  }
  return origins;
}

interface OriginTypes {
  readonly derivation: number;
  readonly tapDerivation: number;
}

export interface Ownership {
  /** The wallet, branch and index that make exactly this script, or undefined. */
  find(script: Uint8Array, rows: Rows, types: OriginTypes): Found | undefined;
  /** Those of these scripts (hex) that stand among the first addresses of a wallet, though nothing says so. */
  search(scripts: ReadonlySet<string>): Work<ReadonlyMap<string, Found>>;
  /** Some origin names the master of a key of ours. */
  claimed(rows: Rows, types: OriginTypes): boolean;
}

/** A use of a key: what its children's paths look like. */
interface Trace {
  readonly template: Template;
  /** From the master to the extended key. */
  readonly path: Path;
  readonly steps: Steps;
}

/** By the number of the master's fingerprint. */
type Traces = ReadonlyMap<number, readonly Trace[]>;

function tracesOf(templates: readonly Template[]): Traces {
  const traces = new Map<number, Trace[]>();
  for (const template of templates) {
    const { uses, keys } = template.wallet;
    for (const use of uses.flatMap((one) => (one.kind === "musig" ? one.of : [one]))) {
      if (use.kind !== "child") continue;
      const { fingerprint, path } = keys[use.key]!;
      const number = Number.parseInt(fingerprint, 16);
      const trace = { template, path, steps: use.steps };
      const known = traces.get(number);
      if (known) known.push(trace);
      else traces.set(number, [trace]);
    }
  }
  return traces;
}

/** Of the masters of our keys. */
function oursIn(templates: readonly Template[]): ReadonlySet<number> {
  const ours = templates.flatMap(({ wallet }) => wallet.keys.filter((key) => key.ours));
  return new Set(ours.map(({ fingerprint }) => Number.parseInt(fingerprint, 16)));
}

/** Scripts that were found are remembered, and so is each address that was derived: no index is derived twice. */
export function ownership(templates: readonly Template[]): Ownership {
  const traces = tracesOf(templates);
  const ours = oursIn(templates);
  const derivedAt = new Map(templates.map((template) => [template, new Map<string, Derived>()]));
  const foundBy = new Map<string, Found>();
  let lastFound: Template | undefined;
  let falsePaths = 0;

  const derive = ({ template, branch, index }: Candidate): Derived => {
    const known = derivedAt.get(template)!;
    const name = `${branch}/${index}`;
    const derived = known.get(name) ?? template.derive(branch, index);
    known.set(name, derived);
    return derived;
  };

  return {
    search: (scripts) => searchAll(templates, scripts),
    claimed: (rows, { derivation, tapDerivation }) =>
      originsOf(rows, derivation, tapDerivation).some(({ fingerprint }) => ours.has(fingerprint)),
    find(script, rows, types) {
      const name = toHex(script);
      const known = foundBy.get(name);
      if (known) return known;
      const origins = originsOf(rows, types.derivation, types.tapDerivation);
      const candidates = candidatesOf(script, origins, traces, templates);
      // The wallet that owned the last script is the likeliest owner of this one.
      candidates.sort((a, b) => Number(b.template === lastFound) - Number(a.template === lastFound));
      for (const candidate of candidates) {
        const derived = derive(candidate);
        if (equal(derived.scriptPubKey, script)) {
          lastFound = candidate.template;
          const found = { template: lastFound, derived };
          foundBy.set(name, found);
          return found;
        }
        if (++falsePaths > LIMITS.falsePaths) refuse("bitcoin.false-paths");
      }
      return undefined;
    },
  };
}

function* searchAll(
  templates: readonly Template[],
  scripts: ReadonlySet<string>,
): Work<ReadonlyMap<string, Found>> {
  const found = new Map<string, Found>();
  const steps = 2 * templates.length;
  for (const [place, template] of templates.entries()) {
    const { form, receive, change } = template.wallet;
    const shaped = new Set([...scripts].filter((hex) => shapedAs(form, fromHex(hex)!)));
    if (shaped.size === 0) continue;
    for (const [side, branch] of [receive, change].entries()) {
      const at = 2 * place + side;
      const here = yield* scaled(template.search(branch, shaped), at / steps, (at + 1) / steps);
      for (const [hex, index] of here) found.set(hex, { template, derived: template.derive(branch, index) });
    }
  }
  return found;
}

/**
 * Where the script could come from: keys whose origin is claimed; or, where no claim names a known key (some
 * programs leave fingerprints out or blank, and an aggregate's own is nobody's), any wallet of this shape at the
 * branch and index claimed.
 */
function candidatesOf(
  script: Uint8Array,
  origins: readonly Origin[],
  traces: Traces,
  templates: readonly Template[],
): Candidate[] {
  const candidates: Candidate[] = [];
  for (const { fingerprint, path } of origins)
    for (const trace of traces.get(fingerprint) ?? [])
      if (trace.path.every((step, i) => step === path[i]))
        consider(trace.template, trace.steps, path.slice(trace.path.length));
  if (candidates.length === 0)
    for (const { path } of origins)
      for (const template of templates)
        for (const steps of template.wallet.uses.flatMap(stepsOf))
          if (steps.length > 0) consider(template, steps, path.slice(-steps.length));
  return candidates;

  function consider(template: Template, steps: Steps, path: Path): void {
    if (!shapedAs(template.wallet.form, script)) return;
    const place = placeOf(steps, template.wallet, path);
    const isNew = ({ branch, index }: Place) =>
      !candidates.some((one) => one.template === template && one.branch === branch && one.index === index);
    if (place && isNew(place)) candidates.push({ template, ...place });
  }
}

function stepsOf(use: Use): readonly Steps[] {
  if (use.kind === "fixed") return [];
  return use.kind === "child" ? [use.steps] : [use.steps, ...use.of.flatMap(stepsOf)];
}
