// What block headers cannot prove, and dates that nobody can mean.

const STANDS = "Time stays as it was reckoned; no window and no wait has moved.";
const AGAIN = "Show six or more headers of mainnet's latest blocks again, the oldest first.";

export const timeRefusals = {
  "time.practice-network": {
    title: "Practice networks prove no time",
    meaning: `Their blocks can be made by anyone at any time. ${STANDS}`,
    remedy: "Leave the device on: its windows and waits count that time.",
  },
  "time.too-few": {
    title: "Too few block headers",
    meaning: `Six in a row are the least that prove anything. ${STANDS}`,
    remedy: AGAIN,
  },
  "time.not-linked": {
    title: "These block headers do not follow each other",
    meaning: `Each must name the one before it. ${STANDS}`,
    remedy: AGAIN,
  },
  "time.no-work": {
    title: "This is no block header",
    meaning: `Its hash does not have the work that it claims: it was damaged or made up. ${STANDS}`,
    remedy: AGAIN,
  },
  "time.too-easy": {
    title: "These block headers took too little work",
    meaning: `They have less than a quarter of the difficulty that this version of Firn knows of. ${STANDS}`,
    remedy: "Show headers of mainnet's latest blocks; if those are refused too, a newer version is needed.",
  },
} as const;
