// What a program needs of libraries, read from the file itself (ELF, 64 bits, little-endian), and all that these need.

export interface Elf {
  /** e_machine: 62 is x86-64, 183 is AArch64. */
  readonly machine: number;
  readonly interpreter?: string;
  readonly needed: readonly string[];
  /** Folders of DT_RUNPATH or DT_RPATH. */
  readonly runpath: readonly string[];
}

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT_NEEDED = 1;
const DT_STRTAB = 5;
const DT_RPATH = 15;
const DT_RUNPATH = 29;

interface Segment {
  readonly kind: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

/** Undefined where the bytes are no ELF file at all. */
export function readElf(bytes: Buffer): Elf | undefined {
  if (bytes.length < 64 || bytes.readUInt32BE(0) !== 0x7f454c46) return undefined;
  if (bytes[4] !== 2 || bytes[5] !== 1) throw new Error("an ELF file that is not of 64 bits, little-endian");
  const segments = segmentsOf(bytes);
  const interpreter = segments.find((one) => one.kind === PT_INTERP);
  const dynamic = entriesOf(
    bytes,
    segments.find((one) => one.kind === PT_DYNAMIC),
  );
  const names = dynamic.find(([tag]) => tag === DT_STRTAB)?.[1];
  const strings = names === undefined ? 0 : offsetOf(segments, names);
  const all = (...tags: number[]) =>
    dynamic.filter(([tag]) => tags.includes(tag)).map(([, value]) => textAt(bytes, strings + value));
  return {
    machine: bytes.readUInt16LE(18),
    ...(interpreter === undefined ? {} : { interpreter: textAt(bytes, interpreter.offset) }),
    needed: all(DT_NEEDED),
    runpath: all(DT_RUNPATH, DT_RPATH).flatMap((path) => path.split(":")),
  };
}

function segmentsOf(bytes: Buffer): Segment[] {
  const start = Number(bytes.readBigUInt64LE(32));
  const size = bytes.readUInt16LE(54);
  return Array.from({ length: bytes.readUInt16LE(56) }, (_, index) => {
    const at = start + index * size;
    const number = (offset: number) => Number(bytes.readBigUInt64LE(at + offset));
    return { kind: bytes.readUInt32LE(at), offset: number(8), address: number(16), size: number(32) };
  });
}

function entriesOf(bytes: Buffer, segment: Segment | undefined): [number, number][] {
  if (segment === undefined) return [];
  return Array.from({ length: Math.floor(segment.size / 16) }, (_, index) => {
    const at = segment.offset + index * 16;
    return [Number(bytes.readBigInt64LE(at)), Number(bytes.readBigUInt64LE(at + 8))];
  });
}

function offsetOf(segments: readonly Segment[], address: number): number {
  const within = segments.find(
    (one) => one.kind === PT_LOAD && address >= one.address && address < one.address + one.size,
  );
  if (within === undefined) throw new Error("an ELF file whose names are in none of its segments");
  return address - within.address + within.offset;
}

function textAt(bytes: Buffer, at: number): string {
  const end = bytes.indexOf(0, at);
  if (at >= bytes.length || end < 0) throw new Error("an ELF file that ends within a name");
  return bytes.toString("utf8", at, end);
}

/** Finds a library by its name in these folders: its path there and its bytes. */
export type FindLibrary = (name: string, folders: readonly string[]) => FoundLibrary | undefined;

export interface FoundLibrary {
  readonly path: string;
  readonly bytes: Buffer;
}

/** All libraries that these programs need, and that those need, by path; a missing one is an error that names it. */
export function closure(
  programs: readonly FoundLibrary[],
  find: FindLibrary,
  folders: readonly string[],
): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  const waiting = [...programs];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const elf = readElf(next.bytes);
    if (elf === undefined) continue;
    const own = next.path.slice(0, next.path.lastIndexOf("/"));
    const search = [...elf.runpath.map((path) => path.replace(/\$\{?ORIGIN\}?/, own)), ...folders];
    for (const name of elf.needed) {
      const library = find(name, search);
      if (library === undefined) throw new Error(`${next.path} needs ${name}, which is nowhere`);
      if (found.has(library.path)) continue;
      found.set(library.path, library.bytes);
      waiting.push(library);
    }
  }
  return found;
}
