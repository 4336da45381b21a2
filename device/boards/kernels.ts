// What kernels need on several boards. Debian's was looked at by its configuration, and by the names that the drivers in
// its modules give for the nodes of each device tree; Raspberry Pi's by its configuration.

import type { Kernel, Needs } from "./board.ts";

export function needs(parts: Partial<Needs>): Needs {
  return { modules: [], firmware: [], files: [], ...parts };
}

const overlay = (name: string) => `overlays/${name}.dtbo`;

/** Keyboards and security keys, sticks: what a person plugs in. */
const PLUGGED = ["evdev", "usbhid", "hid_generic", "usb_storage", "uas", "sd_mod", "vfat", "exfat"];

const ROOT = ["dm_verity", "squashfs", "ext4"];

/** Of files on a stick. */
const NAMES = ["nls_cp437", "nls_ascii"];

export const debianCommon = (disk: readonly string[], display: readonly string[]) => [
  ...disk,
  ...display,
  ...ROOT,
  ...PLUGGED,
  ...NAMES,
];

/** Names that are built into that kernel are no loss: they are loaded should they become modules. */
const piCommon = [...ROOT, ...PLUGGED, ...NAMES];

/** A camera at USB: the same driver in both kernels. */
export const usbCamera = needs({ modules: ["uvcvideo"] });

/** Firmware of boards that start without a memory chip of their own for it. */
const STARTED_BY_CARD = ["bootcode.bin", "start.elf", "fixup.dat"];

export const FIRMWARE = { pi3: STARTED_BY_CARD, pi4: ["start4.elf", "fixup4.dat"], pi5: [] } as const;

interface DebianBoard {
  readonly trees: readonly string[];
  readonly files: readonly string[];
  readonly disk: readonly string[];
  readonly beside: readonly string[];
}

/** Debian's kernel behind the Pi's firmware: HDMI and cameras at USB. Its trees know no overlays: no panel, no TPM. */
export function debianKernel({ trees, files, disk, beside }: DebianBoard): Kernel {
  return {
    ...{ trees, files, firmware: ["upstream_kernel=1"] },
    modules: [...debianCommon([...disk, "mmc_block"], ["i2c_bcm2835", "vc4", "sha256-arm64"]), ...beside],
    cameras: { usb: usbCamera },
    screens: { hdmi: needs({ firmware: ["disable_overscan=1", "hdmi_force_hotplug=1"] }) },
  };
}

/** Sensors of Raspberry Pi's cameras 1, 2, HQ, 3 and of the one with a global shutter, and the third's lens. */
const SENSORS = ["ov5647", "imx219", "imx477", "imx708", "imx296"];

interface PiBoard {
  readonly trees: readonly string[];
  readonly files: readonly string[];
  /** The overlay that turns the display's driver on. */
  readonly display: string;
  /** Bus of the panel and of a TPM; receiver of the camera and what works on its pictures. */
  readonly spi: readonly string[];
  readonly receiver: readonly string[];
}

export function piKernel({ trees, files, display, spi, receiver }: PiBoard): Kernel {
  return {
    ...{ trees, modules: piCommon },
    files: [...files, overlay("disable-wifi"), overlay("disable-bt")],
    firmware: ["dtoverlay=disable-wifi", "dtoverlay=disable-bt"],
    cameras: {
      csi: needs({
        modules: [...receiver, "i2c_mux_pinctrl", "dw9807_vcm", ...SENSORS],
        firmware: ["camera_auto_detect=1"],
        files: SENSORS.map(overlay),
      }),
      usb: usbCamera,
    },
    screens: {
      hdmi: needs({
        modules: ["vc4"],
        firmware: [`dtoverlay=${display}`, "disable_overscan=1", "hdmi_force_hotplug=1"],
        files: [overlay(display)],
      }),
      panel: needs({
        modules: [...spi, "fb_st7789v"],
        firmware: [
          "dtparam=spi=on",
          "dtoverlay=fbtft,spi0-0,st7789v,width=240,height=240,dc_pin=25,reset_pin=27,led_pin=24,speed=40000000",
        ],
        files: [overlay("fbtft")],
      }),
    },
    tpm: needs({
      modules: [...spi, "tpm_tis_spi"],
      firmware: ["dtparam=spi=on", "dtoverlay=tpm-slb9670"],
      files: [overlay("tpm-slb9670")],
    }),
  };
}
