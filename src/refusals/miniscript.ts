// What can be wrong with the script of a wallet: miniscript (BIP 379).

const NOTHING = "Nothing was registered and no money is concerned.";
const AGAIN =
  "Export the wallet anew in your wallet program; where its checksum was right, have that program make the script anew.";

export const miniscriptRefusals = {
  "bitcoin.miniscript-unreadable": {
    title: "A part of the script is no miniscript",
    meaning: NOTHING,
    remedy: AGAIN,
  },
  "bitcoin.miniscript-place": {
    title: "A fragment that cannot stand there",
    meaning: "Programs that read this wallet differently would make other addresses; nothing was registered.",
    remedy: "Use multi in wsh( ) and sh( ), multi_a in tr( ), and sortedmulti only with nothing around it.",
  },
  "bitcoin.miniscript-lock": {
    title: "A time lock that does not lock",
    meaning: "Coins could be spent at another time than the wallet seems to say; nothing was registered.",
    remedy:
      "Make the wallet anew: older waits up to 65535 blocks or as many steps of 512 seconds, after names a height or a time.",
  },
  "bitcoin.miniscript-type": {
    title: "Two parts of the script do not fit together",
    meaning: "Coins sent to such a script might be anybody's or lost for ever; nothing was registered.",
    remedy: AGAIN,
  },
  "bitcoin.miniscript-unsigned": {
    title: "The script can be spent without a signature",
    meaning: "Whoever sees such coins could take them, without any key; nothing was registered.",
    remedy: "Make the wallet anew so that every way to spend needs at least one key.",
  },
  "bitcoin.miniscript-never": {
    title: "Nobody could ever spend from this script",
    meaning: "Coins sent there would be lost for ever; nothing was registered.",
    remedy: "Make the wallet anew; its script asks for something that cannot be.",
  },
  "bitcoin.miniscript-malleable": {
    title: "Strangers could alter a signed transaction",
    meaning:
      "Somebody without a key could exchange what proves the spend and hold the payment up; nothing was registered.",
    remedy:
      "Let the wallet program make the script anew from its rules; programs that follow BIP 379 avoid this.",
  },
  "bitcoin.miniscript-locks-mixed": {
    title: "A way to spend mixes heights and times",
    meaning:
      "One transaction cannot meet both locks, so that way could never be used; nothing was registered.",
    remedy: "Make the wallet anew with locks of one kind on each way: all in blocks, or all in time.",
  },
  "bitcoin.miniscript-too-large": {
    title: "The script is larger than the network takes",
    meaning: "Coins sent there could hardly be spent, or never; nothing was registered.",
    remedy:
      "Make the wallet anew with fewer keys or fewer ways to spend, or spread them over the leaves of tr( ).",
  },
} as const;
