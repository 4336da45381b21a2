// Sockets between a test and its emulator. The test listens, QEMU calls: nothing has to be looked for.

import { createServer, type Socket } from "node:net";

export interface Later<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (problem: Error) => void;
}

export function later<T>(): Later<T> {
  let [resolve, reject]: [Later<T>["resolve"], Later<T>["reject"]] = [() => undefined, () => undefined];
  const promise = new Promise<T>((good, bad) => {
    [resolve, reject] = [good, bad];
  });
  return { promise, resolve, reject };
}

export interface Expected {
  /** Rejects where nobody has called when it is closed. */
  readonly socket: Promise<Socket>;
  close(): void;
}

/** Listens for one caller. */
export async function expectOne(path: string): Promise<Expected> {
  const { promise, resolve, reject } = later<Socket>();
  promise.catch(() => undefined);
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    resolve(socket);
    server.close();
  });
  server.on("error", reject);
  await new Promise<void>((listening) => server.listen(path, listening));
  return {
    socket: promise,
    close() {
      reject(new Error(`nobody called at ${path}`));
      server.close();
    },
  };
}

/** Calls `take` with each whole line. */
export function eachLine(socket: Socket, take: (line: string) => void): void {
  let held = "";
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    const lines = (held + chunk).split("\n");
    held = lines.pop()!;
    for (const line of lines) take(line.replace(/\r$/, ""));
  });
}
