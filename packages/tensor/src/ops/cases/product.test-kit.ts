import fc from 'fast-check'
import type { Tensor } from '../../graph/tensor.ts'
import * as op from '../index.ts'
import { type Case, define, num } from './case.test-kit.ts'

const size = fc.integer({ min: 1, max: 4 })

/** einsum equations with every kind of axis: batched, summed over, of one operand only, diagonal, unnamed. */
const EQUATIONS = [
  'ij,jk->ik',
  'ij,kj->ik',
  'ji,jk->ki',
  'bhqd,bhkd->bhqk',
  'bqhd,bkhd->bhqk',
  'bhqk,bkhd->bqhd',
  'i,j->ij',
  'i,i->',
  'i,i',
  'ij->ji',
  'ij->',
  'ijk->ki',
  'ii->i',
  'ii->',
  'iji->j',
  'ij,jk,kl->il',
  'ab,ab,ab->a',
  'abc,cd->abd',
  '...ij,jk->...ik',
  'i...,i...->...',
  'ab,cd->bd',
  'ba,ba->ab',
] as const

export const product: readonly Case[] = [
  define(
    'matmul',
    fc
      .record({
        m: size,
        k: size,
        n: size,
        batch: fc.array(size, { maxLength: 2 }),
        side: fc.integer({ min: 0, max: 3 }),
        transA: fc.boolean(),
        transB: fc.boolean(),
      })
      .map(({ m, k, n, batch, side, transA, transB }) => ({
        args: [
          num([...(side === 1 ? [] : side === 3 ? batch.map(() => 1) : batch), ...(transA ? [k, m] : [m, k])]),
          num([...(side === 2 ? [] : batch), ...(transB ? [n, k] : [k, n])]),
        ],
        f: (a: Tensor, b: Tensor) => op.matmul(a, b, { transA, transB }),
        torch: `torch.matmul(a${transA ? '.transpose(-1, -2)' : ''}, b${transB ? '.transpose(-1, -2)' : ''})`,
      })),
  ),
  define(
    'matmul with vectors',
    fc.record({ k: size, n: size, which: fc.integer({ min: 0, max: 2 }) }).map(({ k, n, which }) => ({
      args: [num(which === 1 ? [n, k] : [k]), num(which === 0 ? [k, n] : [k])],
      f: (a: Tensor, b: Tensor) => op.matmul(a, b),
      torch: 'torch.matmul(a, b)',
    })),
  ),
  define(
    'einsum',
    fc.tuple(fc.constantFrom(...EQUATIONS), fc.array(size, { minLength: 12, maxLength: 12 })).map(([equation, sizes]) => ({
      args: equation
        .split('->')[0]!
        .split(',')
        .map(term => num([...term.replace('...', 'yz')].map(a => sizes['abcdhijkqlyz'.indexOf(a)]!))),
      f: (...xs: Tensor[]) => op.einsum(equation, ...xs),
      torch: `torch.einsum('${equation}', ${'abc'.slice(0, equation.split('->')[0]!.split(',').length).split('').join()})`,
    })),
  ),
]
