// What can be wrong with descriptors of calls that administrators sign (ERC 7730).

export const ethereumKnownRefusals = {
  "descriptor.not-json": {
    title: "This descriptor is not well formed JSON",
    meaning:
      "Programs would read it differently, and one of them could call a theft a harmless thing. Nothing was taken.",
    remedy: "Take the file from where its maker publishes it, whole and unchanged.",
  },
  "descriptor.malformed": {
    title: "This descriptor is not as ERC 7730 has it",
    meaning: "What it leaves open could be shown as something else than what is signed. Nothing was taken.",
    remedy: "Correct the place that is named, or take the file from where its maker publishes it.",
  },
  "descriptor.includes": {
    title: "This descriptor includes another file",
    meaning: "What the other file says would not be signed by anybody. Nothing was taken.",
    remedy: "Put both together first, as ERC 7730 says, and show the one file that results.",
  },
  "descriptor.version": {
    title: "A version of ERC 7730 that Firn does not read",
    meaning: "Its words could mean something else there: what is shown would not be what is signed.",
    remedy: "Use a descriptor of version 1 or 2, or a newer Firn.",
  },
  "descriptor.not-bound": {
    title: "This descriptor is bound to no contract",
    meaning: "It would give a name to every contract that imitates one. Nothing was taken.",
    remedy: "Write the contracts that it is meant for under deployments: chain and address of each.",
  },
  "descriptor.format": {
    title: "This descriptor asks for a format that Firn does not have",
    meaning: "The value would be shown as something else than what it is. Nothing was taken.",
    remedy: "Use raw for the field that is named, or leave it away: Firn shows it as it is.",
  },
  "descriptor.path": {
    title: "This descriptor shows a value that is not there",
    meaning:
      "Its function has no such argument: another value could be shown in its place. Nothing was taken.",
    remedy: "Correct the path that is named.",
  },
  "descriptor.function": {
    title: "This descriptor's function cannot be read",
    meaning: "Without the types and names of all arguments a call cannot be taken apart. Nothing was taken.",
    remedy:
      'Write each function as in "transfer(address to,uint256 value)", with the names of its arguments.',
  },
  "descriptor.twice": {
    title: "Two descriptors for the same call",
    meaning: "Which of them is shown would be chance, and one of them could hide what the other says.",
    remedy: "Keep one of the two.",
  },
  "descriptor.too-many": {
    title: "More descriptors than a home keeps",
    meaning: "Nothing was taken; those that are there stay.",
    remedy: "Make a document of fewer: those whose contracts are called.",
  },
} as const;
