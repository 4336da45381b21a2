// npm run read -- PATH…: what the eye sees in each picture, one JSON line a picture.

import { parseArgs } from "node:util";
import type { Decoders } from "../device/eye/decoders.ts";
import { picturesAt } from "../device/eye/files.ts";
import { openDecoders } from "../device/eye/open.ts";
import { DamagedPicture } from "../device/eye/size.ts";
import { equal, toHex } from "../src/bytes.ts";
import { utf8 } from "../src/text.ts";

/** One picture's line: { file, texts, bytes?, decoder, cpuMs }; bytes where the text is not their exact UTF-8. */
async function lineOf(decoders: Decoders, file: string): Promise<object> {
  try {
    const { read, decoder, cpuMs } = await decoders.climbFile(file);
    const rounded = Math.round(cpuMs * 10) / 10;
    if (!read) return { file, texts: [], decoder: null, cpuMs: rounded };
    const exact = equal(utf8(read.text), read.bytes);
    return {
      file,
      texts: [read.text],
      ...(exact ? {} : { bytes: toHex(read.bytes) }),
      decoder,
      cpuMs: rounded,
    };
  } catch (error) {
    if (!(error instanceof DamagedPicture)) throw error;
    process.stderr.write(`${file}: ${error.message}\n`);
    return { file, texts: [], decoder: null, cpuMs: 0 };
  }
}

async function main(paths: readonly string[]): Promise<number> {
  const found = await Promise.all(paths.map(async (path) => ({ path, files: await picturesAt(path) })));
  const missing = found.filter(({ files }) => files.length === 0);
  for (const { path } of missing) process.stderr.write(`${path}: no such picture, or a folder without any\n`);
  if (paths.length === 0)
    process.stderr.write("npm run read -- PATH…   (PNG, JPEG, PGM, or folders of them)\n");
  if (paths.length === 0 || missing.length > 0) return 2;
  const decoders = openDecoders();
  for (const file of found.flatMap(({ files }) => files))
    process.stdout.write(`${JSON.stringify(await lineOf(decoders, file))}\n`);
  await decoders.close();
  return 0;
}

function pathsFrom(args: readonly string[]): readonly string[] | undefined {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: {} }).positionals;
  } catch {
    return undefined;
  }
}

process.exitCode = await main(pathsFrom(process.argv.slice(2)) ?? []);
