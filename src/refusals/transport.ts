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
      "Connect one: it is looked for every few seconds. In a terminal: --camera PATH, a picture or a folder.",
  },
  "transport.camera-program": {
    title: "The camera's program is not there",
    meaning: "Nothing here can read the camera, so no code can be read; no money is concerned.",
    remedy: "Use an image that is made for this camera, or install the program.",
  },
  "transport.camera-format": {
    title: "The camera sends JPEG",
    meaning: "Firn takes a camera's bare brightness only, so no code can be read; no money is concerned.",
    remedy: "Use a camera that gives YUYV, as most do.",
  },
  "transport.camera-silent": {
    title: "The camera gives no picture",
    meaning: "No code can be read meanwhile; no money is concerned.",
    remedy: "Wait a little: it is started again. If this stays, switch Firn off and look at the cable.",
  },
  "transport.camera-stopped": {
    title: "The camera has stopped",
    meaning: "What was read of a code so far is kept; no money is concerned.",
    remedy: "Look at its cable: it is started again every few seconds.",
  },
  "transport.camera-dark": {
    title: "The camera sees no light",
    meaning: "No code can be read in the dark; no money is concerned.",
    remedy: "Take off its cover, make light, or make the screen that shows the code brighter.",
  },
  "transport.camera-blurred": {
    title: "The picture looks out of focus",
    meaning: "A code may be there and cannot be made out; no money is concerned.",
    remedy: "Hold the code still and a little farther away; if this stays, clean the lens.",
  },
  "transport.camera-frozen": {
    title: "The camera's picture stands still",
    meaning: "The very same picture comes again and again; no money is concerned.",
    remedy: "Move the code; if this stays, switch Firn off and on.",
  },
  "transport.ethereum-signature": {
    title: "This is an answer, not a request",
    meaning: "A signature was shown where a request is read; nothing was taken in and no money is concerned.",
    remedy: "Show it to the wallet program that asked for it; to sign, show the program's request.",
  },
  "transport.ethereum-batch": {
    title: "Several requests in one code",
    meaning:
      "Each could move money, and one hold would sign them all; Firn shows and signs one at a time. Nothing was signed.",
    remedy: "Send the transactions one after the other in your wallet program.",
  },
  "transport.ethereum-picture": {
    title: "A picture of a collection's item",
    meaning: "The code asks for nothing to be signed; nothing was taken in and no money is concerned.",
    remedy: "To send the item, show the request of your wallet program.",
  },
  "transport.asks-for-keys": {
    title: "A program asks for keys",
    meaning: "Firn hands out no keys on a program's request; nothing was shown and no money is concerned.",
    remedy: "Show the program an account yourself: Ethereum, Connect a wallet program.",
  },
  "transport.no-room": {
    title: "It does not fit this format",
    meaning: "Nothing is lost and no money has moved; only this way of showing it is too small.",
    remedy: "Choose UR, which spreads it over several codes.",
  },
} as const;
