/** Daylight: the sky of a clear or hazy atmosphere, the sun's disk, and a plain ground below the horizon. */

import { cos, exp, sin } from '../maths/portable.ts'
import type { HdrImage } from '../mesh.ts'
import type { EnvironmentSource } from '../schema/light.ts'
import { Atmosphere, distanceToTop, GROUND, Medium } from './atmosphere.ts'

export type SkySource = Extract<EnvironmentSource, { type: 'sky' }>

/**
 * Irradiance of the sun above the atmosphere, in units where a white diffuse surface lit by 1,000 W/m² has radiance 1: 1361/1000·π.
 * So a grey card under a high sun comes out near its own reflectance without an exposure change. White: pictures are balanced for daylight.
 */
export const SOLAR_IRRADIANCE = 4.2757
/** Angular radius of the sun, radians (DESIGN: the sun light's default diameter 0.00918). */
export const SUN_RADIUS = 0.00459

/** Eye above the ground, metres: enough for haze to soften the horizon. */
const EYE = GROUND + 30
const ELEVATIONS = 96
const AZIMUTHS = 40
const STEPS = 40
/** Asymmetry of haze (Cornette–Shanks). */
const G = 0.76

/** The sky's picture; `directionToUv` says where is what. Linear RGB radiance. */
export function renderSky(source: SkySource): HdrImage {
  const { height } = source
  const width = 2 * height
  const data = new Float32Array(width * height * 3)
  const atmosphere = new Atmosphere(source.turbidity, source.ground)
  const sinSun = sin(source.elevation)
  const cosSun = cos(source.elevation)
  const table = skyTable(atmosphere, sinSun, cosSun)

  const cosAround = new Float64Array(width)
  const slot = new Float64Array(width)
  for (let i = 0; i < width; i++) {
    const turns = 0.5 - (i + 0.5) / width - source.azimuth / (2 * Math.PI)
    cosAround[i] = cos(turns * 2 * Math.PI)
    // 0 towards the sun, ½ away from it.
    const away = Math.abs(turns - Math.floor(turns + 0.5))
    slot[i] = away * 2 * (AZIMUTHS - 1)
  }

  const sunThrough = new Float64Array(3)
  atmosphere.transmittance(EYE, Math.max(sinSun, -0.003), sunThrough)
  const skyLight = skyIrradiance(table, sinSun, cosSun)
  const groundRadiance = source.ground.map(
    (albedo, c) => (albedo / Math.PI) * SOLAR_IRRADIANCE * (sunThrough[c]! * Math.max(0, sinSun) + skyLight[c]!),
  )

  const m = new Medium()
  atmosphere.at(EYE, m)
  const row = new Float64Array(AZIMUTHS * 9)
  for (let j = 0; j < height; j++) {
    const elevation = (0.5 - (j + 0.5) / height) * Math.PI
    const up = Math.max(0, elevation)
    const sinView = sin(elevation)
    const cosView = cos(elevation)
    tableRow(table, up, row)
    // Below the horizon the air before the ground shows what the horizon shows.
    const distance = elevation < 0 ? (EYE - GROUND) / sin(-elevation) : 0
    const clear = [0, 1, 2].map(c => (elevation < 0 ? exp(-m.extinction[c]! * distance) : 0))
    for (let i = 0, k = j * width * 3; i < width; i++, k += 3) {
      const nu = sinView * sinSun + cosView * cosSun * cosAround[i]!
      const a = Math.min(AZIMUTHS - 2, Math.floor(slot[i]!))
      const f = slot[i]! - a
      const rayleigh = rayleighPhase(nu)
      const mie = miePhase(nu)
      for (let c = 0; c < 3; c++) {
        const p = a * 9 + c
        const sky =
          (row[p]! + f * (row[p + 9]! - row[p]!)) * rayleigh +
          (row[p + 3]! + f * (row[p + 12]! - row[p + 3]!)) * mie +
          row[p + 6]! +
          f * (row[p + 15]! - row[p + 6]!)
        const radiance = SOLAR_IRRADIANCE * sky
        data[k + c] = elevation < 0 ? radiance + (groundRadiance[c]! - radiance) * clear[c]! : radiance
      }
    }
  }
  if (source.sunDisk) addSun({ width, height, data }, source, sunThrough)
  return { width, height, data }
}

const rayleighPhase = (nu: number) => (3 / (16 * Math.PI)) * (1 + nu * nu)

function miePhase(nu: number): number {
  const d = 1 + G * G - 2 * G * nu
  return ((3 / (8 * Math.PI)) * (1 - G * G) * (1 + nu * nu)) / ((2 + G * G) * d * Math.sqrt(d))
}

/** Elevations crowd at the horizon, where the sky changes fastest. */
const elevationOf = (i: number) => (i / (ELEVATIONS - 1)) * (i / (ELEVATIONS - 1)) * (Math.PI / 2)

/**
 * Sky seen from the eye per unit of solar irradiance: [elevation][azimuth from the sun 0–π][air, haze, multiple × RGB]; air and haze
 * without their phase functions, which vary too fast to tabulate.
 */
function skyTable(atmosphere: Atmosphere, sinSun: number, cosSun: number): Float64Array {
  const table = new Float64Array(ELEVATIONS * AZIMUTHS * 9)
  const m = new Medium()
  const sun = new Float64Array(3)
  const multiple = new Float64Array(3)
  for (let j = 0; j < ELEVATIONS; j++) {
    const elevation = elevationOf(j)
    const mu = sin(elevation)
    const cosUp = cos(elevation)
    const d = distanceToTop(EYE, mu)
    for (let i = 0; i < AZIMUTHS; i++) {
      const nu = mu * sinSun + cosUp * cosSun * cos((i / (AZIMUTHS - 1)) * Math.PI)
      const k = (j * AZIMUTHS + i) * 9
      const through = [1, 1, 1]
      for (let s = 0; s < STEPS; s++) {
        // Steps grow with distance: air is thick near the eye.
        const a = s / STEPS
        const b = (s + 1) / STEPS
        const t0 = a * a * d
        const length = b * b * d - t0
        const t = t0 + length / 2
        const r = Math.sqrt(EYE * EYE + t * t + 2 * EYE * mu * t)
        const muSun = Math.max(-1, Math.min(1, (EYE * sinSun + t * nu) / r))
        atmosphere.at(r, m)
        atmosphere.transmittance(r, muSun, sun)
        atmosphere.multipleScattering(r, muSun, multiple)
        for (let c = 0; c < 3; c++) {
          const step = exp(-m.extinction[c]! * length)
          const gathered = (through[c]! * (1 - step)) / m.extinction[c]!
          table[k + c]! += gathered * m.rayleigh[c]! * sun[c]!
          table[k + 3 + c]! += gathered * m.mie[c]! * sun[c]!
          table[k + 6 + c]! += gathered * (m.rayleigh[c]! + m.mie[c]!) * multiple[c]!
          through[c]! *= step
        }
      }
    }
  }
  return table
}

/** The table at one elevation, all azimuths. */
function tableRow(table: Float64Array, elevation: number, out: Float64Array): void {
  const x = Math.sqrt(elevation / (Math.PI / 2)) * (ELEVATIONS - 1)
  const j = Math.min(ELEVATIONS - 2, Math.floor(x))
  // Linear in elevation, not in the table's index.
  const f = Math.min(1, Math.max(0, (elevation - elevationOf(j)) / (elevationOf(j + 1) - elevationOf(j))))
  const n = AZIMUTHS * 9
  for (let i = 0; i < n; i++) out[i] = table[j * n + i]! + f * (table[(j + 1) * n + i]! - table[j * n + i]!)
}

/** Irradiance of the sky (without the sun) on level ground, per unit of solar irradiance. */
function skyIrradiance(table: Float64Array, sinSun: number, cosSun: number): [number, number, number] {
  const total: [number, number, number] = [0, 0, 0]
  const row = new Float64Array(AZIMUTHS * 9)
  const rows = 48
  for (let j = 0; j < rows; j++) {
    const elevation = ((j + 0.5) / rows) * (Math.PI / 2)
    const s = sin(elevation)
    const c = cos(elevation)
    tableRow(table, elevation, row)
    for (let i = 0; i < AZIMUTHS; i++) {
      const end = i === 0 || i === AZIMUTHS - 1 ? 0.5 : 1
      const nu = s * sinSun + c * cosSun * cos((i / (AZIMUTHS - 1)) * Math.PI)
      const weight = s * c * (Math.PI / 2 / rows) * ((2 * Math.PI * end) / (AZIMUTHS - 1))
      for (let b = 0; b < 3; b++)
        total[b]! += weight * (row[i * 9 + b]! * rayleighPhase(nu) + row[i * 9 + 3 + b]! * miePhase(nu) + row[i * 9 + 6 + b]!)
    }
  }
  return total
}

/**
 * Adds the sun's disk to the pixels it covers, scaled so that its irradiance on a surface facing it is exact at any resolution; the part
 * below the horizon is left out.
 */
function addSun(image: HdrImage, source: SkySource, through: Float64Array): void {
  const { width, height, data } = image
  const sun = [cos(source.elevation) * cos(source.azimuth), cos(source.elevation) * sin(source.azimuth), sin(source.elevation)]
  const cosRadius = cos(SUN_RADIUS)
  const sub = 8
  const pixel = Math.PI / height
  const rowAt = (0.5 - source.elevation / Math.PI) * height
  const reach = Math.ceil(SUN_RADIUS / pixel) + 1
  const covered: { k: number; solidAngle: number }[] = []
  let total = 0
  let whole = 0
  for (let j = Math.max(0, Math.floor(rowAt) - reach); j <= Math.min(height - 1, Math.floor(rowAt) + reach); j++) {
    const solid = (cos((j / height) * Math.PI) - cos(((j + 1) / height) * Math.PI)) * ((2 * Math.PI) / width)
    for (let i = 0; i < width; i++) {
      let visible = 0
      let inside = 0
      const middle = (0.5 - (i + 0.5) / width) * 2 * Math.PI
      const theta = ((j + 0.5) / height) * Math.PI
      const near = sin(theta) * (cos(middle) * sun[0]! + sin(middle) * sun[1]!) + cos(theta) * sun[2]!
      if (near < cos(Math.min(Math.PI, SUN_RADIUS + 1.5 * pixel))) continue
      for (let b = 0; b < sub; b++) {
        const v = ((j + (b + 0.5) / sub) / height) * Math.PI
        const z = cos(v)
        const s = sin(v)
        for (let a = 0; a < sub; a++) {
          const phi = (0.5 - (i + (a + 0.5) / sub) / width) * 2 * Math.PI
          if (s * (cos(phi) * sun[0]! + sin(phi) * sun[1]!) + z * sun[2]! < cosRadius) continue
          inside++
          if (z >= 0) visible++
        }
      }
      whole += (inside / (sub * sub)) * solid
      if (visible > 0) {
        const solidAngle = (visible / (sub * sub)) * solid
        total += solidAngle
        covered.push({ k: (j * width + i) * 3, solidAngle: solidAngle / solid })
      }
    }
  }
  if (whole === 0 && source.elevation > 0) {
    // Smaller than the sub-pixel grid.
    const j = Math.min(height - 1, Math.floor(rowAt))
    const turns = 0.5 - source.azimuth / (2 * Math.PI)
    const i = Math.min(width - 1, Math.floor((turns - Math.floor(turns)) * width))
    total = whole = (cos((j / height) * Math.PI) - cos(((j + 1) / height) * Math.PI)) * ((2 * Math.PI) / width)
    covered.push({ k: (j * width + i) * 3, solidAngle: 1 })
  }
  if (total === 0) return
  const share = total / whole
  for (const { k, solidAngle } of covered) {
    for (let c = 0; c < 3; c++) data[k + c]! += (solidAngle * share * SOLAR_IRRADIANCE * through[c]!) / total
  }
}
