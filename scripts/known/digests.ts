// What the sources are, in one line a repository: SHA-256 over "sha256  path" of each of its files, sorted by path.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filesIn } from "./read.ts";

export interface SourceDigest {
  /** owner/name */
  readonly source: string;
  readonly files: number;
  readonly sha256: string;
}

export function digestsOf(folder: string): readonly SourceDigest[] {
  const lines = new Map<string, string[]>();
  for (const name of filesIn(folder)) {
    const [owner, repository, ...path] = name.split("/");
    const source = `${owner}/${repository}`;
    const line = `${sha256(readFileSync(join(folder, name)))}  ${path.join("/")}\n`;
    lines.set(source, [...(lines.get(source) ?? []), line]);
  }
  return [...lines].map(([source, all]) => ({
    ...{ source, files: all.length, sha256: sha256(all.join("")) },
  }));
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
