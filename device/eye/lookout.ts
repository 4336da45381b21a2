// A board's camera at work for one watch after the other: frames to the screen, to the decoders, and judged.

import type { Frame } from "../../src/qr/frame.ts";
import { type Effort, NO_EFFORT } from "../../src/qr/ladder.ts";
import type { Channel } from "../wire/channel.ts";
import type { FromEye, ToEye } from "../wire/lines.ts";
import type { Decoders } from "./decoders.ts";
import type { Feed } from "./feed.ts";
import type { Eye } from "./join.ts";
import { Live } from "./live.ts";
import { openDecoders } from "./open.ts";
import { Seeing } from "./seeing.ts";
import { Watch } from "./watch.ts";

/** A live eye on a board's camera, which runs exactly while Firn watches. */
export function joinFeed(
  firn: Channel<FromEye, ToEye>,
  feed: Feed,
  decoders: Decoders = openDecoders(),
): Eye {
  const watch = new Watch(firn, (watching) => (watching ? lookout.begin() : lookout.rest()));
  const lookout = new Lookout(decoders, watch, feed);
  return {
    async close() {
      lookout.rest();
      feed.close();
      await decoders.close();
    },
  };
}

/** What one watch has: whatever a decoder says of an older one is nobody's. */
interface Shift {
  readonly live: Live;
  readonly seeing: Seeing;
}

class Lookout {
  readonly #decoders: Decoders;
  readonly #watch: Watch;
  readonly #feed: Feed;
  #shift: Shift | undefined;
  #effort: Effort = NO_EFFORT;

  constructor(decoders: Decoders, watch: Watch, feed: Feed) {
    this.#decoders = decoders;
    this.#watch = watch;
    this.#feed = feed;
  }

  /** A watch that follows another at once keeps the camera running. */
  begin(): void {
    this.#leave();
    const live = new Live(
      this.#decoders,
      {
        read: (read) => {
          if (this.#shift !== shift) return;
          shift.seeing.read();
          this.#watch.take(read, "once");
        },
        frame: (lost) => this.#shift === shift && this.#watch.frame(lost),
      },
      this.#effort,
    );
    const shift = { live, seeing: new Seeing() };
    this.#shift = shift;
    if (this.#watch.decodes) void this.#decoders.warm();
    this.#feed.start({
      frame: (frame) => this.#see(shift, frame),
      holds: (frame) => live.holds(frame),
      trouble: (reason) => this.#watch.camera(reason),
    });
  }

  rest(): void {
    this.#leave();
    this.#feed.stop();
  }

  #leave(): void {
    this.#effort = this.#shift?.live.effort ?? this.#effort;
    this.#shift = undefined;
  }

  #see({ live, seeing }: Shift, frame: Frame): void {
    this.#watch.came();
    this.#watch.preview(frame);
    if (!this.#watch.decodes) return;
    live.offer(frame);
    this.#watch.camera(seeing.see(frame, performance.now()));
  }
}
