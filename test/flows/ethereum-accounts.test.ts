// Accounts of Ethereum as journeys: connecting, looking, checking; the addresses are another library's.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CryptoAccount, CryptoHDKey } from "@keystonehq/bc-ur-registry-eth";
import { URDecoder } from "@ngraveio/bc-ur";
import { computeAddress, getAddress, HDNodeWallet } from "ethers";
import { openDecoders } from "../../device/eye/open.ts";
import { folderStick } from "../../device/stick/folder.ts";
import { ERC4527, master } from "../ethereum/support.ts";
import { codesIn, folder, holds, homeOf, PIN, papers, script, UNLOCK, WORDS } from "./stage.ts";

const ROOT = master(WORDS);
const at = (path: string): string => ROOT.derivePath(path).address;
const CHECK = "pick Ethereum\npick Check an address\npick Scan its code\n";
const USDC = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48";

function received(texts: readonly string[]): { type: string; cbor: Buffer } {
  const decoder = new URDecoder();
  for (const text of texts) decoder.receivePart(text);
  assert.ok(decoder.isSuccess());
  return decoder.resultUR();
}

test("the shipped session writes the codes of three layouts, and each gives a program the accounts that ethers derives", async (t) => {
  const OUT = join(folder(t), "out");
  await holds(script("eth-connect"), { disk: await homeOf(), set: { PIN, OUT } });
  const hd = (name: string) => {
    const { type, cbor } = received(codesIn(join(OUT, name)));
    assert.equal(type, "crypto-hdkey");
    const key = CryptoHDKey.fromCBOR(cbor);
    const extended = HDNodeWallet.fromExtendedKey(key.getBip32Key());
    const children = key.getChildren().getPath();
    return (index: number) => extended.derivePath(children.replace("*", String(index))).address;
  };
  for (let i = 0; i < 10; i++) {
    assert.equal(hd("")(i), at(`m/44'/60'/0'/0/${i}`));
    assert.equal(hd("ledger-legacy")(i), at(`m/44'/60'/0'/${i}`));
  }
  const { type, cbor } = received(codesIn(join(OUT, "ledger-live")));
  assert.equal(type, "crypto-account");
  const outputs = CryptoAccount.fromCBOR(cbor).getOutputDescriptors();
  assert.deepEqual(
    outputs.map((output) => computeAddress(`0x${output.getHDKey()!.getKey().toString("hex")}`)),
    Array.from({ length: 10 }, (_, i) => at(`m/44'/60'/${i}'/0/0`)),
  );
});

test("the pictures of a connecting code are read by Firn's own eye as the texts that they stand for", async (t) => {
  const OUT = join(folder(t), "out");
  await holds(script("eth-connect"), { disk: await homeOf(), set: { PIN, OUT } });
  const decoders = openDecoders();
  t.after(() => decoders.close());
  for (const name of ["", "ledger-live", "ledger-legacy"]) {
    const texts = codesIn(join(OUT, name));
    for (const [i, text] of texts.entries()) {
      const { read } = await decoders.climbFile(join(OUT, name, `${String(i + 1).padStart(3, "0")}.png`));
      assert.equal(read?.text, text);
    }
  }
});

test("a home of every network connects with the same accounts", async (t) => {
  const first = async (network: "testnet4" | "regtest") => {
    const OUT = join(folder(t), network);
    await holds(script("eth-connect"), { disk: await homeOf(network), set: { PIN, OUT } });
    return CryptoHDKey.fromCBOR(received(codesIn(OUT)).cbor).getBip32Key();
  };
  assert.equal(await first("testnet4"), await first("regtest"));
});

test("every program says what to press and what it learns", async () => {
  for (const name of ["MetaMask", "Rabby", "imToken", "Another program", "Safe{Wallet}"])
    await holds(
      `${UNLOCK}pick Ethereum\npick Connect a wallet program\npick ${name}\npick As most programs
       see It learns no key that signs\nsee m/44'/60'/0'/0/i\nsee Compare the first address
       press back\nsee Connect a wallet program`,
      { disk: await homeOf() },
    );
});

test("accounts are listed, and one is shown in groups, with its path, and as a code in two forms", async (t) => {
  const out = folder(t);
  const codes = (name: string) => readFileSync(join(out, name, "codes.txt"), "utf8").trim();
  await holds(
    `${UNLOCK}pick Ethereum\npick Accounts\npick As most\nsee ${at("m/44'/60'/0'/0/0")}\nsee ${at("m/44'/60'/0'/0/5")}
     press down\npress ok\nsee Ethereum: account 1\nsee ${at("m/44'/60'/0'/0/1")}\nsee m/44'/60'/0'/0/1\nunseen so high a number
     pick Show its code\ncodes ${join(out, "plain")}\npress back\ncodes ${join(out, "link")}\npress ok
     press back\npress back\npick As Ledger Live\nsee ${at("m/44'/60'/3'/0/0")}
     press back\npick As old Ledger\nsee ${at("m/44'/60'/0'/3")}`,
    { disk: await homeOf() },
  );
  assert.equal(codes("plain"), at("m/44'/60'/0'/0/1"));
  assert.equal(codes("link"), `ethereum:${at("m/44'/60'/0'/0/1")}`);
});

test("any account up to 100,000 can be looked at, and a far one is said to be far", async () => {
  await holds(
    `${UNLOCK}pick Ethereum\npick Accounts\npick As most\ntype 54321\npress ok
     press ok\nsee account 54321\nsee ${at("m/44'/60'/0'/0/54321")}\nsee so high a number`,
    { disk: await homeOf() },
  );
});

for (const [what, path, name] of [
  ["an account as most programs count", "m/44'/60'/0'/0/17", "account 17"],
  ["a Ledger Live account", "m/44'/60'/9'/0/0", "Ledger Live account 9"],
  ["an old Ledger account", "m/44'/60'/0'/42", "old Ledger account 42"],
] as const)
  test(`the shipped session names ${what} from its code`, async (t) => {
    const CAMERA = papers(join(folder(t), "in"), [at(path)]);
    const { printed } = await holds(script("eth-verify-address"), {
      disk: await homeOf(),
      set: { PIN, CAMERA },
    });
    assert.ok(printed.includes(`Yours: ${name}`));
    assert.ok(printed.includes(path));
  });

test("every form of a code leads to the account, and what stands beside is told as somebody's words", async () => {
  const own = at("m/44'/60'/0'/0/2");
  const cases: readonly (readonly [string, string])[] = [
    [own.toLowerCase(), "see no checksum"],
    [`ethereum:${own}@137?value=2014000000000000000`, "see nothing proves it\nsee Polygon\nsee 2.014 POL"],
    [`eip155:10:${own}`, "see Optimism"],
    [`gno:${own}`, "see Gnosis"],
    [`xyz:${own}`, "see which Firn does not know\nsee xyz"],
    [
      `ethereum:${USDC}@1/transfer?address=${own}&uint256=5000000`,
      "see Token that is asked for\nsee USDC\nsee 5000000",
    ],
  ];
  for (const [CODE, sees] of cases)
    await holds(`${UNLOCK}${CHECK}scan $CODE\nsee Yours: account 2\n${sees}`, {
      disk: await homeOf(),
      set: { CODE },
    });
});

test("a wrong capital is refused before anything is looked for", async () => {
  const own = at("m/44'/60'/0'/0/0");
  const i = [...own].findIndex((char, at) => at > 1 && /[a-f]/.test(char));
  const CODE = `${own.slice(0, i)}${own[i]!.toUpperCase()}${own.slice(i + 1)}`;
  await holds(`${UNLOCK}${CHECK}scan $CODE\nsee ethereum.checksum\nsee Never send to this one`, {
    disk: await homeOf(),
    set: { CODE },
  });
});

test("an address of nobody here is not yours, and the search goes on when asked", async () => {
  const far = at("m/44'/60'/0'/0/321");
  await holds(
    `${UNLOCK}${CHECK}scan $CODE\nsee Not yours\nsee first 100 accounts\npage\npress ok\nsee Yours: account 321\nsee so high`,
    { disk: await homeOf(), set: { CODE: far } },
  );
});

test("a look-alike is shown in red beside the own address, and is not yours", async () => {
  const own = at("m/44'/60'/0'/0/1");
  const CODE = getAddress(`${own.slice(0, 6)}${"3".repeat(32)}${own.slice(-4)}`.toLowerCase());
  await holds(
    `${UNLOCK}${CHECK}scan $CODE\nsee A look-alike: not yours\nsee your account 1\nsee ${own}\nsee ${CODE}\npage\npress ok\nsee Not yours`,
    { disk: await homeOf(), set: { CODE } },
  );
});

test("a contract on the lists is no place to pay to", async () => {
  await holds(`${UNLOCK}${CHECK}scan ${USDC}\nsee A known contract: not yours\nsee USDC`, {
    disk: await homeOf(),
  });
});

test("a typed address is checked too, to its last digit", async () => {
  const own = at("m/44'/60'/0'/0/4");
  await holds(
    `${UNLOCK}pick Ethereum\npick Check an address\npick Type it\ntype ${own.slice(2)}\npress ok\nsee Yours: account 4`,
    { disk: await homeOf() },
  );
});

test("Bitcoin's verifying refuses an address of Ethereum, and Ethereum's one of Bitcoin", async () => {
  const own = at("m/44'/60'/0'/0/0");
  const bitcoin = "pick Wallets\npick Verify an address\npick Scan its code\n";
  await holds(`${UNLOCK}${bitcoin}scan ${own}\nsee bitcoin.address`, { disk: await homeOf() });
  await holds(`${UNLOCK}${CHECK}scan bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4\nsee ethereum.address`, {
    disk: await homeOf(),
  });
});

test("a message of Bitcoin's is signed by no key of an account of Ethereum", async () => {
  for (const path of ["m/44h/60h/0h/0/0", "m/44h/60h/1h/0/0", "m/44h/60h/0h/0"])
    await holds(
      `${UNLOCK}pick Sign a transaction\nscan signmessage ${path} ascii:hello\nsee message.network\nunseen hold ok`,
      { disk: await homeOf() },
    );
});

test("a code of another kind is refused in its own words, and the camera goes on", async () => {
  const [batch] = ERC4527.registry[3].tests[0].urs;
  const own = at("m/44'/60'/0'/0/0");
  await holds(
    `${UNLOCK}${CHECK}scan ${batch}\nsee Several requests in one code\nscan ${own}\nsee Yours: account 0`,
    { disk: await homeOf() },
  );
});

test("a registered Safe is yours on its own chain alone, and what looks like it is not", async () => {
  const address = getAddress("0x5afe3855358e112b5647b952709e6165e1c1eee0");
  const owners = [at("m/44'/60'/0'/0/0"), USDC].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  const SAFE = [
    "Firn safe 1",
    ...["chain 100", `address ${address}`, "version 1.4.1", "threshold 1"],
    ...owners.map((owner) => `owner ${owner}`),
  ].join("\n");
  const { disk } = await holds(
    `${UNLOCK}pick Ethereum\npick Safes\npick Register a Safe\nscan $SAFE\npress ok\npage\nhold ok\npage\npress ok\nsee 1 of 2`,
    { disk: await homeOf(), set: { SAFE } },
  );
  const check = (CODE: string, sees: string) =>
    holds(`${UNLOCK}${CHECK}scan $CODE\n${sees}`, { disk, set: { CODE } });
  await check(address, "see Your Safe: 1 of 2\nsee on Gnosis alone\nunseen The code says");
  await check(`gno:${address}`, "see Your Safe: 1 of 2\nsee Gnosis");
  await check(`eth:${address}`, "see Your Safe, on another chain\nsee The code says Ethereum");
  const twin = getAddress(`${address.slice(0, 6)}${"4".repeat(32)}${address.slice(-4)}`.toLowerCase());
  await check(twin, "see A look-alike: not yours\nsee your Safe 1 of 2\npage\npress ok\nsee Not yours");
});

test("the connecting code goes to a stick as its text, which another program reads", async (t) => {
  const folderPath = folder(t);
  await holds(
    `${UNLOCK}pick Ethereum\npick Connect a wallet program\npick Rabby\npick As most\npage\npress ok\npress back\nsee It is on the stick\nsee firn-ethereum-standard`,
    { disk: await homeOf(), stick: folderStick(folderPath) },
  );
  const lines = readFileSync(join(folderPath, "firn-ethereum-standard.txt"), "utf8").trim().split("\n");
  assert.equal(lines.length, 1);
  const key = CryptoHDKey.fromCBOR(received(lines).cbor);
  assert.equal(key.getNote(), "account.standard");
});

test("an address of Ethereum comes on a list of the policy from whatever code it is shown in, in its one spelling", async () => {
  const own = at("m/44'/60'/0'/0/8");
  const begin = `${UNLOCK}pick Policy\npick Change it\npick Start from a template\npick Saver\npage\npress ok\npress ok\npress ok\npick Days\npress ok\n`;
  for (const CODE of [own.toLowerCase(), `ethereum:${own}@1?value=1`, `eth:${own}`, `eip155:1:${own}`])
    await holds(
      `${begin}pick Add an address from a code\nscan $CODE\nsee Compare all of it\nsee ${own}\nhold ok\nsee ${own}\npick Done`,
      { disk: await homeOf(), set: { CODE } },
    );
  const i = [...own].findIndex((char, at) => at > 1 && /[a-f]/.test(char));
  const CODE = `ethereum:${own.slice(0, i)}${own[i]!.toUpperCase()}${own.slice(i + 1)}`;
  await holds(`${begin}pick Add an address from a code\nscan $CODE\nsee ethereum.checksum`, {
    disk: await homeOf(),
    set: { CODE },
  });
});
