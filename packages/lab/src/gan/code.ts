/** Source that decides the numbers of a GAN: what it is made of, how it is trained, what it is measured with. */
export const ganCode = [
  'learn/src/gan/architectures',
  'learn/src/gan/data',
  'learn/src/gan/layers',
  'learn/src/gan/losses',
  'learn/src/gan/metrics',
  'learn/src/gan/penalties',
  'learn/src/gan/trainer',
  'learn/src/gan/recipes.ts',
  'tensor/src',
]
export const digitCode = [...ganCode, 'lab/src/gan/digits.ts', 'learn/src/theory/data', 'learn/src/theory/models']
