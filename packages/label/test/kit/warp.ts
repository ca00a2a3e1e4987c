/**
 * The picture agrees with the flow: an emissive textured sheet that slides and turns (or bends and swells as well) before a moving camera is rendered at two times; the later picture,
 * read where the flow of the earlier one points, is the earlier picture. This ties labels to light: same lens, same pose, same time, same half pixel.
 */
import { createRenderer } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { type Image, NO_ASSETS, resolveScene, sceneSchema } from '@dioramic/scene'
import { frameContext } from '../../src/context.ts'
import { flow, flowMask } from '../../src/flow.ts'
import { camera, closedForm, eachPixel, eye, square, turnQuat } from './oracle.ts'

const WIDTH = 96
const HEIGHT = 72

/** Waves that a pixel resolves well: about 12 pixels and more. */
function waves(): Image {
  const size = 256
  const data = new Uint8Array(4 * size * size)
  for (let j = 0; j < size; j++) {
    for (let i = 0; i < size; i++) {
      const [x, y] = [(2 * Math.PI * i) / size, (2 * Math.PI * j) / size]
      data.set(
        [
          160 + 40 * Math.sin(5 * x + 1) + 40 * Math.sin(4 * y),
          160 + 80 * Math.sin(3 * x - 4 * y),
          160 + 80 * Math.cos(4 * x + 3 * y),
          255,
        ],
        4 * (j * size + i),
      )
    }
  }
  return { width: size, height: size, data }
}

const eyes = [eye([0.4, -2.2, 1.8], [0, 0, 0], 110, WIDTH, HEIGHT), eye([0.5, -2.15, 1.85], [0.04, 0.02, 0], 110, WIDTH, HEIGHT)]
const SIZE = 2.4
const CELLS = 16
/** The sheet as a grid of which a joint carries more the farther it lies, and that swells in the middle. */
function bendingSheet() {
  const at = Array.from({ length: (CELLS + 1) ** 2 }, (_, i) => [i % (CELLS + 1), Math.floor(i / (CELLS + 1))].map(x => x / CELLS))
  const cells = Array.from({ length: CELLS * CELLS }, (_, i) => Math.floor(i / CELLS) * (CELLS + 1) + (i % CELLS))
  const keys = [-0.1, 0, 0.1, 0.2].map(t => [t, [...turnQuat([1, 0, 0], 1.5 * t)]] as [number, [number, number, number, number]])
  const swelling = [-0.1, 0.2].map(t => [t, 2 * t] as [number, number])
  return {
    geometry: {
      type: 'mesh' as const,
      positions: at.flatMap(([u, v]) => [SIZE * (u - 0.5), SIZE * (v - 0.5), 0]),
      uvs: at.flat(),
      indices: cells.flatMap(c => [c, c + 1, c + CELLS + 2, c, c + CELLS + 2, c + CELLS + 1]),
      skin: {
        joints: [{ name: 'root' }, { name: 'fold', parent: 'root' }],
        indices: at.flatMap(() => [0, 1, 0, 0]),
        weights: at.flatMap(([, v]) => [1 - v, v, 0, 0]),
      },
      morphs: [{ name: 'swell', positions: at.flatMap(([u, v]) => [0, 0, 4 * u * (1 - u) * v * (1 - v)]) }],
    },
    pose: { joints: { fold: { rotation: { keys } } }, morphs: { swell: { keys: swelling } } },
  }
}

const sceneOf = (bends: boolean) => {
  const { geometry, pose } = bendingSheet()
  return sceneSchema.parse({
    frames: 2,
    fps: 10,
    cameras: [camera(eyes, [0, 0.1])],
    textures: { waves: { type: 'image', asset: 'waves' } },
    materials: { screen: { baseColor: [0, 0, 0], specular: 0, roughness: 1, emission: { texture: 'waves' } } },
    geometries: { sheet: bends ? geometry : square(SIZE) },
    objects: [{ id: 1, name: 'sheet', geometry: 'sheet', material: 'screen', ...(bends ? { pose } : {}) }],
  })
}

/** Brightest the sheet gets, about: what a ratio to the peak is of. */
export const PEAK = 0.9

export interface Warp {
  /** Pixels that the content in the middle moves. */
  readonly speed: number
  /** Root mean square of picture 0 minus picture 1 at pixel centre + flow + (du, dv), bilinear, over unflagged pixels away from the border. */
  difference(du: number, dv: number, sign?: number): { readonly rms: number; readonly pixels: number }
}

export async function warp(bends = false): Promise<Warp> {
  const resolved = resolveScene(sceneOf(bends), { ...NO_ASSETS, images: new Map([['waves', waves()]]) })
  const motion = closedForm({ 1: t => ({ position: [2.2 * t, -1.3 * t, 0.3 * t], rotation: turnQuat([0, 0, 1], 0.8 * t) }) })
  const loaded = (await createRenderer(await loadKernel())).load(resolved, motion)
  const pictures = [0, 1].map(frame => loaded.radiance({ camera: 0, frame, spp: 64, seed: [7, frame] }))
  const context = frameContext({ resolved, motion, rays: t => loaded.rays(t), frame: 0 })
  const forward = flow(context, 1)
  const mask = flowMask(context, 1)
  const middle = 72 * WIDTH + WIDTH
  return {
    speed: Math.hypot(forward[middle], forward[middle + 1]),
    difference(du, dv, sign = 1) {
      let [sum, pixels] = [0, 0]
      eachPixel({ width: WIDTH, height: HEIGHT }, (i, j, p) => {
        const [x, y] = [i + sign * forward[2 * p] + du, j + sign * forward[2 * p + 1] + dv]
        const [x0, y0] = [Math.floor(x), Math.floor(y)]
        const inner = (a: number, b: number) => a >= 2 && b >= 2 && a < WIDTH - 3 && b < HEIGHT - 3
        if (mask[p] !== 0 || !inner(x0, y0) || !inner(i, j) || pictures[0].coverage[p] < 1) return
        const four = [y0 * WIDTH + x0, y0 * WIDTH + x0 + 1, (y0 + 1) * WIDTH + x0, (y0 + 1) * WIDTH + x0 + 1]
        if (four.some(q => pictures[1].coverage[q] < 1)) return
        const weight = [(1 - (x - x0)) * (1 - (y - y0)), (x - x0) * (1 - (y - y0)), (1 - (x - x0)) * (y - y0), (x - x0) * (y - y0)]
        pixels++
        for (let c = 0; c < 3; c++) {
          const warped = four.reduce((s, q, k) => s + weight[k] * pictures[1].color[3 * q + c], 0)
          const d = warped - pictures[0].color[3 * p + c]
          sum += d * d
        }
      })
      return { rms: Math.sqrt(sum / (3 * pixels)), pixels }
    },
  }
}

/** How far picture and flow are apart along an axis, pixels, and the squared error half-way up its parabola: the error's lowest point over offsets of the flow. */
export function shift({ difference }: Warp, axis: 0 | 1): { readonly pixels: number; readonly beside: number } {
  const at = (d: number) => {
    const { rms } = axis === 0 ? difference(d, 0) : difference(0, d)
    return rms * rms
  }
  const [minus, middle, plus] = [at(-0.25), at(0), at(0.25)]
  const bend = ((minus + plus) / 2 - middle) / 0.0625
  return { pixels: Math.abs((minus - plus) / bend), beside: Math.min(minus, plus) }
}
