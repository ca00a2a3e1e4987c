/** Residual rules of the transformer. */
import { add, mul } from '../ops/index.ts'
import { type Residual, residualRule } from './compose.ts'

/** x + dropout(f(norm(x))) (Xiong et al. 2020). */
export const preNorm: Residual = residualRule((x, run) => add(x, run.dropout(run.branch(run.norm(x)))))

/** norm(alpha·x + dropout(f(x))): with alpha 1 the first transformer's (Vaswani et al. 2017), with other values DeepNorm's (Wang et al. 2022). */
export const postNorm = ({ alpha = 1 }: { readonly alpha?: number } = {}): Residual =>
  residualRule((x, run) => run.norm(add(alpha === 1 ? x : mul(x, alpha), run.dropout(run.branch(x)))))
