// Tokens by chain: contract (small letters), symbol, decimals. Sources: docs/known.md.

/** Symbols are unique within a chain. decimals: 0 to 18. */
export type Token = readonly [contract: string, symbol: string, decimals: number];

export const TOKENS: Readonly<Record<number, readonly Token[]>> = {
  1: [
    ["0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48", "USDC", 6],
    ["0xdac17f958d2ee523a2206206994597c13d831ec7", "USDT", 6],
    ["0x6b175474e89094c44da98b954eedeac495271d0f", "DAI", 18],
    ["0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2", "WETH", 18],
  ],
};
