/** The transformers: GPT, tabular, deep. Their equals are in torch/workloads.py. */
import { add, broadcastTo, concat, crossEntropy, expandDims, mse, mul, nn, relu, reshape, type Shape, slice } from '../engine.ts'
import { type Options, type PeerName, train, type Workload } from '../trainer.ts'

const VOCABULARY = 65

/** Parameters of blocks under their names in torch/transformer.py. */
const INSIDE: Readonly<Record<string, string>> = {
  'attention/norm/gain': 'ln1.weight',
  'attention/norm/bias': 'ln1.bias',
  'attention/branch/qkv': 'attn.qkv.weight',
  'attention/branch/qkvBias': 'attn.qkv.bias',
  'attention/branch/out': 'attn.proj.weight',
  'attention/branch/outBias': 'attn.proj.bias',
  'ffn/norm/gain': 'ln2.weight',
  'ffn/norm/bias': 'ln2.bias',
  'ffn/branch/up/w': 'ffn.up.weight',
  'ffn/branch/up/b': 'ffn.up.bias',
  'ffn/branch/down/w': 'ffn.down.weight',
  'ffn/branch/down/b': 'ffn.down.bias',
}
const OUTSIDE: Readonly<Record<string, string>> = {
  'tok/table': 'tok.weight',
  'pos/table': 'pos.weight',
  'ln/gain': 'ln.weight',
  'ln/bias': 'ln.bias',
  'head/w': 'head.weight',
  'head/b': 'head.bias',
  'tokens/weight': 'weight',
  'tokens/bias': 'bias',
  'tokens/cls': 'cls',
}

const peer: PeerName = path => {
  const found = /^blocks\/(?:(\d+)\/)?(.*)$/.exec(path)
  const name = found ? `blocks.${found[1] ?? '#'}.${INSIDE[found[2]!]}` : OUTSIDE[path]
  return { name: name!, swap: /\/(w|qkv|out)$/.test(path) }
}

const small = { init: nn.normal(0.02) }

interface BlockOf {
  readonly d: number
  readonly heads: number
  readonly causal: boolean
  readonly dropout: number
  readonly ffn?: Parameters<typeof nn.ffn>[1]
}
const block = ({ d, heads, causal, dropout, ffn = {} }: BlockOf) => {
  const { init } = small
  return nn.block({
    d,
    attention: nn.attention(d, { heads, causal, dropout, init: { q: init, k: init, v: init, out: init } }),
    ffn: nn.ffn(d, { ...ffn, init: { up: init, down: init } }),
    dropout,
  })
}

export function gpt(options: Options): Promise<Workload> {
  const [d, time] = [128, 128]
  const model = nn.sequence({
    tok: nn.embedding(VOCABULARY, d),
    pos: nn.learnedPositions(time, d),
    drop: nn.dropout(options.dropout),
    blocks: nn.sequence(...Array.from({ length: 4 }, () => block({ d, heads: 4, causal: true, dropout: options.dropout }))),
    ln: nn.layerNorm(d),
    head: nn.linear(d, VOCABULARY, { bias: false, ...small }),
  })
  return train(model, (apply, { x, y }) => crossEntropy(apply(x!), y!), peer, options)
}

/** Numbers to tokens: value · weight + bias, and CLS after them. */
const tokens = (features: number, d: number): nn.Layer =>
  nn.layer<{ weight: import('../engine.ts').Tensor; bias: import('../engine.ts').Tensor; cls: import('../engine.ts').Tensor }>({
    parameters: {
      weight: nn.free([features, d], nn.normal(1 / 8)),
      bias: nn.free([features, d], nn.normal(1 / 8)),
      cls: nn.free([d], nn.normal(1 / 8)),
    },
    apply: ({ weight, bias, cls }, _state, x) => {
      const cell = (shape: Shape) => broadcastTo(reshape(cls, [1, 1, d]), shape)
      return concat([add(mul(expandDims(x, 2), weight), bias), cell([x.shape[0]!, 1, d])], 1)
    },
  })

export function tabular(options: Options): Promise<Workload> {
  const d = 64
  const { dropout } = options
  const ffn = { hidden: 128, gated: true, activation: relu, dropout }
  const model = nn.sequence({
    tokens: tokens(8, d),
    blocks: nn.sequence(...Array.from({ length: 3 }, () => block({ d, heads: 4, causal: false, dropout, ffn }))),
    last: nn.fn(h => reshape(slice(h, [null, [8, 9]]), [-1, d])),
    ln: nn.layerNorm(d),
    relu: nn.fn(relu),
    head: nn.linear(d, 1, small),
  })
  return train(model, (apply, { x, y }) => mse(apply(x!), y!), peer, options)
}

export function deep(options: Options): Promise<Workload> {
  const [d, time] = [16, 16]
  const tok = nn.embedding(VOCABULARY, d)
  const model = nn.sequence({
    tok,
    pos: nn.learnedPositions(time, d),
    drop: nn.dropout(options.dropout),
    blocks: nn.repeat(options.layers, block({ d, heads: 2, causal: true, dropout: options.dropout })),
    ln: nn.layerNorm(d),
    head: tok.readout(),
  })
  const factors = (path: string) => {
    if (path === 'tok/table' || path === 'pos/table') return { lr: 1, decay: 1 }
    return /\/(w|qkv|out)$/.test(path) ? { lr: 0.5, decay: 1 } : { lr: 2, decay: 0 }
  }
  return train(model, (apply, { x, y }) => crossEntropy(apply(x!), y!), peer, options, { lr: 1e-3, factors, clipNorm: 1 }, 2)
}
