// The lock: every package of Debian that an image is made of, by name, version, SHA-256 and place in the archive.

import { BuildError } from "./run.ts";

export interface Pinned {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  /** Below the archive's root: pool/main/s/systemd/systemd_….deb */
  readonly path: string;
}

const LINE = /^([a-z0-9][a-z0-9+.-]+) (\S+) ([0-9a-f]{64}) (pool\/[A-Za-z0-9+._~%/:-]+\.deb)$/;

export function readLock(text: string, file: string): Pinned[] {
  const pinned = text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line): Pinned => {
      const [, name, version, sha256, path] = LINE.exec(line) ?? [];
      if (path === undefined) throw new BuildError(`${file} has a line that is no package: ${line}`);
      return { name: name!, version: version!, sha256: sha256!, path };
    });
  const names = pinned.map((one) => one.name);
  const sorted = [...new Set(names)].sort();
  if (names.join() !== sorted.join()) throw new BuildError(`${file} is not sorted, or names a package twice`);
  return pinned;
}

export function writeLock(pinned: readonly Pinned[], head: readonly string[]): string {
  const lines = [...pinned]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((one) => `${one.name} ${one.version} ${one.sha256} ${one.path}`);
  return `${[...head.map((line) => `# ${line}`), ...lines].join("\n")}\n`;
}

/** What apt-get download --print-uris says of one package: 'URI' name_version_arch.deb size SHA256:hash */
const PRINTED = /^'([^']+)' ([^_\s]+)_([^_\s]+)_[a-z0-9]+\.deb \d+ SHA256:([0-9a-f]{64})$/;

export function readPrinted(text: string, mirror: string): Pinned[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [, uri, name, version, sha256] = PRINTED.exec(line) ?? [];
      if (sha256 === undefined || !uri!.startsWith(mirror))
        throw new BuildError(`apt-get printed a line that is no package: ${line}`);
      return { name: name!, version: decodeURIComponent(version!), sha256, path: uri!.slice(mirror.length) };
    });
}

/** Each package whose version or hash is another, in words. */
export function moved(before: readonly Pinned[], after: readonly Pinned[]): string[] {
  const now = new Map(after.map((one) => [one.name, one]));
  const then = new Set(before.map((one) => one.name));
  return [
    ...before.flatMap((one) => {
      const other = now.get(one.name);
      if (other === undefined) return [`${one.name} ${one.version} is gone`];
      if (other.sha256 === one.sha256) return [];
      return [`${one.name} ${one.version} is now ${other.version}`];
    }),
    ...after.filter((one) => !then.has(one.name)).map((one) => `${one.name} ${one.version} is new`),
  ];
}
