// The light of a picture, split by where it comes from (emitted, scattered once, scattered more often) and by how the first surface scatters it
// (its Lambertian base, or its microfacets). Only what P_SPLIT asks for: without it nothing here runs but one test a site.
import { P_SPLIT, SPLIT_BYTES, SPLIT_DIFFUSE, SPLIT_DIRECT, SPLIT_EMISSION, SPLIT_INDIRECT, SPLIT_SPECULAR } from '../src/layout'
import { add, luminance, mul, scale, splat, sub } from './vec'

/** Most that a channel of one sample may be: sums of squares of as many samples as there may be stay finite. */
export const BRIGHTEST: f32 = 1e15

/** Whether the light is split. */
export let split: bool = false

// Of the sample at hand.
let emission: v128 = f32x4(0, 0, 0, 0)
let diffuse: v128 = f32x4(0, 0, 0, 0)
let specular: v128 = f32x4(0, 0, 0, 0)
let direct: v128 = f32x4(0, 0, 0, 0)
let indirect: v128 = f32x4(0, 0, 0, 0)
/** Irradiance that lights would bring to the first surface, and the part of it that arrives. */
let unhidden: f32 = 0
let arriving: f32 = 0
/** The Lambertian base's share of what the first surface scatters, a channel. */
let share: v128 = f32x4(0, 0, 0, 0)

// Sums over the pixel's samples.
let emissions: v128 = f32x4(0, 0, 0, 0)
let diffuses: v128 = f32x4(0, 0, 0, 0)
let speculars: v128 = f32x4(0, 0, 0, 0)
let directs: v128 = f32x4(0, 0, 0, 0)
let indirects: v128 = f32x4(0, 0, 0, 0)
let unhiddens: f32 = 0
let arrivings: f32 = 0

export function startSplit(): void {
  split = load<usize>(P_SPLIT) != 0
}

export function startSplitPixel(): void {
  emissions = splat(0)
  diffuses = splat(0)
  speculars = splat(0)
  directs = splat(0)
  indirects = splat(0)
  unhiddens = 0
  arrivings = 0
}

export function startSplitSample(): void {
  emission = splat(0)
  diffuse = splat(0)
  specular = splat(0)
  direct = splat(0)
  indirect = splat(0)
  unhidden = 0
  arriving = 0
}

/** Light of the sample that `scatterings` surfaces sent on. */
export function splitLight(light: v128, scatterings: i32): void {
  if (scatterings == 0) {
    emission = add(emission, light)
    return
  }
  const d = mul(light, share)
  diffuse = add(diffuse, d)
  specular = add(specular, sub(light, d))
  if (scatterings == 1) direct = add(direct, light)
  else indirect = add(indirect, light)
}

/** Of the first surface: the value of its Lambertian base beside the whole of it, for the direction that the light to come arrives from. */
export function splitLobes(base: v128, whole: v128): void {
  share = f32x4.div(base, f32x4.max(whole, splat(1e-30)))
}

/** Light that a lamp would bring to the first surface: radiance over density, times the cosine. */
export function splitShadow(irradiance: v128, arrives: bool): void {
  const e = min<f32>(luminance(irradiance), BRIGHTEST)
  unhidden += e
  if (arrives) arriving += e
}

/** Multiplies the sample's light by `by`. */
export function dimSplitSample(by: f32): void {
  emission = scale(emission, by)
  diffuse = scale(diffuse, by)
  specular = scale(specular, by)
  direct = scale(direct, by)
  indirect = scale(indirect, by)
}

/** Takes the sample into the pixel's sums; one that is not finite counts as black there, too. */
export function addSplitSample(): void {
  emissions = add(emissions, emission)
  diffuses = add(diffuses, diffuse)
  speculars = add(speculars, specular)
  directs = add(directs, direct)
  indirects = add(indirects, indirect)
  unhiddens += unhidden
  arrivings += arriving
}

/** The means of pixel number `pixel`; in the fourth lane of `emission` the share of direct irradiance that is hidden. */
export function storeSplitPixel(pixel: i32, inv: f32): void {
  const at = load<usize>(P_SPLIT) + <usize>pixel * SPLIT_BYTES
  const shadow: f32 = unhiddens > 0 ? <f32>1 - arrivings / unhiddens : 0
  v128.store(at, f32x4.replace_lane(scale(emissions, inv), 3, shadow), SPLIT_EMISSION)
  v128.store(at, scale(diffuses, inv), SPLIT_DIFFUSE)
  v128.store(at, scale(speculars, inv), SPLIT_SPECULAR)
  v128.store(at, scale(directs, inv), SPLIT_DIRECT)
  v128.store(at, scale(indirects, inv), SPLIT_INDIRECT)
}
