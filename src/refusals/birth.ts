// New keys: where chance comes from.

export const birthRefusals = {
  "birth.source-failed": {
    title: "A source of chance does not answer",
    meaning: "Nothing was made from it; no money is concerned.",
    remedy: "Make the key without this source, or switch the device off and on.",
  },
} as const;
