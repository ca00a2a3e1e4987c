import fc from 'fast-check'
import type { Tensor } from '../../graph/tensor.ts'
import * as random from '../../random/ops.ts'
import * as op from '../index.ts'
import { arbShape, type Case, define, keyArg, num } from './case.test-kit.ts'

const drawn = (name: string, f: (key: Tensor, shape: number[]) => Tensor | Tensor[]): Case =>
  define(
    name,
    arbShape(0, 3, 7).map(shape => ({ args: [keyArg], f: key => f(key!, shape) })),
    'none',
  )

export const randomness: readonly Case[] = [
  drawn('randomUniform', (k, s) => [random.randomUniform(k, s), random.randomUniform(k, s, { low: -2, high: 3 })]),
  drawn('randomNormal', random.randomNormal),
  drawn('gumbel', random.gumbel),
  drawn('randomMask', (k, s) => random.randomMask(k, s, 0.3)),
  drawn('bernoulli', (k, s) => [random.bernoulli(k, s, 0.3), random.bernoulli(random.fork(k, 'other'), s, op.full(s, 0.3))]),
  drawn('randomInt', (k, s) => [random.randomInt(k, s, -5, 12), random.randomInt(k, s, 0, 4294967296)]),
  drawn('permutation', (k, s) => random.permutation(k, s.length * 3 + 1)),
  drawn('fork', (k, s) => [
    random.fork(k, 'dropout'),
    random.fork(k, s.length),
    random.fork(k, op.at(op.iota(5), 3)),
    random.stackedKeys(k, 3),
    ...random.splitKey(k, 2),
  ]),
  define(
    'dropout',
    arbShape().map(s => ({ args: [num(s), keyArg], f: (x: Tensor, key: Tensor) => random.dropout(op.tanh(x), 0.25, key) })),
  ),
  define(
    'categorical',
    fc.integer({ min: 1, max: 6 }).map(n => ({ args: [num([3, n]), keyArg], f: (x: Tensor, key: Tensor) => random.categorical(key, x) })),
    'none',
  ),
]
