// One wallet as the files of all programs that write one. What a format is like was read in the sources that are named;
// the files themselves are made here.

import { writePath } from "../../src/bitcoin/descriptor/origin.ts";
import { slip132 } from "../../src/bitcoin/index.ts";
import type { WalletKey } from "../../src/bitcoin/wallet.ts";
import type { Network } from "../../src/model.ts";
import { accountPath, cosigner, nodeAt, withChecksum } from "./wallet-cast.ts";

export interface FileKey {
  readonly fingerprint: string;
  /** "/48h/1h/0h/2h" */
  readonly path: string;
  readonly extended: string;
  readonly name: string;
}

export interface Model {
  readonly name: string;
  readonly form: "p2sh" | "p2sh-p2wsh" | "p2wsh";
  readonly sorted: boolean;
  readonly threshold: number;
  /** How many keys the file says that there are, where it says so. */
  readonly total: number;
  readonly keys: readonly FileKey[];
  readonly network: Network;
  /** After each key, where a format has a place for it. */
  readonly children: string;
  readonly firstAddress: string;
}

export function model(form: Model["form"] = "p2wsh", network: Network = "regtest"): Model {
  const path = accountPath(form, network);
  const keys = [1, 2, 3].map((number) => {
    const one = cosigner(number, network);
    const extended = nodeAt(one.master, path).publicExtendedKey;
    return {
      fingerprint: one.fingerprint,
      path: writePath(path),
      extended,
      name: ["Ann", "Bea", "Cid"][number - 1]!,
    };
  });
  const rest = { name: "Vault", form, sorted: true, threshold: 2, total: 3, keys, network };
  return { ...rest, children: "/<0;1>/*", firstAddress: "" };
}

const WRAP: Readonly<Record<Model["form"], (inner: string) => string>> = {
  p2sh: (inner) => `sh(${inner})`,
  "p2sh-p2wsh": (inner) => `sh(wsh(${inner}))`,
  p2wsh: (inner) => `wsh(${inner})`,
};

/** Without its checksum. */
export function body(wallet: Model, children = wallet.children): string {
  const list = wallet.keys.map(
    ({ fingerprint, path, extended }) => `[${fingerprint}${path}]${extended}${children}`,
  );
  return WRAP[wallet.form](
    `${wallet.sorted ? "sortedmulti" : "multi"}(${[wallet.threshold, ...list].join(",")})`,
  );
}

const h = (path: string) => path.replaceAll("h", "'");
const xfp = ({ fingerprint }: FileKey) => fingerprint.toUpperCase();
const COLDCARD = { p2sh: "P2SH", "p2sh-p2wsh": "P2SH-P2WSH", p2wsh: "P2WSH" };
const template = (wallet: Model, children = "/**") =>
  WRAP[wallet.form](
    `${wallet.sorted ? "sortedmulti" : "multi"}(${[wallet.threshold, ...wallet.keys.map((_, i) => `@${i}${children}`)].join(",")})`,
  );
const infos = ({ keys }: Model) =>
  keys.map(({ fingerprint, path, extended }) => `[${fingerprint}${h(path)}]${extended}`);

/** In the dress of SLIP-132; what is no key of this network is left as it is. */
function zpub({ form, network }: Model, { extended }: FileKey): string {
  if (!extended.startsWith(network === "mainnet" ? "xpub" : "tpub")) return extended;
  try {
    return slip132({ extended } as WalletKey, form, network);
  } catch {
    return extended;
  }
}

/** Each says the same wallet. `children`: it has a place for what follows a key. `sorts`: keys in order cannot be said. */
export interface Writer {
  readonly write: (wallet: Model) => string;
  readonly children?: true;
  readonly sorts?: true;
  readonly checksum?: true;
  readonly named?: true;
  readonly cosigners?: true;
  readonly firstAddress?: true;
  /** It says how many keys there are beside having them. */
  readonly counts?: true;
}

export const WRITERS: Readonly<Record<string, Writer>> = {
  "a descriptor": { children: true, checksum: true, write: (wallet) => withChecksum(body(wallet)) },
  // Bitcoin Core; Sparrow's DescriptorTest has both forms.
  "two descriptors": {
    checksum: true,
    write: (wallet) => `${withChecksum(body(wallet, "/0/*"))}\n\n${withChecksum(body(wallet, "/1/*"))}\n`,
  },
  "two descriptors with labels": {
    checksum: true,
    write: (wallet) =>
      `Change: ${withChecksum(body(wallet, "/1/*"))}\r\nReceive: ${withChecksum(body(wallet, "/0/*"))}\r\n`,
  },
  // sparrowwallet/sparrow: io/Descriptor.java
  "Sparrow's descriptor file": {
    checksum: true,
    write: (wallet) =>
      [
        "# Receive and change descriptor (BIP389):",
        withChecksum(body(wallet)),
        "",
        "# Receive descriptor (Bitcoin Core):",
        withChecksum(body(wallet, "/0/*")),
        "",
        "# Change descriptor (Bitcoin Core):",
        withChecksum(body(wallet, "/1/*")),
      ].join("\n"),
  },
  "an old Specter's descriptor": {
    checksum: true,
    write: (wallet) => withChecksum(body(wallet, "/{0,1}/*")),
  },
  // bitcoin/bips: BIP 388; LedgerHQ/app-bitcoin-new: bitcoin_client/ledger_bitcoin/wallet.py
  "a policy for Ledger": {
    named: true,
    write: (wallet) =>
      JSON.stringify({ name: wallet.name, descriptor_template: template(wallet), keys_info: infos(wallet) }),
  },
  "a policy for Ledger (JavaScript)": {
    named: true,
    write: (wallet) =>
      JSON.stringify({
        name: wallet.name,
        descriptorTemplate: template(wallet, "/<0;1>/*"),
        keys: infos(wallet),
      }),
  },
  "a policy for BitBox": {
    named: true,
    write: (wallet) =>
      JSON.stringify({
        name: wallet.name,
        policy: template(wallet),
        keys: wallet.keys.map((key) => ({
          rootFingerprint: key.fingerprint,
          keypath: `m${h(key.path)}`,
          xpub: key.extended,
        })),
      }),
  },
  // Blockstream/Jade: docs/index.rst, register_descriptor
  "a policy for Jade": {
    named: true,
    write: (wallet) =>
      JSON.stringify({
        descriptor_name: wallet.name,
        descriptor: template(wallet),
        datavalues: Object.fromEntries(infos(wallet).map((key, i) => [`@${i}`, key])),
      }),
  },
  "a policy in lines": {
    write: (wallet) => [template(wallet), ...infos(wallet).map((key, i) => `@${i}: ${key}`)].join("\n"),
  },
  // bitcoin/bips: BIP 129
  "a record of BIP 129": {
    firstAddress: true,
    write: (wallet) => `BSMS 1.0\n${body(wallet, "/**")}\n/0/*,/1/*\n${wallet.firstAddress}`,
  },
  // nunchuk-io/libnunchuk: src/utils/bsms.hpp, src/descriptor.cpp
  "Nunchuk's record": {
    checksum: true,
    firstAddress: true,
    write: (wallet) =>
      `BSMS 1.0\n${withChecksum(body(wallet, "/*"))}\nNo path restrictions\n${wallet.firstAddress}\n`,
  },
  // sparrowwallet/sparrow: io/Bip129.java
  "Sparrow's record": {
    firstAddress: true,
    write: (wallet) => `BSMS 1.0\n${body(wallet, "/<0;1>/*")}\n/0/*,/1/*\n${wallet.firstAddress}`,
  },
  // https://coldcard.com/docs/multisig
  "Coldcard's text": {
    sorts: true,
    named: true,
    counts: true,
    write: (wallet) =>
      [
        "# Coldcard Multisig setup file (created on 0F056943)",
        "#",
        `Name: ${wallet.name}`,
        `Policy: ${wallet.threshold} of ${wallet.total}`,
        `Derivation: m${h(wallet.keys[0]!.path)}`,
        `Format: ${COLDCARD[wallet.form]}`,
        "",
        ...wallet.keys.map((key) => `${xfp(key)}: ${key.extended}`),
        "",
      ].join("\n"),
  },
  // nunchuk-io/libnunchuk: src/storage/walletdb.cpp; Blockstream/Jade: main/multisig.c has the Sorted line
  "Nunchuk's and Jade's text": {
    named: true,
    counts: true,
    write: (wallet) =>
      [
        "# Exported by Blockstream Jade",
        `Name: ${wallet.name}`,
        `Policy: ${wallet.threshold} of ${wallet.total}`,
        `Format: ${COLDCARD[wallet.form]}`,
        ...(wallet.sorted ? [] : ["Sorted: False"]),
        ...wallet.keys.flatMap((key) => [
          "",
          `Derivation: m${key.path}`,
          `${key.fingerprint}: ${key.extended}`,
        ]),
      ].join("\r\n"),
  },
  // cryptoadvance/specter-desktop: src/cryptoadvance/specter/util/wallet_importer.py
  "Specter's wallet": {
    named: true,
    cosigners: true,
    children: true,
    write: (wallet) =>
      JSON.stringify({
        label: wallet.name,
        blockheight: 0,
        descriptor: body(wallet, wallet.children === "/<0;1>/*" ? "/0/*" : wallet.children),
        devices: wallet.keys.map(({ name }) => ({ type: "other", label: name })),
      }),
  },
  "Specter's own wallet": {
    named: true,
    checksum: true,
    write: (wallet) =>
      JSON.stringify({
        name: wallet.name,
        recv_descriptor: withChecksum(body(wallet, "/0/*")),
        change_descriptor: withChecksum(body(wallet, "/1/*")),
      }),
  },
  // cryptoadvance/specter-desktop: src/cryptoadvance/specter/devices/specter.py
  "Specter's addwallet": { named: true, write: (wallet) => `addwallet ${wallet.name}&${body(wallet, "")}` },
  // caravan-bitcoin/caravan: apps/coordinator/fixtures
  "Caravan's file": {
    sorts: true,
    named: true,
    cosigners: true,
    counts: true,
    write: (wallet) =>
      JSON.stringify({
        name: wallet.name,
        addressType: COLDCARD[wallet.form],
        network: wallet.network === "mainnet" ? "mainnet" : "testnet",
        client: { type: "public" },
        quorum: { requiredSigners: wallet.threshold, totalSigners: wallet.total },
        extendedPublicKeys: wallet.keys.map((key) => ({
          name: key.name,
          bip32Path: `m${h(key.path)}`,
          xpub: key.extended,
          xfp: key.fingerprint,
          method: "xpub",
        })),
        startingAddressIndex: 0,
      }),
  },
  // spesmilo/electrum: electrum/wallet.py, keystore.py
  "Electrum's wallet": {
    sorts: true,
    cosigners: true,
    counts: true,
    write: (wallet) =>
      JSON.stringify({
        seed_version: 60,
        use_encryption: false,
        wallet_type: `${wallet.threshold}of${wallet.total}`,
        ...Object.fromEntries(
          wallet.keys.map((key, i) => [
            `x${i + 1}/`,
            {
              type: "hardware",
              hw_type: "coldcard",
              label: key.name,
              xpub: zpub(wallet, key),
              derivation: `m${h(key.path)}`,
              root_fingerprint: key.fingerprint,
            },
          ]),
        ),
        addresses: { receiving: [wallet.firstAddress], change: [] },
      }),
  },
  // bitcoin/bitcoin: src/wallet/rpc/backup.cpp
  "Bitcoin Core's listdescriptors": {
    named: true,
    checksum: true,
    write: (wallet) =>
      JSON.stringify({
        wallet_name: wallet.name,
        descriptors: [
          {
            desc: withChecksum(body(wallet, "/1/*")),
            timestamp: 1,
            active: true,
            internal: true,
            range: [0, 999],
          },
          {
            desc: withChecksum(body(wallet, "/0/*")),
            timestamp: 1,
            active: true,
            internal: false,
            range: [0, 999],
          },
          { desc: "pkh(02aaaa)", timestamp: 1, active: false },
        ],
      }),
  },
  "Bitcoin Core's importdescriptors": {
    checksum: true,
    write: (wallet) =>
      JSON.stringify([
        { desc: withChecksum(body(wallet, "/0/*")), timestamp: "now", active: true, internal: false },
        { desc: withChecksum(body(wallet, "/1/*")), timestamp: "now", active: true, internal: true },
      ]),
  },
  // wizardsardine/liana: liana-gui/src/backup.rs
  "Liana's backup": {
    named: true,
    children: true,
    checksum: true,
    cosigners: true,
    write: (wallet) =>
      JSON.stringify({
        name: "Liana-0",
        alias: wallet.name,
        accounts: [
          {
            name: "Liana-0",
            descriptor: withChecksum(body(wallet)),
            keys: Object.fromEntries(
              wallet.keys.map(({ fingerprint, name }) => [fingerprint, { key: fingerprint, alias: name }]),
            ),
          },
        ],
        version: 0,
      }),
  },
  "Coldcard's {name, desc}": {
    named: true,
    children: true,
    checksum: true,
    write: (wallet) => JSON.stringify({ name: wallet.name, desc: withChecksum(body(wallet)) }),
  },
};
