// QMP, by which an emulator is told what to do and tells what happened.

import type { Socket } from "node:net";
import { eachLine, later } from "./links.ts";

export interface QmpEvent {
  readonly event: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface Qmp {
  /** Rejects where QEMU refuses it, or is gone before it answered. */
  run<T = unknown>(command: string, args?: object): Promise<T>;
  /** Every event from now on. */
  onEvent(take: (event: QmpEvent) => void): void;
  close(): void;
}

interface Answer {
  readonly id?: number;
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
}

export async function openQmp(socket: Socket): Promise<Qmp> {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(problem: Error): void }>();
  const takers: ((event: QmpEvent) => void)[] = [];
  let asked = 0;
  let gone = false;
  const greeted = later<void>();
  eachLine(socket, (line) => {
    const said = JSON.parse(line) as Answer & Partial<QmpEvent> & { readonly QMP?: object };
    if (said.QMP) greeted.resolve();
    else if (said.event) for (const take of takers) take(said as QmpEvent);
    else if (said.id !== undefined) {
      const { resolve, reject } = waiting.get(said.id)!;
      waiting.delete(said.id);
      if (said.error) reject(new Error(`QEMU: ${said.error.desc}`));
      else resolve(said.return);
    }
  });
  socket.on("close", () => {
    gone = true;
    for (const { reject } of waiting.values()) reject(new Error("QEMU is gone"));
  });
  const run = <T>(command: string, args?: object): Promise<T> => {
    if (gone) return Promise.reject(new Error("QEMU is gone"));
    const id = ++asked;
    const { promise, resolve, reject } = later<unknown>();
    waiting.set(id, { resolve, reject });
    socket.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`);
    return promise as Promise<T>;
  };
  await greeted.promise;
  await run("qmp_capabilities");
  return {
    run,
    onEvent: (take) => takers.push(take),
    close: () => socket.destroy(),
  };
}
