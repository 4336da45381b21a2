// QEMU's machine "q35": the one emulator whose kernel of Debian has a TPM behind /dev/tpmrm0.

import type { Board } from "./board.ts";
import { debianCommon, needs } from "./kernels.ts";
import { portCamera, virtScreen } from "./parts.ts";

export const board: Board = {
  name: "virt-amd64",
  title: "QEMU's q35, amd64",
  arch: "amd64",
  cameras: { port: portCamera },
  screens: { bochs: virtScreen },
  tpm: "/dev/tpmrm0",
  clock: "/dev/rtc0",
  image: {
    boot: "emulator",
    debian: {
      ...needs({
        modules: [
          ...debianCommon(["virtio_blk"], ["bochs", "sha256-ssse3"]),
          ...["virtio_input", "virtio_rng", "xhci_pci", "uhid"],
        ],
      }),
      trees: [],
      cameras: { port: needs({}) },
      screens: { bochs: needs({}) },
      tpm: needs({}),
    },
    soldered: [],
    rootDevice: "/dev/vda",
    dataDevice: "/dev/vdb",
    commandLine: ["console=ttyS0"],
  },
};
