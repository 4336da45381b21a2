// Lines of the board by onoff. Root has exported them and set them up; of each only its value may be written here, and
// that of a button only in name: the kernel refuses it.

import { accessSync, constants } from "node:fs";
import type { Gpio } from "onoff";
import type { ButtonLine } from "./buttons.ts";

/** Where root has left a line: the kernel's number of it, and its value file. */
export interface SetUpLine {
  readonly number: number;
  readonly value: string;
}

type GpioClass = typeof Gpio;

/** Loads onoff and its native part. Throws where that is missing. */
export async function loadGpio(): Promise<GpioClass> {
  const { Gpio: loaded } = (await import("onoff")).default;
  return setUpByRoot(loaded);
}

/**
 * onoff sets direction and edge even of a line that is there already. It goes on where it may not, but then believes
 * that no edge was asked for and tells none. Here it does not try, and knows that both edges come.
 */
export function setUpByRoot(base: GpioClass): GpioClass {
  return class extends base {
    declare _risingEnabled: boolean;
    declare _fallingEnabled: boolean;

    override setDirection(): void {}

    override setActiveLow(): void {}

    override setEdge(): void {
      this._risingEnabled = true;
      this._fallingEnabled = true;
    }
  };
}

/** Throws where the line is not there, or its value not ours: onoff itself would try ten thousand times. */
function checked({ value }: SetUpLine): void {
  accessSync(value, constants.R_OK | constants.W_OK);
}

export function buttonLine(Gpio: GpioClass, line: SetUpLine, pressedHigh: boolean): ButtonLine {
  checked(line);
  const gpio = new Gpio(line.number, "in", "both");
  const level = pressedHigh ? 1 : 0;
  return {
    pressed: () => gpio.readSync() === level,
    whenEdge(take) {
      const once = () => {
        // A line that is watched wakes us at each bounce.
        gpio.unwatch(once);
        take();
      };
      gpio.watch(once);
    },
  };
}

/** Something that is on or off. */
export interface Switch {
  set(on: boolean): void;
}

export function outputLine(Gpio: GpioClass, line: SetUpLine): Switch {
  checked(line);
  const gpio = new Gpio(line.number, "out");
  return { set: (on) => gpio.writeSync(on ? 1 : 0) };
}
