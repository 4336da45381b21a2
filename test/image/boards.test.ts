// Boards as data: complete, consistent, and what is asked of the builder for them.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import type { Board, Chosen, Kernel } from "../../device/boards/board.ts";
import { boards } from "../../device/boards/index.ts";
import { commandLine } from "../../scripts/image/commandline.ts";
import { contentsFor, FORBIDDEN, LINKS } from "../../scripts/image/contents.ts";
import { chosenNeeds, configText } from "../../scripts/image/firmware.ts";
import { readOptions } from "../../scripts/image/options.ts";

const kernelsOf = ({ image }: Board): Kernel[] => [image.debian, image.pi].filter((one) => one !== undefined);
const boardNamed = (name: string) => boards.find((one) => one.name === name)!;

/** Every choice that an owner has. */
function* choices(): Generator<{ board: Board; kernel: Kernel; chosen: Chosen }> {
  for (const board of boards)
    for (const kernel of kernelsOf(board))
      for (const camera of Object.keys(kernel.cameras))
        for (const screen of Object.keys(kernel.screens))
          for (const tpm of kernel.tpm === undefined ? [false] : [false, true])
            for (const buttons of board.buttons === undefined ? [false] : [false, true])
              yield { board, kernel, chosen: { board: board.name, camera, screen, buttons, tpm } };
}

test("each board has a file of its name, and no two have one name", () => {
  assert.deepEqual(
    boards.map((one) => one.name),
    [...new Set(boards.map((one) => one.name))],
  );
  for (const { name } of boards)
    assert.ok(existsSync(resolve(import.meta.dirname, `../../device/boards/${name}.ts`)), name);
});

test("no line is two things at once, and each is one that the header has", () => {
  for (const { buttons, image } of boards) {
    const lines = Object.values(buttons?.pins ?? {}) as number[];
    assert.equal(new Set(lines).size, lines.length);
    const most = image.boot === "emulator" ? 7 : 27;
    assert.ok(lines.every((line) => Number.isInteger(line) && line >= 0 && line <= most));
  }
});

test("buttons do not stand on the lines of a panel or of a TPM", () => {
  const bus = [8, 9, 10, 11, 7, 24, 25, 27];
  for (const { buttons, image } of boards)
    if (image.boot === "firmware")
      assert.deepEqual(
        Object.values(buttons!.pins).filter((line) => bus.includes(line as number)),
        [],
      );
});

test("a kernel drives no camera and no screen that the board has not, and some kernel drives each that it has", () => {
  for (const board of boards)
    for (const what of ["cameras", "screens"] as const) {
      const driven = new Set(kernelsOf(board).flatMap((kernel) => Object.keys(kernel[what])));
      assert.deepEqual([...driven].sort(), Object.keys(board[what]).sort(), `${board.name} ${what}`);
    }
});

test("a TPM is offered where the board says where it is", () => {
  for (const board of boards)
    assert.equal(
      board.tpm !== undefined,
      kernelsOf(board).some((one) => one.tpm !== undefined),
    );
});

test("every font has all that Firn draws", () => {
  for (const { screens } of boards)
    for (const { font } of Object.values(screens))
      assert.match(font, /^Vietnamese-Terminus(\d+x\d+|14|16)\.psf\.gz$/);
});

test("a frame is at least its luminance", () => {
  for (const { cameras } of boards)
    for (const { frame } of Object.values(cameras)) {
      const bytes = frame.width * frame.height * (frame.layout === "interleaved" ? 2 : 1);
      assert.ok(frame.frameBytes >= bytes);
    }
});

test("every Raspberry Pi has its radios switched off, and those with a network chip of their own that too", () => {
  const soldered = Object.fromEntries(
    boards.filter((one) => one.image.boot === "firmware").map((one) => [one.name, one.image.soldered]),
  );
  assert.deepEqual(soldered, {
    "pi-zero-2w": ["wifi", "bluetooth"],
    "pi-3": ["wifi", "bluetooth"],
    "pi-4": ["ethernet", "wifi", "bluetooth"],
    "pi-5": ["ethernet", "wifi", "bluetooth"],
  });
});

test("no module that is loaded drives a network, whatever is chosen", () => {
  const network =
    /^(genet|bcmgenet|macb|lan78xx|smsc\d*|usbnet|cdc_|r8152|ax88|brcmfmac|cfg80211|mac80211|bluetooth|hci|btusb|rndis|virtio_net|e1000|veth|tun|dummy|bridge|vsock|ipv6|wireguard|libcomposite|g_|dwc3)/;
  for (const { kernel, chosen } of choices())
    assert.deepEqual(
      chosenNeeds(kernel, chosen).modules.filter((name) => network.test(name)),
      [],
    );
});

test("an image has no shell, no package manager, no way in, whatever is chosen", () => {
  for (const { board, chosen } of choices()) {
    const { programs, files } = contentsFor(board, chosen);
    const names = [...programs, ...files, ...Object.keys(LINKS)].map((path) =>
      path.slice(path.lastIndexOf("/") + 1),
    );
    assert.deepEqual(
      names.filter((name) => FORBIDDEN.some((one) => one.test(name))),
      [],
    );
  }
});

test("what must not be in a root is known by its name", () => {
  const unwanted =
    "sh bash dash busybox perl python3.13 apt dpkg-deb login agetty su sshd curl ip systemd-journald npm gdb smsc95xx.ko.xz";
  for (const name of unwanted.split(" "))
    assert.ok(
      FORBIDDEN.some((one) => one.test(name)),
      name,
    );
  for (const name of ["node", "mount", "udevadm", "systemd", "setfont", "shutdown.target"])
    assert.ok(!FORBIDDEN.some((one) => one.test(name)), name);
});

test("a camera's program is in the image that has this camera, and in no other", () => {
  for (const { board, chosen } of choices()) {
    const { programs } = contentsFor(board, chosen);
    const camera = board.cameras[chosen.camera]!;
    const expected = camera.kind === "command" ? [camera.command[0].slice(1)] : [];
    const others = Object.values(board.cameras).flatMap((one) =>
      one.kind === "command" ? [one.command[0].slice(1)] : [],
    );
    assert.deepEqual(
      programs.filter((path) => others.includes(path)),
      expected,
    );
  }
});

test("the kernel lets no USB device in, shows nothing but a panic, ends one, and says which image it is", () => {
  for (const { board, chosen } of choices()) {
    const words = commandLine(board, chosen, "f".repeat(64));
    for (const word of [
      "usbcore.authorized_default=0",
      "loglevel=1",
      "consoleblank=0",
      "vt.global_cursor_default=0",
      "lockdown=confidentiality",
      "init_on_free=1",
      "panic=30",
    ])
      assert.ok(words.includes(word), word);
    assert.equal(words.at(-1), `firn.image=${"f".repeat(64)}`);
    assert.equal(words.filter((word) => word.startsWith("fbcon=nodefer")).length, 1);
    assert.ok(words.every((word) => /^[\w.=,:/-]+$/.test(word)));
    // What a Raspberry Pi's firmware takes.
    assert.ok(words.join(" ").length < 1024);
  }
});

test("a turned screen turns the kernel's console", () => {
  const board = boardNamed("pi-4");
  const screens = { ...board.screens, hdmi: { ...board.screens.hdmi!, rotation: 90 as const } };
  const chosen = { board: "pi-4", camera: "usb", screen: "hdmi", buttons: true, tpm: false };
  assert.ok(commandLine({ ...board, screens }, chosen, "").includes("fbcon=nodefer,rotate:1"));
});

test("the firmware is told of one kernel, no serial console, no radios, nothing that it finds by itself", () => {
  for (const { board, kernel, chosen } of choices()) {
    if (board.image.boot !== "firmware") continue;
    const lines = configText(board, chosen, chosenNeeds(kernel, chosen).firmware).trim().split("\n");
    for (const line of ["enable_uart=0", "otg_mode=0", "force_eeprom_read=0", "display_auto_detect=0"])
      assert.ok(lines.includes(line), line);
    assert.equal(new Set(lines).size, lines.length);
    assert.equal(lines.filter((line) => line.startsWith("camera_auto_detect=")).length, 1);
    assert.equal(lines.includes("gpio=5,6,16,19,21,26=ip,pu"), chosen.buttons);
    const overlays = lines.flatMap((line) => /^dtoverlay=([\w-]+)/.exec(line)?.[1] ?? []);
    for (const name of overlays)
      assert.ok(chosenNeeds(kernel, chosen).files.includes(`overlays/${name}.dtbo`), name);
    if (kernel === board.image.pi)
      for (const name of ["disable-wifi", "disable-bt"]) assert.ok(overlays.includes(name));
  }
});

function asked(...args: string[]) {
  const options = readOptions(args);
  assert.ok(typeof options === "object");
  return options.chosen;
}

test("where nothing else is said an image has the first camera and screen that its kernel can drive", () => {
  const plain = { buttons: true, tpm: false };
  assert.deepEqual(asked("--board", "pi-zero-2w"), {
    ...plain,
    board: "pi-zero-2w",
    camera: "usb",
    screen: "hdmi",
  });
  assert.deepEqual(asked("--board", "pi-zero-2w", "--pi", "x"), {
    ...plain,
    board: "pi-zero-2w",
    camera: "csi",
    screen: "panel",
  });
  assert.equal(asked("--board", "pi-4", "--no-buttons").buttons, false);
  assert.equal(asked("--board", "virt-amd64").buttons, false);
  assert.equal(asked("--board", "virt-amd64", "--tpm").tpm, true);
});

test("what cannot be built is refused in words that say what could be", () => {
  const refused = (said: RegExp, ...args: string[]) => assert.throws(() => readOptions(args), said);
  refused(/pi-zero-2w, pi-3, pi-4, pi-5/, "--board", "pi-6");
  refused(/pi-zero-2w/);
  refused(/Debian's kernel has no drivers for Raspberry Pi 5: --pi/, "--board", "pi-5");
  refused(/csi needs Raspberry Pi's kernel/, "--board", "pi-3", "--camera", "csi");
  refused(/no TPM/, "--board", "pi-3", "--tpm");
  refused(/leave --pi out/, "--board", "virt-arm64", "--pi", "x");
  refused(/cannot check a signature/, "--board", "pi-3", "--boot-img");
  refused(/--camera is one of port$/, "--board", "virt-arm64", "--camera", "nonsense");
  refused(/--nonsense/, "--nonsense");
});
