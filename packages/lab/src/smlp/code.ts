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

/** Source that decides the texts, how they are learned and scored, and what is asked of them. */
export const textCode = [
  'lab/src/smlp/text.ts',
  'learn/src/language',
  'learn/src/node/language/corpus.ts',
  'learn/src/node/language/sources.ts',
]
