// What opens a home, and what keeps it shut.

export const lockRefusals = {
  "seal.missing": {
    title: "The machine's seal is not there",
    meaning: "The keys are sealed to a part that this machine lacks; the money stays where it is.",
    remedy: "Put the part back or the card into its own machine, or restore from a backup in another home.",
  },
  "vault.unsealed": {
    title: "No machine ever sealed this home",
    meaning:
      "Whoever knew a PIN could have put it here with keys of his own, so it was not opened; money that yours guard stays where it is.",
    remedy: "Open it with the simulator that wrote it, make an encrypted backup, and restore that here.",
  },
  "vault.wiped": {
    title: "The keys here were wiped",
    meaning:
      "What opened them was destroyed and nothing on this device opens them again; your backups still reach the money. Old blocks of a card may still hold sealed bytes and, where the seal was a file, that file.",
    remedy: "Set up anew from a backup.",
  },
  "vault.same-pin": {
    title: "This PIN is taken",
    meaning: "This device uses it already, so nothing was changed.",
    remedy: "Choose a PIN that differs from the others.",
  },
  "vault.frozen": {
    title: "This device is frozen",
    meaning: "The PIN was right; the keys stay locked until the wait that you chose has passed.",
    remedy: "Leave the device switched on until then, and type the PIN again.",
  },
  "factor.left": {
    title: "PIN and security key open this home",
    meaning: "The PIN was right; without an enrolled security key the keys stay locked.",
    remedy: "Type the PIN again and plug a key in; if all of them are lost, restore from your backup.",
  },
  "factor.too-many": {
    title: "No more security keys fit in",
    meaning: "Nothing was changed.",
    remedy: "Remove one that you no longer use.",
  },
  "keys.too-many": {
    title: "No more keys fit in",
    meaning: "Nothing was changed.",
    remedy: "Remove a key whose backup you have, or use another device.",
  },
} as const;
