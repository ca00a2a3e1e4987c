/** Every operator and composed function, with generators of what it takes: used against finite differences, the other runtimes and PyTorch. */
import type { Case } from './cases/case.test-kit.ts'
import { convolution } from './cases/conv.test-kit.ts'
import { elementwise } from './cases/elementwise.test-kit.ts'
import { index } from './cases/index.test-kit.ts'
import { loss } from './cases/loss.test-kit.ts'
import { product } from './cases/product.test-kit.ts'
import { randomness } from './cases/random.test-kit.ts'
import { reduce } from './cases/reduce.test-kit.ts'
import { shape } from './cases/shape.test-kit.ts'

export { type Case, type Setup, valuesOf } from './cases/case.test-kit.ts'

export const CASES: readonly Case[] = [...elementwise, ...reduce, ...shape, ...product, ...index, ...convolution, ...loss, ...randomness]
