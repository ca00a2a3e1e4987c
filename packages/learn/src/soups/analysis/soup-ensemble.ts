/** Soup beside ensemble: the difference of their losses, and what predicts it (Wortsman et al. 2022, section 4). */
import {
  add,
  compile,
  crossEntropy,
  f32,
  flatten,
  grad,
  item,
  mean,
  mul,
  type NDArray,
  numbersOf,
  type Runtime,
  softmax,
  sub,
  sum,
  type Tensor,
  type Tree,
} from '@dioramic/tensor'
import { mixTrees } from '../merge/trees.ts'
import { interpolated } from '../mix.ts'
import { type Classify, predictor } from '../task.ts'
import { calibration } from './logits.ts'

export interface SoupBesideEnsemble {
  /** Mean losses at α, nats: of the soup f(x; (1−α)θ₀ + αθ₁), and of the ensemble (1−α)f(x; θ₀) + αf(x; θ₁). */
  readonly soup: number
  readonly ensemble: number
  /** Inverse temperature of both. */
  readonly beta: number
  /** d²L_soup/dα²: positive where the loss is convex along the line, which favours the soup. */
  readonly curvature: number
  /** Mean over samples of the variance of Δf_Y with Y drawn from softmax(βf(x; θ_α)), times β²: favours the ensemble. */
  readonly variance: number
  /** α(1−α)/2 · (variance − curvature), to second order `soup − ensemble`. */
  readonly approximation: number
}

/** A function that compares the soup and the ensemble of two models; compiled once for many pairs. */
export function soupBesideEnsemble(
  logits: Classify,
  x: NDArray,
  y: NDArray,
  runtime: Runtime,
): (a: Tree<NDArray>, b: Tree<NDArray>, options?: { alpha?: number; beta?: number }) => Promise<SoupBesideEnsemble> {
  const between = (a: Tree<Tensor>, b: Tree<Tensor>, alpha: Tensor): Tree<Tensor> => {
    const [from, to] = [flatten<Tensor>(a), flatten<Tensor>(b)]
    return from.rebuild(from.list.map((p, i) => (p.dtype === 'f32' ? add(p, mul(sub(to.list[i]!, p), alpha)) : p)))
  }
  const compare = compile<[Tree<NDArray>, Tree<NDArray>, NDArray, NDArray, NDArray, NDArray], Record<string, NDArray>>(
    (a: Tree<Tensor>, b: Tree<Tensor>, alpha: Tensor, beta: Tensor, xs: Tensor, ys: Tensor) => {
      const along = (t: Tensor) => crossEntropy(mul(logits(between(a, b, t), xs), beta), ys)
      const [f0, f1] = [logits(a, xs), logits(b, xs)]
      const delta = sub(f1, f0)
      const p = softmax(mul(logits(between(a, b, alpha), xs), beta), 1)
      const first = sum(mul(p, delta), 1, true)
      const off = sub(delta, first)
      return {
        soup: along(alpha),
        ensemble: crossEntropy(mul(add(f0, mul(delta, alpha)), beta), ys),
        curvature: grad(grad(along))(alpha),
        variance: mul(mean(sum(mul(p, mul(off, off)), 1)), mul(beta, beta)),
      }
    },
    runtime,
  )
  const predict = predictor(logits, x, runtime)
  const labels = numbersOf(y)
  return async (a, b, { alpha = 0.5, beta } = {}) => {
    const scalar = (v: number) => f32([v], [])
    const best = beta ?? calibration(await predict(mixTrees([a, b], interpolated(alpha))), labels)
    const found = await compare(a, b, scalar(alpha), scalar(best), x, y)
    const [soup, ensemble, curvature, variance] = ['soup', 'ensemble', 'curvature', 'variance'].map(k => item(found[k]!)) as [
      number,
      number,
      number,
      number,
    ]
    return { soup, ensemble, beta: best, curvature, variance, approximation: ((alpha * (1 - alpha)) / 2) * (variance - curvature) }
  }
}
