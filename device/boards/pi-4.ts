// Raspberry Pi 4 B. Its Ethernet is switched off in the device tree; Debian's kernel has no driver for it in the image
// either, Raspberry Pi's has it built in.

import type { Board } from "./board.ts";
import { debianKernel, FIRMWARE, piKernel } from "./kernels.ts";
import { CHIPS, csi, hatPins, hdmi, panel, usb } from "./parts.ts";

export const board: Board = {
  name: "pi-4",
  title: "Raspberry Pi 4 B",
  arch: "arm64",
  cameras: { csi, usb },
  screens: { hdmi, panel },
  buttons: { chips: CHIPS, pins: hatPins },
  tpm: "/dev/tpmrm0",
  image: {
    boot: "firmware",
    debian: debianKernel({
      trees: ["bcm2711-rpi-4-b.dtb"],
      files: FIRMWARE.pi4,
      disk: ["fixed", "gpio_regulator", "sdhci_iproc"],
      beside: ["reset_raspberrypi", "xhci_pci", "iproc_rng200", "bcm2835_wdt"],
    }),
    pi: piKernel({
      trees: ["bcm2711-rpi-4-b.dtb"],
      files: FIRMWARE.pi4,
      display: "vc4-kms-v3d-pi4",
      spi: ["spi_bcm2835"],
      receiver: ["i2c_bcm2835", "bcm2835_unicam", "bcm2835_isp"],
    }),
    signedBoot: true,
    soldered: ["ethernet", "wifi", "bluetooth"],
    rootDevice: "/dev/mmcblk?p2",
    dataDevice: "/dev/mmcblk?p3",
    commandLine: [],
  },
};
