// Keys that sign together do so in two rounds (BIP 327): which one this is, what it gives away, and what comes next.

import type { Makes } from "../request.ts";
import type { Sheet } from "./pages.ts";
import { pages } from "./pages.ts";
import type { Screen } from "./screen.ts";

/** Before the last page of a review; none where no keys sign together. */
export function roundSheets({ nonces, parts }: Makes): Sheet[] {
  return [...(nonces > 0 ? [FIRST] : []), ...(parts > 0 ? [SECOND] : [])];
}

const FIRST: Sheet = {
  title: "Round 1 of 2: your nonce",
  tone: "caution",
  blocks: [
    {
      kind: "text",
      text: "Your key signs this together with others. Now only your nonce is added; that signs nothing.",
    },
    {
      kind: "text",
      text: "Bring the transaction back when all have added theirs, and do not lock Firn meanwhile: what belongs to the nonce is kept in memory alone, for one transaction at a time.",
    },
  ],
};

const SECOND: Sheet = {
  title: "Round 2 of 2: your part",
  blocks: [
    {
      kind: "text",
      text: "Every nonce is here. Your part of the signature is added now, and whoever comes last makes it whole.",
    },
  ],
};

/** "1 signature and 2 nonces". */
export function makesWords({ signatures, nonces, parts }: Makes): string {
  const words = [
    many(signatures, "signature", "signatures"),
    many(nonces, "nonce", "nonces"),
    many(parts, "part of a signature", "parts of signatures"),
  ];
  return words.flatMap((word) => word ?? []).join(" and ");
}

function many(count: number, one: string, more: string): string | undefined {
  return count === 0 ? undefined : `${count} ${count === 1 ? one : more}`;
}

/** After round 1, while the others add their nonces: as long as it is shown, Firn does not lock by itself. */
export function roundWait(): Screen<"bring" | "leave"> {
  return pages<"bring" | "leave">({
    sheets: [
      {
        title: "Round 1 of 2 is done",
        tone: "caution",
        blocks: [
          {
            kind: "text",
            text: "When all have added their nonces, bring the transaction back for round 2. Lock Firn, or begin another such transaction, and round 1 starts again.",
          },
          { kind: "text", text: "As long as this page is shown, Firn does not lock by itself." },
        ],
      },
    ],
    ok: { label: "bring it back", answer: "bring" },
    back: { label: "leave", answer: "leave" },
    wants: { awake: true },
  });
}
