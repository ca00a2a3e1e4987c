/** Perception of pictures, learned from labelled ones: a small convolutional network from pixels to measured numbers. */
import { compile, type Key, type NDArray, nn, numbersOf, relu } from '@dioramic/tensor'
import type { Perception, Vector } from '../contracts.ts'
import { AgentError } from '../error.ts'
import { type Engine, leastSquares, rows } from '../network/engine.ts'
import type { Picture } from '../worlds/physical/pixels.ts'

export interface PicturePerceptionOptions {
  readonly engine: Engine
  /** Pixels; multiples of 8. */
  readonly width: number
  readonly height: number
  /** Numbers to tell from a picture. */
  readonly size: number
  readonly key: Key
  /** Adam's rate. Default 1e-3. */
  readonly rate?: number
}

export interface PicturePerception extends Perception<Picture, Float64Array, unknown> {
  /** One gradient step on pictures and what is true of them, by least squares; returns the mean squared error before it. */
  learn(pictures: readonly Picture[], measured: readonly Vector[]): Promise<number>
  dispose(): Promise<void>
}

/** The state is what the network tells from the new picture alone. The labels that it learns from are what a simulator knows for nothing. */
export async function picturePerception({
  engine,
  width,
  height,
  size,
  key,
  rate = 1e-3,
}: PicturePerceptionOptions): Promise<PicturePerception> {
  if (width % 8 !== 0 || height % 8 !== 0)
    throw new AgentError(`picturePerception halves pictures three times: give multiples of 8, not ${width} × ${height}`)
  const halve = (from: number, to: number) => nn.conv2d(from, to, 3, { stride: 2, padding: 1 })
  const net = nn.sequence({
    conv1: halve(3, 16),
    act1: nn.fn(relu),
    conv2: halve(16, 32),
    act2: nn.fn(relu),
    conv3: halve(32, 32),
    act3: nn.fn(relu),
    flat: nn.flatten,
    hidden: nn.linear((32 * width * height) / 64, 64),
    act4: nn.fn(relu),
    out: nn.linear(64, size),
  })
  const regression = await leastSquares(engine, net, rate, key)
  const forward = compile(regression.of, engine.runtime)
  const stacked = (pictures: readonly Picture[]): NDArray => {
    const data = new Float32Array(pictures.length * 3 * width * height)
    pictures.forEach((p, i) => {
      if (p.width !== width || p.height !== height)
        throw new AgentError(`picture ${i} is ${p.width} × ${p.height}; this perception was made for ${width} × ${height}`)
      // Around 0, so that the first layer has something to tell apart.
      for (let k = 0; k < p.data.length; k++) data[i * p.data.length + k] = 2 * p.data[k]! - 1
    })
    return { dtype: 'f32', shape: [pictures.length, 3, height, width], data }
  }
  return {
    perceive: async (_state, _action, picture) =>
      Float64Array.from(numbersOf((await forward(regression.params, stacked([picture]))) as NDArray) as ArrayLike<number>),
    learn: (pictures, measured) => regression.fit(stacked(pictures), rows(measured, size)),
    async dispose() {
      await Promise.all([regression.dispose(), forward.dispose()])
    },
  }
}
