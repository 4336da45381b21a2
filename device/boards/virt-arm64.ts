// QEMU's machine "virt" with a Cortex-A53: what tests press, show codes to and look at. Pressed is high: a test raises
// a line of the PL061.

import type { Board } from "./board.ts";
import { debianCommon, needs } from "./kernels.ts";
import { portCamera, virtScreen } from "./parts.ts";

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
    debian: {
      ...needs({
        modules: [
          ...debianCommon(["virtio_blk"], ["virtio-gpu", "sha2-ce"]),
          ...["virtio_input", "virtio_rng", "xhci_pci", "uhid"],
        ],
      }),
      trees: [],
      cameras: { port: needs({}) },
      screens: { virtio: needs({}) },
      tpm: needs({}),
    },
    soldered: [],
    rootDevice: "/dev/vda",
    dataDevice: "/dev/vdb",
    commandLine: ["console=ttyAMA0"],
  },
};
