import { interpreter, Key, nn, relu, type Tensor, type Tree, tanh } from '@dioramic/tensor'
import { expect, test } from 'vitest'
import { drawnDigits } from '../data/digits.ts'
import { evaluate } from '../expressivity/relu-net.ts'
import { argMaxOf } from '../generalisation/calibration.ts'
import { type Classifier, differentiable } from '../models/classifier.ts'
import { fromVector, toVector } from '../models/vector.ts'
import { diagnose, diagnosisPage } from './diagnose.ts'
import { reluNetOf } from './recognise.ts'

const runtime = interpreter()
const model = (act: (x: Tensor) => Tensor): Classifier => {
  const layer = nn.sequence(nn.linear(16, 8), nn.fn(act), nn.linear(8, 8), nn.fn(act), nn.linear(8, 10))
  const { params, state } = layer.init(Key.fromSeed(1))
  return differentiable({ params, apply: (p, x) => layer.apply(p, state as Tree<never>, x)[0] }, [16], 10, runtime)
}
const drawn = drawnDigits(40, Key.fromSeed(2), { size: 4 })
/** Labels that the model itself says, but for every fourth. */
const labelled = async (m: Classifier) => ({
  ...drawn,
  shape: [16],
  y: Int32Array.from(await m.logits(drawn.x), (r, i) => (i % 4 === 0 ? (argMaxOf(r) + 1) % 10 : argMaxOf(r))),
})
const subject = { runtime, key: Key.fromSeed(3), picture: [4, 4] as const }

test('a plain ReLU network is recognised by its outputs, another is not', async () => {
  const net = (await reluNetOf(model(relu), drawn.x.slice(0, 4)))!
  const [row] = await model(relu).logits(drawn.x.slice(9, 10))
  evaluate(net, drawn.x[9]!).forEach((v, k) => {
    expect(v).toBeCloseTo(row![k]!, 5)
  })
  expect(await reluNetOf(model(tanh), drawn.x.slice(0, 4))).toBeUndefined()
})

test('a report on a network that can be differentiated has its four chapters, with the error that was put in', async () => {
  const m = model(relu)
  const data = await labelled(m)
  const steps: string[] = []
  const d = await diagnose({ ...subject, name: 'a<b', model: m, data, train: data }, what => steps.push(what))
  expect(d.chapters.map(c => c.name)).toEqual(['expressivity', 'learning', 'generalisation', 'explanation'])
  const fact = (name: string) => d.chapters.flatMap(c => c.facts).find(f => f.name === name)!.value
  expect(fact('error')).toBe(0.25)
  expect(fact('true gap')).toBe(0)
  expect(fact('parameters')).toBe(16 * 8 + 8 + 8 * 8 + 8 + 8 * 10 + 10)
  expect(fact('linear pieces between two samples')).toBeGreaterThanOrEqual(1)
  expect(fact('steepest slope at a sample')).toBeLessThanOrEqual(fact('upper bound of the Lipschitz constant'))
  expect(fact('largest stable rate 2/λ_max') * fact('sharpness λ_max')).toBeCloseTo(2, 6)
  // The best explanation orders better than chance does.
  const { rows } = d.chapters[3]!.tables[0]!
  expect(rows[0]![1]).toBeLessThan(rows.find(r => r[0] === 'random order')![1] as number)
  const page = diagnosisPage(d)
  expect(page).toContain('Diagnosis of a&lt;b')
  expect(page).not.toContain('NaN')
  expect(steps[0]).toBe('running the model')
  expect(JSON.parse(JSON.stringify(d)).chapters.length).toBe(4)
})

test('with the network before training and one of other samples: the drift of the kernel, and a bound that holds of itself', async () => {
  const m = model(relu)
  const data = await labelled(m)
  const initial = fromVector(
    toVector(m.graph!.params).map(v => 0.5 * v),
    m.graph!.params,
  )
  const d = await diagnose({ ...subject, name: 'm', model: m, data, train: data, initial, prior: m.graph!.params })
  const fact = (name: string) => d.chapters.flatMap(c => c.facts).find(f => f.name === name)!.value
  // Half of all parameters: the distance is as long as the start was.
  expect(fact('distance of the parameters from the start')).toBeCloseTo(1, 5)
  expect(fact('tangent kernel: drift in training')).toBeGreaterThan(1)
  expect(fact('tangent kernel: cosine to that before training')).toBeGreaterThan(0.5)
  const { rows } = d.chapters[2]!.tables[0]!
  const bound = rows.find(r => r[0] === 'PAC-Bayes, prior from other samples')!
  expect(bound[1]).toBeGreaterThan(0.25)
  expect(bound[1]).toBeLessThan(1)
  expect(bound[2]).toContain('KL 0;')
})

test('a model that can only be run gets the black-box parts and the reason', async () => {
  const { graph: _, ...black } = model(relu)
  const d = await diagnose({ ...subject, name: 'black', model: black, data: await labelled(black), reason: 'unknown operator Foo' })
  const page = diagnosisPage(d)
  expect(page).toContain('unknown operator Foo')
  expect(d.differentiable).toBe(false)
  expect(d.chapters[1]!.missing.join()).toContain('need the inside of the model')
  expect(d.chapters[3]!.tables[0]!.rows.map(r => r[0])).toContain('Shapley')
  expect(d.chapters[3]!.tables[0]!.rows.map(r => r[0])).not.toContain('gradient')
})

test('wrong data are explained', async () => {
  const m = model(relu)
  const bad = { ...drawn, y: Int32Array.from(drawn.y, (v, i) => (i === 7 ? 10 : v)) }
  await expect(diagnose({ ...subject, name: 'm', model: m, data: bad })).rejects.toThrow(
    'label 10 in row 8; the model has 10 outputs, so labels are 0 to 9',
  )
  await expect(
    diagnose({ ...subject, name: 'm', model: m, data: { ...drawn, x: drawn.x.slice(0, 3), y: drawn.y.slice(0, 3) } }),
  ).rejects.toThrow('at least 8')
})
