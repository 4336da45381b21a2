// What several boards have in common: cameras, screens, the pins of a common button panel.

import type { CameraSource, Pins, Screen } from "./board.ts";

const WIDTH = 640;
const HEIGHT = 480;

/**
 * A CSI camera by Raspberry Pi's own program, with as little between sensor and pipe as it allows. One frame is YUV420
 * without padding at this width: the luminance first.
 */
export const csi: CameraSource = {
  kind: "command",
  command: [
    "/usr/bin/rpicam-vid",
    ...["-n", "-t", "0", "--width", String(WIDTH), "--height", String(HEIGHT), "--framerate", "15"],
    ...[
      "--codec",
      "yuv420",
      "--flush",
      "--buffer-count",
      "3",
      "--denoise",
      "off",
      "--verbose",
      "0",
      "-o",
      "-",
    ],
  ],
  frame: { width: WIDTH, height: HEIGHT, frameBytes: (WIDTH * HEIGHT * 3) / 2, layout: "planar" },
};

/** A USB camera (UVC). Nearly all give YUYV; one that gives nothing but JPEG is of no use here. */
export const usb: CameraSource = {
  kind: "command",
  command: [
    "/usr/bin/v4l2-ctl",
    ...["-d", "/dev/video0", `--set-fmt-video=width=${WIDTH},height=${HEIGHT},pixelformat=YUYV`],
    ...["--stream-mmap=3", "--stream-count=0", "--stream-to=-"],
  ],
  frame: { width: WIDTH, height: HEIGHT, frameBytes: WIDTH * HEIGHT * 2, layout: "interleaved" },
};

/** 50 columns by 15 rows at 800 by 480 points, 120 by 33 at 1920 by 1080. */
export const hdmi: Screen = { title: "HDMI", font: "Vietnamese-Terminus32x16.psf.gz", rotation: 0 };

/** 40 columns, 20 rows. */
export const panel: Screen = {
  title: "SPI panel, 240×240",
  font: "Vietnamese-Terminus12x6.psf.gz",
  rotation: 0,
};

/** The panel of 240 by 240 points with three keys and a stick that many signers are built with. */
export const hatPins: Pins = {
  ...{ up: 6, down: 19, left: 5, right: 26, ok: 21, back: 16 },
  ...{ led: 17, buzzer: 12 },
};

/** What buttons are connected to: the first that is there. Raspberry Pi 3, Zero 2 W, 4, 5. */
export const CHIPS = ["pinctrl-bcm2835", "pinctrl-bcm2711", "pinctrl-rp1"];

/** A camera that is a port of the emulator: small frames, as a Cortex-A53 in emulation decodes three a second. */
export const portCamera: CameraSource = {
  kind: "port",
  path: "/dev/virtio-ports/camera",
  frame: { width: 320, height: 240, frameBytes: 320 * 240, layout: "planar" },
};

/** 800 by 480 points: 100 columns, 30 rows. */
export const virtScreen: Screen = {
  title: "QEMU's screen, 800×480",
  font: "Vietnamese-Terminus16.psf.gz",
  rotation: 0,
};
