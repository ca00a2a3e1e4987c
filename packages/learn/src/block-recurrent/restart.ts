/** Documents that begin: the rows of a batch whose past is to be forgotten. */
import { cast, flatten, mul, sub, type Tensor, type Tree } from '@dioramic/tensor'

/**
 * The state of a model in which some rows begin a new document: layers of this folder then see no cached key and begin with the learned initial state; all other state is as it was. `start`
 * is bool or f32 [batch], true where a document begins with the segment. Works on decoders' states, too.
 */
export function restart(state: Tree<Tensor>, start: Tensor): Tree<Tensor> {
  const { list, paths, rebuild } = flatten<Tensor>(state)
  const stays = sub(1, cast(start, 'f32'))
  // Every past has a leaf `seen`; copies of a `repeat` have theirs side by side, the batch last.
  return rebuild(list.map((t, i) => (/(^|\/)seen$/.test(paths[i]!) ? mul(t, stays) : t)))
}
