// Raspberry Pi 5. Debian's kernel has no driver for its USB, its pins and its display yet: it needs Raspberry Pi's own. Its
// Ethernet is switched off in the device tree.

import type { Board } from "./board.ts";
import { FIRMWARE, piKernel } from "./kernels.ts";
import { CHIPS, csi, hatPins, hdmi, panel, usb } from "./parts.ts";

export const board: Board = {
  name: "pi-5",
  title: "Raspberry Pi 5",
  arch: "arm64",
  cameras: { csi, usb },
  screens: { hdmi, panel },
  buttons: { chips: CHIPS, pins: hatPins },
  tpm: "/dev/tpmrm0",
  clock: "/dev/rtc0",
  image: {
    boot: "firmware",
    pi: piKernel({
      trees: ["bcm2712-rpi-5-b.dtb", "bcm2712d0-rpi-5-b.dtb"],
      files: FIRMWARE.pi5,
      display: "vc4-kms-v3d-pi5",
      spi: ["spi_dw_mmio"],
      receiver: ["i2c_designware_platform", "rp1_cfe", "pisp_be"],
    }),
    signedBoot: true,
    soldered: ["ethernet", "wifi", "bluetooth"],
    rootDevice: "/dev/mmcblk?p2",
    dataDevice: "/dev/mmcblk?p3",
    commandLine: [],
  },
};
