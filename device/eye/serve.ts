// The eye of a board, at a socket where Firn listens. The pipe's end is the end of this process.
// Rule: until Firn first wants to see, no decoder is loaded. Every start counts, and most of them see nothing for long.

import { connect } from "node:net";
import { type Channel, streamChannel } from "../wire/channel.ts";
import { type FromEye, readToEye, type ToEye } from "../wire/lines.ts";
import type { Feed } from "./feed.ts";

type Pipe = Channel<FromEye, ToEye>;

/** Exit code 0: ended with Firn. 1: a bug, a broken pipe, or none. */
export function serveEye(feed: Feed, path: string): void {
  const socket = connect(path);
  const unreached = ({ message }: Error) => endEye(1, `Firn is not there (${message})`);
  socket.on("error", unreached);
  socket.on("connect", () => {
    socket.off("error", unreached);
    const firn: Pipe = streamChannel(socket, socket, readToEye);
    firn.onEnd((why, detail) => (why === "breach" ? endEye(1, detail) : endEye(0)));
    awaken(firn, feed);
  });
}

export function endEye(code: number, line?: string): never {
  if (line !== undefined) process.stderr.write(`The eye stopped: ${line}\n`);
  process.exit(code);
}

/** When Firn first wants to see the camera begins at once, and the rest of the eye is loaded meanwhile. */
function awaken(firn: Pipe, feed: Feed): void {
  let newest: ToEye | undefined;
  let loads = false;
  let take = (line: ToEye): void => {
    newest = line;
    if (line.t === "rest") feed.stop();
    else {
      feed.start();
      if (!loads) void loadRest(late, feed);
      loads = true;
    }
  };
  const late: Pipe = {
    send: (line) => firn.send(line),
    onEnd: (ended) => firn.onEnd(ended),
    close: () => firn.close(),
    onMessage(next) {
      queueMicrotask(() => {
        take = next;
        if (newest) next(newest);
      });
    },
  };
  firn.onMessage((line) => take(line));
}

/**
 * A camera's bytes and a decoder's scraps die at once. V8 lets ever more of them pile up before it looks, unless it is
 * told that the young part of its heap stays as it is: then the eye that watches has thirty megabytes less.
 */
async function loadRest(firn: Pipe, feed: Feed): Promise<void> {
  const { setFlagsFromString } = await import("node:v8");
  setFlagsFromString("--semi-space-growth-factor=1");
  const { joinFeed } = await import("./lookout.ts");
  joinFeed(firn, feed);
}
