// Safe's own contracts: each address stands once, in the spelling whose capitals are its checksum.

import assert from "node:assert/strict";
import { test } from "node:test";
import { getAddress } from "ethers";
import { DEPLOYMENTS, deploymentAt } from "../../src/ethereum/safe/index.ts";

test("every address carries its checksum, and is known on listed chains alone", () => {
  assert.equal(DEPLOYMENTS.size, 64);
  for (const [address, deployment] of DEPLOYMENTS) {
    assert.equal(getAddress(address.toLowerCase()), address);
    assert.equal(deploymentAt(1n, address), deployment);
    assert.equal(deploymentAt(999_999_999n, address), undefined);
  }
});
