import { mean, mul } from '@dioramic/tensor'
import type { Penalty } from '../contracts.ts'

/** weight·D(x)²: keeps scores from drifting where the loss knows only differences (Karras et al. 2018). */
export const drift =
  ({ weight = 1e-3 }: { readonly weight?: number } = {}): Penalty =>
  ({ onReal }) =>
    mul(mean(mul(onReal.scores, onReal.scores)), weight)
