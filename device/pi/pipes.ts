// The pipes that systemd hands over: listening sockets by name, of which each gives one connection and is closed then.
// Nothing here makes a socket: it works where that is forbidden.

import { createServer, type Socket } from "node:net";
import { Refusal, refuse } from "../../src/refusal.ts";

/** Descriptors are handed over from here on (sd_listen_fds). */
const FIRST_FD = 3;

type Environment = Readonly<Record<string, string | undefined>>;

/** One descriptor for each of these names, and no other. Throws Refusal machine.pipes. */
export function handedOver<Name extends string>(
  names: readonly Name[],
  { LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES }: Environment = process.env,
): Readonly<Record<Name, number>> {
  // The first process of a namespace of its own goes by another number outside: nobody else is meant there.
  if (LISTEN_PID !== String(process.pid) && !(LISTEN_PID && process.pid === 1))
    refuse("machine.pipes", "none was handed over");
  const given = LISTEN_FDNAMES?.split(":") ?? [];
  const same = given.length === names.length && names.every((name) => given.includes(name));
  if (!same || LISTEN_FDS !== String(names.length))
    refuse("machine.pipes", `expected are ${names.join(" and ")}`);
  const at = (name: Name) => [name, FIRST_FD + given.indexOf(name)] as const;
  return Object.fromEntries(names.map(at)) as Record<Name, number>;
}

/**
 * The first connection, as `made` of it at once; no second is ever taken. Undefined where nobody comes in time.
 * Throws Refusal machine.pipes where the descriptor is no listening socket.
 */
export function acceptOne<T>(
  fd: number,
  made: (socket: Socket) => T,
  patienceMs: number,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const over = (end: () => void) => {
      clearTimeout(late);
      // At once: before this returns no other connection can have been taken.
      server.close();
      end();
    };
    const unusable = () =>
      over(() => reject(new Refusal("machine.pipes", `descriptor ${fd} is no listening socket`)));
    const server = createServer((socket) => over(() => resolve(made(socket))));
    const late = setTimeout(() => over(() => resolve(undefined)), patienceMs);
    server.on("error", unusable);
    try {
      server.listen({ fd });
    } catch {
      unusable();
    }
  });
}
