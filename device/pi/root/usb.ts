// Run as root for each USB device that is plugged in: node usb.ts NAME ("1-1.4"). Lets in what may be used, and no more
// of it than may be used. A stick waits: stick.ts lets it in while Firn wishes for one.

import { tellAgain } from "./facts.ts";
import { isFido } from "./hid-report.ts";
import { MACHINE, type Machine } from "./machine.ts";
import { UsbDevice } from "./usb-device.ts";

/** How it ended, in words. */
export type Admitted = "hub" | "camera" | "keyboard" | "security key" | "waits" | "refused" | "gone";

export function admit(machine: Machine, name: string): Admitted {
  const device = new UsbDevice(machine, name);
  for (;;) {
    const number = device.number();
    if (number === undefined) return "gone";
    const admitted = guarded(device);
    // Another may have come to the same port meanwhile, of which nobody else will be told.
    if (device.number() === number) return admitted;
  }
}

/** What fails half way is kept out. */
function guarded(device: UsbDevice): Admitted {
  try {
    return admitted(device);
  } catch {
    try {
      device.keepOut();
      return "refused";
    } catch {
      // It is not there any more.
      return "gone";
    }
  }
}

function admitted(device: UsbDevice): Admitted {
  const verdict = device.verdict();
  switch (verdict.kind) {
    case "stick":
      return "waits";
    case "refused":
      device.keepOut();
      return "refused";
    case "input":
      device.letIn();
      return inputDevice(device, verdict.keyboards, verdict.others);
    default:
      device.letIn();
      device.open(verdict.open);
      return verdict.kind;
  }
}

/**
 * A security key that is a keyboard too (it types a password of its own when touched) is let in as a security key alone:
 * every touch that Firn asks for would type into Firn's screen.
 */
function inputDevice(device: UsbDevice, keyboards: readonly number[], others: readonly number[]): Admitted {
  device.open(others);
  const fido = others.filter((one) => isFido(device.report(one) ?? new Uint8Array()));
  if (fido.length > 0) {
    device.shut(others.filter((one) => !fido.includes(one)));
    return "security key";
  }
  if (keyboards.length > 0) {
    device.open(keyboards);
    return "keyboard";
  }
  device.keepOut();
  return "refused";
}

if (import.meta.main) {
  admit(MACHINE, process.argv[2] ?? "");
  tellAgain(MACHINE);
}
