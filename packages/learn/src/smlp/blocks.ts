/** Blocks of all-MLP language models. */
import { gelu, nn } from '@dioramic/tensor'
import { type SpatialGateOptions, spatialGate } from './spatial-gate.ts'
import { type TokenExpertsOptions, tokenExperts } from './token-experts.ts'

export interface GmlpOptions extends SpatialGateOptions {
  /** Features before the gate; 4·d by default. */
  readonly hidden?: nn.Size
  /** Default `preNorm`. */
  readonly residual?: nn.Residual
  /** Rate on what the block adds. */
  readonly dropout?: number
}

/**
 * The gMLP block (Liu et al. 2021), causal: x + V·gate(gelu(U·norm(x))), x [batch, time ≤ length, d]. It needs no embedding of positions. Parameters `norm` and `branch/{up, gate, down}`.
 * With `chunks` (and `routing`) it is the spatial module of the sparse all-MLP.
 */
export function gmlpBlock(d: nn.Size, { hidden = nn.times(d, 4), residual = nn.preNorm, dropout = 0, ...gate }: GmlpOptions): nn.Layer {
  const branch = nn.sequence({
    up: nn.linear(d, hidden),
    act: nn.fn(x => gelu(x)),
    gate: spatialGate(hidden, gate),
    down: nn.linear(nn.times(hidden, 0.5), d),
  })
  return residual(branch, nn.layerNorm(d), nn.dropout(dropout))
}

export interface SparseBlockOptions {
  /** The spatial module (sMoE): a gMLP block with a matrix for each of some chunks. */
  readonly spatial: SpatialGateOptions & { readonly hidden?: nn.Size }
  /** The token-wise module (tMoE): a mixture in the place of a feed-forward net. */
  readonly tokens: TokenExpertsOptions
  readonly residual?: nn.Residual
  readonly dropout?: number
}

/** The sparse block of the sparse all-MLP (Yu et al. 2022): feature-wise experts over positions, then token-wise experts over features. Parameters `spatial` and `tokens`, each `norm` and `branch`. */
export const sparseBlock = (d: nn.Size, { spatial, tokens, residual = nn.preNorm, dropout = 0 }: SparseBlockOptions): nn.Layer =>
  nn.sequence({
    spatial: gmlpBlock(d, { ...spatial, residual, dropout }),
    tokens: residual(tokenExperts(d, tokens), nn.layerNorm(d), nn.dropout(dropout)),
  })
