/** A step's view with scores that the test gives: what a loss says of them is then arithmetic. */
import { compile, constant, f32, interpreter, item, type NDArray, type Tensor } from '@dioramic/tensor'
import { mlp } from '../architectures/mlp.ts'
import type { Loss, View } from '../contracts.ts'

export type Scores = readonly (number | readonly number[])[]

const column = (scores: Scores): NDArray => f32(scores.map(s => (typeof s === 'number' ? [s] : s)))

/** Both sides of a loss at scores on real and generated samples, in double precision. */
export async function valuesOf(
  loss: Loss,
  real: Scores,
  fake: Scores,
  more: (a: Tensor, b: Tensor) => Partial<View> = () => ({}),
): Promise<{ discriminator: number; generator: number; memory: Readonly<Record<string, number>> }> {
  const run = compile((a: Tensor, b: Tensor, key: Tensor) => {
    const view: View = {
      architecture: mlp({ shape: [1], outputs: a.shape[1]! }),
      real: { x: a },
      fake: { x: b },
      onReal: { scores: a },
      onFake: { scores: b },
      judge: ({ x }) => ({ scores: x }),
      reconstruct: () => ({ x: a }),
      params: {},
      memory: Object.fromEntries(Object.entries(loss.memory ?? {}).map(([k, v]) => [k, constant(v)])),
      key,
      ...more(a, b),
    }
    const said = loss.discriminator(view)
    const pair = Array.isArray(said) ? (said as readonly [Tensor, Record<string, Tensor>]) : ([said as Tensor, {}] as const)
    return { discriminator: pair[0], generator: loss.generator(view), memory: pair[1] }
  }, interpreter())
  const key: NDArray = { dtype: 'i64', shape: [2], data: new BigInt64Array([1n, 2n]) }
  const out = (await run(column(real), column(fake), key)) as {
    discriminator: NDArray
    generator: NDArray
    memory: Record<string, NDArray>
  }
  return {
    discriminator: item(out.discriminator),
    generator: item(out.generator),
    memory: Object.fromEntries(Object.entries(out.memory).map(([k, v]) => [k, item(v)])),
  }
}
