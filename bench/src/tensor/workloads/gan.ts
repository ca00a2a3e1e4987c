/** DCGAN: one update of D, then one of G through the new D. Its equal is in torch/workloads.py. */
import {
  add,
  binaryCrossEntropy,
  compile,
  constant,
  f32,
  flatten,
  hostCall,
  Key,
  leakyRelu,
  type NDArray,
  nn,
  nodeRuntime,
  relu,
  reshape,
  stopGradient,
  type Tensor,
  type Tree,
  type Type,
  tanh,
  valueAndGradWith,
} from '../engine.ts'
import { type Options, Parameters, type PeerName, type Workload } from '../trainer.ts'

type Trees = Tree<Tensor>

const init = nn.normal(0.02)
const down = (from: number, to: number, stride: number, padding: number) => nn.conv2d(from, to, 4, { stride, padding, bias: false, init })
const up = (from: number, to: number, stride: number, padding: number) =>
  nn.convTranspose(from, to, 4, { stride, padding, bias: false, init })
const leaky = nn.fn(x => leakyRelu(x, 0.2))

/** Places in the lists are the peer's names. */
const generator = nn.sequence(
  up(100, 256, 1, 0), nn.batchNorm(256), nn.fn(relu),
  up(256, 128, 2, 1), nn.batchNorm(128), nn.fn(relu),
  up(128, 64, 2, 1), nn.batchNorm(64), nn.fn(relu),
  up(64, 3, 2, 1), nn.fn(tanh),
) // biome-ignore format: a line a stage
const discriminator = nn.sequence(
  down(3, 64, 2, 1),
  leaky,
  down(64, 128, 2, 1),
  nn.batchNorm(128),
  leaky,
  down(128, 256, 2, 1),
  nn.batchNorm(256),
  leaky,
  down(256, 1, 1, 0),
)

const peer =
  (net: 'g' | 'd'): PeerName =>
  path => {
    const [index, kind] = path.split('/')
    return { name: `${net}.${index}.${kind === 'bias' ? 'bias' : 'weight'}`, swap: false }
  }

export async function gan({ threads }: Options): Promise<Workload> {
  const runtime = nodeRuntime({ threads })
  const rule = { lr: 2e-4, betas: [0.5, 0.999], weightDecay: 0 } as const
  const key = Key.fromSeed(1)
  const [g0, d0] = [generator.init(key.fork('g')), discriminator.init(key.fork('d'))]
  const g = await Parameters.create(g0.params, rule, threads)
  const d = await Parameters.create(d0.params, rule, threads)
  const draw = (p: Trees, state: Trees, z: Tensor) => generator.apply(p, state, reshape(z, [-1, 100, 1, 1]), { train: true })
  const judge = (p: Trees, state: Trees, x: Tensor, target: number) => {
    const [y, next] = discriminator.apply(p, state, x, { train: true })
    const logits = reshape(y, [-1])
    return [binaryCrossEntropy(logits, constant(f32(new Array<number>(logits.size).fill(target)))), next] as const
  }
  // One graph: D's gradients, its update in the midst of it, and G's through the new D, so that G draws but once.
  const types = flatten<NDArray>(d.values).list.map(({ dtype, shape }) => ({ dtype, shape }) as Type)
  const updateD = (...gradients: readonly NDArray[]): readonly NDArray[] => {
    gradients.forEach((g, i) => {
      ;(d.gradients[i]!.data as Float32Array).set(g.data as Float32Array)
    })
    d.update()
    return flatten<NDArray>(d.values).list
  }
  const both = compile(
    ((gp: Trees, gs: Trees, dp: Trees, ds: Trees, real: Tensor, z: Tensor) => {
      const [lossG, more, gradients] = valueAndGradWith((p: Trees) => {
        const [fake, g1] = draw(p, gs, z)
        const [lossD, d1, ofD] = valueAndGradWith((q: Trees) => {
          const [onReal, s1] = judge(q, ds, real, 1)
          const [onFake, s2] = judge(q, s1, stopGradient(fake), 0)
          return [add(onReal, onFake), s2] as const
        })(dp)
        const after = flatten<Tensor>(dp).rebuild(hostCall('update of D', flatten<Tensor>(ofD).list, types, updateD))
        const [loss, d2] = judge(after, d1, fake, 1)
        return [loss, [lossD, g1, d2]] as const
      })(gp)
      return [lossG, more, gradients]
    }) as never,
    runtime,
  )
  // States in two places, taken in turn: an output must not lie where an input does.
  const copies = (tree: Tree<NDArray>): NDArray[] => flatten<NDArray>(tree).list.map(a => ({ ...a, data: a.data.slice() }) as NDArray)
  const list = (tree: Tree<NDArray>) => flatten<NDArray>(tree).list
  const [gsA, gsB, dsA, dsB] = [list(g0.state), copies(g0.state), list(d0.state), copies(d0.state)]
  const values = [f32(new Float32Array(1), []), f32(new Float32Array(1), [])] as const
  let turn = false
  const first = (a: NDArray) => (a.data as Float32Array)[0]!
  return {
    parameters: g.count + d.count,
    step: async batch => {
      const [real, z] = [batch['real']!, batch['z']!]
      const executable = await both.executable(...([g.values, g0.state, d.values, d0.state, real, z] as never[] as []))
      const [gs, ds] = turn ? [gsB, dsB] : [gsA, dsA]
      const [gsNext, dsNext] = turn ? [gsA, dsA] : [gsB, dsB]
      turn = !turn
      await executable.run(
        [...list(g.values), ...gs, ...list(d.values), ...ds, real, z],
        [values[1], values[0], ...gsNext, ...dsNext, ...g.gradients],
      )
      g.update()
      return values.map(first)
    },
    take: w => {
      g.take(w, peer('g'))
      d.take(w, peer('d'))
    },
    dump: () => ({ ...g.dump(peer('g')), ...d.dump(peer('d')) }),
  }
}
