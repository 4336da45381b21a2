// What a board is, as data: no code asks which board it runs on. One file a board; index.ts lists them.

/** How a frame stands in the stream that a camera's command or device gives. */
export interface FrameShape {
  readonly width: number;
  readonly height: number;
  /** Bytes from the beginning of a frame to that of the next. */
  readonly frameBytes: number;
  /** planar: the luminance first, row after row (GREY, YUV420). interleaved: every other byte (YUYV). */
  readonly layout: "planar" | "interleaved";
}

/**
 * command: a program that writes frames to its standard output for as long as it lives. port: a device file that gives
 * frames by itself while it is open.
 */
export type CameraSource =
  | { readonly kind: "command"; readonly command: readonly [string, ...string[]]; readonly frame: FrameShape }
  | { readonly kind: "port"; readonly path: string; readonly frame: FrameShape };

/** Clockwise, degrees: how the picture is turned before it goes to a panel that is built in otherwise. */
export type Rotation = 0 | 90 | 180 | 270;

export interface Screen {
  /** What the owner calls it: "HDMI", "240×240 SPI panel". */
  readonly title: string;
  /** The console's font, a file of Debian's console-setup-linux; the board's console then has the columns and rows. */
  readonly font: string;
  readonly rotation: Rotation;
}

/** Lines of the chip, by their numbers on it (BCM numbers on a Raspberry Pi). Pressed is low: the switch is to ground. */
export interface Pins {
  readonly up: number;
  readonly down: number;
  readonly left: number;
  readonly right: number;
  readonly ok: number;
  readonly back: number;
  readonly led?: number;
  readonly buzzer?: number;
}

export interface Buttons {
  /** Labels that the chip of these lines may have (/sys/class/gpio/gpiochip…/label): the first that is there. */
  readonly chips: readonly string[];
  readonly pins: Pins;
  /** Pressed is low unless this is said. */
  readonly pressedHigh?: true;
}

export interface Board {
  readonly name: string;
  readonly title: string;
  readonly arch: "arm64" | "amd64";
  /** By what the owner calls them; the first is the one that is meant where none is named. */
  readonly cameras: Readonly<Record<string, CameraSource>>;
  readonly screens: Readonly<Record<string, Screen>>;
  /** Absent: a keyboard alone. */
  readonly buttons?: Buttons;
  /** Where a TPM's resource manager is, if one is plugged on. */
  readonly tpm?: string;
  /** The board has a clock chip, or can have one at this node; without it time stands still while it is off. */
  readonly clock?: string;
  readonly image: BoardImage;
}

/** What could carry a word away. */
export type Carrier = "ethernet" | "wifi" | "bluetooth";

/** What the image builder needs to know. */
export interface BoardImage {
  /** By an emulator, which is handed kernel and command line, or by the firmware of a Raspberry Pi. */
  readonly boot: "emulator" | "firmware";
  /** Debian's own kernel. Absent: it has not the drivers that this board needs. */
  readonly debian?: Kernel;
  /** Raspberry Pi's kernel and firmware, given as a folder to the builder. */
  readonly pi?: Kernel;
  /**
   * What is soldered on. The builder finds each of them in every device tree, switches it off there, reads the tree
   * again, and ends where one of them is missing or another is still on.
   */
  readonly soldered: readonly Carrier[];
  /** Its firmware can be made to start nothing but what was signed with one key. */
  readonly signedBoot?: true;
  /** The machine's own block devices, as a pattern of a shell: root (with its hash tree) and data. */
  readonly rootDevice: string;
  readonly dataDevice: string;
  /** Further words of the kernel's command line. */
  readonly commandLine: readonly string[];
  /** Why this board is not supported, in words: then an image is built only with --unsupported. */
  readonly unsupported?: string;
}

/** What is loaded and handed to the firmware for something. */
export interface Needs {
  /** Modules of the kernel, in the order in which they are loaded; no others are in the image but what these need. */
  readonly modules: readonly string[];
  /** Lines of the firmware's config.txt. */
  readonly firmware: readonly string[];
  /** Files beside the kernel: the firmware's own, overlays. */
  readonly files: readonly string[];
}

/** A kernel on this board: what it always needs, and what for each camera and screen that it can drive. */
export interface Kernel extends Needs {
  /** Device trees, as the firmware looks for them. */
  readonly trees: readonly string[];
  readonly cameras: Readonly<Record<string, Needs>>;
  readonly screens: Readonly<Record<string, Needs>>;
  /** Absent: it cannot drive one here. */
  readonly tpm?: Needs;
}

/** What was chosen for one device when its image was built or Firn was installed: /etc/firn/device.json. */
export interface Chosen {
  readonly board: string;
  readonly camera: string;
  readonly screen: string;
  /** False: no buttons are connected, and holds are counted on the keyboard. */
  readonly buttons: boolean;
  /** False: no TPM is looked for. */
  readonly tpm: boolean;
}
