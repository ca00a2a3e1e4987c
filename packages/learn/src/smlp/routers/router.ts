import type { nn, Tensor } from '@dioramic/tensor'

/** Where a router sends each row: row t's output is Σₖ weight[k, t] · expert[k, t](row t), and dropped choices add nothing. */
export interface Routing {
  /** i64 [choices, rows]; the number of experts for a choice that is void. */
  readonly expert: Tensor
  /** f32 [choices, rows]; through it the router's parameters learn. */
  readonly weight: Tensor
  /** Rows that an expert takes. */
  readonly capacity: number
  /** f32 scalar to add to the loss, times its coefficient already; absent where a router needs none. */
  readonly balance?: Tensor
  /** f32 [rows, experts], where the router has them. */
  readonly probabilities?: Tensor
}

export interface RouteOptions {
  readonly experts: number
  readonly context: nn.Context
}

/** How rows are shared out among experts: tokens among feed-forward nets, chunks of features among spatial matrices. */
export interface Router {
  readonly name: string
  /** Experts that one row goes to. */
  choices(experts: number): number
  /** Declarations of what it learns, for rows of size d. */
  parameters(d: nn.Size, experts: number): { readonly [name: string]: nn.Parameter }
  /** Routes rows x [rows, d]. Evaluation (`context.train` false) must drop nothing. */
  route(params: Readonly<Record<string, Tensor>>, x: Tensor, options: RouteOptions): Routing
}
