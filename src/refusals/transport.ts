// What can be wrong with codes and texts before anything in them is understood.

export const transportRefusals = {
  "transport.unknown": {
    title: "This code is nothing that Firn reads here",
    meaning: "Nothing was taken in and no money is concerned.",
    remedy: "Show the code that this screen asks for.",
  },
  "transport.mixed": {
    title: "Parts of another code",
    meaning: "Two different codes were shown in turn; nothing was taken from the second.",
    remedy: "Show one animated code only, from beginning to end.",
  },
  "transport.damaged": {
    title: "The code does not add up",
    meaning: "Its checksum or structure is wrong, so nothing in it can be trusted; nothing was taken in.",
    remedy: "Show the code again; if this stays, make it anew in your wallet program.",
  },
  "transport.too-large": {
    title: "The code is larger than Firn takes",
    meaning: "Nothing was taken in and nothing was signed.",
    remedy: "Split the payment into smaller transactions.",
  },
  "transport.wrong-kind": {
    title: "This is something else than was asked for",
    meaning: "Nothing was taken in; a code is only read as what the screen asks for.",
    remedy: "Go back and choose the screen for this kind of code, or show the right code.",
  },
  "transport.unsupported": {
    title: "Firn does not take this kind of code",
    meaning: "Nothing was taken in and nothing was signed.",
    remedy: "Choose another format in your wallet program (UR or BBQr).",
  },
  "transport.unreadable": {
    title: "The camera's pictures cannot be decoded",
    meaning: "Nothing was taken in and no money is concerned.",
    remedy: "Show the code larger and in even light; if this stays, start Firn again.",
  },
  "transport.no-camera": {
    title: "No camera",
    meaning: "Firn sees nothing here, so no code can be read; no money is concerned.",
    remedy:
      "Start Firn with --camera PATH, where PATH is a picture of the code or a folder of such pictures.",
  },
  "transport.no-room": {
    title: "It does not fit this format",
    meaning: "Nothing is lost and no money has moved; only this way of showing it is too small.",
    remedy: "Choose UR, which spreads it over several codes.",
  },
} as const;
