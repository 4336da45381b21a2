// A visit to the TPM: opened, started, with the primary key and a session; and left with nothing of ours in it.

import { flush, startup } from "./exchange.ts";
import { createPrimary, type Primary } from "./primary.ts";
import { type Session, startSession } from "./session.ts";
import type { Transport } from "./transport.ts";

export interface Visit {
  readonly io: Transport;
  readonly primary: Primary;
  readonly session: Session;
}

export type OpenTransport = () => Promise<Transport>;

/** `meets` sees the primary key before anything is said under it. */
export async function visit<T>(
  open: OpenTransport,
  meets: (primary: Primary) => void,
  work: (visit: Visit) => Promise<T>,
): Promise<T> {
  return opened(open, async (io) => {
    await startup(io);
    const primary = await createPrimary(io);
    return leaving(io, primary.handle, async () => {
      meets(primary);
      const session = await startSession(io, primary);
      try {
        return await work({ io, primary, session });
      } finally {
        await quietly(session.end());
      }
    });
  });
}

export async function opened<T>(open: OpenTransport, work: (io: Transport) => Promise<T>): Promise<T> {
  const io = await open();
  try {
    return await work(io);
  } finally {
    await quietly(io.close());
  }
}

/** Flushes `handle` whatever happened. */
export async function leaving<T>(io: Transport, handle: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await quietly(flush(io, handle));
  }
}

/** What is to be forgotten may be gone already, or all may be broken: then there is a better word for it. */
async function quietly(work: Promise<unknown>): Promise<void> {
  await work.catch(() => undefined);
}
