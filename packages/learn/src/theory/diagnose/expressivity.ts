import { flatten, type NDArray } from '@dioramic/tensor'
import { category, polygons } from '../../report/index.ts'
import { dot, norm } from '../algebra/matrix.ts'
import { order } from '../algebra/random.ts'
import { piecesAlongLine, regionsOnPlane, regionsUpperBound } from '../expressivity/regions.ts'
import { evaluate, lipschitzBound, type ReluNet } from '../expressivity/relu-net.ts'
import { argMaxOf } from '../generalisation/calibration.ts'
import { classScore } from '../models/classifier.ts'
import { parameterCount } from '../models/vector.ts'
import { type Chapter, type Fact, type Findings, type Subject, some } from './chapter.ts'

const PAIRS = 20
const STEPS = 64
const EDGE = 56

/** How rich the function is where the data are. */
export async function expressivityChapter(s: Subject, { net, logits }: Findings): Promise<Chapter> {
  const { model, data, runtime } = s
  const facts: Fact[] = []
  const missing: string[] = []
  if (model.graph) {
    const { list } = flatten<NDArray>(model.graph.params)
    facts.push({ name: 'parameters', value: parameterCount(model.graph.params), meaning: 'All numbers that were learnt.' })
    const zeros = list.reduce((n, a) => n + Array.from(a.data as Float32Array).filter(v => v === 0).length, 0)
    facts.push({
      name: 'parameters that are not 0',
      value: parameterCount(model.graph.params) - zeros,
      meaning: 'The complexity C(Φ) that approximation theory counts.',
    })
  } else missing.push('Parameters and gradients are out of reach: what follows comes from running the model.')

  const places = order(s.key.fork('pairs'), data.x.length)
  const pairs = Array.from(
    { length: Math.min(PAIRS, data.x.length >> 1) },
    (_, i) => [data.x[places[2 * i]!]!, data.x[places[2 * i + 1]!]!] as const,
  )
  const between = (a: Float64Array, b: Float64Array, t: number) => a.map((v, k) => v + t * (b[k]! - v))
  const along = await model.logits(pairs.flatMap(([a, b]) => Array.from({ length: STEPS + 1 }, (_, t) => between(a, b, t / STEPS))))
  let changes = 0
  pairs.forEach((_, p) => {
    const classes = along.slice(p * (STEPS + 1), (p + 1) * (STEPS + 1)).map(argMaxOf)
    changes += classes.filter((c, t) => t > 0 && c !== classes[t - 1]).length / pairs.length
  })
  facts.push({
    name: 'decisions met between two samples',
    value: changes + 1,
    meaning: `Stretches of one class on the straight line between two random samples, mean of ${pairs.length} lines.`,
  })

  if (net) {
    const pieces = pairs.map(
      ([a, b]) =>
        piecesAlongLine(
          net,
          a,
          b.map((v, k) => v - a[k]!),
          [0, 1],
        ).length,
    )
    facts.push(
      {
        name: 'linear pieces between two samples',
        value: pieces.reduce((x, y) => x + y, 0) / pieces.length,
        meaning: 'Exactly, by walking the zeros of every unit; a linear model has 1.',
      },
      {
        name: 'log₁₀ of the most regions that its widths allow',
        value: logUpperBound(net),
        meaning: "Montúfar's upper bound; what training uses is far below.",
      },
      {
        name: 'upper bound of the Lipschitz constant',
        value: lipschitzBound(net),
        meaning: 'Product of the spectral norms of the layers.',
      },
    )
  } else if (model.graph)
    missing.push(
      'Linear regions are counted for plain ReLU networks (matrices with ReLU between them); the outputs show that this model is not one, or its parts are not recognised.',
    )

  const sample = some(data.x, 64)
  if (model.graph) {
    const steepest = await Promise.all(
      Array.from({ length: Math.min(3, model.classes) }, async (_, c) =>
        Math.max(...(await classScore(model, c, runtime).gradients!(sample)).map(g => norm(g.gradient))),
      ),
    )
    facts.push({
      name: 'steepest slope at a sample',
      value: Math.max(...steepest),
      meaning: 'Largest norm of the gradient of a logit (the first three) over 64 samples: the Lipschitz constant is at least this.',
    })
  } else {
    const slopes = pairs.map((_, p) => {
      const rows = along.slice(p * (STEPS + 1), (p + 1) * (STEPS + 1))
      const length = norm(pairs[p]![0].map((v, k) => v - pairs[p]![1][k]!)) / STEPS
      return Math.max(...rows.slice(1).map((r, t) => Math.max(...r.map((v, k) => Math.abs(v - rows[t]![k]!))) / length))
    })
    facts.push({
      name: 'steepest slope between samples',
      value: Math.max(...slopes),
      meaning: 'Largest change of a logit over the distance along the lines: the Lipschitz constant is at least this.',
    })
  }

  return {
    name: 'expressivity',
    title: 'Expressivity: how rich the function is',
    facts,
    tables: [],
    pictures: [await plane(s, logits, net)],
    missing,
  }
}

function logUpperBound(net: ReluNet): number {
  const widths = net.slice(0, -1).map(l => l.w.rows)
  let [log, rank] = [0, net[0]!.w.cols]
  for (const n of widths) {
    rank = Math.min(rank, n)
    log += rank >= n ? n * Math.log10(2) : Math.log10(regionsUpperBound(rank, [n]))
  }
  return log
}

/** The plane through three samples of different classes, as the model divides it. */
async function plane(s: Subject, logits: readonly Float64Array[], net: ReluNet | undefined) {
  const { model, data } = s
  const classes = logits.map(argMaxOf)
  const first = [0, classes.findIndex(c => c !== classes[0])]
  const third = classes.findIndex(c => c !== classes[0] && c !== classes[Math.max(0, first[1]!)])
  const chosen = [first[0]!, Math.max(first[1]!, 1) % data.x.length, third >= 0 ? third : 2 % data.x.length]
  const corners = chosen.map(i => data.x[i]!)
  const u = corners[1]!.map((v, k) => v - corners[0]![k]!)
  const raw = corners[2]!.map((v, k) => v - corners[0]![k]!)
  const share = dot(raw, u) / Math.max(1e-12, dot(u, u))
  const v = raw.map((x, k) => x - share * u[k]!)
  const scale = norm(u) / Math.max(1e-12, norm(v))
  for (let k = 0; k < v.length; k++) v[k]! *= scale
  const at = (p: number, q: number) => corners[0]!.map((o, k) => o + (2 * p - 0.5) * u[k]! + (2 * q - 0.5) * v[k]!)
  // The third sample is at share · u + v / scale.
  const places = [[0.25, 0.25] as const, [0.75, 0.25] as const, [(share + 0.5) / 2, (1 / scale + 0.5) / 2] as const]
  const marks = chosen.map((i, k) => ({ at: places[k]!, word: `label ${data.y[i]}` })).filter(m => m.at.every(c => c > 0 && c < 1))
  const drawn = (list: readonly { readonly corners: readonly (readonly [number, number])[]; readonly says: number }[], seamless: boolean) =>
    polygons(
      list.map(p => ({ corners: p.corners, colour: category(p.says) })),
      {
        seamless,
        marks,
        legend: [...new Set(list.map(p => p.says))].sort((a, b) => a - b).map(c => ({ word: `class ${c}`, colour: category(c) })),
      },
    )
  const who = 'The plane through three samples of different classes, coloured by the class that the model says'
  if (net) {
    try {
      const regions = regionsOnPlane(net, { origin: at(0, 0), u: u.map(x => 2 * x), v: v.map(x => 2 * x) }, [0, 1, 0, 1], 20_000)
      return {
        caption: `${who}: ${regions.length} linear regions, exactly.`,
        svg: drawn(
          regions.map(({ corners: c }) => {
            const [p, q] = [0, 1].map(k => c.reduce((a, b) => a + b[k]!, 0) / c.length)
            return { corners: c, says: argMaxOf(evaluate(net, at(p!, q!))) }
          }),
          false,
        ),
      }
    } catch {
      // Too many regions to draw: the raster below shows the classes.
    }
  }
  const rows = await model.logits(
    Array.from({ length: EDGE * EDGE }, (_, i) => at(((i % EDGE) + 0.5) / EDGE, (Math.floor(i / EDGE) + 0.5) / EDGE)),
  )
  const d = 1 / EDGE
  const cells = rows.map((r, i) => {
    const [x, y] = [(i % EDGE) * d, Math.floor(i / EDGE) * d]
    const square: readonly (readonly [number, number])[] = [
      [x, y],
      [x + d, y],
      [x + d, y + d],
      [x, y + d],
    ]
    return { corners: square, says: argMaxOf(r) }
  })
  return { caption: `${who}.`, svg: drawn(cells, true) }
}
