// The emulated board's GPIO lines, driven from outside as a finger drives them: real edges at the chip's pins.

import type { Socket } from "node:net";
import { eachLine, later } from "./links.ts";
import type { Qmp } from "./qmp.ts";

export interface Lines {
  /** Resolves when the level stands at the pin. */
  set(line: number, high: boolean): Promise<void>;
}

interface Child {
  readonly name: string;
  readonly type: string;
}

/** By the test protocol beside the running machine; of the "virt" board's one PL061. */
export async function openLines(qtest: Socket, qmp: Qmp): Promise<Lines> {
  const parts = await qmp.run<readonly Child[]>("qom-list", { path: "/machine/unattached" });
  const chip = parts.find(({ type }) => type === "child<pl061>");
  if (!chip) throw new Error("this machine has no PL061");
  const waiting: ((answer: string) => void)[] = [];
  eachLine(qtest, (line) => {
    if (/^(OK|FAIL|ERR)/.test(line)) waiting.shift()?.(line);
  });
  return {
    async set(line, high) {
      const { promise, resolve } = later<string>();
      waiting.push(resolve);
      qtest.write(`set_irq_in /machine/unattached/${chip.name} unnamed-gpio-in ${line} ${high ? 1 : 0}\n`);
      const answer = await promise;
      if (!answer.startsWith("OK")) throw new Error(`QEMU drives no line ${line}: ${answer}`);
    },
  };
}
