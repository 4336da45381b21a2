// One image, from unpacked packages to the files that are handed out.

import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { USERS } from "./accounts.ts";
import type { Fetched } from "./archive.ts";
import { writeCard } from "./card.ts";
import { commandLine } from "./commandline.ts";
import { initramfs } from "./initramfs.ts";
import { imageId, type Manifest, manifestText, sha256 } from "./manifest.ts";
import { kernelVersion, modulesOf } from "./modules.ts";
import type { Asked } from "./options.ts";
import { DATA_SIZE, makeData, makeFat, makeSquashfs } from "./partitions.ts";
import { findIn, makeRoot } from "./root.ts";
import { say } from "./run.ts";
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
  const { board, out, work, time } = job;
  const tree = unpack(job.cache, job.packages.pinned);
  const root = join(work, "root");
  const { version } = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../package.json"), "utf8"));
  const mark = markOf(job);
  say(`laying out the root of ${board.title}`);
  await makeRoot({ ...job, root, trees: [tree], version, ...(mark === undefined ? {} : { mark }) });
  const packed = join(out, "root.img");
  makeSquashfs(root, packed, time);
  const packedSize = statSync(packed).size;
  const verity = addHashTree(packed);
  makeData(join(out, "data.img"), time, USERS.find((one) => one.name === "firn")!.id);
  const boot = bootFiles(job, tree, verity);
  const id = imageId(boot, verity.rootHash);
  const line = commandLine(board, job.chosen, id).join(" ");
  const files = emulatorFiles(job, boot, line);
  const card = join(out, `firn-${board.name}.img`);
  const fat = join(work, "boot.fat");
  makeFat(new Map([...boot, ["cmdline.txt", Buffer.from(`${line}\n`)]]), fat, join(work, "boot"), time);
  const { size } = writeCard(card, fat, packed, join(out, "data.img"));
  const manifest: Manifest = {
    ...{ name: "Firn", version, ...job.chosen, rootHash: verity.rootHash, imageId: id, commandLine: line },
    ...{ time, commit: job.commit, ...(mark === undefined ? {} : { mark }) },
    ...(job.packages.moved.length === 0 ? {} : { moved: job.packages.moved }),
    files: Object.fromEntries(
      [...files, "root.img", "data.img", `firn-${board.name}.img`].map((name) => [
        name,
        described(join(out, name)),
      ]),
    ),
    sizes: { card: size, root: packedSize, data: DATA_SIZE },
  };
  writeFileSync(join(out, "manifest.json"), manifestText(manifest));
  say(`image id ${id}`);
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

function bootFiles({ board, chosen, time }: Build, tree: string, verity: Verity): Map<string, Uint8Array> {
  const folder = join(tree, "usr/lib/modules");
  const version = kernelVersion(folder, board.arch);
  const modules = modulesOf(join(folder, version), board.image.modules);
  const initrd = initramfs({
    ...{ arch: board.arch, image: board.image, modules, verityTable: verity.table, tree, time },
    commandLine: commandLine(board, chosen, ""),
    find: findIn([tree]),
  });
  return new Map<string, Uint8Array>([
    ["vmlinuz", readFileSync(join(tree, `boot/vmlinuz-${version}`))],
    ["initrd.img", initrd],
  ]);
}

function emulatorFiles({ out }: Build, boot: ReadonlyMap<string, Uint8Array>, line: string): string[] {
  mkdirSync(out, { recursive: true });
  for (const [name, bytes] of boot) writeFileSync(join(out, name), bytes);
  writeFileSync(join(out, "cmdline"), `${line}\n`);
  return [...boot.keys(), "cmdline"];
}

function described(file: string): { readonly size: number; readonly sha256: string } {
  return { size: statSync(file).size, sha256: sha256(readFileSync(file)) };
}
