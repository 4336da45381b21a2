// What keeps an emergency from being prepared, and a frozen device shut.

export const emergencyRefusals = {
  "emergency.successor-known": {
    title: "The successor must be a wallet of other keys",
    meaning:
      "Whoever has the keys of this device would have those of this wallet too, so it was not taken; the money stays where it is.",
    remedy: "Make a new wallet whose keys were never on this device, and show its descriptor.",
  },
  "emergency.sweep-under-way": {
    title: "A sweep has begun",
    meaning: "Until it ends only payments to the successor are signed, so this was not changed.",
    remedy: "Finish the sweep, then end it under Emergency; that waits like everything that allows more.",
  },
  "vault.freeze-lost": {
    title: "The freeze was not waited out",
    meaning:
      "The journal knows of a freeze that nothing else here remembers, so its wait begins anew; the keys stay locked until then.",
    remedy:
      "Leave the device switched on until the wait has passed. Unless power was cut just then, somebody may have changed the card.",
  },
} as const;
