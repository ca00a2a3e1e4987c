/**
 * A character language model of 1,000 layers: tied embeddings, dropout, clipping by the global norm, AdamW with factors for each parameter, two batches an update.
 *
 *   node --conditions=@dioramic/source packages/tensor/examples/deep-lm.ts --text tinyshakespeare.txt --updates 300 --threads 2 --checkpoint out/deep.safetensors
 *
 * Killed and started again with the same arguments it goes on bit by bit as if nothing had happened.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import {
  crossEntropy,
  decoder,
  fit,
  Key,
  nn,
  optim,
  randomWindows,
  spec,
  type Tensor,
  type Tree,
  trainStep,
  type Vocabulary,
  vocabulary,
} from '@dioramic/tensor'
import { checkpointFile, createArena, nodeRuntime, terminalLog } from '@dioramic/tensor/node'

export interface DeepOptions {
  readonly layers: number
  readonly width?: number
  readonly heads?: number
  readonly time?: number
  readonly batch?: number
  readonly dropout?: number
}

/** The model: DeepNorm (Wang et al., "DeepNet", 2022) is a residual rule and an init of the branches' weights, nothing more. */
export function deepLm(vocabularySize: number, { layers, width = 16, heads = 2, time = 16, dropout = 0.1 }: DeepOptions): nn.Layer {
  const d = nn.dim('model', width)
  const beta = (8 * layers) ** -0.25
  const block = nn.block({
    d,
    attention: nn.attention(d, {
      heads,
      causal: true,
      dropout,
      init: { q: nn.xavier(), k: nn.xavier(), v: nn.xavier(beta), out: nn.xavier(beta) },
    }),
    ffn: nn.ffn(d, { init: { up: nn.xavier(beta), down: nn.xavier(beta) } }),
    residual: nn.postNorm({ alpha: (2 * layers) ** 0.25 }),
    dropout,
  })
  const embedding = nn.embedding(vocabularySize, d, { init: nn.normal(1 / Math.sqrt(width)) })
  return nn.sequence({ embedding, positions: nn.learnedPositions(time, d), blocks: nn.repeat(layers, block), readout: embedding.readout() })
}

/** A run of it on a text, ready to be stepped. */
export async function deepTraining(text: string, options: DeepOptions & { readonly threads?: number; readonly updates?: number }) {
  const { threads = 1, updates = 300, time = 16, batch = 4 } = options
  const characters: Vocabulary = vocabulary(text)
  const model = deepLm(characters.size, options)
  const key = Key.fromSeed(0)
  const { params, state } = model.init(key.fork('init'), spec('i64', [batch, time]))
  const loss = (p: Tree<Tensor>, s: Tree<Tensor>, { x, y }: { x: Tensor; y: Tensor }, k: Tensor) => {
    const [logits, next] = model.apply(p, s, x, { key: k, train: true })
    return [crossEntropy(logits, y), next] as const
  }
  const rule = optim.chain(
    optim.clipByGlobalNorm(1),
    optim.adamw({ lr: optim.cosine(3e-3, updates, { warmup: Math.ceil(updates / 10) }), betas: [0.9, 0.98], weightDecay: 0.01 }),
    optim.noDecay(),
    optim.scaleUpdates(path => (path.startsWith('embedding') ? { lr: 2 } : {})),
    optim.scaleUpdates(nn.factorsOf(model)),
  )
  const runtime = nodeRuntime({ threads })
  const training = await trainStep(loss, rule, {
    runtime,
    arena: bytes => createArena(bytes, threads),
    params,
    state,
    key: key.fork('train'),
    accumulate: 2,
  })
  const batches = randomWindows(characters.encode(text), { batch, time, key: key.fork('batches') })
  return { characters, model, runtime, training, batches }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      text: { type: 'string' },
      layers: { type: 'string', default: '1000' },
      updates: { type: 'string', default: '300' },
      threads: { type: 'string', default: '1' },
      checkpoint: { type: 'string' },
      every: { type: 'string', default: '20' },
    },
  })
  if (!values.text) throw new Error('give a text: --text FILE')
  const [layers, updates, threads, every] = [values.layers, values.updates, values.threads, values.every].map(Number) as [
    number,
    number,
    number,
    number,
  ]
  const { characters, model, runtime, training, batches } = await deepTraining(readFileSync(values.text, 'utf8'), {
    layers,
    updates,
    threads,
  })
  const result = await fit(training, {
    batches,
    updates,
    logEvery: 5,
    logs: [terminalLog()],
    ...(values.checkpoint ? { checkpoint: { every, to: checkpointFile(values.checkpoint, { threads }) } } : {}),
  })
  const writer = decoder(model, training.params, runtime, { batch: 1, length: 16 })
  const start = characters.characters.find(c => /[A-Za-z]/.test(c)) ?? characters.characters[0]!
  const [text] = await writer.generate([characters.encode(start).data as BigInt64Array], {
    count: 15,
    key: Key.fromSeed(1),
    temperature: 0.8,
  })
  const [first, last] = [result.history[0], result.history.at(-1)]
  console.log(
    JSON.stringify({
      updates: result.updates,
      resumed: result.resumed,
      text: characters.decode(text!),
      // Two batches each.
      secondsPerUpdate: first && last && last.step > first.step ? (last.seconds - first.seconds) / (last.step - first.step) : null,
      peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    }),
  )
  await writer.dispose()
  await training.dispose()
}

if (import.meta.main ?? process.argv[1]?.endsWith('deep-lm.ts')) await main()
