/** Kannala and Brandt's fisheye as OpenCV documents it: the radius of an image is θ (1 + k1 θ² + k2 θ⁴ + k3 θ⁶ + k4 θ⁸). The inverse is by bisection. */
import type { Lens } from './lens.ts'

const NEAR = 1e-3

export function fisheye(k: readonly number[]): Pick<Lens, 'image' | 'direction' | 'stretch'> {
  const radius = (t: number) => t * k.reduceRight((sum, c) => (sum + c) * t * t, 0) + t
  // The radius grows up to here; beyond, the polynomial means nothing.
  let end = 0
  for (const step of [1e-2, 1e-4, 1e-6, 1e-8, 1e-10]) while (end < Math.PI && radius(end + step) > radius(end)) end += step
  end = Math.min(end, Math.PI)
  return {
    image(x, y, z) {
      const r = Math.sqrt(x * x + y * y)
      const t = Math.atan2(r, -z)
      if (!(Math.sqrt(r * r + z * z) > NEAR) || t > end || (r === 0 && z > 0)) return [NaN, NaN]
      const s = r === 0 ? 0 : radius(t) / r
      return [x * s, -y * s]
    },
    direction(a, b) {
      const r = Math.sqrt(a * a + b * b)
      let [low, high] = [0, end]
      for (let i = 0; i < 54; i++) {
        const middle = (low + high) / 2
        if (radius(middle) < r) low = middle
        else high = middle
      }
      const t = (low + high) / 2
      const s = r === 0 ? 0 : Math.sin(t) / r
      return [a * s, -b * s, -Math.cos(t)]
    },
    // Around the axis the picture is stretched by θ / sin θ, and along by the slope of the radius.
    stretch(x, y, z) {
      const t = Math.atan2(Math.sqrt(x * x + y * y), -z)
      return 2 * Math.max(1, t / Math.max(Math.sin(t), 1e-6))
    },
  }
}
