// The glass's process. Descriptor 3 is the pipe to Firn; its end is the end of this process.
// FIRN_CONTROL=1: a played session, with the launcher on descriptor 4 and no terminal.
// Exit codes: 0 ended with Firn, 130 the person pressed Ctrl-C or the terminal is gone, 1 a bug.

import process from "node:process";
import type { Size } from "../../src/model.ts";
import { type Channel, descriptorChannel } from "../wire/channel.ts";
import type { FromGlass, GlassControl, GlassReport, ToGlass } from "../wire/lines.ts";
import { readGlassControl, readToGlass } from "../wire/lines.ts";
import { openKeys } from "./hid.ts";
import { joinPlayed } from "./played.ts";
import { openTerminal } from "./terminal.ts";

const ENDED_BY_HAND = 130;

/** "--size 80x24" */
function sizeOption(args: readonly string[]): Size {
  const at = args.indexOf("--size");
  const match = /^(\d{1,3})x(\d{1,3})$/.exec(at < 0 ? "80x24" : (args[at + 1] ?? ""));
  if (!match) throw new Error("--size wants columns and rows: 80x24");
  return { columns: Number(match[1]), rows: Number(match[2]) };
}

function play(firn: Channel<FromGlass, ToGlass>): void {
  const control = descriptorChannel<GlassReport, GlassControl>(4, readGlassControl);
  // Both are closed, not cut: what was shown last still reaches the launcher. Then nothing keeps us alive.
  const end = (why: "closed" | "breach", detail = ""): void => {
    if (why === "breach") {
      process.stderr.write(`The glass stopped: ${detail}\n`);
      process.exitCode = 1;
    }
    firn.close();
    control.close();
  };
  firn.onEnd(end);
  control.onEnd(end);
  joinPlayed(firn, control, sizeOption(process.argv.slice(2)));
}

async function serve(firn: Channel<FromGlass, ToGlass>): Promise<void> {
  const keys = openKeys((line) => firn.send(line));
  const terminal = await openTerminal(
    {
      line: (line) => firn.send(line),
      interrupt: () => end(ENDED_BY_HAND),
      end: () => end(ENDED_BY_HAND),
    },
    { input: process.stdin, output: process.stdout },
  );
  const end = (code: number): void => {
    keys.want(false);
    terminal.close();
    process.exit(code);
  };
  firn.onEnd((why, detail = "") => {
    terminal.close();
    if (why === "breach") process.stderr.write(`The glass stopped: ${detail}\n`);
    end(why === "breach" ? 1 : 0);
  });
  firn.send({ t: "size", ...terminal.size() });
  firn.onMessage((line) => {
    if (line.t === "show") terminal.show(line.picture);
    else if (line.t === "key") keys.want(line.open);
    else keys.send(line.bytes);
  });
}

const firn = descriptorChannel<FromGlass, ToGlass>(3, readToGlass);
if (process.env.FIRN_CONTROL === "1") play(firn);
else await serve(firn);
