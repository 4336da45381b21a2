// Raspberry Pi Zero 2 W: the reference. It has no Ethernet at all.

import type { Board } from "./board.ts";
import { debianKernel, FIRMWARE, piKernel } from "./kernels.ts";
import { CHIPS, csi, hatPins, hdmi, panel, usb } from "./parts.ts";

export const board: Board = {
  name: "pi-zero-2w",
  title: "Raspberry Pi Zero 2 W",
  arch: "arm64",
  cameras: { csi, usb },
  screens: { panel, hdmi },
  buttons: { chips: CHIPS, pins: hatPins },
  tpm: "/dev/tpmrm0",
  image: {
    boot: "firmware",
    debian: debianKernel({
      trees: ["bcm2837-rpi-zero-2-w.dtb"],
      files: FIRMWARE.pi3,
      disk: ["bcm2835"],
      beside: ["phy_generic", "dwc2", "bcm2835_rng", "bcm2835_wdt"],
    }),
    pi: piKernel({
      trees: ["bcm2710-rpi-zero-2-w.dtb"],
      files: FIRMWARE.pi3,
      display: "vc4-kms-v3d",
      spi: ["spi_bcm2835"],
      receiver: ["i2c_bcm2835", "bcm2835_unicam", "bcm2835_isp"],
    }),
    soldered: ["wifi", "bluetooth"],
    rootDevice: "/dev/mmcblk?p2",
    dataDevice: "/dev/mmcblk?p3",
    commandLine: [],
  },
};
