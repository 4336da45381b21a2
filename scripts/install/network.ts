// What could carry a word away on a system that has a network: the drivers that no longer load, the units that no longer
// start. And swap, which would write keys down, and the console, which is Firn's.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { moduleName, readDependencies } from "../image/modules.ts";

export const MODULES = "usr/lib/modules";

/** Drivers of interfaces, radios and gadgets, and what they stand on. */
const CARRYING =
  /^kernel\/(drivers\/(net|bluetooth|nfc|usb\/gadget|thunderbolt)|net\/(bluetooth|wireless|mac80211|mac802154|ieee802154|6lowpan|nfc|rfkill|can))\//;

/** Of every kernel that the system has. */
export function networkDrivers(root: string): string[] {
  const all = join(root, MODULES);
  const lists = existsSync(all) ? readdirSync(all).map((version) => join(all, version, "modules.dep")) : [];
  const names = lists
    .filter(existsSync)
    .flatMap((list) => [...readDependencies(readFileSync(list, "utf8")).keys()])
    .filter((path) => CARRYING.test(path))
    .map(moduleName);
  return [...new Set(names)].sort();
}

export function noDriversText(drivers: readonly string[]): string {
  const head =
    "# Written by Firn's installer: no network, no radio, no gadget. Run it again once another kernel is there.\n";
  return head + drivers.map((name) => `install ${name} /bin/false\n`).join("");
}

const NETWORK = [
  ...["NetworkManager.service", "NetworkManager-dispatcher.service", "NetworkManager-wait-online.service"],
  ...["networking.service", "ifupdown-pre.service", "systemd-networkd.service", "systemd-networkd.socket"],
  ...["dhcpcd.service", "wpa_supplicant.service", "wpa_supplicant@.service", "iwd.service"],
  ...["ssh.service", "ssh.socket", "ssh@.service", "sshswitch.service", "dropbear.service"],
  ...["avahi-daemon.service", "avahi-daemon.socket", "systemd-resolved.service"],
  ...["systemd-timesyncd.service", "chrony.service", "rpcbind.service", "rpcbind.socket"],
  ...["bluetooth.service", "hciuart.service", "bthelper@.service", "ModemManager.service"],
  ...["rpi-connect.service", "rpi-connect-wayvnc.service", "rpi-usb-gadget.service"],
  ...["apt-daily.timer", "apt-daily-upgrade.timer"],
];
const SWAP = ["swap.target", "dphys-swapfile.service", "zramswap.service"];
const CONSOLE = [
  ...["getty@tty1.service", "emergency.service", "rescue.service", "debug-shell.service"],
  "ctrl-alt-del.target",
];

const FOLDERS = ["etc/systemd/system", "usr/lib/systemd/system"];

/** Those that the system has. One of a template is there where its template is. */
export function unitsToMask(root: string): string[] {
  return [...NETWORK, ...SWAP, ...CONSOLE].filter((name) =>
    FOLDERS.some((folder) =>
      [name, name.replace(/@[^.]*/, "@")].some((file) => existsSync(join(root, folder, file))),
    ),
  );
}

/** Rules of Raspberry Pi OS that hand lines, buses and the firmware's mailbox to groups of its own. */
const RULES = "99-com.rules";

export function rulesToMask(root: string): string[] {
  const there = ["etc/udev/rules.d", "usr/lib/udev/rules.d"].some((folder) =>
    existsSync(join(root, folder, RULES)),
  );
  return there ? [RULES] : [];
}
