// A payment request (BIP 21): an address, and what somebody adds to it. All of it is foreign; none of it is proof.

export interface Added {
  /** In small letters. */
  readonly name: string;
  readonly value: string;
}

export interface PaymentRequest {
  /** In small letters where it is bech32. */
  readonly address: string;
  /** Which address of a wallet it says that it is, as Specter writes it. */
  readonly index?: number;
  /** Which wallet's it says that it is, as Coldcard and Specter write it. */
  readonly wallet?: string;
  /** What else it says, in its order. */
  readonly added: readonly Added[];
}

/** Reads whatever is there: nothing that a request adds is worth refusing an address for. */
export function readPayment(address: string, query = ""): PaymentRequest {
  const all = query
    .split("#", 1)[0]!
    .split("&")
    .filter((part) => part !== "")
    .map(addedOf);
  const index = all.find(({ name, value }) => name === "index" && /^\d{1,10}$/.test(value));
  const wallet = all.find(({ name, value }) => name === "wallet" && value !== "");
  return {
    address: inSmallLetters(address),
    ...(index ? { index: Number(index.value) } : {}),
    ...(wallet ? { wallet: wallet.value } : {}),
    added: all.filter((one) => one !== index && one !== wallet),
  };
}

function addedOf(part: string): Added {
  const [name, value] = /^([^=]*)=(.*)$/s.exec(part)?.slice(1) ?? [part, ""];
  return { name: decoded(name!).toLowerCase(), value: decoded(value!) };
}

/** Percent-encoded UTF-8 (RFC 3986); as it stands where it is none. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** BIP 173: all in capitals is the same address, for codes with fewer modules; mixed is none. */
function inSmallLetters(address: string): string {
  return /^(BC|TB|BCRT)1[0-9A-Z]+$/.test(address) ? address.toLowerCase() : address;
}
