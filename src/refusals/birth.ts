// New keys: where chance comes from.

export const birthRefusals = {
  "birth.source-failed": {
    title: "A source of chance does not answer",
    meaning: "Nothing was made from it; no money is concerned.",
    remedy: "Make the key without this source, or switch the device off and on.",
  },
  "birth.dead-source": {
    title: "A source of chance is dead",
    meaning: "It gives one value so often that chance would not, so it was left out; no money is concerned.",
    remedy: "Go on without it, or try it again; a generator that stays so is broken.",
  },
  "birth.pattern": {
    title: "These rolls repeat themselves",
    meaning: "A key made of a pattern can be guessed and its money taken, so none was made.",
    remedy: "Roll every one anew, and type what fell.",
  },
  "birth.uneven": {
    title: "Some faces come far too often",
    meaning: "Fair ones fall so unevenly once in a million times: a key of these could be guessed.",
    remedy: "Take other dice or coins, and type every roll as it fell.",
  },
  "birth.camera-dark": {
    title: "The camera sees nothing",
    meaning: "Nothing was taken from it, because a black picture holds no chance; no money is concerned.",
    remedy: "Open the camera's cover or make light, or go on without the camera.",
  },
  "birth.camera-frozen": {
    title: "The camera shows the same picture again",
    meaning: "Nothing was taken from it, because a picture that stands still can be known to others.",
    remedy: "Go on without the camera, or switch the device off and on.",
  },
  "birth.camera-quiet": {
    title: "The camera's pictures hold no noise",
    meaning: "Nothing was taken from it, because pictures so clean can be known to others.",
    remedy: "Point the camera at something uneven and dimmer, or go on without it.",
  },
} as const;
