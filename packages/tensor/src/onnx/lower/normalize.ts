/** Layer norm, fused, and its derivative. */
import { attribute } from '../proto/index.ts'
import type { Lowering } from './lowering.ts'

const layerNormLowering: Lowering<{ epsilon: number }> = (e, { attrs }, x, y) =>
  e.emitAll('LayerNormalization', x, y, { axis: attribute.int(-1), epsilon: attribute.float(attrs.epsilon) })

/** The two means over the last axis are matrix products with γ/d; the sums over rows reduce. */
const layerNormGradLowering: Lowering = (e, { inputs }, [x, mean, inv, gamma, g], [dx, dGamma, dBeta]) => {
  const { rank, shape } = inputs[0]!
  const d = shape.at(-1)!
  const lead = Array.from({ length: rank - 1 }, (_, i) => i)
  const hat = e.emit('Mul', [e.emit('Sub', [x!, mean!]), inv!])
  const gHat = e.emit('Mul', [g!, hat])
  const column = e.reshape(e.emit('Mul', [gamma!, e.scalar(1 / d)]), [d, 1])
  const m1 = e.emit('MatMul', [g!, column])
  const m2 = e.emit('MatMul', [gHat, column])
  const inner = e.emit('Sub', [e.emit('Sub', [e.emit('Mul', [g!, gamma!]), m1]), e.emit('Mul', [hat, m2])])
  e.emit('Mul', [inner, inv!], {}, dx)
  if (lead.length === 0) {
    e.emit('Identity', [gHat], {}, dGamma)
    e.emit('Identity', [g!], {}, dBeta)
  } else {
    e.sum(gHat, lead, false, dGamma)
    e.sum(g!, lead, false, dBeta)
  }
}

export const normalize: Record<string, Lowering> = { layerNorm: layerNormLowering as Lowering, layerNormGrad: layerNormGradLowering }
