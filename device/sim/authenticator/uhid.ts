// The authenticator as a HID device of this very machine: the kernel's uhid (linux/uhid.h) makes a hidraw of it.
// One event is read or written at a time.

/** /dev/uhid, or what stands for it. */
export interface UhidFile {
  /** The next event; undefined at the end. */
  read(): Promise<Buffer | undefined>;
  write(event: Buffer): void;
}

const EVENT_BYTES = 4376;
const TYPE = {
  destroy: 1,
  output: 6,
  getReport: 9,
  getReply: 10,
  create: 11,
  input: 12,
  setReport: 13,
  setReply: 14,
} as const;
/** "FIDO Alliance" (0xf1d0), U2F authenticator: 64 bytes in, 64 bytes out (CTAP 2.1, 11.2.8.2). */
const DESCRIPTOR = Buffer.from("06d0f10901a1010920150026ff007508954081020921150026ff00750895409102c0", "hex");
const BUS_USB = 3;
/** pid.codes' pair for tests. */
const [VENDOR, PRODUCT] = [0x1209, 0x0001];
const IO_ERROR = 5;

function event(type: number, length = EVENT_BYTES): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32LE(type, 0);
  return bytes;
}

export function createEvent(): Buffer {
  const create = event(TYPE.create);
  create.write("Firn's simulated security key", 4, 127, "utf8");
  create.writeUInt16LE(DESCRIPTOR.length, 260);
  create.writeUInt16LE(BUS_USB, 262);
  create.writeUInt32LE(VENDOR, 264);
  create.writeUInt32LE(PRODUCT, 268);
  DESCRIPTOR.copy(create, 280);
  return create;
}

/** A frame from the key to whoever reads the hidraw. */
export function inputEvent(frame: Buffer): Buffer {
  const input = event(TYPE.input, 6 + frame.length);
  input.writeUInt16LE(frame.length, 4);
  frame.copy(input, 6);
  return input;
}

/** The frame of an output event: 64 bytes, or 65 with the report's number, 0, in front. */
function frameOf(output: Buffer): Buffer | undefined {
  const size = output.readUInt16LE(4 + 4096);
  if (size === 65 && output[4] === 0) return output.subarray(5, 69);
  return size === 64 ? output.subarray(4, 68) : undefined;
}

/** There are no feature reports: whoever asks for one is told so. */
function refusal(asked: Buffer, type: number): Buffer {
  const reply = event(type, 12);
  asked.copy(reply, 4, 4, 8);
  reply.writeUInt16LE(IO_ERROR, 8);
  return reply;
}

/** Until the file ends: frames that are written to the hidraw go to `take`. */
export async function serveUhid(file: UhidFile, take: (frame: Buffer) => void): Promise<void> {
  file.write(createEvent());
  for (;;) {
    const now = await file.read();
    if (!now) break;
    const type = now.readUInt32LE(0);
    const frame = type === TYPE.output ? frameOf(now) : undefined;
    if (frame) take(frame);
    if (type === TYPE.getReport) file.write(refusal(now, TYPE.getReply));
    if (type === TYPE.setReport) file.write(refusal(now, TYPE.setReply));
  }
  file.write(event(TYPE.destroy, 4));
}
