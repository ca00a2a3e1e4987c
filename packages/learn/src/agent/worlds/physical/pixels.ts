/** A physical world seen through its camera. */
import { type LoadedScene, type Renderer, toDisplay } from '@dioramic/render'
import type { Key } from '@dioramic/tensor'
import type { Outcome, Space, World } from '../../contracts.ts'
import { AgentError } from '../../error.ts'
import type { PhysicalWorld } from './world.ts'

/** A picture: red, green, blue planes of display values 0 … 1, rows from the top. */
export interface Picture {
  readonly width: number
  readonly height: number
  /** [3, height, width] */
  readonly data: Float32Array
}

export interface PixelOptions {
  /** `createRenderer(await loadKernel())` */
  readonly renderer: Renderer
  /** Samples a pixel. Default 4: a little noise, as eyes have. */
  readonly spp?: number
  /** Longest light path, in bounces. Default 2. */
  readonly bounces?: number
}

/** Path-traces what the camera of the task sees at each step. The same key and actions, the same pictures. */
export class PixelWorld<A, G = unknown> implements World<Picture, A> {
  readonly name: string
  readonly actions: Space
  readonly physical: PhysicalWorld<A, G>
  readonly #scene: LoadedScene
  readonly #spp: number
  readonly #bounces: number
  #key: Key | null = null
  #frame = 0
  /** The measured state behind the last picture: for labels, never for the agent. */
  measured: Float64Array = new Float64Array()

  constructor(physical: PhysicalWorld<A, G>, { renderer, spp = 4, bounces = 2 }: PixelOptions) {
    this.name = `${physical.name}-pixels`
    this.actions = physical.actions
    this.physical = physical
    this.#scene = renderer.load(physical.resolved, physical.present())
    this.#spp = spp
    this.#bounces = bounces
  }

  get succeeded(): boolean {
    return this.physical.succeeded
  }

  reset(key: Key): Picture {
    this.measured = this.physical.reset(key.fork('world'))
    this.#key = key.fork('light')
    this.#frame = 0
    return this.#look()
  }

  step(action: A): Outcome<Picture> {
    const { observation, ...rest } = this.physical.step(action)
    this.measured = observation
    return { ...rest, observation: this.#look() }
  }

  close(): void {
    this.physical.close()
  }

  #look(): Picture {
    if (!this.#key) throw new AgentError(`${this.name}: call reset(key) first`)
    const seed = this.#key.fork(this.#frame++).words
    // The motion is always now, so any frame is.
    const frame = this.#scene.radiance({ camera: 0, frame: 0, spp: this.#spp, seed, maxBounces: this.#bounces })
    const { width, height } = frame
    return { width, height, data: planes(toDisplay(frame.color, width, height, 'standard'), width * height) }
  }
}

/** Interleaved bytes as planes of 0 … 1. */
function planes(bytes: Uint8Array, n: number): Float32Array {
  const out = new Float32Array(3 * n)
  for (let i = 0; i < n; i++) for (let c = 0; c < 3; c++) out[c * n + i] = bytes[i * 3 + c]! / 255
  return out
}
