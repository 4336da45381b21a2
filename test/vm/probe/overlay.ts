// What is laid over an image's root to make a probe of it. Which of the two it is the kernel's command line says:
// firn.probe=agent, root inside that obeys a test; firn.probe=cages, the program that stands in the three's place.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { toJavaScript } from "../../../scripts/image/app-source.ts";
import type { Arch } from "../command.ts";

export type Probe = "agent" | "cages";
export const wordFor = (probe: Probe): string => `firn.probe=${probe}`;

export const COMPILER: Readonly<Record<Arch, string>> = {
  arm64: "aarch64-linux-gnu-gcc",
  amd64: "x86_64-linux-gnu-gcc",
};

const HERE = import.meta.dirname;
const AUTHENTICATOR = "device/sim/authenticator";
const OWN = "usr/lib/firn-probe";
const UNITS = "usr/lib/systemd/system";

const unit = (probe: Probe, lines: string) => `[Unit]
DefaultDependencies=no
ConditionKernelCommandLine=${wordFor(probe)}
${lines}`;

const WRITTEN: Readonly<Record<string, string>> = {
  "firn-probe-agent.service": unit(
    "agent",
    `After=firn-coldplug.service
[Service]
ExecStart=/usr/bin/node /${OWN}/agent.js
StandardError=file:/dev/console
`,
  ),
  // What root does before Firn is done by Node itself; from then on whoever starts Node starts the probe.
  "usr-bin-node.mount": unit(
    "cages",
    `After=firn-prepare.service firn-coldplug.service
Before=firn.service
[Mount]
What=/${OWN}/probe
Where=/usr/bin/node
Type=none
Options=bind
`,
  ),
  "firn-probe-collect.service": unit(
    "cages",
    `After=firn.service firn-eye.service firn-glass.service
[Service]
ExecStart=/${OWN}/probe collect
`,
  ),
};

/** Fills `folder`. Throws where the probe does not compile. */
export function makeOverlay(folder: string, arch: Arch): void {
  const put = (path: string, content: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  for (const [name, content] of Object.entries(WRITTEN)) {
    put(`${UNITS}/${name}`, content);
    mkdirSync(join(folder, UNITS, "firn.target.wants"), { recursive: true });
    symlinkSync(`../${name}`, join(folder, UNITS, "firn.target.wants", name));
  }
  const sources = resolve(HERE, "../../..", AUTHENTICATOR);
  for (const name of readdirSync(sources))
    put(
      `${OWN}/${AUTHENTICATOR}/${name.replace(/\.ts$/, ".js")}`,
      toJavaScript(readFileSync(join(sources, name), "utf8")),
    );
  put(`${OWN}/agent.js`, toJavaScript(readFileSync(join(HERE, "agent.ts"), "utf8")));
  put(`${OWN}/package.json`, '{ "type": "module" }\n');
  const flags = ["-std=gnu17", "-O1", "-static", "-s", "-o", join(folder, OWN, "probe")];
  execFileSync(COMPILER[arch], [...flags, join(HERE, "probe.c")], { stdio: ["ignore", "ignore", "inherit"] });
}
