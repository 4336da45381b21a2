// Descriptors as devices in shops have them, built from the parts that USB 2.0 (chapter 9) and the class documents name.

export interface Face {
  readonly number: number;
  readonly alternate?: number;
  /** Class, subclass, protocol. */
  readonly kind: readonly [number, number, number];
  /** Descriptors of its class, one after the other. */
  readonly more?: readonly number[];
  /** Address, attributes, bytes of a packet, interval. */
  readonly endpoints?: readonly (readonly [number, number, number, number])[];
}

export interface Device {
  readonly ids: readonly [number, number];
  readonly kind?: readonly [number, number, number];
  readonly faces: readonly Face[];
  /** Where it says otherwise than it is. */
  readonly says?: { readonly configurations?: number; readonly interfaces?: number; readonly bytes?: number };
}

const u16 = (value: number) => [value & 0xff, value >> 8];

export function bytesOf({ ids, kind = [0, 0, 0], faces, says = {} }: Device): Uint8Array {
  const body = faces.flatMap(faceBytes);
  const count = new Set(faces.map(({ number }) => number)).size;
  return Uint8Array.from([
    ...[18, 1, ...u16(0x0200), ...kind, 64, ...ids.flatMap(u16), ...u16(0x0100), 1, 2, 0],
    says.configurations ?? 1,
    ...[9, 2, ...u16(says.bytes ?? 9 + body.length), says.interfaces ?? count, 1, 0, 0xa0, 50],
    ...body,
  ]);
}

function faceBytes({ number, alternate = 0, kind, more = [], endpoints = [] }: Face): number[] {
  return [
    ...[9, 4, number, alternate, endpoints.length, ...kind, 0],
    ...more,
    ...endpoints.flatMap(([address, attributes, size, interval]) => [
      7,
      5,
      address,
      attributes,
      ...u16(size),
      interval,
    ]),
  ];
}

const hid = (reportBytes: number) => [9, 0x21, 0x11, 0x01, 0, 1, 0x22, ...u16(reportBytes)];
const association = (first: number, count: number, kind: readonly [number, number, number]) => [
  ...[8, 11, first, count, ...kind, 0],
];
const bulk: Face["endpoints"] = [
  [0x81, 2, 512, 0],
  [0x02, 2, 512, 0],
];

const bootKeyboard = (number: number): Face => ({
  number,
  kind: [3, 1, 1],
  more: hid(65),
  endpoints: [[0x81, 3, 8, 10]],
});
const plainHid = (number: number, reportBytes: number): Face => ({
  number,
  kind: [3, 0, 0],
  more: hid(reportBytes),
  endpoints: [[0x82, 3, 64, 2]],
});
const fido = (number: number): Face => ({
  ...plainHid(number, 34),
  endpoints: [
    [0x04, 3, 64, 2],
    [0x84, 3, 64, 2],
  ],
});
const smartCard = (number: number): Face => ({
  number,
  kind: [0x0b, 0, 0],
  more: [54, 0x21, 0x10, 0x01, 0, 7, ...Array<number>(48).fill(0)],
  endpoints: [...bulk, [0x83, 3, 8, 32]],
});
const storage = (number: number): Face => ({ number, kind: [8, 6, 0x50], endpoints: bulk });

export const KEYBOARD: Device = { ids: [0x046d, 0xc31c], faces: [bootKeyboard(0), plainHid(1, 159)] };
/** Keyboard, mouse and a maker's own channel behind one radio receiver. */
export const RECEIVER: Device = {
  ids: [0x046d, 0xc52b],
  faces: [
    bootKeyboard(0),
    { number: 1, kind: [3, 1, 2], more: hid(148), endpoints: [[0x82, 3, 8, 2]] },
    plainHid(2, 98),
  ],
};
export const MOUSE: Device = {
  ids: [0x046d, 0xc077],
  faces: [{ number: 0, kind: [3, 1, 2], more: hid(46), endpoints: [[0x81, 3, 4, 10]] }],
};
/** One-time passwords as a keyboard, FIDO, and a smart card. */
export const YUBIKEY: Device = { ids: [0x1050, 0x0407], faces: [bootKeyboard(0), fido(1), smartCard(2)] };
export const SECURITY_KEY: Device = { ids: [0x1050, 0x0120], faces: [fido(0)] };
export const CARD_READER: Device = { ids: [0x04e6, 0x5116], faces: [smartCard(0)] };

const video = (number: number, alternate: number, more: readonly number[] = []): Face => ({
  ...{ number, alternate, kind: [0x0e, 2, 0], more },
  endpoints: alternate === 0 ? [] : [[0x81, 5, 128 * alternate, 1]],
});
/** With a microphone, as nearly all have; six settings of its stream. */
export const CAMERA: Device = {
  ids: [0x046d, 0x0825],
  kind: [0xef, 2, 1],
  faces: [
    // Its first interface comes after an association that the configuration begins with.
    {
      number: 0,
      kind: [0x0e, 1, 0],
      more: [13, 0x24, 1, 0, 1, 77, 0, 0xc0, 0xe1, 0xe4, 0, 1, 1, ...association(0, 2, [0x0e, 3, 0])],
      endpoints: [[0x83, 3, 16, 6]],
    },
    video(1, 0, [14, 0x24, 1, 1, 97, 1, 0x81, 0, 2, 2, 1, 1, 1, 0]),
    ...[1, 2, 3, 4, 5, 6].map((alternate) => video(1, alternate)),
    { number: 2, kind: [1, 1, 0], more: [9, 0x24, 1, 0, 1, 41, 0, 1, 3, ...association(2, 2, [1, 2, 0])] },
    { number: 3, kind: [1, 2, 0] },
    { number: 3, alternate: 1, kind: [1, 2, 0], endpoints: [[0x84, 5, 400, 4]] },
  ],
};
export const MICROPHONE: Device = {
  ids: [0x0d8c, 0x013c],
  faces: CAMERA.faces.slice(-3).map((face) => ({ ...face, number: face.number - 2 })),
};

export const STICK: Device = { ids: [0x0781, 0x5567], faces: [storage(0)] };
/** The faster way beside the plain one, as another setting of the same interface. */
export const UAS_STICK: Device = {
  ids: [0x0781, 0x55a9],
  faces: [storage(0), { number: 0, alternate: 1, kind: [8, 6, 0x62], endpoints: bulk }],
};
/** A stick that types. */
export const DUCKY: Device = { ids: [0x03eb, 0x2403], faces: [bootKeyboard(0), storage(1)] };
export const FLOPPY: Device = { ids: [0x0644, 0], faces: [{ number: 0, kind: [8, 4, 0], endpoints: bulk }] };

/** A telephone that offers its network (RNDIS): two interfaces of one function. */
export const PHONE: Device = {
  ids: [0x18d1, 0x4ee4],
  faces: [
    { number: 0, kind: [0xe0, 1, 3], more: association(0, 2, [0xe0, 1, 3]), endpoints: [[0x82, 3, 8, 9]] },
    { number: 1, kind: [0x0a, 0, 0], endpoints: bulk },
  ],
};
/** CDC Ethernet (ECM). */
export const ETHERNET: Device = {
  ids: [0x0bda, 0x8153],
  kind: [2, 0, 0],
  faces: [
    { number: 0, kind: [2, 6, 0], more: [5, 0x24, 0, 0x10, 1], endpoints: [[0x83, 3, 16, 8]] },
    { number: 1, kind: [0x0a, 0, 0] },
    { number: 1, alternate: 1, kind: [0x0a, 0, 0], endpoints: bulk },
  ],
};
/** A maker's own driver for a wireless network. */
export const WIFI: Device = {
  ids: [0x0bda, 0x8179],
  faces: [{ number: 0, kind: [0xff, 0xff, 0xff], endpoints: bulk }],
};
export const BLUETOOTH: Device = {
  ids: [0x0a12, 0x0001],
  kind: [0xe0, 1, 1],
  faces: [
    { number: 0, kind: [0xe0, 1, 1], endpoints: [[0x81, 3, 16, 1], ...bulk] },
    ...[0, 1, 2, 3, 4, 5].map((alternate) => ({ number: 1, alternate, kind: [0xe0, 1, 1] as const })),
  ],
};
export const HUB: Device = {
  ids: [0x05e3, 0x0608],
  kind: [9, 0, 1],
  faces: [{ number: 0, kind: [9, 0, 0], endpoints: [[0x81, 3, 1, 12]] }],
};
/** One that has a single and a multiple transaction translator. */
export const HUB_TWICE: Device = {
  ...HUB,
  kind: [9, 0, 2],
  faces: [HUB.faces[0]!, { ...HUB.faces[0]!, alternate: 1, kind: [9, 0, 2] }],
};
export const SERIAL: Device = {
  ids: [0x0403, 0x6001],
  faces: [{ number: 0, kind: [0xff, 0xff, 0xff], endpoints: bulk }],
};
export const PRINTER: Device = {
  ids: [0x04a9, 0x1097],
  faces: [{ number: 0, kind: [7, 1, 2], endpoints: bulk }],
};

/** The report descriptor that CTAP's HID transport asks for (CTAP 2.1, 11.2.8.2). */
export const FIDO_REPORT = Uint8Array.from([
  ...[0x06, 0xd0, 0xf1, 0x09, 0x01, 0xa1, 0x01],
  ...[0x09, 0x20, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95, 0x40, 0x81, 0x02],
  ...[0x09, 0x21, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95, 0x40, 0x91, 0x02, 0xc0],
]);
/** Volume and mute, beside a keyboard. */
export const MEDIA_REPORT = Uint8Array.from([
  ...[0x05, 0x0c, 0x09, 0x01, 0xa1, 0x01, 0x85, 0x01, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x95, 0x02],
  ...[0x09, 0xe9, 0x09, 0xea, 0x81, 0x02, 0xc0],
]);
