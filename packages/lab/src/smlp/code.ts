/** Source that decides what experts compute. */
export const expertCode = [
  'learn/src/smlp/assignment.ts',
  'learn/src/smlp/blocks.ts',
  'learn/src/smlp/capacity.ts',
  'learn/src/smlp/partial.ts',
  'learn/src/smlp/routers',
  'learn/src/smlp/slots.ts',
  'learn/src/smlp/spatial-gate.ts',
  'learn/src/smlp/token-experts.ts',
]
