// What can be wrong with a wallet's text, its registration, or an address.

const NOTHING = "Nothing was registered and no money is concerned.";
const AGAIN = "Export the wallet anew in your wallet program and scan that.";

export const bitcoinWalletRefusals = {
  "bitcoin.wallet-unreadable": {
    title: "This is no wallet that Firn can read",
    meaning: NOTHING,
    remedy: "Show the wallet's descriptor, or its file, exactly as your wallet program exports it.",
  },
  "bitcoin.wallet-too-long": {
    title: "The wallet's text is too long",
    meaning: NOTHING,
    remedy: "Show the wallet's descriptor alone.",
  },
  "bitcoin.wallet-characters": {
    title: "The wallet's text holds hidden or foreign characters",
    meaning: "What cannot be shown cannot be checked; nothing was registered.",
    remedy: AGAIN,
  },
  "bitcoin.wallet-private-key": {
    title: "The code holds a private key",
    meaning: "Whoever saw this code can spend what that key holds; Firn kept nothing of it.",
    remedy: "Export the wallet without private keys, and move the coins if others may have seen this code.",
  },
  "bitcoin.descriptor-checksum-missing": {
    title: "The descriptor has no checksum",
    meaning: "A wrong character could not be noticed and coins could be sent where nobody can spend them.",
    remedy: "Export the descriptor with its checksum, the eight characters after #.",
  },
  "bitcoin.descriptor-checksum": {
    title: "The descriptor's checksum is wrong",
    meaning: "The text was changed or misread since its checksum was made; nothing was registered.",
    remedy: AGAIN,
  },
  "bitcoin.wallet-form": {
    title: "A kind of script that Firn does not sign for",
    meaning: NOTHING,
    remedy:
      "Use pkh, wpkh, sh(wpkh) or tr with one key, multi or sortedmulti in sh, or any miniscript in wsh, sh(wsh) or the leaves of tr.",
  },
  "bitcoin.wallet-threshold": {
    title: "The number of signatures makes no sense",
    meaning: "With this quorum anybody could spend, or nobody ever; nothing was registered.",
    remedy: "Make the wallet anew with at least one needed key, and no more than there are keys.",
  },
  "bitcoin.wallet-too-many-keys": {
    title: "More keys than this kind of script can hold",
    meaning: "Coins sent to such a wallet could never be spent; nothing was registered.",
    remedy: "Use at most 15 keys in a P2SH wallet and 20 in P2WSH.",
  },
  "bitcoin.wallet-key-twice": {
    title: "The same key stands in this wallet twice",
    meaning:
      "One holder would count as two, so fewer people could spend than it seems; nothing was registered.",
    remedy: "Make the wallet anew with a key of its own for every cosigner.",
  },
  "bitcoin.wallet-key": {
    title: "A key in this wallet is not valid",
    meaning: "Coins sent to this wallet might never be spent; nothing was registered.",
    remedy: "Ask for that cosigner's extended public key again and make the wallet anew.",
  },
  "bitcoin.wallet-key-form": {
    title: "A key is marked for another kind of script",
    meaning:
      "The wallet and one of its keys disagree about what addresses look like; nothing was registered.",
    remedy: "Export the wallet with xpub keys, or correct its script type.",
  },
  "bitcoin.wallet-network": {
    title: "The wallet is for another network",
    meaning: "Practice coins and money must not be mixed; nothing was registered.",
    remedy: "Show a wallet of the network that Firn was set up for.",
  },
  "bitcoin.wallet-coin-type": {
    title: "Our key comes from another network's path",
    meaning: "A signature made for practice could move real money; nothing was registered.",
    remedy: "Make the wallet with the path of this network: coin type 0 on mainnet, 1 on practice networks.",
  },
  "bitcoin.wallet-origin-missing": {
    title: "A key does not say where it comes from",
    meaning: "Without fingerprint and path nobody can tell whose key it is; nothing was registered.",
    remedy:
      "Enter master fingerprint and derivation path for every key in your wallet program, then export again.",
  },
  "bitcoin.wallet-origin": {
    title: "A key's origin contradicts the key",
    meaning:
      "The key was not derived as the wallet says, so its holder might not find it; nothing was registered.",
    remedy: "Correct fingerprint and derivation path of that key in your wallet program, then export again.",
  },
  "bitcoin.wallet-hardened": {
    title: "Addresses from hardened steps",
    meaning:
      "Such addresses cannot be derived from public keys, so Firn could not check them; nothing was registered.",
    remedy: "Export the account's extended public key, so that only plain steps follow it.",
  },
  "bitcoin.wallet-wildcard": {
    title: "The place of the address number is not clear",
    meaning: "A wallet's keys need exactly one star, at their end; nothing was registered.",
    remedy: "Export a descriptor whose keys end in /<0;1>/*.",
  },
  "bitcoin.wallet-branches": {
    title: "Receive and change addresses are not clear",
    meaning: "Firn could not tell change from a payment to somebody else; nothing was registered.",
    remedy: "Export a descriptor in which every key ends in /<0;1>/*.",
  },
  "bitcoin.wallet-name": {
    title: "This name cannot be used",
    meaning: "The wallet was not registered.",
    remedy: "Choose a name of 1 to 40 plain letters, digits and signs.",
  },
  "bitcoin.wallet-name-taken": {
    title: "Another wallet has this name",
    meaning: "Two wallets of one name could be mistaken for each other; nothing was registered.",
    remedy: "Choose another name, or remove the other wallet first.",
  },
  "bitcoin.wallets-full": {
    title: "No room for another wallet",
    meaning: "As many wallets are registered as a home can hold; nothing was registered.",
    remedy: "Use another home for this wallet.",
  },
  "bitcoin.wallet-known": {
    title: "This wallet is registered already",
    meaning: "Nothing changed; it can be used as it is.",
    remedy: "Go on and use the wallet that is here.",
  },
  "bitcoin.wallet-altered": {
    title: "A known wallet's keys under other rules",
    meaning:
      "The quorum, the order of keys or the script is another than that of a wallet that you know; coins sent there may need other signatures than you think.",
    remedy:
      "Ask who made it and why; for a second wallet of the same people use keys of another account, else remove the registered one first.",
  },
  "bitcoin.wallet-named": {
    title: "The policy names this wallet",
    meaning:
      "Registered anew in another way, the same coins would be another wallet's, and its rules would not hold; nothing was removed.",
    remedy:
      "Change the policy first; the wallet can go once neither the policy that holds nor one that waits names it.",
  },
  "bitcoin.wallet-without-our-key": {
    title: "None of the keys is ours",
    meaning: "This device could sign nothing for this wallet; nothing was registered.",
    remedy: "Check that this device's key went into the wallet, and that the right seed is loaded.",
  },
  "bitcoin.key-not-ours": {
    title: "A foreign key under our name",
    meaning:
      "A key claims to come from this device but does not; whoever put it there could spend in your place.",
    remedy: "Do not use this wallet; find out how it was made before you send coins to it.",
  },
  "bitcoin.path-outside-wallet": {
    title: "A path that this wallet does not use",
    meaning: "Coins there might never be found again; nothing was signed.",
    remedy: "Check the transaction in your wallet program.",
  },
  "bitcoin.address": {
    title: "This is no Bitcoin address",
    meaning: "A character is wrong or missing; nothing was allowed or sent.",
    remedy: "Copy or scan the address again.",
  },
  "bitcoin.address-network": {
    title: "The address belongs to another network",
    meaning: "Coins of this network cannot be sent there; nothing was allowed or sent.",
    remedy: "Ask for an address of the network that Firn was set up for.",
  },
} as const;
