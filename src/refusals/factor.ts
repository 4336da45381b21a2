// Security keys.

export const factorRefusals = {
  "factor.no-hmac-secret": {
    title: "This key cannot be a second factor",
    meaning:
      "It cannot make the secret that a lock needs (FIDO2 hmac-secret), so nothing was locked with it.",
    remedy: "Use a FIDO2 key that has hmac-secret; most of them do.",
  },
  "factor.not-enrolled": {
    title: "Another security key",
    meaning: "This key was never enrolled here, so it opens nothing; the keys stay locked.",
    remedy: "Plug in a key that was enrolled; if all of them are lost, restore from your backup.",
  },
  "factor.enrolled-already": {
    title: "This key is enrolled already",
    meaning: "One key enrolled twice would be lost twice at once, so nothing was changed.",
    remedy: "Plug in another key.",
  },
  "factor.pin-blocked": {
    title: "The key's own PIN is blocked",
    meaning: "Too many wrong PINs were typed into it; it opens nothing here any more.",
    remedy:
      "Use another enrolled key, or restore from your backup; resetting this key destroys what was in it.",
  },
  "factor.pin-paused": {
    title: "The key takes no more PINs for now",
    meaning: "After three wrong PINs a key wants to be plugged in again; nothing was unlocked or changed.",
    remedy: "Pull the key out, plug it in again, and mind how many tries are left.",
  },
  "factor.pin-change": {
    title: "The key wants another PIN first",
    meaning: "It refuses its present PIN until that is changed; nothing was unlocked or changed.",
    remedy: "Change the key's PIN with its maker's program on a computer, then try again.",
  },
  "factor.not-verified": {
    title: "The key did not know this finger",
    meaning: "Nothing was unlocked or changed.",
    remedy: "Try again with a dry finger that the key was taught.",
  },
  "factor.verification-changed": {
    title: "The key tells its owner in another way now",
    meaning:
      "With PIN or finger a key makes another secret than without, so this one no longer fits the lock.",
    remedy:
      "Set up the key's PIN or finger as it was, use another enrolled key, or restore from your backup.",
  },
  "factor.timeout": {
    title: "The key was waiting too long",
    meaning: "Nobody touched it in time, or it stopped answering; nothing was unlocked or changed.",
    remedy: "Try again, and touch the key when the screen says so.",
  },
  "factor.gone": {
    title: "The key was pulled out",
    meaning: "It was not done yet; nothing was unlocked or changed.",
    remedy: "Try again, and leave the key in until the screen says that it is done.",
  },
  "factor.denied": {
    title: "The key said no",
    meaning: "The request was declined at the key, or another one ended it; nothing was unlocked or changed.",
    remedy: "Try again, and touch the key when the screen says so.",
  },
  "factor.busy": {
    title: "The key is busy with another request",
    meaning: "It still waits for a touch that was asked for before; nothing was unlocked or changed.",
    remedy: "Pull the key out, plug it in again, and try again.",
  },
  "factor.broken": {
    title: "The key does not speak as it must",
    meaning: "What it said cannot be trusted, so nothing was unlocked or changed.",
    remedy: "Pull the key out, plug it in again, and try again; if this stays, use another enrolled key.",
  },
} as const;
