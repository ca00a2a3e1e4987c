/**
 * The clear atmosphere of the Earth: air, haze and ozone in spherical shells, in three wavelengths (680, 550, 440 nm).
 *
 * Coefficients from Bruneton & Neyret, "Precomputed atmospheric scattering" (2008; ozone from the 2017 revision), transmittance
 * table mapped as there; haze from turbidity T by its definition, T = (τ_air + τ_haze)/τ_air at 550 nm, with Ångström exponent 1.3.
 * Light scattered more than once follows Hillaire, "A scalable and production ready sky and atmosphere rendering technique" (2020).
 */
import { exp } from '../maths/portable.ts'

export const GROUND = 6_360_000
export const TOP = 6_460_000
const RAYLEIGH = [5.802e-6, 13.558e-6, 33.1e-6]
const RAYLEIGH_HEIGHT = 8000
const MIE_HEIGHT = 1200
/** (550 nm / λ)^1.3. */
const ANGSTROM = [0.7589, 1, 1.3367]
/** Share of the haze's extinction that is scattered. */
const MIE_ALBEDO = 0.92
const OZONE = [0.65e-6, 1.881e-6, 0.085e-6]

const WIDTH = 128
const HEIGHT = 32
const MS_SUN = 20
const MS_HEIGHT = 10
const HORIZON = Math.sqrt(TOP * TOP - GROUND * GROUND)

/** Densities at one height, written by `Atmosphere.at`. */
export class Medium {
  /** Scattering of air and of haze, extinction of all, 1/m, in three wavelengths. */
  readonly rayleigh = new Float64Array(3)
  readonly mie = new Float64Array(3)
  readonly extinction = new Float64Array(3)
}

export class Atmosphere {
  private readonly haze: readonly number[]
  private readonly groundAlbedo: readonly number[]
  private readonly transmittances = new Float64Array(WIDTH * HEIGHT * 3)
  private readonly multiple = new Float64Array(MS_SUN * MS_HEIGHT * 3)
  private readonly medium = new Medium()

  constructor(turbidity: number, groundAlbedo: readonly number[]) {
    this.haze = ANGSTROM.map(a => ((turbidity - 1) * RAYLEIGH[1]! * RAYLEIGH_HEIGHT * a) / MIE_HEIGHT)
    this.groundAlbedo = groundAlbedo
    this.fillTransmittance()
    this.fillMultiple()
  }

  at(r: number, out: Medium): void {
    const h = Math.max(0, r - GROUND)
    const air = exp(-h / RAYLEIGH_HEIGHT)
    const haze = exp(-h / MIE_HEIGHT)
    const ozone = Math.max(0, 1 - Math.abs(h - 25_000) / 15_000)
    for (let c = 0; c < 3; c++) {
      out.rayleigh[c] = RAYLEIGH[c]! * air
      const mie = this.haze[c]! * haze
      out.mie[c] = mie * MIE_ALBEDO
      out.extinction[c] = out.rayleigh[c]! + mie + OZONE[c]! * ozone
    }
  }

  /** Share of light that reaches radius r (metres from the Earth's centre) from space, from a direction whose cosine with the zenith is mu; 0 where the Earth is in the way. */
  transmittance(r: number, mu: number, out: Float64Array): void {
    if (mu < 0 && r * r * (1 - mu * mu) < GROUND * GROUND) {
      out.fill(0)
      return
    }
    const rho = Math.sqrt(Math.max(0, r * r - GROUND * GROUND))
    const near = TOP - r
    const far = rho + HORIZON
    const x = far > near ? ((distanceToTop(r, mu) - near) / (far - near)) * (WIDTH - 1) : 0
    const y = (rho / HORIZON) * (HEIGHT - 1)
    bilinear(this.transmittances, WIDTH, HEIGHT, x, y, out)
  }

  /** Radiance scattered at least twice, isotropic, per unit of solar irradiance: what a unit of scattering coefficient adds per metre. */
  multipleScattering(r: number, muSun: number, out: Float64Array): void {
    const x = (muSun * 0.5 + 0.5) * (MS_SUN - 1)
    const y = Math.min(1, Math.max(0, (r - GROUND) / (TOP - GROUND))) * (MS_HEIGHT - 1)
    bilinear(this.multiple, MS_SUN, MS_HEIGHT, x, y, out)
  }

  private fillTransmittance(): void {
    const steps = 64
    const m = this.medium
    const tau = [0, 0, 0]
    for (let j = 0; j < HEIGHT; j++) {
      const rho = (j / (HEIGHT - 1)) * HORIZON
      const r = Math.sqrt(rho * rho + GROUND * GROUND)
      for (let i = 0; i < WIDTH; i++) {
        const near = TOP - r
        const d = near + (i / (WIDTH - 1)) * (rho + HORIZON - near)
        const mu = d > 0 ? Math.min(1, (HORIZON * HORIZON - rho * rho - d * d) / (2 * r * d)) : 1
        tau.fill(0)
        for (let s = 0; s < steps; s++) {
          const t0 = spread(s / steps) * d
          const length = spread((s + 1) / steps) * d - t0
          const t = t0 + length / 2
          this.at(Math.sqrt(r * r + t * t + 2 * r * mu * t), m)
          for (let c = 0; c < 3; c++) tau[c]! += m.extinction[c]! * length
        }
        for (let c = 0; c < 3; c++) this.transmittances[(j * WIDTH + i) * 3 + c] = exp(-tau[c]!)
      }
    }
  }

  private fillMultiple(): void {
    const m = this.medium
    const sun = new Float64Array(3)
    const steps = 24
    const polar = 8
    // By symmetry, half of the circle around the zenith.
    const around = 4
    for (let j = 0; j < MS_HEIGHT; j++) {
      const r = GROUND + 1 + (j / (MS_HEIGHT - 1)) * (TOP - GROUND - 2)
      for (let i = 0; i < MS_SUN; i++) {
        const muSun = (i / (MS_SUN - 1)) * 2 - 1
        const sinSun = Math.sqrt(Math.max(0, 1 - muSun * muSun))
        const light = [0, 0, 0]
        const again = [0, 0, 0]
        for (let p = 0; p < polar; p++) {
          const mu = ((p + 0.5) / polar) * 2 - 1
          const ground = mu < 0 && r * r * (1 - mu * mu) < GROUND * GROUND
          const d = ground ? distanceToGround(r, mu) : distanceToTop(r, mu)
          for (let q = 0; q < around; q++) {
            const nu = mu * muSun + Math.sqrt(1 - mu * mu) * sinSun * AROUND[q]!
            const through = [1, 1, 1]
            for (let s = 0; s < steps; s++) {
              const t0 = spread(s / steps) * d
              const length = spread((s + 1) / steps) * d - t0
              const t = t0 + length / 2
              const rs = Math.sqrt(r * r + t * t + 2 * r * mu * t)
              this.at(rs, m)
              this.transmittance(rs, Math.max(-1, Math.min(1, (r * muSun + t * nu) / rs)), sun)
              for (let c = 0; c < 3; c++) {
                const scatter = m.rayleigh[c]! + m.mie[c]!
                const step = exp(-m.extinction[c]! * length)
                const gathered = (through[c]! * scatter * (1 - step)) / m.extinction[c]!
                light[c]! += (gathered * sun[c]!) / (4 * Math.PI)
                again[c]! += gathered
                through[c]! *= step
              }
            }
            if (ground) {
              const muGround = Math.max(-1, Math.min(1, (r * muSun + d * nu) / GROUND))
              this.transmittance(GROUND, muGround, sun)
              for (let c = 0; c < 3; c++) light[c]! += (through[c]! * this.groundAlbedo[c]! * Math.max(0, muGround) * sun[c]!) / Math.PI
            }
          }
        }
        const n = polar * around
        for (let c = 0; c < 3; c++) this.multiple[(j * MS_SUN + i) * 3 + c] = light[c]! / n / (1 - again[c]! / n)
      }
    }
  }
}

/** Steps crowd at both ends of a way, where it may be near the ground and the haze is thin-layered. */
const spread = (s: number) => s * s * (3 - 2 * s)

/** Cosines of (q + ½)·45°. */
const AROUND = [
  0.9238795325112867, 0.3826834323650898, -0.3826834323650898, -0.9238795325112867, -0.9238795325112867, -0.3826834323650898,
  0.3826834323650898, 0.9238795325112867,
]

/** Metres along a ray to the top of the atmosphere. */
export function distanceToTop(r: number, mu: number): number {
  return Math.max(0, -r * mu + Math.sqrt(Math.max(0, r * r * (mu * mu - 1) + TOP * TOP)))
}

/** Metres along a ray that meets the ground. */
export function distanceToGround(r: number, mu: number): number {
  return Math.max(0, -r * mu - Math.sqrt(Math.max(0, r * r * (mu * mu - 1) + GROUND * GROUND)))
}

function bilinear(table: Float64Array, width: number, height: number, x: number, y: number, out: Float64Array): void {
  const i = Math.min(width - 2, Math.max(0, Math.floor(x)))
  const j = Math.min(height - 2, Math.max(0, Math.floor(y)))
  const fx = Math.min(1, Math.max(0, x - i))
  const fy = Math.min(1, Math.max(0, y - j))
  const k = (j * width + i) * 3
  const l = k + width * 3
  for (let c = 0; c < 3; c++) {
    const top = table[k + c]! + fx * (table[k + 3 + c]! - table[k + c]!)
    const bottom = table[l + c]! + fx * (table[l + 3 + c]! - table[l + c]!)
    out[c] = top + fy * (bottom - top)
  }
}
