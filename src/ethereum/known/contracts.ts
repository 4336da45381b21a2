// Made by scripts/known.ts: contracts that have a name. Sources: docs/known.md.

import { CHAINS } from "./chains.ts";

/** What can be told of calls to it; none where its name is all that is known. */
export type ContractKind =
  | "wrapped-coin"
  | "permit2"
  | "multicall3"
  | "uniswap-v2-router"
  | "uniswap-v3-router"
  | "uniswap-v3-router-2"
  | "universal-router"
  | "aave-v3-pool"
  | "aave-gateway"
  | "lido"
  | "wsteth"
  | "1inch-v5"
  | "1inch-v6"
  | "0x-proxy"
  | "safe-singleton"
  | "safe-factory"
  | "safe-handler"
  | "multisend"
  | "multisend-call-only";

export type KnownContract = readonly [address: string, name: string, kind: ContractKind | undefined];

/** Where contracts are made by another rule: the same address says nothing of the same code there. */
const OTHERS: readonly number[] = [232, 300, 324, 2741];

const ROWS = `
0000000000000068f116a894984e2db1123eb395; Seaport 1.6; -; every
00000000000000adc04c56bf30ac9d3c0aaf14dc; Seaport 1.5; -; every
000000000022d473030f116ddee9f6b43ac78ba3; Permit2; permit2; every
00000000219ab540356cbb839cbe05303d7705fa; Deposit Contract; -; 1
017062a1de2fe6b99be3d9d37841fed19f573804; Safe Fallback Handler 1.3.0; safe-handler; every
039e2fb66102314ce7b64ce5ce3e5183bc94ad38; Wrapped S; wrapped-coin; 146
0d500b1d8e8ef31e21c99d1db9a6444d3adf1270; Wrapped POL; wrapped-coin; 137
1095692a6237d83c6a72f3f5efedb9a670c49223; Uniswap Universal Router; universal-router; 137
111111125421ca6dc452d289314280a0f8842a65; 1inch V6; 1inch-v6; 1 10 56 100 137 8453 42161 43114
1111111254eeb25477b68fb85ed929f73a960582; 1inch V5; 1inch-v5; 1 10 56 100 137 8453 42161 43114
1111111254fb6c44bac0bed2854e76f90643097d; 1inch V4; -; 1 10 56 100 137 42161 43114
1231deb6f5749ef6ce6943a275a1d3e7486f4eae; LI.FI; -; 1 10 56 100 137 8453 42161 43114
1906c1d672b88cd1b9ac7593301ca990f94eae07; Uniswap Universal Router; universal-router; 56
19aac5f612f524b754ca7e7c41cbfa2e981a4432; Wrapped KAIA; wrapped-coin; 8217
1d80c49bbbcd1c0911346656b529df9e5c2f783d; Wrapped FLR; wrapped-coin; 14
216b4b4ba9f3e719726886d34a177484278bfcae; ParaSwap V5 Token Proxy; -; 1 10 56 137 42161 43114
2626664c2603336e57b271c5c0b26f421741e481; Uniswap V3 Router 2; uniswap-v3-router-2; 8453
28b5a0e9c621a5badaa536219b3a228c8168cf5d; Circle CCTP V2; -; 1 10 137 8453 42161 43114 59144
29fcb43b46531bca003ddc8fcb67ffe91900c762; Safe L2 1.4.1; safe-singleton; every
3154cf16ccdb4c6d922629664174b904d80f2c35; Base Bridge; -; 1
3439153eb7af838ad19d56e1571fbd09333c2809; Wrapped ETH; wrapped-coin; 2741
34cfac646f301356faa8b21e94227e3583fe3f5f; Safe 1.1.1; safe-singleton; 1 100
38869bf66a61cf6bdb996a6ae40d5853fd43b526; Safe MultiSend 1.4.1; multisend; every
3bd359c1119da7da1d913d1c4d2b7c461115433a; Wrapped MON; wrapped-coin; 143
3e5c63644e683549055b9be8653de26e0b4cd36e; Safe L2 1.3.0; safe-singleton; every
3fc91a3afd70395cd496c647d5a6cc9d4b2b7fad; Uniswap Universal Router; universal-router; 1 42161
40a2accbd92bca938b02010e17a5b8929b49130d; Safe MultiSend Call Only 1.3.0; multisend-call-only; every
41675c099f32341bf84bfc5382af534df5c7461a; Safe 1.4.1; safe-singleton; every
4200000000000000000000000000000000000006; Wrapped BNB; wrapped-coin; 204
4200000000000000000000000000000000000006; Wrapped ETH; wrapped-coin; 10 130 480 1135 1868 4326 8453 34443 57073 60808 84532 11155420
4300000000000000000000000000000000000004; Wrapped ETH; wrapped-coin; 81457
471ece3750da237f93b8e339c536989b8978a438; Wrapped CELO; wrapped-coin; 42220
4752ba5dbc23f44d87826276bf6fd6b1c372ad24; Uniswap V2 Router; uniswap-v2-router; 56 8453 42161 43114
48b62137edfa95a428d35c09e44256a739f6b557; Wrapped APE; wrapped-coin; 33139
4a7b5da61326a6379179b40d00f57e5bbdc962c2; Uniswap V2 Router; uniswap-v2-router; 10
4dbd4fc535ac27206064b68ffcf827b0a60bab3f; Arbitrum Inbox; -; 1
4e1dcf7ad4e460cfd30791ccc4f9c8a4f820ec67; Safe Proxy Factory 1.4.1; safe-factory; every
5283beced7adf6d003225c13896e536f2d4264ff; Aave V3 Gateway; aave-gateway; 42161
5300000000000000000000000000000000000004; Wrapped ETH; wrapped-coin; 534352
5555555555555555555555555555555555555555; Wrapped HYPE; wrapped-coin; 999
5aea5775959fbc2557cc8789bc1bf90a239d9a91; Wrapped ETH; wrapped-coin; 324
5c7bcd6e7de5423a257d81b442095a1a6ced35c5; Across; -; 1
5c7f8a570d578ed84e63fdfa7b1ee72deae1ae23; Wrapped CRO; wrapped-coin; 25
6100e367285b01f48d07953803a2d8dca5d19873; Wrapped XPL; wrapped-coin; 9745
6131b5fae19ea4f9d964eac0408e4408b66337b5; KyberSwap Router; -; 1 10 56 137 8453 42161 43114
66a9893cc07d91d95644aedd05d03f95e1dba8af; Uniswap Universal Router; universal-router; 1
6807dc923806fe8fd134338eabca509979a7e0cb; Aave V3 Pool; aave-v3-pool; 56
68b3465833fb72a70ecdf485e0e4c7bd8665fc45; Uniswap V3 Router 2; uniswap-v3-router-2; 1 10 137 42161
6969696969696969696969696969696969696969; Wrapped BERA; wrapped-coin; 80094
69f4d1788e39c87893c980c06edf4b7f686e2938; Safe 1.3.0; safe-singleton; every
6a000f20005980200259b80c5102003040001068; ParaSwap V6.2; -; 1 10 56 100 137 8453 42161 43114
6ff5693b99212da76ad316178a184ab56d299b43; Uniswap Universal Router; universal-router; 8453
72ce9c846789fdb6fc1f34ac4ad25dd9ef7031ef; Arbitrum Gateway Router; -; 1
78c1b0c915c4faa5fffa6cabf0219da63d7f4cb8; Wrapped MNT; wrapped-coin; 5000
794a61358d6845594f94dc1db02a252b5b4814ad; Aave V3 Pool; aave-v3-pool; 10 137 42161 43114
7a250d5630b4cf539739df2c5dacb4c659f2488d; Uniswap V2 Router; uniswap-v2-router; 1
7f39c581f595b53c5cb19bd0b3f8da6c935e2ca0; Lido wstETH; wsteth; 1
82af49447d8a07e3bd95bd0d56f35241523fbab1; Wrapped ETH; wrapped-coin; 42161
851116d9223fabed8e56c0e6b8ad0c31d98b3507; Uniswap Universal Router; universal-router; 10
87870bca3f3fd6335c3f4ce8392d69350b4fa4e2; Aave V3 Pool; aave-v3-pool; 1
881d40237659c251811cec9c364ef91dc08d300c; MetaMask Swap Router; -; 1
889edc2edab5f40e902b864ad4d7ade8e412f9b1; Lido Withdrawal Queue; -; 1
9008d19f58aabd9ed0d60971565aa8510560ab41; CoW Settlement; -; 1 56 100 137 8453 42161 43114 59144 11155111
94b75331ae8d42c1b61065089b7d48fe14aa73b7; Uniswap Universal Router; universal-router; 43114
951857744785e80e2de051c32ee7b25f9c458c42; Wrapped XDC; wrapped-coin; 50
9641d764fc13c8b624c04430c7356c1c7c8102e2; Safe MultiSend Call Only 1.4.1; multisend-call-only; every
980b62da83eff3d4576c647993b0c1d7faf17c73; Wrapped ETH; wrapped-coin; 421614
998739bfdaadde7c933b942a68053933098f9eda; Safe MultiSend 1.3.0; multisend; every
99c9fc46f92e8a1c0dec1b1747d010903e884be1; Optimism Bridge; -; 1
a0c68c638235ee32657e8f720a23cec1bfc77c77; Polygon Bridge; -; 1
a1dabef33b3b82c7814b6d82a79e50f4ac44102b; Safe MultiSend Call Only 1.3.0; multisend-call-only; every
a238cbeb142c10ef7ad8442c6d1f9e89e07e7761; Safe MultiSend 1.3.0; multisend; every
a238dd80c259a72e81d7e4664a9801593f98d1c5; Aave V3 Pool; aave-v3-pool; 8453
a51afafe0263b40edaef0df8781ea9aa03e381a3; Uniswap Universal Router; universal-router; 42161
a5e0829caced8ffdd4de3c43696c57f7d7a678ff; QuickSwap Router; uniswap-v2-router; 137
a6b71e26c5e0845f74c812102ca7114b6a896ab2; Safe Proxy Factory 1.3.0; safe-factory; every
ae7ab96520de3a18e5e111b5eaab095312d7fe84; Lido stETH; lido; 1
b31f66aa3c1e785363f0875a1b74e27b85fd66c7; Wrapped AVAX; wrapped-coin; 43114
b50201558b00496a145fe76f7424749556e326d8; Aave V3 Pool; aave-v3-pool; 100
b971ef87ede563556b2ed4b1c0b0019111dd85d2; Uniswap V3 Router 2; uniswap-v3-router-2; 56
ba12222222228d8ba445958a75a0704d566bf2c8; Balancer Vault; -; 1 10 100 137 8453 42161 43114
bb00ff08d01d300023c629e8ffffcb65a5a578ce; Uniswap V3 Router 2; uniswap-v3-router-2; 43114
bb4cdb9cbd36b01bd1cbaebf2de08d9173bc095c; Wrapped BNB; wrapped-coin; 56
bbbbbbbbbb9cc5e90e3b3af64bdaf62c37eeffcb; Morpho; -; 1 8453
c02aaa39b223fe8d0a0e5c4f27ead9083c756cc2; Wrapped ETH; wrapped-coin; 1
c22834581ebc8527d974f8a1c97e1bea4ef910bc; Safe Proxy Factory 1.3.0; safe-factory; every
c36442b4a4522e871399cd717abdd847ab11fe88; Uniswap V3 Positions; -; 1 10 137 42161
c3d688b66703497daa19211eedff47f25384cdc3; Compound USDC; -; 1
c92e8bdf79f0507f65a392b0ab4667716bfe0110; CoW Vault Relayer; -; 1 56 100 137 8453 42161 43114 59144 11155111
c9b53ab2679f573e480d01e0f49e2b5cfb7a3eab; Wrapped XTZ; wrapped-coin; 42793
ca11bde05977b3631167028862be2a173976ca11; Multicall3; multicall3; every
cb1355ff08ab38bbce60111f1bb2b784be25d7e8; Uniswap Universal Router; universal-router; 10
d01607c3c5ecaba394d8be377a08590149325722; Aave V3 Gateway; aave-gateway; 1
d3bf53dac106a0290b0483ecbc89d40fcc961f3e; Wrapped FLOW; wrapped-coin; 747
d9db270c1b5e3bd161e8c8503c55ceabee709552; Safe 1.3.0; safe-singleton; every
deaddeaddeaddeaddeaddeaddeaddeaddead0000; Wrapped ETH; wrapped-coin; 288
def171fe48cf0115b1d80b88dc8eab59176fee57; ParaSwap V5; -; 1 10 56 137 42161 43114
def1abe32c034e558cdd535791643c58a13acc10; 0x Exchange Proxy; 0x-proxy; 10
def1c0ded9bec7f1a1670819833240f027b25eff; 0x Exchange Proxy; 0x-proxy; 1 56 137 8453 42161 43114
e30fedd158a2e3b13e9badaeabafc5516e95e8c7; Wrapped SEI; wrapped-coin; 1329
e514d9deb7966c8be0ca922de8a064264ea6bcd4; Wrapped RON; wrapped-coin; 2020
e592427a0aece92de3edee1f18e0157c05861564; Uniswap V3 Router; uniswap-v3-router; 1 10 137 42161
e5d7c2a44ffddf6b295a15c148167daaaf5cf34f; Wrapped ETH; wrapped-coin; 59144
e91d153e0b41518a2ce8dd3d7944fa863463a97d; Wrapped xDAI; wrapped-coin; 100
ec7be89e9d109e7e3fec59c222cf297125fefda2; Uniswap Universal Router; universal-router; 137
edf6066a2b290c185783862c7f4776a2c8077ad1; Uniswap V2 Router; uniswap-v2-router; 137
ee7d8bcfb72bc1880d0cf19822eb0a2e6577ab62; Wrapped ETH; wrapped-coin; 747474
f48f2b2d2a534e402487b3ee7c18c33aec0fe5e4; Safe Fallback Handler 1.3.0; safe-handler; every
fb1bffc9d739b8d520daf37df666da4c687191ea; Safe L2 1.3.0; safe-singleton; every
fd0732dc9e303f09fcef3a7388ad10a83459ec99; Safe Fallback Handler 1.4.1; safe-handler; every
`;

function read(): Readonly<Record<number, readonly KnownContract[]>> {
  const found: Record<number, KnownContract[]> = {};
  const every = CHAINS.map(({ id }) => id).filter((id) => !OTHERS.includes(id));
  for (const row of ROWS.trim().split("\n")) {
    const [address, name, kind, chains] = row.split("; ");
    const contract = [`0x${address}`, name!, kind === "-" ? undefined : (kind as ContractKind)] as const;
    const ids = chains === "every" ? every : chains!.split(" ").map(Number);
    for (const id of ids) {
      found[id] ??= [];
      found[id].push(contract);
    }
  }
  return found;
}

/** By chain, sorted by address: small letters, with 0x. */
export const CONTRACTS = read();
