// Keys that come into the device, and several keys in it.

export const entryRefusals = {
  "keys.known": {
    title: "This key is on the device already",
    meaning: "Nothing overwrites a key that is here, so nothing was changed.",
    remedy: "Choose it under Keys and backups, or enter another key.",
  },
  "keys.last": {
    title: "The last key stays",
    meaning: "A device without a key signs nothing, so it was not removed.",
    remedy: "Add another key first; to leave nothing on this device, wipe it by the wipe PIN.",
  },
} as const;
