// One address at a time, by index.

import { LIMITS } from "../limits.ts";
import { grouped } from "../text.ts";
import type { Screen } from "./screen.ts";
import { done } from "./screen.ts";

export interface AddressesOptions {
  readonly title: string;
  readonly branch: number;
  readonly address: (index: number) => string;
}

/** Answers with the index whose code is wanted. */
export function addresses(options: AddressesOptions, index = 0): Screen<{ readonly index: number } | "back"> {
  return {
    draw: () => ({
      title: options.title,
      tone: "calm",
      blocks: [
        { kind: "fact", label: `Address ${options.branch}/${index}`, value: grouped(options.address(index)) },
      ],
      buttons: { down: "next", ...(index > 0 ? { up: "previous" } : {}), ok: "show code", back: "back" },
    }),
    on(event) {
      if (event.kind !== "press") return this;
      if (event.button === "down" || event.button === "right")
        return addresses(options, Math.min(index + 1, LIMITS.addressIndex));
      if (event.button === "up" || event.button === "left") return addresses(options, Math.max(index - 1, 0));
      if (event.button === "ok") return done({ index });
      return event.button === "back" ? done("back") : this;
    },
  };
}
