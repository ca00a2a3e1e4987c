/** Pictures through a trained refiner. */
import {
  compile,
  concat,
  constant,
  f32,
  fork,
  type Key,
  type NDArray,
  type Runtime,
  randomNormal,
  type Tensor,
  type Tree,
} from '@dioramic/tensor'
import type { Architecture } from '../contracts.ts'
import type { Weights } from '../trainer/sampler.ts'
import type { Planes } from './planes.ts'

export interface Refine {
  /** A picture of any size in the look that was learned, −1 … 1; the same key gives the same grain. */
  refine(render: Planes, key: Key): Promise<Planes>
  dispose(): Promise<void>
}

/** Refines by a refiner's values as they are at each call. */
export function refineWith({ generator, latent }: Architecture, weights: Weights, runtime: Runtime): Refine {
  const run = compile((p: Tree<Tensor>, s: Tree<Tensor>, b: { render: Tensor; key: Tensor }) => {
    const { x } = generator.apply(
      p,
      s,
      { z: randomNormal(fork(b.key, 'latent'), [b.render.shape[0]!, latent]), real: concat([b.render, b.render], 1) },
      { train: false, progress: constant(1), key: b.key },
    )[0]
    return x
  }, runtime)
  return {
    refine: async ({ height, width, data }, key) => {
      const render = f32(data, [1, data.length / (height * width), height, width])
      const out = (await run(weights.params, weights.state, { render, key: { dtype: 'i64', shape: [2], data: key.toInt64() } })) as NDArray
      return { height, width, data: Float32Array.from(out.data as Float32Array, v => Math.max(-1, Math.min(1, v))) }
    },
    dispose: () => run.dispose(),
  }
}
