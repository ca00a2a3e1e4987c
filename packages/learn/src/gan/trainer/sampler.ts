/** Sampling from a generator. */
import { compile, f32, fillNormal, i64, type Key, type NDArray, numbersOf, type Runtime, type Tensor, type Tree } from '@dioramic/tensor'
import type { Architecture } from '../contracts.ts'
import { GanError } from '../error.ts'

/** A generator's values. */
export interface Weights {
  readonly params: Tree<NDArray>
  readonly state: Tree<NDArray>
}

export interface SampleOptions {
  /** One each; by default the classes in turn. */
  readonly labels?: ArrayLike<number>
  /** Latents beyond ±this are drawn again (Brock et al. 2019). Absent: they are drawn from the whole distribution. */
  readonly threshold?: number
  /** Styles are drawn towards their mean by 1 − this (Karras et al. 2019). Default 1: they are not. */
  readonly psi?: number
}

export interface Sampled {
  /** [count, …shape]. */
  readonly x: NDArray
  readonly z: NDArray
  readonly labels: Int32Array | undefined
}

export interface Sampler {
  /** `count` new samples; the same key gives the same. */
  sample(count: number, key: Key, options?: SampleOptions): Promise<Sampled>
  /** Samples of given latents [n, latent]. */
  generate(z: NDArray, key: Key, options?: Pick<SampleOptions, 'labels' | 'psi'>): Promise<NDArray>
  dispose(): Promise<void>
}

/** Samples by a generator's values as they are at each call, `chunk` at once. */
export function samplerOf(architecture: Architecture, weights: Weights, runtime: Runtime, chunk = 250): Sampler {
  const { latent, shape, classes, conditional = classes !== undefined } = architecture
  const run = compile(
    (p: Tree<Tensor>, s: Tree<Tensor>, b: { z: Tensor; labels?: Tensor; psi: Tensor; progress: Tensor; key: Tensor }) =>
      architecture.generator.apply(
        p,
        s,
        { z: b.z, labels: b.labels },
        { train: false, progress: b.progress, truncation: b.psi, key: b.key },
      )[0].x,
    runtime,
  )
  const draw = architecture.draw && compile((key: Tensor) => architecture.draw!(key, chunk), runtime)
  const width = shape.reduce((a, b) => a * b, 1)
  const words = (key: Key): NDArray => ({ dtype: 'i64', shape: [2], data: key.toInt64() })

  const latents = async (count: number, key: Key, threshold: number | undefined): Promise<Float32Array> => {
    const z = new Float32Array(count * latent)
    if (draw) {
      if (threshold !== undefined) throw new GanError(`"${architecture.name}" draws latents of its own: they cannot be cut at a threshold`)
      for (let i = 0; i * chunk < count; i++) {
        const rows = numbersOf((await draw(words(key.fork(i)))) as NDArray)
        z.set(rows.subarray(0, Math.min(rows.length, z.length - i * chunk * latent)), i * chunk * latent)
      }
      return z
    }
    fillNormal(z, key.words)
    return threshold === undefined ? z : cut(z, threshold, key)
  }

  const generate: Sampler['generate'] = async (z, key, { labels, psi = 1 } = {}) => {
    const n = z.shape[0]!
    if (z.shape.length !== 2 || z.shape[1] !== latent)
      throw new GanError(`latents are [n, ${latent}] for "${architecture.name}", not [${z.shape.join(', ')}]`)
    if (conditional && labels?.length !== n)
      throw new GanError(`"${architecture.name}" needs a label for each of ${n} latents, got ${labels?.length ?? 'none'}`)
    for (let i = 0; conditional && i < n; i++)
      if (!(Number.isInteger(labels![i]) && labels![i]! >= 0 && labels![i]! < classes!))
        throw new GanError(`label ${i} is ${labels![i]}; "${architecture.name}" knows classes 0 to ${classes! - 1}`)
    const x = new Float32Array(n * width)
    for (let from = 0; from < n; from += chunk) {
      const rows = Math.min(chunk, n - from)
      const part = new Float32Array(chunk * latent)
      part.set((z.data as Float32Array).subarray(from * latent, (from + rows) * latent))
      const own = conditional ? { labels: i64(Array.from({ length: chunk }, (_, i) => labels![Math.min(from + i, n - 1)]!)) } : {}
      const out = (await run(weights.params, weights.state, {
        z: f32(part, [chunk, latent]),
        ...own,
        psi: f32([psi], []),
        progress: f32([1], []),
        key: words(key.fork(from)),
      })) as NDArray
      x.set((out.data as Float32Array).subarray(0, rows * width), from * width)
    }
    return f32(x, [n, ...shape])
  }
  return {
    generate,
    sample: async (count, key, options = {}) => {
      const labels = conditional ? Int32Array.from({ length: count }, (_, i) => options.labels?.[i] ?? i % classes!) : undefined
      const z = f32(await latents(count, key.fork('latents'), options.threshold), [count, latent])
      const { psi } = options
      return {
        x: await generate(z, key.fork('noise'), { ...(labels ? { labels } : {}), ...(psi === undefined ? {} : { psi }) }),
        z,
        labels,
      }
    },
    dispose: async () => {
      await Promise.all([run.dispose(), draw?.dispose()])
    },
  }
}

/** What lies beyond the threshold is drawn again until it does not. */
function cut(z: Float32Array, threshold: number, key: Key): Float32Array {
  if (!(threshold > 0.01)) throw new GanError(`the threshold of latents is above 0.01, not ${threshold}`)
  let again = [...z.keys()].filter(i => Math.abs(z[i]!) > threshold)
  for (let round = 0; again.length > 0; round++) {
    const more = new Float32Array(again.length)
    fillNormal(more, key.fork('again').fork(round).words)
    for (const [k, i] of again.entries()) z[i] = more[k]!
    again = again.filter(i => Math.abs(z[i]!) > threshold)
  }
  return z
}
