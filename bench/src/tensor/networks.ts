/** What is compared: for each network its batches and how long to run it. The networks themselves are in torch/workloads.py and workloads/. */
import { existsSync, readFileSync } from 'node:fs'
import type { Key } from '@dioramic/scene'
import type { Arrays } from './arrays.ts'

export interface Network {
  readonly name: string
  readonly title: string
  /** Batches in the file, and what is in each. */
  readonly count: number
  batches(count: number, key: Key): Arrays
  /** Steps whose losses are compared with dropout off, where the two sides start from the same weights. */
  readonly compared: number
  readonly rounds: number
  /** Has dropout: it is on when time is taken. */
  readonly dropout: boolean
}

const shakespeare = new URL('../../../../shared/data/tinyshakespeare.txt', import.meta.url)

/** Characters as 0…64 in the order of their codes; without the file, uniform ones. */
function text(key: Key): Uint8Array {
  if (!existsSync(shakespeare)) return Uint8Array.from({ length: 100_000 }, (_, i) => Math.floor(key.fork(i).uniform(0, 65)))
  const bytes = readFileSync(shakespeare)
  const index = new Map([...new Set(bytes)].sort((a, b) => a - b).map((c, i) => [c, i]))
  return bytes.map(c => index.get(c)!)
}

/** Windows of the text and the same moved on by one. */
function windows(count: number, batch: readonly number[], time: number, key: Key): Arrays {
  const all = text(key.fork('text'))
  const shape = [count, ...batch, time]
  const n = shape.reduce((a, b) => a * b, 1)
  const x = new BigInt64Array(n)
  const y = new BigInt64Array(n)
  for (let row = 0; row < n / time; row++) {
    const at = Math.floor(key.fork(row).uniform(0, all.length - time - 1))
    for (let t = 0; t < time; t++) {
      x[row * time + t] = BigInt(all[at + t]!)
      y[row * time + t] = BigInt(all[at + t + 1]!)
    }
  }
  return { x: { shape, data: x }, y: { shape, data: y } }
}

function normal(shape: readonly number[], key: Key): { shape: readonly number[]; data: Float32Array } {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1))
  // Sum of four uniforms: near enough to normal, and quick.
  for (let i = 0; i < data.length; i++) {
    const k = key.fork(i)
    data[i] = (k.uniform() + k.fork(1).uniform() + k.fork(2).uniform() + k.fork(3).uniform() - 2) * Math.sqrt(3)
  }
  return { shape, data }
}

/** Numbers and a smooth function of them, so that the loss falls. */
function table(count: number, rows: number, inputs: number, outputs: number, key: Key): Arrays {
  const x = normal([count, rows, inputs], key)
  const y = new Float32Array(count * rows * outputs)
  for (let i = 0; i < y.length; i++) {
    const row = Math.floor(i / outputs)
    let sum = 0
    for (let j = 0; j < 8; j++) sum += Math.sin(x.data[row * inputs + ((i + j * 3) % inputs)]! * (1 + j / 8))
    y[i] = sum / 2
  }
  return { x, y: { shape: [count, rows, outputs], data: y } }
}

const gan = (count: number, key: Key): Arrays => {
  // Smooth pictures: a gradient whose direction and colour the key draws.
  const real = new Float32Array(count * 32 * 3 * 1024)
  for (let i = 0; i < count * 32 * 3; i++) {
    const [a, b, c] = key
      .fork(i)
      .times(3)
      .map(k => k.uniform(-1, 1)) as [number, number, number]
    for (let p = 0; p < 1024; p++)
      real[i * 1024 + p] = Math.sin(a * 3 * ((p % 32) / 16 - 1) + b * 3 * (Math.floor(p / 32) / 16 - 1) + c * 3)
  }
  return { real: { shape: [count, 32, 3, 32, 32], data: real }, z: normal([count, 32, 100], key.fork('z')) }
}

const network = (
  name: string,
  title: string,
  batches: Network['batches'],
  options: Partial<Pick<Network, 'count' | 'compared' | 'rounds' | 'dropout'>> = {},
): Network => ({ name, title, batches, count: 16, compared: 100, rounds: 12, dropout: false, ...options })

export const networks: readonly Network[] = [
  network('mlp', 'MLP 8-256-256-1, batch 256', (n, k) => table(n, 256, 8, 1, k)),
  network('gpt', 'GPT d128 L4 T128 B16, dropout 0.1', (n, k) => windows(n, [16], 128, k), { dropout: true }),
  // PyTorch beside itself in its other layout of memory is past 1e-3 at the sixth step.
  network('gan', 'DCGAN 32×32 B32, D and G', gan, { compared: 3 }),
  network('tabular', 'tabular transformer d64 L3 B256, dropout 0.1', (n, k) => table(n, 256, 8, 1, k), { dropout: true }),
  network('recurrent', 'LSTM 128 T64 B32', (n, k) => windows(n, [32], 64, k)),
  network('deep', 'LM of 1,000 layers d16 T16 B4×2, dropout 0.1', (n, k) => windows(n, [2, 4], 16, k), { dropout: true, rounds: 8 }),
  network('mlp50m', 'MLP of 50 M parameters, batch 64', (n, k) => table(n, 64, 1024, 3072, k), { count: 2, compared: 10, rounds: 6 }),
  network('update50m', 'AdamW alone on 50 M parameters', () => ({}), { compared: 0, rounds: 6 }),
]
