/** MLPs, the recurrent net, the optimiser alone. Their equals are in torch/workloads.py. */
import { crossEntropy, f32, mse, nn, relu } from '../engine.ts'
import { type Options, Parameters, train, type Workload } from '../trainer.ts'

function perceptron(sizes: readonly number[], options: Options): Promise<Workload> {
  const layers: nn.Layer[] = []
  sizes.slice(1).forEach((to, i) => {
    if (i > 0) layers.push(nn.fn(relu))
    layers.push(nn.linear(sizes[i]!, to, { init: nn.torchDefault }))
  })
  return train(
    nn.sequence(...layers),
    (apply, { x, y }) => mse(apply(x!), y!),
    path => {
      const [index, kind] = path.split('/')
      return { name: `${index}.${kind === 'w' ? 'weight' : 'bias'}`, swap: kind === 'w' }
    },
    options,
  )
}

export const mlp = (options: Options): Promise<Workload> => perceptron([8, 256, 256, 1], options)
export const mlp50m = (options: Options): Promise<Workload> => perceptron([1024, 4096, 4096, 4096, 3072], options)

export function recurrent(options: Options): Promise<Workload> {
  const names: Record<string, string> = {
    'tok/table': 'tok.weight',
    'lstm/input': 'lstm.weight_ih_l0',
    'lstm/hidden': 'lstm.weight_hh_l0',
    'lstm/inputBias': 'lstm.bias_ih_l0',
    'lstm/hiddenBias': 'lstm.bias_hh_l0',
    'head/w': 'head.weight',
    'head/b': 'head.bias',
  }
  const model = nn.sequence({
    tok: nn.embedding(65, 128, { init: nn.normal(1) }),
    lstm: nn.lstm(128, 128),
    head: nn.linear(128, 65, { init: nn.torchDefault }),
  })
  return train(
    model,
    (apply, { x, y }) => crossEntropy(apply(x!), y!),
    path => ({ name: names[path]!, swap: /\/(w|input|hidden)$/.test(path) }),
    options,
  )
}

export async function update50m({ threads }: Options): Promise<Workload> {
  const zeros = Array.from({ length: 16 }, () => f32(new Float32Array(1024 * 3072), [1024, 3072]))
  const params = await Parameters.create(zeros, { lr: 1e-3 }, threads)
  for (const g of params.gradients) {
    const data = g.data as Float32Array
    for (let i = 0; i < data.length; i++) data[i] = ((i * 2654435761) % 1000) * 1e-6 - 5e-4
  }
  return {
    parameters: params.count,
    step: async () => {
      params.update()
      return []
    },
    take: w => params.take(w, path => ({ name: path, swap: false })),
    dump: () => params.dump(path => ({ name: path, swap: false })),
  }
}
