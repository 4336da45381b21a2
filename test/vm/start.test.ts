// From the power button to the first screen, on the image that this tree builds.

import assert from "node:assert/strict";
import { test } from "node:test";
import { says } from "../../device/sim/words.ts";
import { ARCHES } from "./command.ts";
import { fresh } from "./home.ts";
import { imageFor } from "./image.ts";
import { canEmulate } from "./need.ts";

for (const arch of ARCHES) {
  test(`${arch}: the image boots to a screen that says its version, its id and its root's hash, and the machine's page finds no network`, async (t) => {
    if (!canEmulate(t, arch)) return;
    const image = await imageFor(arch);
    const person = await fresh(t, image);
    const { version, imageId, rootHash } = image.manifest;
    const first = await person.text();
    for (const words of [`Firn ${version} image ${short(imageId)}`, `root ${short(rootHash)}`])
      assert.ok(says(first, words), `"${words}" on\n${first}`);
    await person.press("back");
    await person.see("This machine");
    await person.pick("What was found");
    await person.see(/page 1\//);
    const found = await person.page();
    for (const words of [
      "Network interfaces only lo",
      "Wireless none",
      "Bluetooth none",
      "USB gadget none",
      "Kernel modules no more can be loaded",
      `Root file system dm-verity ${rootHash.slice(0, 16)}`,
      ...["INET", "INET6", "UNIX", "NETLINK"].map((family) => `${family} sockets tried: the system refuses`),
      "Capabilities none, and none to be had",
      "System calls filtered",
    ])
      assert.ok(says(found, words), `"${words}" on\n${found}`);
    assert.doesNotMatch(found, /!/, "nothing that was looked at is as it must not be");
  });
}

const short = (hash: string) => `${hash.slice(0, 8)}...${hash.slice(-8)}`;
