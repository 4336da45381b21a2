// Typed data as programs really send it: permits, orders, calls that others hand in.

import type { Act } from "../../src/act.ts";
import type { Address } from "../../src/eip55.ts";
import type { CallToRead, Context } from "../../src/ethereum/context.ts";
import { actsOfTyped, agreeOnTyped, readTyped, type TypedData } from "../../src/ethereum/typed/index.ts";
import { bytesOf, domainTypes, type Json, type MemberPlan, type TypedPlan } from "./typed-plans.ts";

export const ACCOUNT: Address = "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826";
export const FRIEND: Address = "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB";
export const STRANGER: Address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
export const NOBODY: Address = "0x0000000000000000000000000000000000000000";
export const USDC: Address = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48";
export const DAI: Address = "0x6B175474E89094C44Da98b954EedeAC495271d0F";
export const WETH: Address = "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2";
export const UNLISTED: Address = "0xdeaDDeADDEaDdeaDdEAddEADDEAdDeadDEADDEaD";
export const PERMIT2: Address = "0x000000000022D473030F116dDEE9F6B43aC78BA3";
export const SEAPORT: Address = "0x0000000000000068F116a894984e2DB1123eB395";
export const COW: Address = "0x9008D19f58AAbD9eD0D60971565AA8510560ab41";
export const INCH_6: Address = "0x111111125421cA6dc452d289314280a0f8842A65";
/** 2026-01-01 */
export const NOW = 1_767_225_600n;
export const HOUR = `${NOW + 3600n}`;
export const FAR = `${NOW + 40n * 86_400n}`;
export const MOST = (2n ** 256n - 1n).toString();

export function contextWith(readCall: (call: CallToRead) => readonly Act[] = () => []): Context {
  return {
    account: ACCOUNT,
    nowSeconds: NOW,
    safes: [],
    nameOf: (_, address) => (address === FRIEND ? "A known contract" : undefined),
    readCall,
  };
}

/** "address owner,uint256 value" */
export function members(list: string): readonly MemberPlan[] {
  return list === ""
    ? []
    : list.split(",").map((one) => {
        const [type = "", name = ""] = one.split(" ");
        return { type, name };
      });
}

/** From "A(B b)B(uint8 x)", as EIP 712 writes types. */
export function typesOf(written: string): TypedPlan["types"] {
  return Object.fromEntries(
    [...written.matchAll(/(\w+)\(([^)]*)\)/g)].map(([, name, list]) => [name!, members(list!)]),
  );
}

export function planOf(
  written: string,
  contract: Address | undefined,
  message: Json,
  domain: Json = {},
): TypedPlan {
  const whole = {
    ...{ name: "A program", version: "1", chainId: 1 },
    ...(contract === undefined ? {} : { verifyingContract: contract }),
    ...domain,
  };
  const types = { EIP712Domain: domainTypes(whole), ...typesOf(written) };
  return { types, primaryType: written.slice(0, written.indexOf("(")), domain: whole, message };
}

/** Read by both readers. */
export function typedOf(plan: TypedPlan): TypedData {
  const data = bytesOf(plan);
  const typed = readTyped(data);
  agreeOnTyped(typed, data);
  return typed;
}

export function actsOf(plan: TypedPlan, context: Context = contextWith()): readonly Act[] {
  return actsOfTyped(typedOf(plan), context);
}

export const PERMIT = "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)";
export const DAI_PERMIT = "Permit(address holder,address spender,uint256 nonce,uint256 expiry,bool allowed)";
const DETAILS = "PermitDetails(address token,uint160 amount,uint48 expiration,uint48 nonce)";
export const SINGLE = `PermitSingle(PermitDetails details,address spender,uint256 sigDeadline)${DETAILS}`;
export const BATCH = `PermitBatch(PermitDetails[] details,address spender,uint256 sigDeadline)${DETAILS}`;
const PERMITTED = "TokenPermissions(address token,uint256 amount)";
export const ONCE = `PermitTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline)${PERMITTED}`;
export const ONCE_BATCH = `PermitBatchTransferFrom(TokenPermissions[] permitted,address spender,uint256 nonce,uint256 deadline)${PERMITTED}`;
export const WITNESS = `PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline,Terms witness)Terms(address swapper)${PERMITTED}`;
const AUTHORIZED =
  "(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)";
export const TRANSFER = `TransferWithAuthorization${AUTHORIZED}`;
export const RECEIVE = `ReceiveWithAuthorization${AUTHORIZED}`;
export const CANCEL = "CancelAuthorization(address authorizer,bytes32 nonce)";
const COMPONENTS =
  "OrderComponents(address offerer,address zone,OfferItem[] offer,ConsiderationItem[] consideration,uint8 orderType,uint256 startTime,uint256 endTime,bytes32 zoneHash,uint256 salt,bytes32 conduitKey,uint256 counter)";
const ITEMS =
  "ConsiderationItem(uint8 itemType,address token,uint256 identifierOrCriteria,uint256 startAmount,uint256 endAmount,address recipient)OfferItem(uint8 itemType,address token,uint256 identifierOrCriteria,uint256 startAmount,uint256 endAmount)";
export const ORDER = `${COMPONENTS}${ITEMS}`;
export const BULK = `BulkOrder(OrderComponents[2][2] tree)${ITEMS}${COMPONENTS}`;
export const COW_ORDER =
  "Order(address sellToken,address buyToken,address receiver,uint256 sellAmount,uint256 buyAmount,uint32 validTo,bytes32 appData,uint256 feeAmount,string kind,bool partiallyFillable,string sellTokenBalance,string buyTokenBalance)";
export const INCH_ORDER =
  "Order(uint256 salt,address maker,address receiver,address makerAsset,address takerAsset,uint256 makingAmount,uint256 takingAmount,uint256 makerTraits)";
export const INCH_5_ORDER =
  "Order(uint256 salt,address makerAsset,address takerAsset,address maker,address receiver,address allowedSender,uint256 makingAmount,uint256 takingAmount,uint256 offsets,bytes interactions)";
export const FORWARD =
  "ForwardRequest(address from,address to,uint256 value,uint256 gas,uint256 nonce,bytes data)";
export const FORWARD_UNTIL =
  "ForwardRequest(address from,address to,uint256 value,uint256 gas,uint256 nonce,uint48 deadline,bytes data)";
export const META = "MetaTransaction(uint256 nonce,address from,bytes functionSignature)";
export const DELEGATION =
  "Delegation(address delegate,address delegator,bytes32 authority,Caveat[] caveats,uint256 salt)Caveat(address enforcer,bytes terms)";

const ZERO_32 = `0x${"00".repeat(32)}`;

export const permit = (more: Json = {}) => ({
  ...{ owner: ACCOUNT, spender: FRIEND, value: "1500000", nonce: 7, deadline: HOUR },
  ...more,
});

export const single = (more: Json = {}, around: Json = {}) => ({
  details: { token: USDC, amount: "1500000", expiration: HOUR, nonce: 3, ...more },
  ...{ spender: FRIEND, sigDeadline: HOUR },
  ...around,
});

export const once = (more: Json = {}) => ({
  permitted: { token: USDC, amount: "1500000" },
  ...{ spender: FRIEND, nonce: 3, deadline: HOUR },
  ...more,
});

export const authorization = (more: Json = {}) => ({
  ...{ from: ACCOUNT, to: FRIEND, value: "1500000", validAfter: 0, validBefore: HOUR, nonce: ZERO_32 },
  ...more,
});

const item = (itemType: number, token: Address, id: number | string, amount: string) => ({
  ...{ itemType, token, identifierOrCriteria: id, startAmount: amount, endAmount: amount },
});

/** An ape of a collection, for this much of the coin. */
export const order = (wei: string, more: Json = {}) => ({
  ...{ offerer: ACCOUNT, zone: NOBODY, offer: [item(2, UNLISTED, 4242, "1")] },
  consideration: wei === "" ? [] : [{ ...item(0, NOBODY, 0, wei), recipient: ACCOUNT }],
  ...{
    orderType: 0,
    startTime: 0,
    endTime: HOUR,
    zoneHash: ZERO_32,
    salt: 1,
    conduitKey: ZERO_32,
    counter: 0,
  },
  ...more,
});

export const filler = () => order("", { offerer: NOBODY, offer: [], endTime: 0 });

export const cowOrder = (more: Json = {}) => ({
  ...{
    sellToken: USDC,
    buyToken: WETH,
    receiver: ACCOUNT,
    sellAmount: "3000000000",
    buyAmount: "900000000000000000",
  },
  ...{
    validTo: Number(HOUR),
    appData: ZERO_32,
    feeAmount: "5000000",
    kind: "sell",
    partiallyFillable: false,
  },
  ...{ sellTokenBalance: "erc20", buyTokenBalance: "erc20" },
  ...more,
});

export const inchOrder = (more: Json = {}) => ({
  ...{
    salt: 1,
    maker: ACCOUNT,
    receiver: NOBODY,
    makerAsset: USDC,
    takerAsset: WETH,
    makingAmount: "3000000000",
  },
  ...{ takingAmount: "900000000000000000", makerTraits: (BigInt(HOUR) << 80n).toString() },
  ...more,
});

const UNISWAP_OUTPUTS = {
  ExclusiveDutchOrder: "DutchOutput(address token,uint256 startAmount,uint256 endAmount,address recipient)",
  LimitOrder: "OutputToken(address token,uint256 amount,address recipient)",
  PriorityOrder:
    "PriorityOutput(address token,uint256 amount,uint256 mpsPerPriorityFeeWei,address recipient)",
  V3DutchOrder:
    "V3DutchOutput(address token,uint256 startAmount,NonlinearDutchDecay curve,address recipient,uint256 minAmount,uint256 adjustmentPerGweiBaseFee)",
} as const;
export type UniswapOrder = keyof typeof UNISWAP_OUTPUTS;
export const UNISWAP_ORDERS = Object.keys(UNISWAP_OUTPUTS) as readonly UniswapOrder[];

/** An order of UniswapX as a witness: what must come back, and to whom. */
export function uniswapOrder(
  kind: UniswapOrder,
  token: Address,
  least: string,
  recipient: Address,
): TypedPlan {
  const output = UNISWAP_OUTPUTS[kind];
  const decay =
    kind === "V3DutchOrder" ? "NonlinearDutchDecay(uint256 relativeBlocks,int256[] relativeAmounts)" : "";
  const name = output.slice(0, output.indexOf("("));
  const type =
    `PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline,${kind} witness)` +
    `${kind}(address reactor,${name}[] outputs)${output}${decay}${PERMITTED}`;
  const whole = {
    token,
    recipient,
    amount: least,
    startAmount: `9${"0".repeat(20)}`,
    endAmount: least,
    minAmount: least,
  };
  const more = {
    mpsPerPriorityFeeWei: 0,
    adjustmentPerGweiBaseFee: 0,
    curve: { relativeBlocks: 0, relativeAmounts: [] },
  };
  const names = members(output.slice(output.indexOf("(") + 1, -1)).map((one) => one.name);
  const paid = Object.fromEntries(
    Object.entries({ ...whole, ...more }).filter(([key]) => names.includes(key)),
  );
  return planOf(type, PERMIT2, once({ witness: { reactor: FRIEND, outputs: [paid] } }));
}
