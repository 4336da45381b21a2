// Chains by their EIP 155 number. Sources: docs/known.md.

export interface Chain {
  readonly id: number;
  /** As people call it; no two have the same. */
  readonly name: string;
  /** Symbol of the coin in which fees are paid, 18 decimals; chains whose coin has the same symbol share it. */
  readonly coin: string;
  /** Its coins have no worth. */
  readonly test?: true;
}

export const CHAINS: readonly Chain[] = [
  { id: 1, name: "Ethereum", coin: "ETH" },
  { id: 10, name: "Optimism", coin: "ETH" },
  { id: 56, name: "BNB Smart Chain", coin: "BNB" },
  { id: 100, name: "Gnosis", coin: "xDAI" },
  { id: 137, name: "Polygon", coin: "POL" },
  { id: 8453, name: "Base", coin: "ETH" },
  { id: 42161, name: "Arbitrum One", coin: "ETH" },
  { id: 43114, name: "Avalanche", coin: "AVAX" },
  { id: 11155111, name: "Sepolia", coin: "ETH", test: true },
];
