// A Safe, for comparing with the other owners: where it stands, how many must sign, every owner.

import { chainName } from "../assets.ts";
import type { Address } from "../eip55.ts";
import type { Block } from "../model.ts";
import type { Safe } from "../safe.ts";
import { addressWords } from "./ethereum-values.ts";
import type { Sheet } from "./pages.ts";

export interface SafeOwners {
  readonly safe: Safe;
  /** "account 0", for those that this device's key has. */
  readonly own: ReadonlyMap<Address, string>;
  /** Said by whoever brought it: what has power over it beside its owners. */
  readonly modules?: readonly Address[];
  readonly guard?: Address;
}

const SAME = "It must be the same in your Safe program and on every owner's device.";

export function safeSheets(of: SafeOwners): Sheet[] {
  const { safe } = of;
  const { name, chainId, address, version, threshold, owners, fingerprint } = safe;
  return [
    {
      title: name,
      blocks: [
        { kind: "fact", label: "Chain", value: chainName(chainId) },
        { kind: "fact", label: "Address of the Safe", value: addressWords(address) },
        { kind: "fact", label: "Signatures needed", value: `${threshold} of ${owners.length}` },
        { kind: "fact", label: "Version", value: version },
        { kind: "fact", label: "Its fingerprint", value: fingerprint },
      ],
    },
    ...warnings(of),
    ...owners.map((owner, i) => ownerSheet(of, owner, i)),
  ];
}

function ownerSheet({ safe, own }: SafeOwners, owner: Address, i: number): Sheet {
  const name = own.get(owner);
  return {
    title: `Owner ${i + 1} of ${safe.owners.length}`,
    blocks: [
      { kind: "fact", label: "Address", value: addressWords(owner) },
      name === undefined
        ? { kind: "text", text: `Somebody else's, or of another key. ${SAME}` }
        : { kind: "text", text: `This is your ${name}.` },
    ],
  };
}

/** Before the owners: whoever reads on has read them. */
function warnings({ safe, own, modules = [], guard }: SafeOwners): Sheet[] {
  const { threshold, owners } = safe;
  return [
    ...modules.map((module, i): Sheet => {
      const text = "A module moves everything in the Safe without one owner's signature. Know what it is.";
      const title = `Module ${i + 1} of ${modules.length}`;
      return { title, tone: "danger", blocks: [addressFact("Module", module), { kind: "text", text }] };
    }),
    ...(guard === undefined ? [] : [guardSheet(guard)]),
    ...(threshold === 1 && owners.length > 1 ? [caution("One owner is enough", ALONE)] : []),
    ...(own.size === 0 ? [caution("No owner is yours", NOT_YOURS)] : []),
  ];
}

const ALONE = "Each of its keys alone can take everything in the Safe.";
const NOT_YOURS =
  "None of the owners is an account of the key in use, as far as Firn looked. It signs nothing for this Safe.";

function guardSheet(guard: Address): Sheet {
  const text = "A guard can forbid every transaction of the Safe. Know what it is.";
  return { title: "Guard", tone: "caution", blocks: [addressFact("Guard", guard), { kind: "text", text }] };
}

function addressFact(label: string, address: Address): Block {
  return { kind: "fact", label, value: addressWords(address) };
}

function caution(title: string, text: string): Sheet {
  return { title, tone: "caution", blocks: [{ kind: "text", text }] };
}

/** That every owner has the same Safe: one code over all of it. */
export function compareSafeSheets({ name, fingerprint, address }: Safe, code: string): Sheet[] {
  return [
    {
      title: `${name}: compare`,
      blocks: [
        { kind: "fact", label: "Code of the whole Safe", value: code },
        { kind: "fact", label: "Its fingerprint", value: fingerprint },
        {
          kind: "text",
          text: "Every owner's device must show the same. One reads it aloud, all of it, the others follow on their own screens. Sign nothing for the Safe before that.",
        },
      ],
    },
    {
      title: "Its address",
      blocks: [
        addressFact("Address of the Safe", address),
        {
          kind: "text",
          text: "Compare it too with your Safe program. If anything differs, remove the Safe here and begin again: somebody has another one.",
        },
      ],
    },
  ];
}

/** What is other from now on: owners that come and go, the threshold. */
export function renewedSheet(before: Safe, after: Safe): Sheet {
  const [goes, comes] = [without(before, after), without(after, before)];
  const [was, becomes] = [before, after].map(({ threshold, owners }) => `${threshold} of ${owners.length}`);
  return {
    title: "What changes",
    tone: "caution",
    blocks: [
      {
        kind: "fact",
        label: "Signatures needed",
        value: was === becomes ? `It stays ${was}.` : `${was} becomes ${becomes}.`,
      },
      ...(before.version === after.version
        ? []
        : [{ kind: "fact", label: "Version", value: `${before.version} becomes ${after.version}` } as const]),
      ...comes.map((owner) => addressFact("Comes", owner)),
      ...goes.map((owner) => addressFact("Goes", owner)),
    ],
  };
}

function without(one: Safe, other: Safe): readonly Address[] {
  return one.owners.filter((owner) => !other.owners.includes(owner));
}
