// The glass on a made-up board: a console over a framebuffer, and what it tells Firn.

import { PassThrough } from "node:stream";
import type { TestContext } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { Canvas } from "../../device/glass/canvas.ts";
import { Framebuffer, readGeometry } from "../../device/glass/framebuffer.ts";
import { openTerminal } from "../../device/glass/terminal.ts";
import type { FromGlass } from "../../device/wire/lines.ts";
import type { Picture } from "../../src/model.ts";
import { MadeUpConsole } from "./fbcon.ts";
import { type MadeUpScreen, makeScreen } from "./screens.ts";

export async function openStage(
  t: Pick<TestContext, "after">,
  screen: MadeUpScreen,
  through: (opened: Framebuffer) => Framebuffer = (opened) => opened,
) {
  const made = makeScreen(screen);
  const output = new MadeUpConsole(screen, made);
  const input = Object.assign(new PassThrough(), { isTTY: true, isRaw: false, setRawMode: () => undefined });
  const lines: FromGlass[] = [];
  const canvas = new Canvas({
    font: screen.font,
    open: () => {
      const geometry = readGeometry(made.graphics, 0);
      return typeof geometry === "string" ? undefined : through(new Framebuffer(made.node, geometry));
    },
  });
  const term = process.env.TERM;
  process.env.TERM = "linux";
  const nothing = () => undefined;
  const terminal = await openTerminal(
    { line: (line) => lines.push(line), interrupt: nothing, end: nothing },
    { input, output },
    { canvas },
  );
  process.env.TERM = term;
  const settle = async () => {
    for (let i = 0; i < 6; i++) await turn();
  };
  t.after(async () => {
    terminal.close();
    await settle();
    made.remove();
  });
  const show = async (picture: Picture) => {
    terminal.show(picture);
    await settle();
  };
  return { made, output, canvas, terminal, lines, show, settle };
}
