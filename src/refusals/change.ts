// Changes of the rules: what cannot wait, or is no change for this device.

export const changeRefusals = {
  "change.waiting": {
    title: "Such a change waits already",
    meaning: "Nothing new was taken, and what waits goes on waiting.",
    remedy: "Cancel the one that waits under Policy, Waiting changes, and ask again.",
  },
  "change.too-many": {
    title: "Too many changes wait",
    meaning: "Nothing new was taken, and what waits goes on waiting.",
    remedy: "Cancel one under Policy, Waiting changes, or let the first of them hold.",
  },
  "change.older": {
    title: "This policy is not newer than the one that holds",
    meaning: "It was not taken, and the rules stay as they were: no older version comes back.",
    remedy: "Give it a number above the one that is named, and show it again.",
  },
  "change.network": {
    title: "This policy is for another network",
    meaning: "It was not taken, and the rules stay as they were.",
    remedy: "Show the policy that was written for this network.",
  },
  "change.person": {
    title: "This policy asks somebody who is not enrolled here",
    meaning: "It was not taken: what it asks for could never be given, and the rules stay as they were.",
    remedy: "Enrol the person who is named under Policy, People, and show it again.",
  },
  "change.wallet": {
    title: "This policy names a wallet that is not known here",
    meaning: "It was not taken, and the rules stay as they were.",
    remedy: "Register the wallet that is named, or mend its name and fingerprint, and show it again.",
  },
  "change.same": {
    title: "This changes nothing",
    meaning: "The rules stay as they were; no new number was given out.",
    remedy: "Change something first, or leave.",
  },
} as const;
