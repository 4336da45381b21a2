// One picture of each block kind, as screens make them.

import type { Picture } from "../../src/model.ts";
import { grouped } from "../../src/text.ts";

const ADDRESS = "bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3";
const MENU = [
  "Sign a transaction",
  "Wallets",
  "Addresses",
  "Backup words",
  "Policy",
  "Journal",
  "Settings",
  "Register a wallet that is spent from together with two other people and their devices",
  "About",
  "Lock",
];
const TURN = { down: "next", up: "previous", back: "decline" };

function shade(width: number, height: number): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    return Math.floor((255 * (x / (width - 1) + y / (height - 1))) / 2);
  });
}

const COMPACT = {
  texts: ["0123456789abcdef0123456789abcdef"],
  version: 2,
  level: "L",
  mode: "binary",
} as const;
const SMALLEST = { texts: ["0123456789abcdef"], version: 1, level: "L", mode: "binary" } as const;

export const PICTURES: Readonly<Record<string, Picture>> = {
  text: {
    title: "Before you start",
    tone: "calm",
    blocks: [
      { kind: "text", text: "Write the words on paper.\nNever on a phone, never in a picture." },
      { kind: "text", text: "Whoever has them has the money." },
    ],
    buttons: { ok: "go on", back: "leave" },
  },
  fact: {
    title: "Output 2",
    step: "4 of 7",
    banner: "TESTNET4",
    tone: "calm",
    blocks: [
      { kind: "fact", label: "Sends", value: "0.01250000 BTC (1 250 000 sats)" },
      { kind: "fact", label: "To", value: grouped(ADDRESS) },
    ],
    buttons: TURN,
    page: { index: 3, count: 7 },
  },
  warning: {
    title: "The fee is not proven",
    step: "1 of 7",
    tone: "danger",
    blocks: [
      { kind: "fact", label: "Fee, as claimed", value: "0.00001200 BTC (1 200 sats)", tone: "danger" },
      { kind: "fact", label: "Lock time", value: "block 900 000", tone: "caution" },
    ],
    buttons: TURN,
    hold: "hold ok to sign",
    page: { index: 0, count: 7 },
  },
  refusal: {
    title: "This code is nothing that Firn reads here, and its name is longer than the row",
    tone: "caution",
    blocks: [{ kind: "fact", label: "Reason", value: "transport.unknown" }],
    buttons: { ok: "understood" },
  },
  list: {
    title: "Firn",
    banner: "PRACTICE",
    tone: "calm",
    blocks: [
      { kind: "text", text: "What is to be done?" },
      { kind: "list", items: MENU, cursor: 7 },
    ],
    buttons: { up: "up", down: "down", ok: "choose", back: "lock" },
  },
  field: {
    title: "PIN",
    tone: "calm",
    blocks: [
      { kind: "field", label: "PIN", value: "123456", masked: true },
      { kind: "field", label: "Name of the wallet", value: "Family savings in the mountains, shared" },
    ],
    buttons: { ok: "unlock", back: "erase" },
  },
  meter: {
    title: "Reading",
    tone: "calm",
    blocks: [
      {
        kind: "meter",
        label: "12 of 30 parts",
        share: 0.4,
        map: "#~.#.#.#.#.#.#.#.#.~..........#####".slice(0, 30),
      },
      { kind: "text", text: "Keep the code in view." },
    ],
    buttons: { back: "stop" },
  },
  image: {
    title: "Show the code",
    tone: "calm",
    blocks: [{ kind: "image", width: 32, height: 24, luma: shade(32, 24) }],
    buttons: { back: "stop" },
  },
  code: {
    title: "Scan this",
    step: "1 of 2",
    tone: "calm",
    blocks: [
      {
        kind: "code",
        loop: { texts: ["FIRN", "NRIF"], version: 3, level: "L", mode: "alphanumeric" },
        index: 0,
      },
      { kind: "text", text: "Speed: normal" },
    ],
    buttons: { ok: "done", back: "back" },
  },
  zone: {
    title: "CompactSeedQR, zone B-3",
    step: "8 of 25",
    tone: "calm",
    blocks: [
      { kind: "text", text: "Fill in what is dark." },
      { kind: "code", loop: COMPACT, index: 0, zone: { row: 1, column: 2, side: 5 } },
    ],
    buttons: { ok: "next", back: "whole" },
  },
  "zone-of-seven": {
    title: "CompactSeedQR, zone A-1",
    banner: "TESTNET4",
    tone: "calm",
    blocks: [
      { kind: "text", text: "Fill in what is dark." },
      { kind: "code", loop: SMALLEST, index: 0, zone: { row: 0, column: 0, side: 7 } },
    ],
    buttons: { ok: "next", back: "whole" },
  },
  overflow: {
    title: "Too much for a small screen",
    tone: "calm",
    blocks: [{ kind: "text", text: Array.from({ length: 30 }, (_, at) => `Line ${at + 1}`).join("\n") }],
    buttons: { ok: "go on" },
  },
};
