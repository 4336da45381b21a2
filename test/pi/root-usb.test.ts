// What may be plugged into a board: judged by descriptors as devices have them, let in on a made-up kernel.

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { isFido } from "../../device/pi/root/hid-report.ts";
import { admit } from "../../device/pi/root/usb.ts";
import { Malformed, readDescriptors } from "../../device/pi/root/usb-descriptors.ts";
import { UsbDevice } from "../../device/pi/root/usb-device.ts";
import { judge } from "../../device/pi/root/usb-judge.ts";
import { type MadeUp, madeUp } from "./root-machine.ts";
import * as usb from "./usb-bytes.ts";

const verdict = (device: usb.Device) => judge(usb.bytesOf(device));

test("hubs, cameras and sticks are told by every interface that they have", () => {
  assert.deepEqual(verdict(usb.HUB), { kind: "hub", open: [0] });
  assert.deepEqual(verdict(usb.HUB_TWICE), { kind: "hub", open: [0] });
  assert.deepEqual(verdict(usb.STICK), { kind: "stick", open: [0] });
  assert.deepEqual(verdict(usb.UAS_STICK), { kind: "stick", open: [0] });
});

test("a camera's microphone stays shut", () => {
  assert.deepEqual(verdict(usb.CAMERA), { kind: "camera", open: [0, 1] });
});

test("keyboards and security keys are input until their reports are read; a smart card beside them stays shut", () => {
  assert.deepEqual(verdict(usb.KEYBOARD), { kind: "input", keyboards: [0], others: [1] });
  assert.deepEqual(verdict(usb.RECEIVER), { kind: "input", keyboards: [0], others: [1, 2] });
  assert.deepEqual(verdict(usb.SECURITY_KEY), { kind: "input", keyboards: [], others: [0] });
  assert.deepEqual(verdict(usb.YUBIKEY), { kind: "input", keyboards: [0], others: [1] });
});

const REFUSED: readonly (readonly [string, usb.Device])[] = [
  ["a telephone that offers its network", usb.PHONE],
  ["an Ethernet adapter", usb.ETHERNET],
  ["a wireless adapter with a maker's own driver", usb.WIFI],
  ["a Bluetooth adapter", usb.BLUETOOTH],
  ["a serial adapter", usb.SERIAL],
  ["a printer", usb.PRINTER],
  ["a reader of smart cards alone", usb.CARD_READER],
  ["a microphone alone", usb.MICROPHONE],
  ["a mouse", usb.MOUSE],
  [
    "a camera that is a keyboard too",
    { ...usb.CAMERA, faces: [...usb.CAMERA.faces, { ...usb.KEYBOARD.faces[0]!, number: 4 }] },
  ],
  [
    "a camera that is a network too",
    { ...usb.CAMERA, faces: [...usb.CAMERA.faces, { ...usb.PHONE.faces[0]!, number: 4 }] },
  ],
  [
    "a keyboard with a channel of its maker's outside HID",
    { ...usb.KEYBOARD, faces: [...usb.KEYBOARD.faces, { ...usb.WIFI.faces[0]!, number: 2 }] },
  ],
  [
    "a hub that is a network too",
    { ...usb.HUB, faces: [...usb.HUB.faces, { ...usb.PHONE.faces[0]!, number: 1 }] },
  ],
  ["a hub that says so of its interface alone", { ...usb.HUB, kind: [0, 0, 0] }],
  ["a keyboard that says of itself to be a radio", { ...usb.KEYBOARD, kind: [0xe0, 1, 1] }],
  [
    "a keyboard whose other setting is a network",
    { ...usb.KEYBOARD, faces: [...usb.KEYBOARD.faces, { number: 0, alternate: 1, kind: [2, 6, 0] }] },
  ],
];
for (const [what, device] of REFUSED)
  test(`${what} is refused`, () => {
    const found = verdict(device);
    assert.equal(found.kind, "refused");
    assert.ok(found.kind === "refused" && !found.storage && !found.why.startsWith("malformed"));
  });

const MIXED: readonly (readonly [string, usb.Device])[] = [
  ["a keyboard too", usb.DUCKY],
  ["a second drive", { ...usb.STICK, faces: [usb.STICK.faces[0]!, { ...usb.STICK.faces[0]!, number: 1 }] }],
  ["a network too", { ...usb.STICK, faces: [usb.STICK.faces[0]!, { ...usb.PHONE.faces[1]!, number: 1 }] }],
  [
    "a keyboard in its other setting",
    { ...usb.STICK, faces: [usb.STICK.faces[0]!, { number: 0, alternate: 1, kind: [3, 1, 1] }] },
  ],
  ["read in another way than sticks are", usb.FLOPPY],
];
for (const [what, device] of MIXED)
  test(`storage that is ${what} is no stick, and known for storage`, () => {
    assert.ok(partOf(verdict(device)));
  });
const partOf = (found: ReturnType<typeof judge>) => found.kind === "refused" && found.storage;

const LIES: readonly (readonly [string, Uint8Array])[] = [
  ["has two configurations", usb.bytesOf({ ...usb.KEYBOARD, says: { configurations: 2 } })],
  ["counts more interfaces than it has", usb.bytesOf({ ...usb.KEYBOARD, says: { interfaces: 3 } })],
  ["counts fewer interfaces than it has", usb.bytesOf({ ...usb.YUBIKEY, says: { interfaces: 1 } })],
  ["is longer than it says", usb.bytesOf({ ...usb.KEYBOARD, says: { bytes: 34 } })],
  ["is shorter than it says", usb.bytesOf({ ...usb.KEYBOARD, says: { bytes: 4096 } })],
  [
    "has one interface twice",
    usb.bytesOf({ ...usb.STICK, faces: [usb.STICK.faces[0]!, usb.STICK.faces[0]!] }),
  ],
  [
    "has an interface of a number that the kernel has no room for",
    usb.bytesOf({ ...usb.STICK, faces: [{ ...usb.STICK.faces[0]!, number: 32 }] }),
  ],
  ["has no interface", usb.bytesOf({ ...usb.STICK, faces: [] })],
  [
    "has a device within a device",
    usb.bytesOf({ ...usb.STICK, faces: [{ ...usb.STICK.faces[0]!, more: [...usb.bytesOf(usb.KEYBOARD)] }] }),
  ],
  [
    "has a descriptor of no length",
    usb.bytesOf({ ...usb.STICK, faces: [{ ...usb.STICK.faces[0]!, more: [0, 4] }] }),
  ],
  [
    "has an interface that is too short",
    usb.bytesOf({ ...usb.STICK, faces: [{ ...usb.STICK.faces[0]!, more: [5, 4, 1, 0, 0] }] }),
  ],
  [
    "ends within a descriptor",
    usb.bytesOf({ ...usb.STICK, faces: [{ ...usb.STICK.faces[0]!, endpoints: [], more: [200, 0x24] }] }),
  ],
  ["says nothing", new Uint8Array()],
  [
    "has a device descriptor of another length",
    Uint8Array.from([20, 1, ...usb.bytesOf(usb.KEYBOARD).subarray(2)]),
  ],
];
for (const [what, bytes] of LIES)
  test(`a device that ${what} is refused whole`, () => {
    const found = judge(bytes);
    assert.ok(found.kind === "refused" && found.why.startsWith("malformed"), JSON.stringify(found));
  });

test("a device with too many settings is refused", () => {
  const faces = Array.from({ length: 2 }, (_, number) =>
    Array.from({ length: 200 }, (_, alternate) => ({ number, alternate, kind: [0x0e, 2, 0] as const })),
  ).flat();
  assert.match(JSON.stringify(judge(usb.bytesOf({ ...usb.CAMERA, faces }))), /too many settings/);
});

test("whatever bytes a device says, they are read or refused, and never anything else", () => {
  const known = Object.values(usb).flatMap((value) =>
    "faces" in value ? [usb.bytesOf(value as usb.Device)] : [],
  );
  assert.ok(known.length > 15);
  const spoilt = fc
    .tuple(
      fc.constantFrom(...known),
      fc.array(fc.tuple(fc.nat(300), fc.nat(255)), { maxLength: 6 }),
      fc.nat(400),
    )
    .map(([bytes, changes, length]) => {
      const copy = bytes.slice(0, length < 40 ? length : bytes.length);
      for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
      return copy;
    });
  fc.assert(
    fc.property(fc.oneof(spoilt, fc.uint8Array({ maxLength: 400 })), (bytes) => {
      try {
        const { interfaces } = readDescriptors(bytes);
        assert.ok(interfaces.length > 0 && interfaces.every(({ kinds }) => kinds.length > 0));
      } catch (problem) {
        assert.ok(problem instanceof Malformed);
      }
      judge(bytes);
    }),
    { numRuns: 2000 },
  );
});

test("a security key is told by the application that its reports begin with", () => {
  assert.ok(isFido(usb.FIDO_REPORT));
  assert.ok(!isFido(usb.MEDIA_REPORT));
  assert.ok(!isFido(new Uint8Array()));
  // FIDO's page after another application, or named but never used for one.
  assert.ok(!isFido(Uint8Array.from([...usb.MEDIA_REPORT, ...usb.FIDO_REPORT])));
  assert.ok(!isFido(usb.FIDO_REPORT.subarray(0, 5)));
  assert.ok(!isFido(Uint8Array.from([0x06, 0xd0, 0xf1, 0x09, 0x02, 0xa1, 0x01])));
  assert.ok(!isFido(Uint8Array.from([0x06, 0xd0, 0xf1, 0x09, 0x01, 0xa1, 0x00])));
  assert.ok(!isFido(Uint8Array.from([0xfe, 2, 0, 1, 1, ...usb.FIDO_REPORT])));
  for (let length = 0; length < 7; length++) assert.ok(!isFido(usb.FIDO_REPORT.subarray(0, length)));
});

// ---------------------------------------------------------------- let in

const BUS = "/sys/bus/usb/devices";
const PROBE = "/sys/bus/usb/drivers_probe";

/** Interfaces are there once the device is let in; reports of a HID interface once it is connected. */
function plugged(
  t: TestContext,
  device: usb.Device,
  reports: Readonly<Record<number, Uint8Array>> = {},
): MadeUp {
  const folder = `${BUS}/1-1.2`;
  const files = {
    [`${BUS}/usb1/interface_authorized_default`]: "1\n",
    [PROBE]: "",
    [`${folder}/devnum`]: "5\n",
    [`${folder}/authorized`]: "0\n",
    [`${folder}/descriptors`]: usb.bytesOf(device),
  };
  return madeUp(t, files, (machine, path, text) => {
    if (path === `${folder}/authorized` && text === "1") {
      machine.file(`${folder}/bConfigurationValue`, "1\n");
      const open = machine.text(`${BUS}/usb1/interface_authorized_default`)!;
      for (const { number } of device.faces) machine.file(`${BUS}/1-1.2:1.${number}/authorized`, open);
    }
    const [, number] = /^1-1\.2:1\.(\d+)$/.exec(path === PROBE ? text : "") ?? [];
    if (number === undefined || machine.text(PROBE) === undefined) return undefined;
    const its = `${BUS}/1-1.2:1.${number}`;
    if (machine.text(`${its}/authorized`) !== "1") throw Object.assign(new Error(), { code: "ENODEV" });
    machine.file(`${its}/connected`, "");
    const report = reports[Number(number)];
    if (report) machine.file(`${its}/0003:1050:0407.0001/report_descriptor`, report);
    return true;
  });
}

/** Numbers of the interfaces that the kernel connected to a driver and that are still open. */
function connected(machine: MadeUp): number[] {
  return (machine.names(BUS) ?? [])
    .filter((name) => machine.text(`${BUS}/${name}/connected`) !== undefined)
    .filter((name) => machine.text(`${BUS}/${name}/authorized`) === "1")
    .map((name) => Number(name.split(".").at(-1)));
}
const isIn = (machine: MadeUp) => machine.text(`${BUS}/1-1.2/authorized`) === "1";

test("before a device is let in, its interfaces are kept from coming with it", (t) => {
  const machine = plugged(t, usb.CAMERA);
  assert.equal(admit(machine, "1-1.2"), "camera");
  assert.deepEqual(machine.puts.slice(0, 2), [
    `${BUS}/usb1/interface_authorized_default 0`,
    `${BUS}/1-1.2/authorized 1`,
  ]);
  assert.deepEqual(connected(machine), [0, 1]);
  // Both of a camera's interfaces are open before the first is connected: its driver takes the second itself.
  const order = machine.puts.slice(2).map((put) => put.replace(`${BUS}/1-1.2:1.`, ""));
  assert.deepEqual(order.slice(0, 2), ["0/authorized 1", "1/authorized 1"]);
});

test("a keyboard is let in with all that is HID", (t) => {
  const machine = plugged(t, usb.KEYBOARD, { 1: usb.MEDIA_REPORT });
  assert.equal(admit(machine, "1-1.2"), "keyboard");
  assert.deepEqual(connected(machine), [0, 1]);
});

test("a security key that is a keyboard and a smart card too is let in as a security key alone", (t) => {
  const machine = plugged(t, usb.YUBIKEY, { 1: usb.FIDO_REPORT });
  assert.equal(admit(machine, "1-1.2"), "security key");
  assert.deepEqual(connected(machine), [1]);
  assert.equal(machine.puts.filter((put) => put.includes("1-1.2:1.0")).length, 0, "not even for a moment");
});

test("of a device with a security key and other HID, the other is shut again", (t) => {
  const device = {
    ...usb.SECURITY_KEY,
    faces: [...usb.SECURITY_KEY.faces, { ...usb.MOUSE.faces[0]!, number: 1 }],
  };
  const machine = plugged(t, device, { 0: usb.FIDO_REPORT, 1: usb.MEDIA_REPORT });
  assert.equal(admit(machine, "1-1.2"), "security key");
  assert.deepEqual(connected(machine), [0]);
});

test("HID that turns out to be neither keyboard nor security key is put out again", (t) => {
  const machine = plugged(t, usb.SECURITY_KEY, { 0: usb.MEDIA_REPORT });
  assert.equal(admit(machine, "1-1.2"), "refused");
  assert.equal(isIn(machine), false);
});

test("a stick waits, and what is refused is never let in", (t) => {
  for (const [device, how] of [
    [usb.STICK, "waits"],
    [usb.DUCKY, "refused"],
    [usb.ETHERNET, "refused"],
    [usb.BLUETOOTH, "refused"],
  ] as const) {
    const machine = plugged(t, device);
    assert.equal(admit(machine, "1-1.2"), how);
    assert.deepEqual(machine.puts, []);
  }
});

test("what the kernel let in by itself is put out if it is refused", (t) => {
  const machine = plugged(t, usb.ETHERNET);
  machine.file(`${BUS}/1-1.2/authorized`, "1\n");
  assert.equal(admit(machine, "1-1.2"), "refused");
  assert.equal(isIn(machine), false);
});

test("a device whose driver cannot be connected is put out, and one that is pulled out is gone", (t) => {
  const machine = plugged(t, usb.HUB);
  machine.gone(PROBE);
  assert.equal(admit(machine, "1-1.2"), "refused");
  assert.equal(isIn(machine), false);
  machine.gone(`${BUS}/1-1.2`);
  assert.equal(admit(machine, "1-1.2"), "gone");
});

test("a device whose numbers are a network adapter's is out again at once, though all it says is a keyboard's", (t) => {
  for (const driver of ["smsc95xx", "lan78xx", "btusb", "usbfs"])
    for (const device of [usb.KEYBOARD, usb.SECURITY_KEY, usb.CAMERA, usb.HUB]) {
      const machine = plugged(t, device);
      machine.folder(`/sys/bus/usb/drivers/${driver}`);
      // As the kernel links whatever driver took an interface.
      machine.link(`${BUS}/1-1.2:1.0/driver`, `/sys/bus/usb/drivers/${driver}`);
      assert.equal(admit(machine, "1-1.2"), "refused", driver);
      assert.equal(isIn(machine), false);
    }
  const machine = plugged(t, usb.KEYBOARD);
  for (const one of [0, 1]) {
    machine.folder("/sys/bus/usb/drivers/usbhid");
    machine.link(`${BUS}/1-1.2:1.${one}/driver`, "/sys/bus/usb/drivers/usbhid");
  }
  assert.equal(admit(machine, "1-1.2"), "keyboard");
});

test("on a bus whose interfaces cannot be kept back nothing is let in", (t) => {
  const machine = plugged(t, usb.KEYBOARD);
  machine.gone(`${BUS}/usb1/interface_authorized_default`);
  assert.equal(admit(machine, "1-1.2"), "refused");
  assert.equal(isIn(machine), false);
});

test("a device that takes another's place while that is judged is judged itself", (t) => {
  const machine = plugged(t, usb.HUB);
  let looks = 0;
  const changing = {
    ...machine,
    text(path: string) {
      // Between the first look at the number and the second another is plugged in.
      if (path.endsWith("/devnum") && ++looks === 2) {
        machine.file(path, "6\n");
        machine.file(`${BUS}/1-1.2/descriptors`, usb.bytesOf(usb.ETHERNET));
      }
      return machine.text(path);
    },
  };
  assert.equal(admit(changing, "1-1.2"), "refused");
  assert.equal(isIn(machine), false);
});

test("only names that the kernel gives to devices are taken", (t) => {
  const machine = plugged(t, usb.HUB);
  for (const name of ["", "usb1", "1-1:1.0", "../1-1", "1-1.2/..", "1-1.2.", "1-1.2.3.4.5.6.7"])
    assert.throws(() => admit(machine, name), /no name/, name);
  machine.folder(`${BUS}/1-1.2:1.0`);
  assert.deepEqual(
    UsbDevice.all(machine).map(({ name }) => name),
    ["1-1.2"],
  );
});
