// A folder like the root of Raspberry Pi OS Lite, as far as the installer looks at one, and an installer that writes to it.

import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { boards } from "../../device/boards/index.ts";
import { contentsFor } from "../../scripts/image/contents.ts";
import { chosenNeeds } from "../../scripts/image/firmware.ts";
import { install } from "../../scripts/install.ts";

export const CONFIG = `# For more options see documentation
dtparam=audio=on
camera_auto_detect=1
display_auto_detect=1
auto_initramfs=1
dtoverlay=vc4-kms-v3d
[cm4]
otg_mode=1
[all]
enable_uart=1`;

export const COMMAND_LINE =
  "console=serial0,115200 console=tty1 root=PARTUUID=1234-02 rootfstype=ext4 fsck.repair=yes rootwait quiet splash\n";

const board = boards.find((one) => one.name === "pi-4")!;
const chosen = { board: "pi-4", camera: "csi", screen: "hdmi", buttons: true, tpm: true };
const panel = { ...chosen, screen: "panel", camera: "usb" };

function put(root: string, path: string, content: string | Uint8Array, mode = 0o644): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content, { mode });
}

const VERSION = "6.12.34+rpt-rpi-v8";
const CARRIERS = [
  "kernel/drivers/net/wireless/broadcom/brcmfmac/brcmfmac.ko.xz",
  "kernel/net/wireless/cfg80211.ko.xz",
  "kernel/drivers/bluetooth/hci_uart.ko.xz",
];

/** A tree of ethernet, wireless and bluetooth, all switched on, compiled by hand: no test needs dtc. */
function tree(): Buffer {
  const name = (text: string) => {
    const bytes = Buffer.from(`${text}\0`);
    return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  };
  const number = (...values: number[]) => {
    const bytes = Buffer.alloc(4 * values.length);
    for (const [at, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, 4 * at);
    return bytes;
  };
  const node = (title: string, ...within: Buffer[]) =>
    Buffer.concat([number(1), name(title), ...within, number(2)]);
  const model = Buffer.from("raspberrypi,4-model-b\0");
  const compatible = Buffer.concat([number(3, model.length, 0), model, Buffer.alloc(2)]);
  const structure = Buffer.concat([
    node("", compatible, node("ethernet@1"), node("mmcnr@2", node("wifi@1")), node("bluetooth")),
    number(9),
  ]);
  const strings = Buffer.from("compatible\0");
  const begin = 56;
  const end = begin + structure.length;
  const head = number(
    0xd00dfeed,
    end + strings.length,
    begin,
    end,
    40,
    17,
    16,
    0,
    strings.length,
    structure.length,
  );
  return Buffer.concat([head, Buffer.alloc(16), structure, strings]);
}

/** Goes with the test. */
export function system(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), "firn-installed-"));
  t.after(() => rmSync(root, { recursive: true }));
  const kernel = board.image.pi!;
  for (const one of [chosen, panel]) {
    const { programs, files } = contentsFor(board, one);
    for (const path of programs) put(root, path, "program", 0o755);
    for (const path of files) put(root, path, "file");
    for (const path of chosenNeeds(kernel, one).files) put(root, `boot/firmware/${path}`, "firmware");
  }
  const modules = [chosen, panel].flatMap((one) => chosenNeeds(kernel, one).modules);
  const paths = [...CARRIERS, ...modules.map((one) => `kernel/drivers/any/${one}.ko.xz`)];
  put(root, `usr/lib/modules/${VERSION}/modules.dep`, paths.map((path) => `${path}:\n`).join(""));
  put(root, `usr/lib/modules/${VERSION}/modules.builtin`, "");
  for (const name of kernel.trees) put(root, `boot/firmware/${name}`, tree());
  put(root, "boot/firmware/config.txt", CONFIG);
  put(root, "boot/firmware/cmdline.txt", COMMAND_LINE);
  for (const name of ["libusb-1.0.so.0", "libudev.so.1"]) put(root, `usr/lib/aarch64-linux-gnu/${name}`, "");
  put(root, "usr/lib/os-release", 'NAME="Debian GNU/Linux"\nID=debian\nVERSION_ID="13"\n');
  put(
    root,
    "etc/passwd",
    "root:x:0:0::/root:/bin/bash\npolkitd:x:991:991::/:/usr/sbin/nologin\npi:x:1000:1000::/home/pi:/bin/bash\n",
  );
  put(root, "etc/group", "root:x:0:\npolkitd:x:991:\npi:x:1000:\n");
  put(root, "etc/shadow", "root:*:20000:0:99999:7:::\npi:$y$secret:20000:0:99999:7:::\n", 0o640);
  put(root, "etc/gshadow", "root:*::\n", 0o640);
  put(root, "usr/bin/node", "another Node, which the owner has", 0o755);
  for (const name of ["NetworkManager.service", "ssh.service", "getty@.service", "swap.target"])
    put(root, `usr/lib/systemd/system/${name}`, `[Unit]\nDescription=${name}\n`);
  put(root, "etc/systemd/system/ssh.service", "[Unit]\nDescription=the owner's own ssh\n");
  symlinkSync("/usr/lib/systemd/system/multi-user.target", join(root, "etc/systemd/system/default.target"));
  put(root, "etc/udev/rules.d/99-com.rules", 'SUBSYSTEM=="gpio", GROUP="gpio"\n');
  mkdirSync(join(root, "var/lib"), { recursive: true });
  return root;
}

/** Every path with what it is, its rights and its bytes. */
export function contents(root: string): Map<string, string> {
  const all = readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
  return new Map(
    all.map((path) => {
      const kind = lstatSync(join(root, path));
      const rights = (kind.mode & 0o7777).toString(8);
      if (kind.isSymbolicLink()) return [path, `link ${readlinkSync(join(root, path))}`];
      if (kind.isDirectory()) return [path, "folder"];
      return [path, `${rights} ${readFileSync(join(root, path), "hex")}`];
    }),
  );
}

export interface Ran {
  readonly code: number;
  readonly said: string[];
  readonly complaint: string;
}

export interface How {
  readonly answer?: string;
  /** More of the app than usual, laid over it. */
  readonly app?: Readonly<Record<string, string>>;
}

/** In place of the whole app two of its files: what it is made of is tested where it is made. */
const APP = {
  "usr/lib/firn/device/pi/firn.js": "// Firn\n",
  "usr/lib/firn/package.json": "{}\n",
};

export async function run(root: string, args: readonly string[], how: How = {}): Promise<Ran> {
  const said: string[] = [];
  const complaints: string[] = [];
  const write = process.stderr.write;
  process.stderr.write = (text: string | Uint8Array) => complaints.push(String(text)) > 0;
  try {
    const code = await install([...args, "--root", root, ...(how.answer === undefined ? ["--yes"] : [])], {
      say: (text) => said.push(text),
      ask: async () => how.answer!,
      build: async (out) => {
        for (const [path, text] of Object.entries({ ...APP, ...how.app })) put(out, path, text);
        put(out, "usr/bin/node", "Firn's Node", 0o755);
      },
    });
    return { code, said, complaint: complaints.join("") };
  } finally {
    process.stderr.write = write;
  }
}
