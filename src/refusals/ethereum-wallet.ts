// What can be wrong with accounts of Ethereum, and with requests that reach them.

export const ethereumWalletRefusals = {
  "ethereum.path": {
    title: "The request is for a key that is no account of Ethereum",
    meaning:
      "A signature by another key, one of Bitcoin's above all, could be used where nobody expects it. Nothing was signed.",
    remedy:
      "Connect the wallet program anew, so that it learns your accounts: Ethereum, Connect a wallet program.",
  },
  "ethereum.address": {
    title: "This is no address of Ethereum",
    meaning:
      "It has not the 40 hexadecimal digits of an address, or says more than Firn knows. Money sent to a wrong one is lost; nothing was taken in.",
    remedy: "Show the address again: bare, or as your wallet program shows it for receiving.",
  },
  "ethereum.checksum": {
    title: "The address has a wrong letter",
    meaning:
      "Its capital letters are a checksum (EIP 55), and they do not fit: a character was changed or misread. Money sent there is lost.",
    remedy: "Have the address written again by whom it belongs to. Never send to this one.",
  },
} as const;
