// Chance: where new keys come from, and how much it is worth.

export {
  addFrame,
  cameraProblem,
  LEAST_CAMERA_BITS,
  NO_FRAMES,
} from "./camera.ts";
export { COINS, DICE, entropyOfRolls, leastRolls, type Rolls, shellLine } from "./rolls.ts";
export {
  cameraGiven,
  type Given,
  HARDWARE_BYTES,
  hardwareGiven,
  kernelGiven,
  refuseUndrawn,
  rollsGiven,
  type TranscriptLine,
  timingGiven,
  transcriptOf,
  typedGiven,
} from "./sources.ts";
