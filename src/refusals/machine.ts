// What this machine is: keys stay shut where it could send something, or where nobody vouches for its program.

export const machineRefusals = {
  "machine.network": {
    title: "This machine is not known to be without a network",
    meaning: "Keys stay shut, because what can send could send them away; nothing was opened or signed.",
    remedy: "Look at what was found, remove that part or take another board, and switch on again.",
  },
  "machine.root": {
    title: "What Firn runs from is not verified",
    meaning:
      "Keys stay shut, because the program on this card may be another one; nothing was opened or signed.",
    remedy: "Write the image to the card again, compare its hash, and switch on again.",
  },
} as const;
