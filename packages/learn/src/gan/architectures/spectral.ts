import { nn, type Tensor, type Tree } from '@dioramic/tensor'
import type { Net } from '../contracts.ts'
import type { Build, BuildOptions } from './options.ts'

/** A net whose weights are divided by their largest singular values (Miyato et al. 2018). */
export function spectrallyNormalised<In, Out>(of: Net<In, Out>): Net<In, Out> {
  const weights = nn.spectral(of.parameters)
  return {
    parameters: of.parameters,
    state: { inner: of.state, u: weights.state },
    apply: (params, state, input, pass) => {
      const s = state as { readonly inner: Tree<Tensor>; readonly u: Readonly<Record<string, Tensor>> }
      const [divided, u] = weights.normalise(params, s.u, pass.train)
      const [out, inner] = of.apply(divided, s.inner, input, pass)
      return [out, { inner, u }]
    },
  }
}

/** SN-GAN: any architecture with a spectrally normalised discriminator. */
export const spectral =
  <O extends BuildOptions>(build: Build<O>): Build<O> =>
  options => {
    const plain = build(options)
    return { ...plain, name: `spectral ${plain.name}`, discriminator: spectrallyNormalised(plain.discriminator) }
  }
