/** A feed-forward net for each expert; every token goes through those that the router chooses. */
import { add, gelu, matmul, nn, reshape, type Tensor } from '@dioramic/tensor'
import { needWhole, SmlpError } from './error.ts'
import type { Router } from './routers/router.ts'
import { assignSlots, fromSlots, toSlots, weighted } from './slots.ts'
import { type ExpertStatistics, statisticsOf, statisticsState } from './statistics.ts'

export interface TokenExpertsOptions {
  readonly experts: number
  readonly router: Router
  /** Hidden size of an expert; 4·d by default. */
  readonly hidden?: nn.Size
  readonly activation?: (x: Tensor) => Tensor
}

interface Params {
  readonly up: Tensor
  readonly upBias: Tensor
  readonly down: Tensor
  readonly downBias: Tensor
  readonly router: Readonly<Record<string, Tensor>>
}

/**
 * A mixture of feed-forward nets in the place of one (Shazeer et al. 2017): x [..., d] → [..., d]. Parameters `up` [experts, d, hidden], `upBias`, `down` [experts, hidden, d], `downBias` and the
 * router's under `router`. State `experts`: the batch's statistics (`balanceLoss`, `expertMetrics`). A token that is dropped gets zeros: the residual stream carries it.
 */
export function tokenExperts(
  d: nn.Size,
  { experts, router, hidden = nn.times(d, 4), activation = x => gelu(x) }: TokenExpertsOptions,
): nn.Layer {
  needWhole('the number of experts', experts)
  const width = nn.sizeOf(d)
  const copies = (p: nn.Parameter) => p.with({ stack: [experts] })
  const use = (x: Tensor, context: nn.Context, dims: readonly nn.Size[]) => nn.scaledUse(x, context, { kind: 'hidden', dims })
  return nn.layer<Params, { experts: ExpertStatistics }>({
    parameters: {
      up: copies(nn.weight([d, hidden])),
      upBias: copies(nn.bias(hidden)),
      down: copies(nn.weight([hidden, d])),
      downBias: copies(nn.bias(d)),
      router: router.parameters(d, experts),
    },
    state: { experts: statisticsState(experts) },
    apply: (p, _state, x, context) => {
      if (x.rank < 2 || x.shape.at(-1) !== width) throw new SmlpError(`token experts take [..., ${width}], not [${x.shape.join(',')}]`)
      const rows = reshape(x, [x.size / width, width])
      const routing = router.route(p.router, rows, { experts, context })
      const slots = assignSlots(routing.expert, experts, routing.capacity)
      const wide = (b: Tensor) => reshape(b, [experts, 1, b.shape[1]!])
      const h = activation(add(use(matmul(toSlots(rows, slots), p.up), context, [d, hidden]), wide(p.upBias)))
      const y = add(use(matmul(h, p.down), context, [hidden, d]), wide(p.downBias))
      return [reshape(weighted(fromSlots(y, slots), routing.weight), x.shape), { experts: statisticsOf(routing, slots) }]
    },
  })
}
