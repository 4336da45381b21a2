// What the machine itself looks like, and not what a service is let see of it: no network, the root that was built, no
// way for more to come into the kernel. Looking changes nothing.

import type { Fact, Facts } from "../../../src/ports.ts";
import { causeOf, type Machine } from "./machine.ts";

type Found = Pick<Fact, "found" | "state">;
type Look = (machine: Machine) => Found;

const well = (found: string): Found => ({ found, state: "well" });
const open = (found: string): Found => ({ found, state: "open" });

/** What is looked at, in the order in which it is shown. */
const LOOKS: readonly (readonly [Fact["about"], string, Look])[] = [
  ["network", "Network interfaces", interfaces],
  ["network", "Wireless", wireless],
  ["network", "Bluetooth", (machine) => none(machine, "bluetooth")],
  ["network", "USB gadget", (machine) => none(machine, "udc")],
  ["network", "USB devices", usb],
  ["root", "Kernel modules", modules],
  ["root", "Command line", commandLine],
  ["root", "Swap", swap],
];

/** `board`: its title, where the machine does not say its own name. Never throws. */
export function lookAt(machine: Machine, board: string): Facts {
  const image = imageOf(machine);
  const findings = LOOKS.map(([about, label, look]): Fact => ({ about, label, ...guarded(look, machine) }));
  return {
    board: nameOf(machine) ?? board,
    ...(image ? { image } : {}),
    findings: [...findings, root(machine)],
  };
}

function guarded(look: Look, machine: Machine): Found {
  try {
    return look(machine);
  } catch (problem) {
    return { found: `cannot be looked at (${causeOf(problem)})`, state: "unknown" };
  }
}

/** Printable and short: what stands there may be anybody's. */
function listed(names: readonly string[]): string {
  const all = names.join(", ").replace(/[^\x20-\x7e]/g, "?");
  return all.length <= MOST_CHARS ? all : `${all.slice(0, MOST_CHARS)}... (${names.length})`;
}

const MOST_CHARS = 120;

/** Throws where the kernel says nothing at all: what is not there then was never looked for. */
function must<T>(found: T | undefined, where: string): T {
  if (found === undefined) throw new Error(`no ${where}`);
  return found;
}

/** Undefined where the kernel knows no such class. */
function inClass(machine: Machine, kind: string): readonly string[] | undefined {
  must(machine.names("/sys/class"), "/sys/class");
  return machine.names(`/sys/class/${kind}`);
}

function interfaces(machine: Machine): Found {
  const names = inClass(machine, "net");
  if (names === undefined) return well("none");
  const others = names.filter((name) => name !== "lo");
  return others.length === 0 ? well("only lo") : open(listed(others));
}

/** Wi-Fi, Thread and its like, near field, mobile networks, and the switches of them all. */
const RADIOS = ["ieee80211", "ieee802154", "nfc", "wwan", "rfkill"];
/** All of the kernel's in which is what could send. What comes there later has udev start look.ts: 90-firn.rules. */
export const CLASSES: readonly string[] = ["net", ...RADIOS, "bluetooth", "udc"];

function wireless(machine: Machine): Found {
  const ofNet = (inClass(machine, "net") ?? []).filter((name) =>
    ["wireless", "phy80211"].some((part) => machine.names(`/sys/class/net/${name}/${part}`) !== undefined),
  );
  const radios = RADIOS.flatMap((kind) => inClass(machine, kind) ?? []);
  const all = [...ofNet, ...radios];
  return all.length === 0 ? well("none") : open(listed(all));
}

function none(machine: Machine, kind: string): Found {
  const names = inClass(machine, kind) ?? [];
  return names.length === 0 ? well("none") : open(listed(names));
}

function usb(machine: Machine): Found {
  must(machine.names("/sys/bus"), "/sys/bus");
  if (machine.names("/sys/bus/usb/devices") === undefined) return well("none");
  const byDefault = machine.text("/sys/module/usbcore/parameters/authorized_default");
  return byDefault === "0" ? well("let in one by one") : open("let in unasked");
}

function modules(machine: Machine): Found {
  must(machine.names("/proc/sys/kernel"), "/proc/sys/kernel");
  const disabled = machine.text("/proc/sys/kernel/modules_disabled");
  // A kernel without modules has no such file.
  return disabled === "0" ? open("more can be loaded") : well("no more can be loaded");
}

/** Words that would have something else run, be kept from running, or be looked into. */
const FOREIGN_WORD =
  /^(init|rdinit|rd\.[\w.]+|kgdb\w*|systemd\.(?!show_status=|log_)[\w.-]+|emergency|rescue|single|-?[bsS]|[1-5])(=|$)/;

/** Quotes and strokes, by which process 1 reads another word than stands there; and what it takes as its environment. */
const DISGUISED = /["'\\]|^(?!BOOT_IMAGE=)[A-Z_][A-Z0-9_]*=/;

function commandLine(machine: Machine): Found {
  must(machine.text("/proc/cmdline"), "/proc/cmdline");
  const foreign = words(machine).filter((word) => FOREIGN_WORD.test(word) || DISGUISED.test(word));
  return foreign.length === 0 ? well("nothing foreign") : open(listed(foreign));
}

function words(machine: Machine): string[] {
  return (machine.text("/proc/cmdline") ?? "").split(/\s+/);
}

function swap(machine: Machine): Found {
  must(machine.names("/proc/self"), "/proc/self");
  const [, ...lines] = (machine.text("/proc/swaps") ?? "").split("\n");
  return lines.length === 0 ? well("none") : open(`${lines.length} in use`);
}

const HASH = /^[0-9a-f]{64}$/;
const IMAGE_ID = /^firn\.image=([0-9a-f]{64})$/;
/** Left by the first program of a start, which stands in the same archive as the hash. */
const ROOT_HASH = "/run/firn-boot/root";
/** Made by scripts/install: no image has it. */
const INSTALLED = "/etc/firn/installed";

function root(machine: Machine): Fact {
  const about = { about: "root", label: "Root file system" } as const;
  const hash = verifiedHash(machine);
  if (hash !== undefined) return { ...about, ...well(`dm-verity ${hash.slice(0, 16)}...`) };
  if (guarded(() => well(String(machine.text(INSTALLED) !== undefined)), machine).found === "true")
    return {
      ...about,
      about: "part",
      found: "installed by its owner: nothing vouches for it",
      state: "unknown",
    };
  return { ...about, ...open("not verified") };
}

function imageOf(machine: Machine): Facts["image"] {
  const rootHash = verifiedHash(machine);
  if (rootHash === undefined) return undefined;
  const imageId = words(machine).flatMap((word) => IMAGE_ID.exec(word)?.[1] ?? [])[0];
  return imageId === undefined ? undefined : { rootHash, imageId };
}

/** Of the device that / really is, where that is a read-only one of the device mapper called "root". */
function verifiedHash(machine: Machine): string | undefined {
  try {
    // The last that was mounted there is the one that is seen.
    const mounts = (machine.text("/proc/self/mountinfo") ?? "").matchAll(/^\d+ \d+ (\d+:\d+) \/ \/ /gm);
    const device = [...mounts].at(-1)?.[1];
    if (device === undefined) return undefined;
    const [name, readOnly] = ["dm/name", "ro"].map((file) =>
      machine.text(`/sys/dev/block/${device}/${file}`),
    );
    const hash = machine.text(ROOT_HASH);
    return name === "root" && readOnly === "1" && hash !== undefined && HASH.test(hash) ? hash : undefined;
  } catch {
    return undefined;
  }
}

/** "Raspberry Pi Zero 2 W Rev 1.0" */
function nameOf(machine: Machine): string | undefined {
  try {
    const model = machine.text("/proc/device-tree/model")?.replaceAll("\0", "");
    return model !== undefined && /^Raspberry Pi [\x20-\x7e]{1,50}$/.test(model) ? model : undefined;
  } catch {
    return undefined;
  }
}
