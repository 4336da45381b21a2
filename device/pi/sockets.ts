// Whether this process can open a socket: tried, where Node has a way to try.
// Nothing is sent and nothing is connected to: each socket is bound to the machine itself, or to a name that is not
// there, and closed at once.

import { createSocket } from "node:dgram";
import { connect, createServer } from "node:net";
import { constants, networkInterfaces } from "node:os";
import type { Fact } from "../../src/ports.ts";

/** What the system answers where a family is shut: whatever else it says, there was a socket first. */
const SHUT = ["EAFNOSUPPORT", "EPERM"] as const;
const PATIENCE_MS = 500;

type Tried = "shut" | "opened" | "no answer";

/** Never longer than half a second. */
export async function socketFacts(): Promise<Fact[]> {
  const tries = {
    "INET sockets": [() => listening("127.0.0.1"), () => datagram("udp4", "127.0.0.1")],
    "INET6 sockets": [() => listening("::1"), () => datagram("udp6", "::1")],
    "UNIX sockets": [unix],
    "NETLINK sockets": [netlink],
  };
  const all = Object.entries(tries).map(async ([label, ways]) =>
    socketFact(label, await Promise.all(ways.map((way) => way()))),
  );
  return Promise.all(all);
}

function socketFact(label: string, tried: readonly Tried[]): Fact {
  const about = { about: "network", label } as const;
  if (tried.includes("opened")) return { ...about, found: "can be opened", state: "open" };
  if (tried.includes("no answer")) return { ...about, found: "tried, without an answer", state: "unknown" };
  return { ...about, found: "tried: the system refuses", state: "well" };
}

function listening(host: string): Promise<Tried> {
  return tried((told) => {
    const server = createServer();
    server.on("error", told);
    server.listen({ host, port: 0 }, told);
    return () => server.close();
  });
}

function datagram(type: "udp4" | "udp6", address: string): Promise<Tried> {
  return tried((told) => {
    const socket = createSocket(type);
    socket.on("error", told);
    socket.bind({ address, port: 0 }, told);
    return () => socket.close();
  });
}

function unix(): Promise<Tried> {
  return tried((told) => {
    const socket = connect({ path: "/nothing/listens/here" });
    socket.on("error", told);
    socket.on("connect", told);
    return () => socket.destroy();
  });
}

/** The list of interfaces is asked for over one. */
async function netlink(): Promise<Tried> {
  try {
    networkInterfaces();
    return "opened";
  } catch (problem) {
    // libuv hands the number on with its sign as it comes, and then knows no name for it.
    const { info } = problem as { readonly info?: { readonly errno?: number } };
    const number = Math.abs(info?.errno ?? 0);
    return SHUT.some((name) => constants.errno[name] === number) ? "shut" : "no answer";
  }
}

/** `way` begins a try, hands `told` its end (an error, or none), and answers how to clear it away. */
function tried(way: (told: (problem?: Error) => void) => () => void): Promise<Tried> {
  return new Promise((resolve) => {
    let clear: (() => void) | undefined;
    const end = (result: Tried) => {
      clearTimeout(late);
      resolve(result);
      // Not from within the call that may still be about to answer how.
      setImmediate(() => {
        try {
          clear?.();
        } catch {
          // It was never open.
        }
      });
    };
    const late = setTimeout(() => end("no answer"), PATIENCE_MS);
    clear = way((problem) => {
      end(isShut((problem as NodeJS.ErrnoException | undefined)?.code) ? "shut" : "opened");
    });
  });
}

function isShut(code: string | undefined): boolean {
  return SHUT.some((name) => name === code);
}
