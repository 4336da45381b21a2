// Whose script is it? Only what a registered wallet's own keys make is ours; what a PSBT says about
// derivation merely tells where to look, and how often it may be wrong is bounded.

import { equal, fromHex, readU32be, readU32le, toHex } from "../bytes.ts";
import { HARDENED, LIMITS } from "../limits.ts";
import { refuse } from "../refusal.ts";
import type { Work } from "../request.ts";
import { compactSize, cursor, skip } from "./cursor.ts";
import type { Found } from "./derive.ts";
import { place, type Rows } from "./psbt/rows.ts";
import { shapedAs } from "./script.ts";
import { scaled } from "./steps.ts";
import type { Derived, Template, WalletKey } from "./wallet.ts";

/** A key origin as a PSBT claims it. */
interface Origin {
  /** The four bytes as a number. */
  readonly fingerprint: number;
  readonly path: readonly number[];
}

interface Candidate {
  readonly template: Template;
  readonly branch: number;
  readonly index: number;
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

type KeysByFingerprint = ReadonlyMap<number, readonly { template: Template; key: WalletKey }[]>;

function keysByFingerprint(templates: readonly Template[]): KeysByFingerprint {
  const keys = new Map<number, { template: Template; key: WalletKey }[]>();
  for (const template of templates)
    for (const key of template.wallet.keys) {
      const fingerprint = Number.parseInt(key.fingerprint, 16);
      const known = keys.get(fingerprint);
      if (known) known.push({ template, key });
      else keys.set(fingerprint, [{ template, key }]);
    }
  return keys;
}

/** Scripts that were found are remembered, and so is each address that was derived: no index is derived twice. */
export function ownership(templates: readonly Template[]): Ownership {
  const keys = keysByFingerprint(templates);
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
      originsOf(rows, derivation, tapDerivation).some(({ fingerprint }) =>
        keys.get(fingerprint)?.some(({ key }) => key.ours),
      ),
    find(script, rows, types) {
      const name = toHex(script);
      const known = foundBy.get(name);
      if (known) return known;
      const origins = originsOf(rows, types.derivation, types.tapDerivation);
      const candidates = candidatesOf(script, origins, keys, templates);
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
 * programs leave fingerprints out or blank), any wallet of this shape at the branch and index claimed.
 */
function candidatesOf(
  script: Uint8Array,
  origins: readonly Origin[],
  keys: KeysByFingerprint,
  templates: readonly Template[],
): Candidate[] {
  const candidates = new Map<Template, Candidate>();
  for (const { fingerprint, path } of origins)
    for (const { template, key } of keys.get(fingerprint) ?? [])
      if (path.length === key.path.length + 2 && key.path.every((step, i) => step === path[i]))
        consider(template, path);
  if (candidates.size === 0)
    for (const { path } of origins) for (const template of templates) consider(template, path);
  return [...candidates.values()];

  function consider(template: Template, path: readonly number[]): void {
    const { wallet } = template;
    const [branch = -1, index = HARDENED] = path.slice(-2);
    const fits = (branch === wallet.receive || branch === wallet.change) && index < HARDENED;
    if (fits && !candidates.has(template) && shapedAs(wallet.form, script))
      candidates.set(template, { template, branch, index });
  }
}
