/** Gates that mix positions by learned matrices: gMLP's, and the sparse all-MLP's, which has a matrix for each of some experts. */
import {
  add,
  equal,
  gather,
  iota,
  layerNorm,
  matmul,
  mean,
  mul,
  nn,
  reshape,
  slice,
  split,
  type Tensor,
  transpose,
  tril,
  where,
} from '@dioramic/tensor'
import { needWhole, SmlpError } from './error.ts'
import { prefixLength } from './partial.ts'
import type { Router } from './routers/router.ts'
import { assignSlots, fromSlots, toSlots, weighted } from './slots.ts'
import { type ExpertStatistics, statisticsOf, statisticsState } from './statistics.ts'

/** Chunks that choose their expert. */
export interface ChunkRouting {
  readonly router: Router
  /** Spatial experts; as many as chunks by default. */
  readonly experts?: number
  /**
   * Share of the positions, from the first, whose mean a chunk is routed by. Default 0.2 (partial prediction: leave the loss of those positions out, `partialWeights`). With more than is left
   * out of the loss, the routing tells of the future.
   */
  readonly prefix?: number
}

export interface SpatialGateOptions {
  /** Positions of the longest text. */
  readonly length: number
  /** Equal parts of the gate's features, each with a matrix of its own. Default 1: gMLP. */
  readonly chunks?: number
  /** Absent: chunk i goes to expert i (the deterministic sparse all-MLP). */
  readonly routing?: ChunkRouting
}

interface Params {
  readonly gain: Tensor
  readonly bias: Tensor
  /** [experts, length, length], of which what is above the diagonal is not used. */
  readonly w: Tensor
  readonly b: Tensor
  readonly router: Readonly<Record<string, Tensor>>
}

/**
 * The spatial gating unit (Liu et al. 2021, "Pay attention to MLPs"), causal: x [batch, time ≤ length, e] → [batch, time, e/2]. x is split into Z₁ and Z₂; the output is
 * Z₁ · (tril(W)·norm(Z₂) + b), W mixing positions. A shorter text takes W's top-left corner. W starts near 0 and b at 1, so the gate starts open.
 *
 * With `chunks` Z₂'s features (normalised together) are cut into so many equal parts, each mixed by the matrix of its expert: as many experts as multiply–adds of one. Parameters `gain`,
 * `bias` [e/2], `w` [experts, length, length], `b` [experts, length], with routing the router's under `router`. With routing there is the state `experts`.
 *
 * The decoder keeps the normalised Z₂ of each position. Chunks that choose by a prefix cannot be decoded token by token: the prefix is not there yet.
 */
export function spatialGate(e: nn.Size, { length, chunks = 1, routing }: SpatialGateOptions): nn.Layer {
  needWhole('the length of a spatial gate', length)
  needWhole('the number of chunks', chunks)
  const experts = routing?.experts ?? chunks
  needWhole('the number of spatial experts', experts)
  if (!routing && experts !== chunks) throw new SmlpError(`${experts} experts for ${chunks} chunks`)
  const wide = nn.sizeOf(e)
  if (wide % (2 * chunks) !== 0)
    throw new SmlpError(
      `a gate of ${wide} features has halves that do not divide into ${chunks} chunks: its size must be a multiple of ${2 * chunks}`,
    )
  const half = nn.times(e, 0.5)
  const n = wide / 2
  const c = n / chunks
  const parameters = {
    gain: nn.gain(half),
    bias: nn.bias(half),
    w: nn.free([experts, length, length], nn.uniform(1e-3 / length)),
    b: nn.free([experts, length], nn.ones),
    router: routing ? routing.router.parameters(c, experts) : {},
  }
  const halves = (p: Params, x: Tensor): readonly [Tensor, Tensor] => {
    if (x.rank !== 3 || x.shape[2] !== wide) throw new SmlpError(`a spatial gate takes [batch, time, ${wide}], not [${x.shape.join(',')}]`)
    const [z1, z2] = split(x, 2, -1) as [Tensor, Tensor]
    return [z1, layerNorm(z2, p)]
  }
  const corner = (p: Params, time: number): readonly [Tensor, Tensor] => {
    if (time > length)
      throw new SmlpError(`a text of ${time} positions; the spatial matrices have ${length}: build the gate with length ${time} or more`)
    if (time === length) return [tril(p.w), p.b]
    return [
      tril(
        slice(p.w, [
          [0, experts],
          [0, time],
          [0, time],
        ]),
      ),
      slice(p.b, [
        [0, experts],
        [0, time],
      ]),
    ]
  }
  /** [experts, time, features] mixed over time. */
  const mixed = (p: Params, z: Tensor): Tensor => {
    const [w, b] = corner(p, z.shape[1]!)
    return add(matmul(w, z), reshape(b, [experts, z.shape[1]!, 1]))
  }

  if (!routing)
    return nn.layer<Params>({
      parameters,
      apply: (p, _state, x) => {
        const [z1, z2] = halves(p, x)
        const [batch, time] = x.shape as [number, number]
        const columns = reshape(transpose(reshape(z2, [batch, time, chunks, c]), [2, 1, 0, 3]), [chunks, time, batch * c])
        const gate = transpose(reshape(mixed(p, columns), [chunks, time, batch, c]), [2, 1, 0, 3])
        return mul(z1, reshape(gate, [batch, time, n]))
      },
      decoder: ({ batch, length: held }) => {
        if (held > length) throw new SmlpError(`a decoder of ${held} positions; the spatial matrices have ${length}`)
        return nn.layer<Params, { past: Tensor }>({
          parameters,
          state: { past: nn.statistic([chunks, held, batch * c]) },
          apply: (p, { past: before }, x, context) => {
            const [z1, z2] = halves(p, x)
            if (x.shape[1] !== 1) throw new SmlpError(`a decoder takes one token at a time, not ${x.shape[1]}`)
            const position = nn.positionOf(context)
            const now = reshape(transpose(reshape(z2, [batch, chunks, c]), [1, 0, 2]), [chunks, 1, batch * c])
            const past = where(reshape(equal(iota(held), position), [held, 1]), now, before)
            const [w, b] = corner(p, held)
            const at = (t: Tensor) => gather(t, reshape(position, [1]), 1)
            const gate = add(matmul(at(w), past), reshape(at(b), [chunks, 1, 1]))
            return [mul(z1, reshape(transpose(reshape(gate, [chunks, batch, c]), [1, 0, 2]), [batch, 1, n])), { past }]
          },
        })
      },
    })

  return nn.layer<Params, { experts: ExpertStatistics }>({
    parameters,
    state: { experts: statisticsState(experts) },
    apply: (p, _state, x, context) => {
      const [z1, z2] = halves(p, x)
      const [batch, time] = x.shape as [number, number]
      const pieces = transpose(reshape(z2, [batch, time, chunks, c]), [0, 2, 1, 3])
      const prefix = prefixLength(time, routing.prefix)
      const told = reshape(
        mean(
          slice(pieces, [
            [0, batch],
            [0, chunks],
            [0, prefix],
          ]),
          2,
        ),
        [batch * chunks, c],
      )
      const route = routing.router.route(p.router, told, { experts, context })
      const slots = assignSlots(route.expert, experts, route.capacity)
      const sent = toSlots(reshape(pieces, [batch * chunks, time * c]), slots)
      const columns = reshape(transpose(reshape(sent, [experts, route.capacity, time, c]), [0, 2, 1, 3]), [
        experts,
        time,
        route.capacity * c,
      ])
      const back = transpose(reshape(mixed(p, columns), [experts, time, route.capacity, c]), [0, 2, 1, 3])
      const gates = weighted(fromSlots(reshape(back, [experts, route.capacity, time * c]), slots), route.weight)
      const gate = reshape(transpose(reshape(gates, [batch, chunks, time, c]), [0, 2, 1, 3]), [batch, time, n])
      return [mul(z1, gate), { experts: statisticsOf(route, slots) }]
    },
    decoder: () => {
      throw new SmlpError(
        'chunks that choose their expert by a prefix cannot be decoded token by token: use the deterministic gate (no routing)',
      )
    },
  })
}
