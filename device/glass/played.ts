// The glass of a played session: no terminal; keys come from the launcher, every picture goes back to it, and the
// security key is the launcher's.

import type { Size } from "../../src/model.ts";
import type { Channel } from "../wire/channel.ts";
import type { FromGlass, GlassControl, GlassReport, ToGlass } from "../wire/lines.ts";

/** Tells Firn the size first: Firn has taken one line more than the launcher sent. */
export function joinPlayed(
  firn: Channel<FromGlass, ToGlass>,
  control: Channel<GlassReport, GlassControl>,
  size: Size,
): void {
  firn.send({ t: "size", ...size });
  firn.onMessage((line) =>
    control.send(line.t === "show" ? { t: "picture", seq: line.seq, picture: line.picture } : line),
  );
  control.onMessage((line) => firn.send(line));
}
