// Home: whoever comes back to its list finds the cursor where it was.

import { test } from "node:test";
import { holds, homeOf, UNLOCK } from "./stage.ts";

test("after a look at the journal or the policy, ok opens the same again", async () => {
  for (const [label, seen] of [
    ["Journal", "newest first"],
    ["Policy", "Read it"],
  ])
    await holds(
      `${UNLOCK}pick ${label}\nsee ${seen}\npress back\nsee Sign a transaction
       press ok\nunseen Sign a transaction\nsee ${seen}`,
      { disk: await homeOf() },
    );
});
