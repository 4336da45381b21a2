// The way to a TPM: a device file of the kernel's (/dev/tpmrm0), or the socket of one that stands in for it.

import { once } from "node:events";
import { type FileHandle, open, stat } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { readU32be } from "../../../src/bytes.ts";
import { TpmBroken } from "./codec.ts";

export interface Transport {
  /** One command, one answer, one at a time. Throws TpmBroken, after which nothing more can be sent. */
  send(command: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** No answer of a TPM is longer (TPM_PT_MAX_RESPONSE_SIZE of all that are built). */
const MOST_BYTES = 4096;
const HEADER_BYTES = 10;
/** A slow chip makes a key in a second or two; the kernel itself waits longer only for RSA keys. */
const PATIENCE_MS = 20_000;

export async function openTransport(path: string, patienceMs = PATIENCE_MS): Promise<Transport> {
  const link = await opened(path, patienceMs);
  let broken = false;
  return {
    async send(command) {
      if (broken) throw new TpmBroken("it stopped answering");
      broken = true;
      const answer = await inTime(link.exchange(command), patienceMs);
      broken = false;
      return answer;
    },
    close: async () => link.close(),
  };
}

interface Link {
  exchange(command: Uint8Array): Promise<Uint8Array>;
  /** Waits for nothing: what hangs is let go. */
  close(): void;
}

async function opened(path: string, patienceMs: number): Promise<Link> {
  try {
    const kind = await stat(path);
    if (kind.isSocket()) return await socketLink(path, patienceMs);
    if (!kind.isCharacterDevice()) throw new TpmBroken("it is neither a device nor a socket");
    return deviceLink(await inTime(open(path, "r+"), patienceMs));
  } catch (problem) {
    if (problem instanceof TpmBroken) throw problem;
    throw new TpmBroken(`it cannot be opened: ${(problem as NodeJS.ErrnoException).code}`);
  }
}

function deviceLink(file: FileHandle): Link {
  return {
    async exchange(command) {
      try {
        await file.write(command);
        return await readAnswer(file);
      } catch (problem) {
        if (problem instanceof TpmBroken) throw problem;
        throw new TpmBroken(`it cannot be reached: ${(problem as NodeJS.ErrnoException).code}`);
      }
    },
    close: () => void file.close().catch(() => undefined),
  };
}

async function readAnswer(file: FileHandle): Promise<Uint8Array> {
  const answer = new Uint8Array(MOST_BYTES);
  for (let length = 0; ; ) {
    const { bytesRead } = await file.read(answer, length, MOST_BYTES - length);
    if (bytesRead === 0) throw new TpmBroken("its answer is too short");
    length += bytesRead;
    const whole = wholeAnswer(answer.subarray(0, length));
    if (whole) return whole;
  }
}

/** Undefined while more is to come. */
function wholeAnswer(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const size = readU32be(bytes, 2);
  if (size < HEADER_BYTES || size > MOST_BYTES) throw new TpmBroken("its answer has no possible length");
  if (bytes.length > size) throw new TpmBroken("its answer is too long");
  return bytes.length === size ? bytes.slice() : undefined;
}

async function socketLink(path: string, patienceMs: number): Promise<Link> {
  const socket = connect(path);
  try {
    await inTime(once(socket, "connect"), patienceMs);
  } catch (problem) {
    socket.destroy();
    throw problem;
  }
  socket.on("error", () => undefined);
  return { exchange: (command) => overSocket(socket, command), close: () => socket.destroy() };
}

function overSocket(socket: Socket, command: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const answer = new Uint8Array(MOST_BYTES);
    let length = 0;
    const done = (end: () => void) => {
      socket.off("data", onData).off("close", onClose);
      end();
    };
    const onClose = () => done(() => reject(new TpmBroken("it went away")));
    const onData = (chunk: Uint8Array) => {
      try {
        if (chunk.length > MOST_BYTES - length) throw new TpmBroken("its answer is too long");
        answer.set(chunk, length);
        length += chunk.length;
        const whole = wholeAnswer(answer.subarray(0, length));
        if (whole) done(() => resolve(whole));
      } catch (problem) {
        done(() => reject(problem));
      }
    };
    socket.on("data", onData).on("close", onClose);
    if (socket.destroyed) onClose();
    else socket.write(command);
  });
}

async function inTime<T>(work: Promise<T>, patienceMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TpmBroken("it does not answer in time")), patienceMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
