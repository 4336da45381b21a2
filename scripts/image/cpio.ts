// An initramfs archive (cpio, "newc"), written from a list: the same list gives the same bytes. It needs no file system,
// no root, and no clock.

export type Entry =
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "file"; readonly path: string; readonly bytes: Uint8Array; readonly executable?: true }
  | { readonly kind: "link"; readonly path: string; readonly to: string }
  | { readonly kind: "device"; readonly path: string; readonly major: number; readonly minor: number };

const MODE = { folder: 0o040755, file: 0o100644, link: 0o120777, device: 0o020600 };

/** Entries in the order of their paths, so that a folder comes before what is in it; ends padded to 512 bytes. */
export function cpio(entries: readonly Entry[], time: number): Buffer {
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));
  const parts = sorted.flatMap((entry, index) => member(entry, index + 1, time));
  parts.push(...member({ kind: "file", path: "TRAILER!!!", bytes: new Uint8Array() }, 0, 0));
  const all = Buffer.concat(parts);
  return Buffer.concat([all, Buffer.alloc((512 - (all.length % 512)) % 512)]);
}

function member(entry: Entry, inode: number, time: number): Buffer[] {
  const bytes =
    entry.kind === "file" ? Buffer.from(entry.bytes) : Buffer.from(entry.kind === "link" ? entry.to : "");
  const mode = entry.kind === "file" && entry.executable ? 0o100755 : MODE[entry.kind];
  const [major, minor] = entry.kind === "device" ? [entry.major, entry.minor] : [0, 0];
  const links = entry.kind === "folder" ? 2 : 1;
  const name = Buffer.from(`${entry.path}\0`);
  const fields = [inode, mode, 0, 0, links, time, bytes.length, 0, 0, major, minor, name.length, 0];
  const head = `070701${fields.map((field) => field.toString(16).padStart(8, "0")).join("")}`;
  return [padded(Buffer.concat([Buffer.from(head), name])), padded(bytes)];
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
