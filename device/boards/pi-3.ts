// Raspberry Pi 3 B and B+. Ethernet is a USB device behind the board's own hub: no USB device is let in that the root step
// does not know for what it is, and this one never is.

import type { Board } from "./board.ts";
import { debianKernel, FIRMWARE, piKernel } from "./kernels.ts";
import { CHIPS, csi, hatPins, hdmi, panel, usb } from "./parts.ts";

export const board: Board = {
  name: "pi-3",
  title: "Raspberry Pi 3 B, 3 B+",
  arch: "arm64",
  cameras: { csi, usb },
  screens: { hdmi, panel },
  buttons: { chips: CHIPS, pins: hatPins },
  tpm: "/dev/tpmrm0",
  image: {
    boot: "firmware",
    debian: debianKernel({
      trees: ["bcm2837-rpi-3-b.dtb", "bcm2837-rpi-3-b-plus.dtb"],
      files: FIRMWARE.pi3,
      disk: ["bcm2835"],
      beside: ["phy_generic", "dwc2", "bcm2835_rng", "bcm2835_wdt"],
    }),
    pi: piKernel({
      trees: ["bcm2710-rpi-3-b.dtb", "bcm2710-rpi-3-b-plus.dtb"],
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
