/** What goes wrong in any simulated world, by which share of the times. */
import * as fc from 'fast-check';

const often = fc.constantFrom(0, 0.02, 0.3);
export const troubles = {
  blind: often,
  forgeUnknown: often,
  demandUnknown: often,
  lies: often,
  workerUnknown: often,
  failure: often,
  doubled: often,
  agentDies: fc.constantFrom(0, 0, 0.01),
  latencyMs: fc.constantFrom(20, 2000, 20_000),
};
