import fc from 'fast-check'
import type { Tensor } from '../../graph/tensor.ts'
import * as op from '../index.ts'
import { type Arg, arbBroadcast, arbShape, type Case, define, flag, idx, num, type Values } from './case.test-kit.ts'

type Unary = (x: Tensor) => Tensor

function unary(name: string, f: Unary, torch: string | undefined, values: Values = 'normal', kinks?: readonly number[]): Case {
  return define(
    name,
    arbShape().map(shape => ({ args: [num(shape, values, kinks)], f, torch })),
  )
}

const binary = (name: string, f: (a: Tensor, b: Tensor) => Tensor, torch: string, va: Values = 'normal', vb: Values = 'normal'): Case =>
  define(
    name,
    arbBroadcast(2).map(([a, b]) => ({ args: [num(a!, va), num(b!, vb)], f, torch })),
  )

/** Only values: of numbers, indices or conditions. */
const valuesOnly = (name: string, f: (...xs: Tensor[]) => Tensor, args: (shape: number[]) => Arg[], torch?: string): Case =>
  define(
    name,
    arbShape().map(shape => ({ args: args(shape), f, torch })),
    'none',
  )

export const elementwise: readonly Case[] = [
  unary('neg', op.neg, '-a'),
  unary('abs', op.abs, 'a.abs()', 'normal', [0]),
  unary('sign', op.sign, 'a.sign()', 'normal', [0]),
  unary('exp', op.exp, 'a.exp()'),
  unary('log', op.log, 'a.log()', 'positive'),
  unary('sqrt', op.sqrt, 'a.sqrt()', 'positive'),
  unary('sin', op.sin, 'a.sin()'),
  unary('cos', op.cos, 'a.cos()'),
  unary('tanh', op.tanh, 'a.tanh()'),
  unary('sigmoid', op.sigmoid, 'a.sigmoid()'),
  unary('erf', op.erf, 'a.erf()'),
  unary('softplus', op.softplus, 'F.softplus(a)'),
  unary('relu', op.relu, 'F.relu(a)', 'normal', [0]),
  unary('gelu', op.gelu, 'F.gelu(a)'),
  unary('gelu by tanh', x => op.gelu(x, { approximate: true }), "F.gelu(a, approximate='tanh')"),
  unary('silu', op.silu, 'F.silu(a)'),
  unary('mish', op.mish, 'F.mish(a)'),
  unary('logSigmoid', op.logSigmoid, 'F.logsigmoid(a)'),
  unary('leakyRelu', x => op.leakyRelu(x, 0.2), 'F.leaky_relu(a, 0.2)', 'normal', [0]),
  unary('elu', op.elu, 'F.elu(a)', 'normal', [0]),
  unary('selu', op.selu, 'F.selu(a)', 'normal', [0]),
  unary('squaredRelu', op.squaredRelu, 'F.relu(a) ** 2', 'normal', [0]),
  unary('clip', x => op.clip(x, -0.5, 0.75), 'a.clamp(-0.5, 0.75)', 'normal', [-0.5, 0.75]),
  unary('floor', op.floor, 'a.floor()', 'normal', [-3, -2, -1, 0, 1, 2, 3]),
  unary('ceil', op.ceil, 'a.ceil()', 'normal', [-3, -2, -1, 0, 1, 2, 3]),
  unary('round', op.round, 'a.round()', 'normal', [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5]),

  binary('add', op.add, 'a + b'),
  binary('sub', op.sub, 'a - b'),
  binary('mul', op.mul, 'a * b'),
  binary('div', op.div, 'a / b', 'normal', 'away'),
  binary('pow', op.pow, 'a ** b', 'positive', 'normal'),
  binary('maximum', op.maximum, 'torch.maximum(a, b)', 'even', 'odd'),
  binary('minimum', op.minimum, 'torch.minimum(a, b)', 'even', 'odd'),
  define(
    'pow to a number',
    fc
      .tuple(arbShape(), fc.constantFrom(-1, -0.5, 0.5, 1, 1.5, 2, 3))
      .map(([shape, e]) => ({ args: [num(shape, Number.isInteger(e) ? 'away' : 'positive')], f: x => op.pow(x, e), torch: `a ** ${e}` })),
  ),
  define(
    'where',
    arbBroadcast(3).map(([c, a, b]) => ({
      args: [num(a!), num(b!), flag(c!)],
      f: (x, y, k) => op.where(k!, x!, y!),
      torch: 'torch.where(c, a, b)',
    })),
  ),
  define(
    'number operands',
    arbShape().map(shape => ({
      args: [num(shape, 'away')],
      f: x => op.add(op.sub(1.5, op.mul(x!, 2)), op.div(3, x!)),
      torch: '1.5 - a * 2 + 3 / a',
    })),
  ),

  valuesOnly('not', op.not, s => [flag(s)], '~a'),
  valuesOnly('and', op.and, s => [flag(s), flag(s)], 'a & b'),
  valuesOnly('or', op.or, s => [flag(s), flag(s)], 'a | b'),
  valuesOnly('isNaN', op.isNaN, s => [num(s)], 'a.isnan()'),
  valuesOnly(
    'isNaN of NaN',
    x => op.isNaN(op.where(op.less(x, 0), Number.NaN, x)),
    s => [num(s)],
    'a < 0',
  ),
  valuesOnly(
    'isFinite',
    x => op.isFinite(op.where(op.less(x, 0), Number.NEGATIVE_INFINITY, x)),
    s => [num(s)],
    'a >= 0',
  ),
  valuesOnly('less', op.less, s => [num(s, 'even'), num(s, 'odd')], 'a < b'),
  valuesOnly('lessEqual of integers', op.lessEqual, s => [idx(s, 3), idx(s, 3)], 'a <= b'),
  valuesOnly('greater', op.greater, s => [num(s, 'even'), num(s, 'odd')], 'a > b'),
  valuesOnly('greaterEqual of integers', op.greaterEqual, s => [idx(s, 3), idx(s, 3)], 'a >= b'),
  valuesOnly('equal of integers', op.equal, s => [idx(s, 3), idx(s, 3)], 'a == b'),
  valuesOnly(
    'equal',
    x => op.equal(op.relu(x), x),
    s => [num(s)],
    'F.relu(a) == a',
  ),
  valuesOnly('equal of conditions', op.equal, s => [flag(s), flag(s)], 'a == b'),
  valuesOnly('notEqual', op.notEqual, s => [idx(s, 3), idx(s, 3)], 'a != b'),
  valuesOnly(
    'mod',
    (a, b) => op.mod(op.sub(a!, 5), op.add(b!, 1)),
    s => [idx(s, 11), idx(s, 4)],
    '(a - 5) % (b + 1)',
  ),
  valuesOnly(
    'div of integers',
    (a, b) => op.div(op.sub(a!, 5), op.add(b!, 1)),
    s => [idx(s, 11), idx(s, 4)],
    "torch.div(a - 5, b + 1, rounding_mode='trunc')",
  ),
  valuesOnly(
    'arithmetic of integers',
    (a, b) => op.maximum(op.abs(op.sub(op.mul(a!, b!), op.neg(op.sign(a!)))), op.minimum(a!, b!)),
    s => [idx(s, 7), idx(s, 7)],
    'torch.maximum((a * b + a.sign()).abs(), torch.minimum(a, b))',
  ),
  valuesOnly(
    'where of integers',
    (c, a) => op.where(c!, a!, -1),
    s => [flag(s), idx(s, 5)],
    'torch.where(a, b, -1)',
  ),
  valuesOnly(
    'cast to integers',
    x => op.cast(op.mul(x, 3), 'i64'),
    s => [num(s)],
    '(a * 3).long()',
  ),
  valuesOnly(
    'cast to conditions',
    x => op.cast(op.relu(x), 'bool'),
    s => [num(s)],
    'F.relu(a).bool()',
  ),
  valuesOnly(
    'cast of integers to conditions',
    x => op.cast(x, 'bool'),
    s => [idx(s, 2)],
    'a.bool()',
  ),
  valuesOnly(
    'cast of conditions to numbers',
    x => op.cast(x, 'f32'),
    s => [flag(s)],
    'a.float()',
  ),
  valuesOnly(
    'cast of conditions to integers',
    x => op.cast(x, 'i64'),
    s => [flag(s)],
    'a.long()',
  ),
  valuesOnly(
    'cast of integers to numbers',
    x => op.cast(x, 'f32'),
    s => [idx(s, 9)],
    'a.float()',
  ),
]
