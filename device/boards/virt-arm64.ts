// QEMU's machine "virt" with a Cortex-A53: what tests press, show codes to and look at. Pressed is high: a test raises
// a line of the PL061.

import type { Board } from "./board.ts";
import { common, portCamera, virtScreen } from "./parts.ts";

export const board: Board = {
  name: "virt-arm64",
  title: "QEMU's virt, arm64",
  arch: "arm64",
  cameras: { port: portCamera },
  screens: { virtio: virtScreen },
  buttons: {
    chips: ["9030000.pl061"],
    pins: { up: 0, down: 1, left: 2, right: 4, ok: 5, back: 6 },
    pressedHigh: true,
  },
  tpm: "/dev/virtio-ports/tpm",
  clock: "/dev/rtc0",
  image: {
    boot: "emulator",
    deviceTrees: [],
    disabledNodes: {},
    modules: [
      "virtio_blk",
      "virtio-gpu",
      "sha2-ce",
      ...common,
      "virtio_input",
      "virtio_rng",
      "xhci_pci",
      "uhid",
    ],
    firmware: [],
    rootDevice: "/dev/vda",
    dataDevice: "/dev/vdb",
    commandLine: ["console=ttyAMA0"],
  },
};
