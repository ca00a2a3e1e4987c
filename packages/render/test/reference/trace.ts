/**
 * The reference: a path tracer that only scatters. No light is sampled (but points without size), nothing is weighted, no roulette, no tables,
 * everything in f64. Slow, and simple enough to believe.
 */
import type { Motion } from '@dioramic/physics'
import { cameraAt, isTexture, type Material, numberAt, type ResolvedScene, type TextureRef, vec3At } from '@dioramic/scene'
import { density, evaluate, evaluateBase, type Surface, sample } from './bsdf.ts'
import { fogOf } from './fog.ts'
import { Geometry, type Hit } from './geometry.ts'
import { emitted, points, sky, visibleLamp } from './lights.ts'
import { texture } from './picture.ts'
import { type Random, random } from './random.ts'
import { add, along, cross, dot, frame, length, mul, neg, rotate, scale, sub, unit, type V } from './vector.ts'

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

interface Shaded extends Surface {
  /** Made local by the path. */
  clearcoatNormal: V
  readonly emission: V
  readonly opacity: number
  /** Unit, on the viewer's side. */
  readonly face: V
  readonly shading: V
  /** Unit tangent of anisotropy, across the shading normal; null where the surface has none. */
  readonly tangent: V | null
  /** World. */
  readonly coatNormal: V
  /** Absorption a metre inside. */
  readonly absorption: V
}

function shade(resolved: ResolvedScene, geometry: Geometry, hit: Hit, wo: V, time: number, frameTime: number): Shaded {
  const { mesh, materials } = resolved.objects[hit.object]!
  const part = Math.max(
    0,
    mesh.parts.findIndex(p => hit.triangle >= p.firstTriangle && hit.triangle < p.firstTriangle + p.triangles),
  )
  const m: Material = materials[part]!
  if (m.mapping.type !== 'uv') throw new Error('the reference knows uv mapping alone')
  const { face, smooth, uv, tangents, axis } = geometry.surface(hit, time)
  const [u, v] = [uv[0] * m.mapping.scale[0] + m.mapping.offset[0], uv[1] * m.mapping.scale[1] + m.mapping.offset[1]]
  /** Where a use of a picture is read: scaled, turned counter-clockwise, moved. */
  const placed = ({ transform }: TextureRef, [x, y]: readonly [number, number]): readonly [number, number] => {
    if (!transform) return [x, y]
    const [a, b] = [x * transform.scale[0], y * transform.scale[1]]
    const [c, s] = [Math.cos(transform.rotation), Math.sin(transform.rotation)]
    return [c * a - s * b + transform.offset[0], s * a + c * b + transform.offset[1]]
  }
  const look = (ref: TextureRef, colour: boolean) => texture(resolved.images.get(ref.texture)!, ...placed(ref, [u, v]), colour, ref.wrap)
  const number = (x: Material['metallic'] | Material['opacity']) =>
    isTexture(x) ? look(x, false)['rgba'.indexOf(x.channel)]! : numberAt(x, frameTime)
  const colour = (x: Material['baseColor'] | Material['emission']): V =>
    isTexture(x) ? (look(x, true).slice(0, 3) as unknown as V) : vec3At(x, frameTime)
  const outside = dot(face, wo) >= 0
  const g = outside ? face : neg(face)
  const plain = dot(smooth, g) < 0 ? neg(smooth) : smooth
  /** Unit tangent and bitangent across a normal. */
  const across = (n: V): readonly [V, V] => {
    const along = tangents ? tangents[0] : cross(axis, n)
    const x = unit(sub(along, scale(n, dot(along, n))))
    const side = cross(n, x)
    return [x, tangents && dot(tangents[1], side) < 0 ? neg(side) : side]
  }
  const mapped = (map: TextureRef | undefined, s: number): V => {
    if (!map || !tangents) return plain
    const t = look(map, false)
    const [x, y] = across(plain)
    return unit(add(add(scale(x, (2 * t[0]! - 1) * s), scale(y, (2 * t[1]! - 1) * s)), scale(plain, 2 * t[2]! - 1)))
  }
  let n = mapped(m.normalMap, m.normalScale)
  if (m.bumpMap && tangents) {
    // The displaced surface p + h n has the normal (∂p/∂u + n ∂h/∂u) × (∂p/∂v + n ∂h/∂v), what is along n left out of the edges.
    const { texture: name, channel } = m.bumpMap
    const image = resolved.images.get(name)!
    const k = 'rgba'.indexOf(channel)
    const height = (du: number, dv: number) => texture(image, u + du, v + dv, false)[k]! * m.bumpHeight
    const [eu, ev] = [1 / image.width, 1 / image.height]
    const hu = ((height(eu / 2, 0) - height(-eu / 2, 0)) / eu) * m.mapping.scale[0]
    const hv = ((height(0, ev / 2) - height(0, -ev / 2)) / ev) * m.mapping.scale[1]
    const flat = (e: V) => sub(e, scale(n, dot(e, n)))
    const up = cross(add(flat(tangents[0]), scale(n, hu)), add(flat(tangents[1]), scale(n, hv)))
    n = unit(dot(up, n) < 0 ? neg(up) : up)
  }
  const turnOf = (): { readonly anisotropy: number; readonly tangent: V | null } => {
    const strength = numberAt(m.anisotropy, frameTime)
    if (strength === 0) return { anisotropy: 0, tangent: null }
    let angle = numberAt(m.anisotropyRotation, frameTime)
    const [x, y] = across(n)
    const t = m.anisotropyMap && look(m.anisotropyMap, false)
    if (t) angle += Math.atan2(2 * t[1]! - 1, 2 * t[0]! - 1)
    return { anisotropy: strength * (t ? t[2]! : 1), tangent: add(scale(x, Math.cos(angle)), scale(y, Math.sin(angle))) }
  }
  const coatNormal = mapped(m.clearcoatNormalMap, m.clearcoatNormalScale)
  const transmission = number(m.transmission)
  const absorbs = m.attenuationDistance !== undefined && transmission > 0 && !m.thinWalled
  return {
    base: colour(m.baseColor),
    metallic: number(m.metallic),
    roughness: number(m.roughness),
    ...turnOf(),
    ior: numberAt(m.ior, frameTime),
    specular: number(m.specular),
    tint: colour(m.specularTint),
    transmission,
    thin: m.thinWalled,
    sheen: colour(m.sheenColor),
    sheenRoughness: number(m.sheenRoughness),
    clearcoat: number(m.clearcoat),
    clearcoatRoughness: number(m.clearcoatRoughness),
    clearcoatNormal: coatNormal,
    coatNormal,
    absorption: absorbs ? (m.attenuationColor.map(c => -Math.log(c) / m.attenuationDistance!) as unknown as V) : [0, 0, 0],
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
      // A segment that ends at the inside of a body went through it.
      if (!surface.outside) throughput = mul(throughput, surface.absorption.map(a => Math.exp(-a * reach)) as unknown as V)
      take(surface.emission, bounce, throughput, base)
      if (bounce >= options.bounces) return light
      const p = along(o, d, reach)
      const n = surface.shading
      const [x, y] = surface.tangent ? [surface.tangent, cross(n, surface.tangent)] : frame(n)
      const local = (v: V): V => [dot(v, x), dot(v, y), dot(v, n)]
      const world = (v: V): V => add(add(scale(x, v[0]), scale(y, v[1])), scale(n, v[2]))
      const lo = local(wo)
      surface.clearcoatNormal = local(surface.coatNormal)
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
