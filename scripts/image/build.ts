// One image, from unpacked packages to the files that are handed out.

import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { USERS } from "./accounts.ts";
import type { Fetched } from "./archive.ts";
import { writeCard } from "./card.ts";
import { commandLine } from "./commandline.ts";
import { chosenNeeds, piBootFiles } from "./firmware.ts";
import { initramfs } from "./initramfs.ts";
import { imageId, type Manifest, manifestText, OUTSIDE, sha256 } from "./manifest.ts";
import { modulesOf } from "./modules.ts";
import type { Asked } from "./options.ts";
import { DATA_SIZE, makeData, makeFat, makeSquashfs } from "./partitions.ts";
import { checkPi } from "./pi.ts";
import { makeRoot } from "./root.ts";
import { say, toolVersions } from "./run.ts";
import { type Source, sourceOf } from "./source.ts";
import { unpack } from "./unpack.ts";
import { addHashTree, type Verity } from "./verity.ts";

export interface Build extends Asked {
  readonly work: string;
  readonly cache: string;
  readonly packages: Fetched;
  readonly time: number;
  readonly commit: string;
}

export async function build(job: Build): Promise<void> {
  const { board, out, time } = job;
  const piSums = job.pi === undefined ? undefined : checkPi(job.pi);
  const tree = unpack(job.cache, job.packages.pinned);
  const source = sourceOf(board, job.kernel, tree, job.pi);
  const root = await packedRoot(job, source);
  makeData(join(out, "data.img"), time, USERS.find((one) => one.name === "firn")!.id);
  const boot = bootFiles(job, tree, source, root.verity);
  const id = imageId(boot, root.verity.rootHash);
  const line = commandLine(board, job.chosen, id).join(" ");
  const all = new Map([...boot, [OUTSIDE, Buffer.from(`${line}\n`)] as const]);
  const written = [...handOut(job, all), "root.img", "data.img", ...card(job, all)];
  const manifest: Manifest = {
    ...{ name: "Firn", version: version(), ...job.chosen, rootHash: root.verity.rootHash, imageId: id },
    ...{ commandLine: line, time, commit: job.commit, ...unlessUndefined("mark", markOf(job)) },
    ...unlessUndefined("pi", piSums),
    ...(job.packages.moved.length === 0 ? {} : { moved: job.packages.moved }),
    tools: toolVersions(board.arch),
    files: Object.fromEntries(written.map((name) => [name, described(join(out, name))])),
    hashOffset: root.verity.offset,
    sizes: { card: statSync(join(out, written.at(-1)!)).size, root: root.size, data: DATA_SIZE },
  };
  writeFileSync(join(out, "manifest.json"), manifestText(manifest));
  say(`image id ${id}`);
  if (job.bootImage)
    say("boot.img wants a signature: docs/image.md says how boot.sig is made and where it is put");
}

const unlessUndefined = (name: string, value: string | undefined) =>
  value === undefined ? {} : { [name]: value };

function version(): string {
  const text = readFileSync(resolve(import.meta.dirname, "../../package.json"), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** Why an image is none for use. */
function markOf({ probe, packages, board }: Build): string | undefined {
  const why = [
    ...(probe === undefined ? [] : ["a probe"]),
    ...(packages.moved.length === 0 ? [] : ["packages that are not pinned"]),
    ...(board.image.unsupported === undefined ? [] : ["an unsupported board"]),
  ];
  return why.length === 0 ? undefined : `not for use: ${why.join(", ")}`;
}

/** Writes root.img: the file system with its hash tree behind it. */
async function packedRoot(job: Build, source: Source): Promise<{ size: number; verity: Verity }> {
  const root = join(job.work, "root");
  const mark = markOf(job);
  say(`laying out the root of ${job.board.title}`);
  await makeRoot({
    ...{ ...job, root, trees: source.roots, version: version() },
    ...(mark === undefined ? {} : { mark }),
    ...(source.over === undefined ? {} : { over: source.over }),
  });
  const packed = join(job.out, "root.img");
  makeSquashfs(root, packed, job.time, source.compression);
  const { size } = statSync(packed);
  return { size, verity: addHashTree(packed) };
}

/** What the firmware reads, or the emulator is handed, but the command line. */
function bootFiles(job: Build, tree: string, source: Source, verity: Verity): Map<string, Uint8Array> {
  const { board, chosen, kernel, time } = job;
  const first = initramfs({
    ...{ arch: board.arch, image: board.image, verityTable: verity.table, tree, time },
    modules: modulesOf(source.modules, chosenNeeds(kernel, chosen).modules),
    commandLine: commandLine(board, chosen, ""),
  });
  if (board.image.boot === "firmware") {
    const from = { folders: source.boot, kernel: source.kernelImage, initramfs: first };
    return piBootFiles(board, chosen, kernel, from, job.work);
  }
  return new Map([
    ["vmlinuz", source.kernelImage],
    ["initrd.img", first],
  ]);
}

/** An emulator is handed its boot files one by one. */
function handOut({ board, out }: Build, boot: ReadonlyMap<string, Uint8Array>): string[] {
  if (board.image.boot !== "emulator") return [];
  for (const [name, bytes] of boot) writeFileSync(join(out, name), bytes);
  return [...boot.keys()];
}

/** Writes the card, and gives the names of what was written. */
function card(job: Build, boot: ReadonlyMap<string, Uint8Array>): string[] {
  const { board, out, work, time } = job;
  const name = `firn-${board.name}.img`;
  const fat = join(work, "boot.fat");
  const inner = join(out, "boot.img");
  if (job.bootImage) makeFat(boot, inner, join(work, "inner"), time);
  makeFat(job.bootImage ? aroundBootImage(readFileSync(inner)) : boot, fat, join(work, "boot"), time);
  writeCard(join(out, name), fat, join(out, "root.img"), join(out, "data.img"));
  return job.bootImage ? ["boot.img", name] : [name];
}

/** Beside it boot.sig is put by whoever has the key. */
function aroundBootImage(bootImage: Buffer): Map<string, Uint8Array> {
  return new Map<string, Uint8Array>([
    ["boot.img", bootImage],
    ["config.txt", Buffer.from("boot_ramdisk=1\n")],
  ]);
}

function described(file: string): { readonly size: number; readonly sha256: string } {
  return { size: statSync(file).size, sha256: sha256(readFileSync(file)) };
}
