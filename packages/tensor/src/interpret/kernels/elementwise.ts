import type { Kernel } from './kernel.ts'
import { broadcastIndex } from './kernel.ts'
import { erf, normalCdf, normalDensity } from './special.ts'

const unary =
  (f: (x: number) => number): Kernel =>
  ({ inputs: [x], outputs: [y] }) => {
    for (let i = 0; i < y!.data.length; i++) y!.data[i] = f(x!.data[i]!)
    return [y!]
  }

const binary =
  (f: (a: number, b: number, integer: boolean) => number): Kernel =>
  ({ inputs: [a, b], outputs: [y] }) => {
    const ia = broadcastIndex(a!.shape, y!.shape)
    const ib = broadcastIndex(b!.shape, y!.shape)
    const integer = a!.dtype === 'i64'
    for (let i = 0; i < y!.data.length; i++) y!.data[i] = f(a!.data[ia(i)]!, b!.data[ib(i)]!, integer)
    return [y!]
  }

const halfEven = (x: number): number => {
  const r = Math.round(x)
  return Math.abs(x - Math.trunc(x)) === 0.5 && r % 2 !== 0 ? r - 1 : r
}

interface Slope {
  readonly slope: number
}

export const elementwise: Record<string, Kernel> = {
  neg: unary(x => -x),
  abs: unary(Math.abs),
  sign: unary(Math.sign),
  exp: unary(Math.exp),
  log: unary(Math.log),
  sqrt: unary(Math.sqrt),
  sin: unary(Math.sin),
  cos: unary(Math.cos),
  tanh: unary(Math.tanh),
  sigmoid: unary(x => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)))),
  erf: unary(erf),
  softplus: unary(x => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  gelu: unary(x => (x === Number.NEGATIVE_INFINITY ? 0 : x * normalCdf(x))),
  geluGrad: binary((x, g) => g * (normalCdf(x) + (Math.abs(x) < 40 ? x * normalDensity(x) : 0))),
  relu: unary(x => (x > 0 || Number.isNaN(x) ? x : 0)),
  leakyRelu: ({ attrs, ...of }) => unary(x => (x > 0 ? x : (attrs as Slope).slope * x))({ attrs, ...of }),
  reluGrad: ({ attrs, ...of }) => binary((x, g) => g * (x > 0 ? 1 : (attrs as Slope).slope))({ attrs, ...of }),
  floor: unary(Math.floor),
  ceil: unary(Math.ceil),
  round: unary(halfEven),
  not: unary(x => 1 - x),
  isNaN: unary(x => Number(Number.isNaN(x))),
  add: binary((a, b) => a + b),
  sub: binary((a, b) => a - b),
  mul: binary((a, b) => a * b),
  div: binary((a, b, integer) => (integer ? Math.trunc(a / b) : a / b)),
  pow: binary((a, b) => a ** b),
  maximum: binary((a, b) => Math.max(a, b)),
  minimum: binary((a, b) => Math.min(a, b)),
  mod: binary((a, b) => a - Math.floor(a / b) * b),
  less: binary((a, b) => Number(a < b)),
  lessEqual: binary((a, b) => Number(a <= b)),
  equal: binary((a, b) => Number(a === b)),
  and: binary((a, b) => a & b),
  or: binary((a, b) => a | b),
  where: ({ inputs: [c, a, b], outputs: [y] }) => {
    const [ic, ia, ib] = [c, a, b].map(v => broadcastIndex(v!.shape, y!.shape)) as [
      (i: number) => number,
      (i: number) => number,
      (i: number) => number,
    ]
    for (let i = 0; i < y!.data.length; i++) y!.data[i] = c!.data[ic(i)] ? a!.data[ia(i)]! : b!.data[ib(i)]!
    return [y!]
  },
  cast: (({ inputs: [x], attrs, outputs: [y] }) => {
    const { to } = attrs as { to: string }
    const f = to === 'bool' ? (v: number) => Number(v !== 0) : to === 'i64' ? Math.trunc : (v: number) => v
    for (let i = 0; i < y!.data.length; i++) y!.data[i] = f(x!.data[i]!)
    return [y!]
  }) as Kernel,
}
