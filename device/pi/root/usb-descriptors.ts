// What a USB device says of itself (USB 2.0, chapter 9), as the kernel keeps it in `descriptors`. Every byte is the
// device's own and may be hostile: what is not exactly well-formed is refused whole, also where the kernel goes on.

export interface Interface {
  readonly number: number;
  /** "08/06/50": class, subclass, protocol, in hex. One entry for each alternate setting that differs. */
  readonly kinds: readonly string[];
}

export interface Descriptors {
  /** Class of the device as a whole; "00" and "ef": its interfaces say. */
  readonly deviceClass: string;
  readonly interfaces: readonly Interface[];
}

/** What is wrong, in words. */
export class Malformed extends Error {}

const DEVICE = 1;
const CONFIGURATION = 2;
const INTERFACE = 4;
const DEVICE_BYTES = 18;
const CONFIGURATION_BYTES = 9;
const INTERFACE_BYTES = 9;
/** The kernel's own bound (USB_MAXINTERFACES), and one of ours: cameras have a dozen settings. */
const MOST_INTERFACES = 32;
const MOST_SETTINGS = 256;

export function readDescriptors(bytes: Uint8Array): Descriptors {
  const device = descriptorAt(bytes, 0);
  if (device[1] !== DEVICE || device.length !== DEVICE_BYTES) throw new Malformed("it begins with no device");
  // Another configuration could be chosen later, and be something else.
  if (device[17] !== 1) throw new Malformed(`${device[17]} configurations`);
  const configuration = bytes.subarray(DEVICE_BYTES);
  const settings = settingsOf(configuration);
  const numbers = [...new Set(settings.map(({ number }) => number))].sort((a, b) => a - b);
  if (numbers.length !== configuration[4]) throw new Malformed("it counts its interfaces otherwise");
  return {
    deviceClass: hex(device[4]!),
    interfaces: numbers.map((number) => ({
      number,
      kinds: [...new Set(settings.filter((one) => one.number === number).map(({ kind }) => kind))],
    })),
  };
}

interface Setting {
  readonly number: number;
  readonly alternate: number;
  readonly kind: string;
}

function settingsOf(configuration: Uint8Array): Setting[] {
  const header = descriptorAt(configuration, 0);
  if (header[1] !== CONFIGURATION || header.length < CONFIGURATION_BYTES)
    throw new Malformed("no configuration");
  if ((header[2]! | (header[3]! << 8)) !== configuration.length)
    throw new Malformed("its configuration is not as long as it says");
  const settings: Setting[] = [];
  const seen = new Set<string>();
  for (let at = header.length; at < configuration.length; at += configuration[at]!) {
    const one = descriptorAt(configuration, at);
    if (one[1] === DEVICE || one[1] === CONFIGURATION) throw new Malformed("a device within a device");
    if (one[1] !== INTERFACE) continue;
    const setting = settingOf(one);
    const key = `${setting.number} ${setting.alternate}`;
    if (seen.has(key)) throw new Malformed("an interface twice");
    if (seen.add(key).size > MOST_SETTINGS) throw new Malformed("too many settings");
    settings.push(setting);
  }
  if (settings.length === 0) throw new Malformed("no interface");
  return settings;
}

function settingOf(one: Uint8Array): Setting {
  if (one.length < INTERFACE_BYTES) throw new Malformed("an interface that is too short");
  const number = one[2]!;
  if (number >= MOST_INTERFACES) throw new Malformed(`interface ${number}`);
  return { number, alternate: one[3]!, kind: [one[5]!, one[6]!, one[7]!].map(hex).join("/") };
}

function descriptorAt(bytes: Uint8Array, at: number): Uint8Array {
  const length = bytes[at] ?? 0;
  if (length < 2 || at + length > bytes.length) throw new Malformed("a descriptor is cut off");
  return bytes.subarray(at, at + length);
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
