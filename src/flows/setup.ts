// The first start: network, PIN, words, passphrase, first policy. Nothing is in the home until all of it
// is known; then one write makes the home, and everything locks, because words were on the glass.

import { wipe } from "../bytes.ts";
import type { Network } from "../model.ts";
import { NETWORKS } from "../model.ts";
import { Refusal } from "../refusal.ts";
import { menu } from "../screens/menu.ts";
import { notice, question, refused } from "../screens/notice.ts";
import type { Desk } from "../ui.ts";
import { ask } from "../ui.ts";
import { bannerOf } from "./state.ts";
import { hasMachineMenu, lookAtMachine, machineBlocks, machineMenu } from "./this-machine.ts";
import { ownSeal } from "./unlock/own-seal.ts";
import { askNewPin } from "./unlock/pin.ts";

export async function setup(desk: Desk): Promise<void> {
  await welcome(desk);
  await ownSeal(desk);
  const { network, pin } = await askNetworkAndPin(desk);
  try {
    await lookAtMachine(desk);
    // Half of the program is behind this: a board shows its first page in half the time without it.
    const { firstHome } = await import("./first-home.ts");
    await firstHome(desk, network, pin);
  } finally {
    wipe(pin);
  }
}

async function welcome(desk: Desk): Promise<void> {
  const blocks = [...machineBlocks(desk), ...WELCOME];
  if (!hasMachineMenu(desk)) {
    await ask(desk, notice("Welcome to Firn", blocks));
    return;
  }
  while ((await ask(desk, question([{ title: "Welcome to Firn", blocks }], "go on", "machine"))) === "no")
    await machineMenu(desk);
}

async function askNetworkAndPin(desk: Desk): Promise<{ network: Network; pin: Uint8Array }> {
  const bare = desk.banner;
  let before = desk.ports.machine.network ?? "mainnet";
  for (;;) {
    const network = await askNetwork(desk, before);
    desk.banner = bannerOf(network, desk.ports.machine.practice);
    const pin = await askNewPin(desk);
    if (pin !== "back") return { network, pin };
    desk.banner = bare;
    before = network;
  }
}

const WELCOME = [
  { kind: "text", text: "This device signs transactions and never touches a network." },
  { kind: "text", text: "Set it up once: network, PIN, words, limits. It takes a few minutes." },
] as const;

const NETWORK_LABELS: Record<Network, string> = {
  mainnet: "mainnet (real money)",
  testnet3: "testnet3 (practice)",
  testnet4: "testnet4 (practice)",
  signet: "signet (practice)",
  regtest: "regtest (practice)",
};

const NETWORK_SAYS = "Of bitcoin. The same words have the same accounts on Ethereum on each of them.";

async function askNetwork(desk: Desk, before: Network): Promise<Network> {
  const { machine } = desk.ports;
  for (;;) {
    const network = await ask(
      desk,
      menu<Network>(
        {
          title: "Network",
          above: [{ kind: "text", text: NETWORK_SAYS }],
          items: NETWORKS.map((answer) => ({ label: NETWORK_LABELS[answer], answer })),
        },
        NETWORKS.indexOf(before),
      ),
    );
    if (!(network === "mainnet" && machine.practice)) return network;
    await ask(desk, refused(new Refusal("keys.practice")));
  }
}
