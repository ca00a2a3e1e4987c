import { drawInts, drawPermutation } from '../../random/draw.ts'
import { foldIn, Key } from '../../random/key.ts'
import { fillBernoulli, fillDropout, fillNormal, fillUniform, type Words } from '../../random/philox.ts'
import type { Value } from '../values.ts'
import type { Kernel } from './kernel.ts'

const words = (key: Value): Words => [key.data[0]!, key.data[1]!]

/** Draws are f32 whatever the precision. */
const floats =
  (fill: (out: Float32Array, key: Words, attrs: { rate: number }) => void): Kernel =>
  ({ inputs: [key], attrs, outputs: [y] }) => {
    const out = new Float32Array(y!.data.length)
    fill(out, words(key!), attrs)
    y!.data.set(out)
    return [y!]
  }

export const random: Record<string, Kernel> = {
  randomUniform: floats((out, key) => fillUniform(out, key)),
  randomNormal: floats((out, key) => fillNormal(out, key)),
  randomMask: floats((out, key, { rate }) => fillDropout(out, key, rate)),
  bernoulli: (({ inputs: [key], attrs, outputs: [y] }) => {
    const out = new Uint8Array(y!.data.length)
    fillBernoulli(out, words(key!), (attrs as { p: number }).p)
    y!.data.set(out)
    return [y!]
  }) as Kernel,
  randomInt: (({ inputs: [key], attrs, outputs: [y] }) => {
    const { low, high } = attrs as { low: number; high: number }
    drawInts(y!.data, words(key!), low, high)
    return [y!]
  }) as Kernel,
  permutation: (({ inputs: [key], attrs, outputs: [y] }) => {
    y!.data.set(drawPermutation(words(key!), (attrs as { n: number }).n))
    return [y!]
  }) as Kernel,
  forkIndex: ({ inputs: [key, index], outputs: [y] }) => {
    y!.data.set(foldIn(words(key!), index!.data[0]!))
    return [y!]
  },
  forkName: (({ inputs: [key], attrs, outputs: [y] }) => {
    y!.data.set(new Key(words(key!)).fork((attrs as { fork: string }).fork).words)
    return [y!]
  }) as Kernel,
}
