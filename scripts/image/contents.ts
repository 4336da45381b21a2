// What of Debian's packages is in a machine's root: these files, and the libraries that these programs need. Whatever is
// not listed is not there.

import type { Board, Chosen } from "../../device/boards/board.ts";

/** Programs of process 1, and what it calls. */
const SYSTEM = [
  "usr/lib/systemd/systemd",
  "usr/lib/systemd/systemd-executor",
  "usr/lib/systemd/systemd-shutdown",
  "usr/lib/systemd/systemd-sysctl",
  "usr/lib/udev/fido_id",
  "usr/bin/udevadm",
  "usr/bin/mount",
  "usr/bin/umount",
];

/** Units of systemd's own that Firn's lean on: stopping, switching off, and the device manager. */
const UNITS = [
  "basic.target",
  "final.target",
  "local-fs.target",
  "local-fs-pre.target",
  "paths.target",
  "poweroff.target",
  "reboot.target",
  "shutdown.target",
  "slices.target",
  "sockets.target",
  "swap.target",
  "sysinit.target",
  "systemd-poweroff.service",
  "systemd-reboot.service",
  "systemd-sysctl.service",
  "systemd-udevd-control.socket",
  "systemd-udevd-kernel.socket",
  "systemd-udevd.service",
  "timers.target",
  "umount.target",
];

const FILES = [
  ...UNITS.map((name) => `usr/lib/systemd/system/${name}`),
  "usr/lib/udev/rules.d/99-systemd.rules",
];

/** Links that programs are called by. */
export const LINKS: Readonly<Record<string, string>> = {
  bin: "usr/bin",
  lib: "usr/lib",
  lib64: "usr/lib64",
  sbin: "usr/sbin",
  "etc/systemd/system/default.target": "/usr/lib/systemd/system/firn.target",
  "usr/lib/systemd/systemd-udevd": "../../bin/udevadm",
};

/** Folders that stand empty: what is mounted there, or made by others. */
export const FOLDERS = [
  "dev",
  "etc",
  "proc",
  "run",
  "sys",
  "tmp",
  "usr/lib64",
  "usr/sbin",
  "var/lib/firn",
  "var/tmp",
];

export interface Contents {
  readonly programs: readonly string[];
  readonly files: readonly string[];
}

/** Paths without a leading slash. */
export function contentsFor(board: Board, chosen: Chosen): Contents {
  const camera = board.cameras[chosen.camera]!;
  const font = `usr/share/consolefonts/${board.screens[chosen.screen]!.font}`;
  return {
    programs: [
      ...SYSTEM,
      "usr/bin/setfont",
      ...(camera.kind === "command" ? [camera.command[0].slice(1)] : []),
      ...(chosen.buttons ? ["usr/bin/gpiodetect", "usr/bin/gpiomon"] : []),
    ],
    files: [...FILES, font],
  };
}

/** Names that must be nowhere in a root, whoever brought them: shells, package managers, remote doors, compilers. */
export const FORBIDDEN: readonly RegExp[] = [
  /^(sh|bash|dash|ash|zsh|ksh|csh|tcsh|fish|busybox|toybox)$/,
  /^(perl|python|ruby|lua|tclsh|awk|gawk|mawk|sed|xargs|env)[\d.]*$/,
  /^(apt|apt-get|apt-cache|dpkg|dpkg-.*|rpm|snap|npm|npx|corepack)$/,
  /^(login|agetty|getty|su|sudo|sulogin|passwd|pkexec|run0|systemd-run|machinectl|nsenter|chroot|setpriv)$/,
  /^(sshd?|telnet|curl|wget|nc|ip|ifconfig|dhclient|dhcpcd|wpa_supplicant|NetworkManager|bluetoothd)$/,
  /^systemd-(networkd|resolved|timesyncd|journald|logind|importd|ssh-proxy|ssh-generator)$/,
  /^(gcc|cc|ld|as|gdb|gdbserver|strace|tcpdump)$/,
  /\.ko(\.xz|\.zst|\.gz)?$/,
];
