// Measures of GANs beside SciPy's and scikit-learn's. Skipped, with the reason, where they are not installed.
import { spawnSync } from 'node:child_process'
import { Key } from '@dioramic/tensor'
import { expect, test } from 'vitest'
import { frechetDistance, jensenShannon, kernelDistance, manifold, wassersteinOfSamples } from '../../src/gan/index.ts'
import { normals } from '../../src/theory/index.ts'

const interpreter = [process.env['DIORAMA_PYTHON'] ?? 'python3', '/usr/bin/python3'].find(
  p => spawnSync(p, ['-c', 'import scipy, sklearn, numpy'], { encoding: 'utf8' }).status === 0,
)

const PEER = `
import json, sys
import numpy as np
from scipy.linalg import sqrtm
from scipy.spatial.distance import jensenshannon
from scipy.stats import wasserstein_distance
from sklearn.metrics.pairwise import polynomial_kernel
from sklearn.neighbors import NearestNeighbors
d = json.load(sys.stdin)
a, b, p, q, k = np.array(d['a']), np.array(d['b']), np.array(d['p']), np.array(d['q']), d['k']
A, B = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
frechet = ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(A + B - 2 * sqrtm(A @ B).real)
K = lambda x, y: polynomial_kernel(x, y, degree=3, gamma=1 / x.shape[1], coef0=1)
off = lambda m: (m.sum() - np.trace(m)) / (len(m) * (len(m) - 1))
kernel = off(K(a, a)) + off(K(b, b)) - 2 * K(a, b).mean()
radius = lambda x: NearestNeighbors(n_neighbors=k + 1).fit(x).kneighbors(x)[0][:, -1]
D = np.sqrt(((a[:, None] - b[None]) ** 2).sum(-1))
inA, inB = D <= radius(a)[:, None], D <= radius(b)[None]
print(json.dumps(dict(frechet=frechet, kernel=kernel, precision=inA.any(0).mean(), recall=inB.any(1).mean(), density=inA.sum() / (k * len(b)),
  coverage=inA.any(1).mean(), js=jensenshannon(p, q) ** 2, w=wasserstein_distance(a[:, 0], b[:, 0]))))
`

test('distances and manifolds equal those of SciPy and scikit-learn', context => {
  if (!interpreter) return context.skip('no Python has scipy and scikit-learn: pip install scipy scikit-learn, or set DIORAMA_PYTHON')
  const key = Key.fromSeed(33)
  const d = 6
  const cloud = (name: string, n: number, stretch: number, move: number) => {
    const z = normals(key.fork(name), n * d)
    // Correlated: each coordinate takes up the one before.
    return Array.from({ length: n }, (_, i) =>
      Float64Array.from({ length: d }, (_, j) => move + stretch * z[i * d + j]! + (j > 0 ? 0.7 * z[i * d + j - 1]! : 0)),
    )
  }
  const [a, b] = [cloud('a', 150, 1, 0), cloud('b', 120, 1.3, 0.4)]
  const [p, q] = [
    [0.1, 0.2, 0.3, 0.4],
    [0.4, 0.1, 0.5, 0],
  ]
  const k = 4
  const input = JSON.stringify({ a: a.map(r => [...r]), b: b.map(r => [...r]), p, q, k })
  const peer = spawnSync(interpreter, ['-c', PEER], { input, encoding: 'utf8' })
  expect(peer.stderr).toBe('')
  const theirs = JSON.parse(peer.stdout) as Record<string, number>
  const m = manifold(a, b, k)
  const first = (rows: readonly Float64Array[]) => rows.map(r => r[0]!)
  const ours: Record<string, number> = {
    frechet: frechetDistance(a, b),
    kernel: kernelDistance(a, b),
    ...m,
    js: jensenShannon(p, q),
    w: wassersteinOfSamples(first(a), first(b)),
  }
  for (const [name, v] of Object.entries(ours)) expect(v, name).toBeCloseTo(theirs[name]!, 8)
})
