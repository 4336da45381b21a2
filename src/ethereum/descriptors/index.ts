// Descriptors of calls and typed data that the owner's administrators signed (ERC 7730): docs/known.md.

export {
  actsOfDescribedCall,
  actsOfDescribedTyped,
  type Descriptors,
  orDescribed,
  typedOrDescribed,
} from "./acts.ts";
export type { Deployment, Descriptor, Format } from "./model.ts";
export { readDescriptor, readKeptDescriptor } from "./read.ts";
export { summaryOf } from "./summary.ts";
export { checkTogether } from "./together.ts";
