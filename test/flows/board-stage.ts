// A machine that says of itself what a board says: played, with its facts and its power in a test's hand.

import type { Main } from "../../device/host/program.ts";
import { main } from "../../src/main.ts";
import type { Fact, Facts } from "../../src/ports.ts";
import { Refusal } from "../../src/refusal.ts";

export const IMAGE = {
  rootHash: "8f14e45fceea167a5a36dedd4bea2543f1b9c3d2a4e6071829304a5b6c7d8e9f",
  imageId: "1d0a5b6c7e8f90112233445566778899aabbccddeeff00112233445566778899",
};

const well = (about: Fact["about"], label: string, found: string): Fact => ({
  ...{ about, label, found },
  state: "well",
});

export const WELL: Facts = {
  board: "Raspberry Pi Zero 2 W Rev 1.0",
  image: IMAGE,
  findings: [
    well("network", "Network interfaces", "only lo"),
    well("network", "Wireless", "none"),
    well("root", "Root", "verified by its hash"),
    well("process", "Sockets", "none can be opened"),
    { about: "part", label: "Camera", found: "not looked at", state: "unknown" },
  ],
};

/** The same but for these. */
export function withFacts(facts: Facts, ...changed: readonly Fact[]): Facts {
  const labels = changed.map(({ label }) => label);
  return {
    ...facts,
    findings: [...facts.findings.filter(({ label }) => !labels.includes(label)), ...changed],
  };
}

export const NETWORK_UP: Fact = {
  ...{ about: "network", label: "Network interfaces", found: "lo, eth0" },
  state: "open",
};

export interface Board {
  facts: Facts;
  /** How often it was looked at. */
  looked: number;
  /** Called at each look, before it is answered. */
  onLook: (board: Board) => void;
  /** How often it was told to switch itself off; `off` "fails": and stays on. */
  switchedOff: number;
  readonly off: "works" | "fails" | "none";
  readonly main: Main;
}

export function board(facts: Facts = WELL, off: Board["off"] = "works"): Board {
  const made: Board = {
    ...{ facts, off, looked: 0, switchedOff: 0 },
    onLook: () => undefined,
    main: (ports) => {
      const power = {
        off: async (): Promise<never> => {
          made.switchedOff++;
          if (off === "fails") throw new Refusal("power.failed");
          return new Promise<never>(() => undefined);
        },
      };
      const look = async () => {
        made.looked++;
        made.onLook(made);
        return made.facts;
      };
      const machine = {
        ...{ kind: "board" as const, version: "1.2.3", practice: ports.machine.practice, facts: look },
        ...(ports.machine.network ? { network: ports.machine.network } : {}),
      };
      return main({ ...ports, machine, ...(off === "none" ? {} : { power }) });
    },
  };
  return made;
}
