/**
 * The reference: a path tracer that only scatters. No light is sampled (but points without size), nothing is weighted, no roulette, no tables,
 * everything in f64. Slow, and simple enough to believe.
 */
import type { Motion } from '@dioramic/physics'
import { cameraAt, type Material, numberAt, type ResolvedScene, type TextureRef, vec3At } from '@dioramic/scene'
import { density, evaluate, evaluateBase, type Surface, sample } from './bsdf.ts'
import { fogOf } from './fog.ts'
import { Geometry, type Hit } from './geometry.ts'
import { emitted, points, sky, visibleLamp } from './lights.ts'
import { texture } from './picture.ts'
import { type Random, random } from './random.ts'
import { add, along, dot, frame, length, mul, neg, rotate, scale, sub, unit, type V } from './vector.ts'

export interface Estimate {
  readonly width: number
  readonly height: number
  /** Of one pixel's mean, RGB. */
  readonly mean: Float64Array
  /** Variance of that mean. */
  readonly variance: Float64Array
  /** Samples behind each. */
  readonly samples: Float64Array
}
export interface Reference {
  readonly estimate: Estimate
  /** Replaces pixel (i, j) of the estimate by an independent one of `samples` samples. */
  refine(i: number, j: number, samples: number): void
}
export interface ReferenceOptions {
  readonly samples: number
  readonly bounces: number
  /** Full width of the Blackman–Harris pixel filter, pixels. */
  readonly filterWidth: number
  readonly seed: number
  /** The part of the light that is estimated; all by default. */
  readonly part?: LightPart
}
/** As `LightSplit` of the renderer defines them. */
export type LightPart = 'emission' | 'diffuse' | 'specular' | 'direct' | 'indirect'

const EPSILON = 1e-9
const isTexture = (v: unknown): v is TextureRef => typeof v === 'object' && v !== null && 'texture' in v

interface Shaded extends Surface {
  readonly emission: V
  readonly opacity: number
  /** Unit, on the viewer's side. */
  readonly face: V
  readonly shading: V
}

function shade(resolved: ResolvedScene, geometry: Geometry, hit: Hit, wo: V, time: number, frameTime: number): Shaded {
  const { mesh, materials } = resolved.objects[hit.object]!
  const part = Math.max(
    0,
    mesh.parts.findIndex(p => hit.triangle >= p.firstTriangle && hit.triangle < p.firstTriangle + p.triangles),
  )
  const m: Material = materials[part]!
  if (m.mapping.type !== 'uv') throw new Error('the reference knows uv mapping alone')
  const { face, smooth, uv, tangents } = geometry.surface(hit, time)
  const [u, v] = [uv[0] * m.mapping.scale[0] + m.mapping.offset[0], uv[1] * m.mapping.scale[1] + m.mapping.offset[1]]
  const look = (name: string, colour: boolean) => texture(resolved.images.get(name)!, u, v, colour)
  const number = (x: Material['metallic'] | Material['opacity']) =>
    isTexture(x) ? look(x.texture, false)['rgba'.indexOf(x.channel)]! : numberAt(x, frameTime)
  const colour = (x: Material['baseColor'] | Material['emission']): V =>
    isTexture(x) ? (look(x.texture, true).slice(0, 3) as unknown as V) : vec3At(x, frameTime)
  const outside = dot(face, wo) >= 0
  const g = outside ? face : neg(face)
  let n = dot(smooth, g) < 0 ? neg(smooth) : smooth
  if (m.normalMap && tangents) {
    const t = look(m.normalMap.texture, false)
    const x = unit(sub(tangents[0], scale(n, dot(tangents[0], n))))
    const y = sub(tangents[1], add(scale(n, dot(tangents[1], n)), scale(x, dot(tangents[1], x))))
    const s = m.normalScale
    n = unit(add(add(scale(x, (2 * t[0]! - 1) * s), scale(unit(y), (2 * t[1]! - 1) * s)), scale(n, 2 * t[2]! - 1)))
  }
  return {
    base: colour(m.baseColor),
    metallic: number(m.metallic),
    roughness: number(m.roughness),
    ior: numberAt(m.ior, frameTime),
    specular: numberAt(m.specular, frameTime),
    transmission: numberAt(m.transmission, frameTime),
    emission: scale(colour(m.emission), numberAt(m.emissionStrength, frameTime)),
    opacity: number(m.opacity),
    outside,
    face: g,
    shading: n,
  }
}

/** Blackman and Harris' four-term window over [−½, ½], peak 1, by rejection. */
function windowed(r: Random): number {
  for (;;) {
    const x = r() - 0.5
    const a = 2 * Math.PI * (x + 0.5)
    if (r() < 0.35875 - 0.48829 * Math.cos(a) + 0.14128 * Math.cos(2 * a) - 0.01168 * Math.cos(3 * a)) return x
  }
}

export function renderReference(resolved: ResolvedScene, motion: Motion, index: number, options: ReferenceOptions): Reference {
  const { scene } = resolved
  const camera = scene.cameras[0]!
  const middle = index / scene.fps
  const geometry = new Geometry(resolved, motion)
  const lamps = points(resolved, middle)
  const fog = fogOf(resolved, middle)
  const r = random(options.seed)

  /** First surface that is there: each counts with its opacity. */
  const firstHit = (o: V, d: V, wo: V, time: number): { hit: Hit; surface: Shaded } | null => {
    let from = EPSILON
    for (;;) {
      const hit = geometry.closest(o, d, time, from)
      if (!hit) return null
      const surface = shade(resolved, geometry, hit, wo, time, middle)
      if (surface.opacity >= 1 || r() < surface.opacity) return { hit, surface }
      from = hit.t + EPSILON
    }
  }

  const path = (origin: V, toward: V, time: number): V => {
    let light: V = [0, 0, 0]
    let throughput: V = [1, 1, 1]
    // Of the first surface: the base's part of the throughput.
    let base: V = [0, 0, 0]
    const counts = (scatterings: number) => {
      const { part } = options
      if (part === 'emission') return scatterings === 0
      if (part === 'direct') return scatterings === 1
      if (part === 'indirect') return scatterings > 1
      return part === undefined || scatterings > 0
    }
    /** What arrives with a throughput, of which `ofBase` went through the first surface's base. */
    const take = (radiance: V, scatterings: number, whole: V, ofBase: V) => {
      if (!counts(scatterings)) return
      const weight = options.part === 'diffuse' ? ofBase : options.part === 'specular' ? sub(whole, ofBase) : whole
      light = add(light, mul(weight, radiance))
    }
    let o = origin
    let d = toward
    for (let bounce = 0; ; bounce++) {
      const wo = neg(d)
      const found = firstHit(o, d, wo, time)
      // Where fog scatters the ray or takes it, if it does before anything is hit.
      const event = fog.distance(o, d, found ? found.hit.t : Infinity, r)
      const reach = event ?? (found ? found.hit.t : Infinity)
      if (bounce === 0) {
        const lamp = visibleLamp(resolved, o, d, reach, middle)
        const unscattered = lamp ?? (reach < Infinity ? null : sky(resolved, d, middle, true))
        if (unscattered) {
          take(unscattered, 0, throughput, base)
          return light
        }
      } else take(emitted(resolved, o, d, reach, middle), bounce, throughput, base)
      if (event !== null) {
        if (bounce >= options.bounces) return light
        const p = along(o, d, event)
        if (bounce === 0) base = throughput
        throughput = mul(throughput, fog.albedo)
        base = mul(base, fog.albedo)
        for (const lamp of lamps) {
          const to = sub(lamp.position, p)
          const wi = unit(to)
          const blocker = firstHit(p, wi, neg(wi), time)
          if (blocker && blocker.hit.t < length(to)) continue
          const f = (fog.phase(dot(d, wi)) * fog.clear(p, wi, length(to))) / dot(to, to)
          take(scale(lamp.intensity(wi), f), bounce + 1, throughput, base)
        }
        // Evenly over the sphere, whatever the phase function.
        const z = 2 * r() - 1
        const turn = 2 * Math.PI * r()
        const wi: V = [Math.sqrt(1 - z * z) * Math.cos(turn), Math.sqrt(1 - z * z) * Math.sin(turn), z]
        const weight = 4 * Math.PI * fog.phase(dot(d, wi))
        throughput = scale(throughput, weight)
        base = scale(base, weight)
        o = p
        d = wi
        continue
      }
      if (!found) return light
      const { surface } = found
      take(surface.emission, bounce, throughput, base)
      if (bounce >= options.bounces) return light
      const p = along(o, d, reach)
      const n = surface.shading
      const [x, y] = frame(n)
      const local = (v: V): V => [dot(v, x), dot(v, y), dot(v, n)]
      const world = (v: V): V => add(add(scale(x, v[0]), scale(y, v[1])), scale(n, v[2]))
      const lo = local(wo)
      if (lo[2] <= 0) return light
      for (const lamp of lamps) {
        const to = sub(lamp.position, p)
        const wi = unit(to)
        const li = local(wi)
        if (dot(wi, surface.face) * li[2] <= 0) continue
        const blocker = firstHit(along(p, surface.face, Math.sign(li[2]) * EPSILON), wi, neg(wi), time)
        if (blocker && blocker.hit.t < length(to)) continue
        const f = evaluate(surface, lo, li)
        const ofBase = bounce === 0 ? evaluateBase(surface, lo, li) : mul(base, f)
        take(
          scale(lamp.intensity(wi), (fog.clear(p, wi, length(to)) * Math.abs(li[2])) / dot(to, to)),
          bounce + 1,
          mul(throughput, f),
          ofBase,
        )
      }
      const li = sample(surface, lo, r)
      if (!li) return light
      const q = density(surface, lo, li)
      const wi = world(li)
      // A direction that face and shading normal disagree on is not taken: it would leak through.
      if (!(q > 0) || dot(wi, surface.face) * li[2] <= 0) return light
      const f = scale(evaluate(surface, lo, li), Math.abs(li[2]) / q)
      base = bounce === 0 ? scale(evaluateBase(surface, lo, li), Math.abs(li[2]) / q) : mul(base, f)
      throughput = mul(throughput, f)
      if (throughput[0] + throughput[1] + throughput[2] === 0) return light
      o = p
      d = wi
    }
  }

  /** Sums and sums of squares of `samples` samples of pixel (i, j). */
  const pixel = (i: number, j: number, samples: number): readonly [V, V] => {
    const sum: [number, number, number] = [0, 0, 0]
    const squares: [number, number, number] = [0, 0, 0]
    const still = cameraAt(camera, middle)
    for (let s = 0; s < samples; s++) {
      const time = middle + ((r() - 0.5) * camera.shutter) / scene.fps
      const c = cameraAt(camera, time)
      const px = i + 0.5 + windowed(r) * options.filterWidth
      const py = j + 0.5 + windowed(r) * options.filterWidth
      const d: V = [(px - still.cx) / c.fx, -(py - still.cy) / c.fy, -1]
      const angle = 2 * Math.PI * r()
      const radius = (c.aperture / 2) * Math.sqrt(r())
      const lens: V = [radius * Math.cos(angle), radius * Math.sin(angle), 0]
      const focus = sub(scale(d, c.focusDistance), lens)
      const value = path(add(c.position, rotate(c.rotation, lens)), unit(rotate(c.rotation, focus)), time)
      for (let b = 0; b < 3; b++) {
        sum[b]! += value[b]!
        squares[b]! += value[b]! * value[b]!
      }
    }
    return [sum, squares]
  }

  const [width, height] = camera.resolution
  const n = width * height * 3
  const estimate = { width, height, mean: new Float64Array(n), variance: new Float64Array(n), samples: new Float64Array(n) }
  const refine = (i: number, j: number, samples: number): void => {
    const [sum, squares] = pixel(i, j, samples)
    for (let b = 0; b < 3; b++) {
      const k = (j * width + i) * 3 + b
      const m = sum[b]! / samples
      estimate.mean[k] = m
      estimate.variance[k] = Math.max(0, squares[b]! / samples - m * m) / (samples - 1)
      estimate.samples[k] = samples
    }
  }
  for (let j = 0; j < height; j++) for (let i = 0; i < width; i++) refine(i, j, options.samples)
  return { estimate, refine }
}
