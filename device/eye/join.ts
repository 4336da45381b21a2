// An eye, joined to its pipes: to Firn always, to the launcher in a played session, to picture files
// that stand for a camera where there is none.

import { setImmediate as nextTurn } from "node:timers/promises";
import { fromHex } from "../../src/bytes.ts";
import { readOf } from "../../src/qr/decode.ts";
import { utf8 } from "../../src/text.ts";
import type { Channel } from "../wire/channel.ts";
import type { FromEye, ToEye } from "../wire/lines.ts";
import { Camera } from "./camera.ts";
import type { EyeControl, EyeReport } from "./control.ts";
import type { Decoders } from "./decoders.ts";
import { openDecoders } from "./open.ts";
import { DamagedPicture } from "./size.ts";
import { Watch } from "./watch.ts";

export interface Eye {
  /** Ends the threads; the channels stay the caller's. */
  close(): Promise<void>;
}

/** Names a picture that was skipped, and why. */
type Complain = (text: string) => void;

/**
 * A played eye: it sees what the launcher gives it, one thing after the other, each answered when every
 * decoder has said its word, so that the same session always goes the same way.
 */
export function joinEye(
  firn: Channel<FromEye, ToEye>,
  control: Channel<EyeReport, EyeControl>,
  complain: Complain = () => {},
  decoders: Decoders = openDecoders(),
): Eye {
  const watch = new Watch(firn, () => {});
  let last = Promise.resolve();
  control.onMessage((line) => {
    last = last.then(async () => {
      // A "watch" that reached our other pipe before this line is taken first.
      await nextTurn();
      if (watch.watching) await see(watch, decoders, line, complain);
      control.send({ t: "answered", sent: watch.sent });
    });
  });
  return { close: () => decoders.close() };
}

async function see(watch: Watch, decoders: Decoders, line: EyeControl, complain: Complain): Promise<void> {
  if (line.t === "read") {
    if ("text" in line) watch.take({ text: line.text, bytes: utf8(line.text) }, "say");
    else watch.take(readOf(fromHex(line.hex) ?? new Uint8Array()), "say");
    return;
  }
  try {
    if (!watch.decodes) return watch.preview(await decoders.open(line.path));
    const { read, lost } = await decoders.climbFile(line.path);
    watch.frame(lost);
    watch.came(0);
    if (read) watch.take(read, "say");
  } catch (error) {
    if (!(error instanceof DamagedPicture)) throw error;
    complain(`${line.path}: ${error.message}`);
  }
}

/** A live eye whose camera is a loop of the picture files that there are when Firn begins to watch; without any it says so. */
export function joinCamera(
  firn: Channel<FromEye, ToEye>,
  look: () => Promise<readonly string[]>,
  complain: Complain = () => {},
  decoders: Decoders = openDecoders(),
): Eye {
  const watch = new Watch(firn, (watching) => (watching ? camera.start() : camera.stop()));
  const camera = new Camera(decoders, watch, look, complain);
  return {
    close() {
      camera.stop();
      return decoders.close();
    },
  };
}
