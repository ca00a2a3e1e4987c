/** Bins, encodings, embeddings and scaling beside scikit-learn and rtdl_num_embeddings. Needs Python with both: `DIORAMA_PYTHON`, or `python3`. */
import { spawnSync } from 'node:child_process'
import { compile, f32, fillNormal, interpreter, Key, type NDArray, numbersOf, type Tensor, type Tree } from '@dioramic/tensor'
import { expect, test } from 'vitest'
import { embedding, encodeRows, quantileBins, treeBins } from '../../src/embeddings/index.ts'
import { quantileScaling, scaled } from '../../src/tabular/index.ts'

const python = process.env['DIORAMA_PYTHON'] ?? 'python3'
const there = spawnSync(python, ['-c', 'import sklearn, rtdl_num_embeddings']).status === 0

const SCRIPT = `
import sys, json, warnings, numpy as np, torch
warnings.simplefilter('ignore')
from rtdl_num_embeddings import compute_bins, PiecewiseLinearEncoding, PiecewiseLinearEmbeddings, PeriodicEmbeddings, LinearReLUEmbeddings
from sklearn.preprocessing import QuantileTransformer
d = json.load(sys.stdin)
X = torch.tensor(d['x'], dtype=torch.float32).T.contiguous()
y = torch.tensor(d['y'], dtype=torch.float32); c = torch.tensor(d['classes'])
tree = dict(min_samples_leaf=7, min_impurity_decrease=1e-4)
bins = dict(Q=compute_bins(X, 20), T=compute_bins(X, 24, tree_kwargs=tree, y=y, regression=True),
            free=compute_bins(X, 300, tree_kwargs={}, y=y, regression=True),
            classes=compute_bins(X, 24, tree_kwargs=dict(min_samples_leaf=5), y=c, regression=False))
out = {k: [e.tolist() for e in b] for k, b in bins.items()}
probe = torch.tensor(d['probe'], dtype=torch.float32)
out['encoded'] = PiecewiseLinearEncoding(bins['T'])(probe).tolist()
torch.manual_seed(0)
def module(m):
    return dict(params={k: p.tolist() for k, p in m.named_parameters()}, y=m(probe).tolist())
out['A'] = module(PiecewiseLinearEmbeddings(bins['T'], 5, activation=True, version='A'))
b = PiecewiseLinearEmbeddings(bins['T'], 5, activation=True, version='B'); torch.nn.init.normal_(b.linear.weight)
out['B'] = module(b)
out['PLR'] = module(PeriodicEmbeddings(4, 5, n_frequencies=3, frequency_init_scale=.3, lite=False))
out['lite'] = module(PeriodicEmbeddings(4, 5, n_frequencies=3, frequency_init_scale=.3, lite=True))
out['LR'] = module(LinearReLUEmbeddings(4, 5))
qt = QuantileTransformer(n_quantiles=57, output_distribution='normal', subsample=10**9)
qt.fit(X.numpy().astype(np.float64)); out['normal'] = qt.transform(probe.numpy().astype(np.float64)).tolist()
json.dump(out, sys.stdout)
`

interface Module {
  readonly params: Readonly<Record<string, never>>
  readonly y: number[][][]
}
type Answer = Record<'Q' | 'T' | 'free' | 'classes' | 'encoded' | 'normal', number[][]> & Record<'A' | 'B' | 'PLR' | 'lite' | 'LR', Module>

const runtime = interpreter({ precision: 'f64' })
const tensor = (v: unknown, shape: readonly number[]): NDArray => f32((v as never[]).flat(9) as number[], shape)

test.skipIf(!there)(
  `bins, encodings, embeddings and scaling are scikit-learn's and rtdl_num_embeddings'${there ? '' : ` (skipped: ${python} has not both; set DIORAMA_PYTHON)`}`,
  async () => {
    const seed = Number(process.env['DIORAMA_SEED'] ?? 20261124)
    const key = Key.fromSeed(seed)
    const n = 400
    // Smooth, with ties, mostly zero, and of a large offset: as float32 what both sides see.
    const draw = (name: string) => [...numbersOf(f32(floats(n, key.fork(name))))]
    const a = draw('a')
    const x = [
      a,
      draw('b').map(v => Math.round(3 * v)),
      draw('c').map(v => (v > 0.7 ? v : 0)),
      draw('d').map(v => Math.fround(1000 + 10 * v)),
    ]
    const e = draw('noise')
    const y = a.map((v, i) => Math.fround(Math.sin(3 * v) + 0.3 * x[1]![i]! + 2 * x[2]![i]! + 0.1 * e[i]!))
    const classes = y.map(v => (v < -0.5 ? 0 : v < 0.6 ? 1 : 2))
    const probe = Array.from({ length: 40 }, (_, i) => x.map(c => (i < 20 ? c[i]! : Math.fround(c[i]! + e[i]!))))
    const asked = spawnSync(python, ['-c', SCRIPT], {
      input: JSON.stringify({ x, y, classes, probe }),
      encoding: 'utf8',
      maxBuffer: 2 ** 27,
    })
    expect(asked.status, asked.stderr).toBe(0)
    const answer = JSON.parse(asked.stdout) as Answer

    const near = (got: readonly number[], want: readonly number[], tolerance: number, what: string) => {
      expect(got.length, what).toBe(want.length)
      for (const [i, v] of got.entries())
        expect(Math.abs(v - want[i]!) / Math.max(1, Math.abs(want[i]!)), `${what} ${i}, seed ${seed}`).toBeLessThan(tolerance)
    }
    const tree = { minLeaf: 7, minDecrease: 1e-4 }
    const T = treeBins(x, { kind: 'regression', y }, { leaves: 24, ...tree })
    const own = {
      Q: quantileBins(x, 20),
      T,
      free: treeBins(x, { kind: 'regression', y }, { leaves: 300 }),
      classes: treeBins(x, { kind: 'classes', y: classes, classes: 3 }, { leaves: 24, minLeaf: 5 }),
    }
    for (const name of ['Q', 'T', 'free', 'classes'] as const)
      for (const [f, edges] of own[name].entries()) near(edges, answer[name][f]!, 1e-6, `${name} of feature ${f}`)

    const columns = x.map((_, f) => probe.map(r => r[f]!))
    near(
      encodeRows(columns, T).flatMap(r => [...r]),
      answer.encoded.flat(),
      1e-3,
      'encoding',
    )

    const input = f32(probe.flat(), [probe.length, 4])
    const most = Math.max(...T.map(b => b.length - 1))
    const compare = async (name: string, layer: ReturnType<typeof embedding>['layer'], params: Tree<NDArray>, m: Module) => {
      const f = compile((p: Tree<Tensor>, t: Tensor) => layer.apply(p, layer.state as never, t)[0], runtime)
      near([...numbersOf(await f(params, input))], m.y.flat(2), 2e-3, name)
    }
    const linear = (m: Module, at = 'linear') => ({
      w: tensor(m.params[`${at}.weight`], [4, 1, 5]),
      b: tensor(m.params[`${at}.bias`], [4, 1, 5]),
    })
    const wide = (m: Module, from: number) => tensor(m.params['linear.weight'], [4, from, 5])
    const { A, B, PLR, lite, LR } = answer
    const bias = (m: Module) => tensor(m.params['linear.bias'], [4, 1, 5])
    await compare(
      'A',
      embedding('T-LR', 4, { bins: T, d: 5 }).layer,
      { 0: {}, 1: {}, 2: { w: wide(A, most), b: bias(A) }, 3: {}, 4: {} },
      A,
    )
    await compare(
      'B',
      embedding('T-LR', 4, { bins: T, d: 5, version: 'B' }).layer,
      { 0: {}, 1: { a: linear(B, 'linear0'), b: { 0: {}, 1: { w: wide(B, most) }, 2: {} } }, 2: {} },
      B,
    )
    const frequencies = (m: Module) => ({ frequencies: tensor(m.params['periodic.weight'], [4, 1, 3]) })
    await compare(
      'PLR',
      embedding('PLR', 4, { d: 5, frequencies: 3 }).layer,
      { 0: {}, 1: frequencies(PLR), 2: { w: wide(PLR, 6), b: bias(PLR) }, 3: {}, 4: {} },
      PLR,
    )
    const turned = (lite.params['linear.weight'] as unknown as number[][])[0]!.map((_, k) =>
      (lite.params['linear.weight'] as unknown as number[][]).map(r => r[k]!),
    )
    await compare(
      'PLR(lite)',
      embedding('PLR(lite)', 4, { d: 5, frequencies: 3 }).layer,
      { 0: {}, 1: frequencies(lite), 2: { w: tensor(turned, [6, 5]), b: tensor(lite.params['linear.bias'], [5]) }, 3: {}, 4: {} },
      lite,
    )
    await compare('LR', embedding('LR', 4, { d: 5 }).layer, { 0: {}, 1: linear(LR), 2: {}, 3: {} }, LR)

    const scalings = x.map(c => quantileScaling(c, 57))
    const scale = compile((t: Tensor) => scaled(t, scalings), runtime)
    near([...numbersOf(await scale(input))], answer.normal.flat(), 2e-3, 'quantile transform')
  },
  60_000,
)

function floats(n: number, key: Key): Float32Array {
  const out = new Float32Array(n)
  fillNormal(out, key.words)
  return out
}
