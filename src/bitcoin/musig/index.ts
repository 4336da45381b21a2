// Keys that sign together (BIP 327, 328, 373, 390).

export { aggregate, aggregateNode, sorted, synthetic } from "./aggregate.ts";
