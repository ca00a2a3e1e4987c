/** Stacks with blocks left out: what the depth of a trained model is worth. */
import { flatten, type NDArray, type Tree } from '@dioramic/tensor'
import { DepthError } from './error.ts'

/**
 * The parameters of a model whose stack `at` (the path of an `nn.repeat`, such as `blocks`) keeps only the blocks `from` … `to` − 1 left out. Use them with the same model declared so many
 * blocks shorter, its residual rule unchanged: alpha stays that of the full depth.
 *
 * @throws DepthError where there is no such stack, or nothing would be left
 */
export function withoutBlocks(params: Tree<NDArray>, at: string, from: number, to: number): Tree<NDArray> {
  const { list, paths, rebuild } = flatten<NDArray>(params)
  if (!paths.some(p => p.startsWith(`${at}/`)))
    throw new DepthError(`withoutBlocks: no parameters under "${at}"; there are ${paths.slice(0, 8).join(', ')}`)
  return rebuild(
    list.map((a, i) => {
      if (!paths[i]!.startsWith(`${at}/`)) return a
      const [layers, ...rest] = a.shape as [number, ...number[]]
      if (!(0 <= from && from < to && to <= layers) || to - from === layers)
        throw new DepthError(`withoutBlocks: a stack of ${layers} blocks cannot do without ${from} to ${to}`)
      const each = a.data.length / layers
      const data = new Float32Array((layers - to + from) * each)
      data.set((a.data as Float32Array).subarray(0, from * each))
      data.set((a.data as Float32Array).subarray(to * each), from * each)
      return { ...a, shape: [layers - to + from, ...rest], data }
    }),
  ) as Tree<NDArray>
}
