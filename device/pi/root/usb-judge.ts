// What may be plugged into a board: hubs, keyboards, security keys, cameras. A stick only while Firn wishes for one.
// Judged by every interface that a device has, never by what it is called.

import { type Descriptors, type Interface, Malformed, readDescriptors } from "./usb-descriptors.ts";

/**
 * `shut` interfaces are never connected to anything. input: keyboards and security keys look alike until their reports
 * can be read. Numbers of interfaces.
 */
export type Verdict =
  | { readonly kind: "hub" | "camera"; readonly open: readonly number[] }
  | { readonly kind: "input"; readonly keyboards: readonly number[]; readonly others: readonly number[] }
  | { readonly kind: "stick"; readonly open: readonly number[] }
  | { readonly kind: "refused"; readonly why: string; readonly storage: boolean };

const BY_INTERFACE = ["00", "ef"];
const HUB = "09";
const BOOT_KEYBOARD = "03/01/01";
/** What a security key is (CTAP 2.1, 11.2.8.1), and much else. */
const PLAIN_HID = "03/00/00";
/** SCSI by the bulk-only transport, and by UAS beside it, for which the kernel has no driver here. */
const STICK = ["08/06/50", "08/06/62"];

export function judge(descriptors: Uint8Array): Verdict {
  try {
    return judged(readDescriptors(descriptors));
  } catch (problem) {
    if (!(problem instanceof Malformed)) throw problem;
    return { kind: "refused", why: `malformed: ${problem.message}`, storage: false };
  }
}

function judged({ deviceClass, interfaces }: Descriptors): Verdict {
  const has = (...classes: readonly string[]) => interfaces.some((one) => isOf(one, classes));
  const only = (...classes: readonly string[]) => interfaces.every((one) => isOf(one, classes));
  if (deviceClass === HUB)
    return only(HUB) ? { kind: "hub", open: numbers(interfaces) } : refused(interfaces);
  if (!BY_INTERFACE.includes(deviceClass)) return refused(interfaces);
  if (has(STORAGE)) return stick(interfaces);
  // Nearly every camera has a microphone. That stays shut.
  if (has(VIDEO) && only(VIDEO, AUDIO))
    return { kind: "camera", open: numbers(interfaces.filter((one) => isOf(one, [VIDEO]))) };
  // Many security keys are smart cards too. Nothing here speaks to those: they stay shut.
  if (has(HID) && only(HID, SMART_CARD))
    return input(interfaces.filter((one) => isOf(one, [HID]))) ?? refused(interfaces);
  return refused(interfaces);
}

const STORAGE = "08";
const VIDEO = "0e";
const AUDIO = "01";
const HID = "03";
const SMART_CARD = "0b";

/** In all its settings. */
function isOf({ kinds }: Interface, classes: readonly string[]): boolean {
  return kinds.every((kind) => classes.includes(kind.slice(0, 2)));
}

/** Undefined where it can be neither: a mouse says so at once. */
function input(interfaces: readonly Interface[]): Verdict | undefined {
  const boot = (one: Interface) => one.kinds.every((kind) => kind === BOOT_KEYBOARD);
  const keyboards = numbers(interfaces.filter(boot));
  const maybeKey = interfaces.some(({ kinds }) => kinds.includes(PLAIN_HID));
  if (keyboards.length === 0 && !maybeKey) return undefined;
  return { kind: "input", keyboards, others: numbers(interfaces.filter((one) => !boot(one))) };
}

function stick(interfaces: readonly Interface[]): Verdict {
  const [only, ...more] = interfaces;
  const plain = more.length === 0 && only!.kinds.every((kind) => STICK.includes(kind));
  return plain ? { kind: "stick", open: [only!.number] } : refused(interfaces);
}

function refused(interfaces: readonly Interface[]): Verdict {
  const kinds = [...new Set(interfaces.flatMap((one) => one.kinds))];
  const storage = kinds.some((kind) => kind.startsWith(STORAGE));
  return { kind: "refused", why: kinds.join(" "), storage };
}

function numbers(interfaces: readonly Interface[]): number[] {
  return interfaces.map(({ number }) => number);
}
