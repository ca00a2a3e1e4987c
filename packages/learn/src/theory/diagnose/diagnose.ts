/** A report on a classifier: what it can express, where training has arrived, how far it carries, and what it looks at. */
import { document, escaped, short, tableHtml } from '../../report/index.ts'
import { TheoryError } from '../algebra/matrix.ts'
import { withLogits } from '../models/classifier.ts'
import { type Chapter, type Findings, type Subject, some } from './chapter.ts'
import { explanationChapter } from './explanation.ts'
import { expressivityChapter } from './expressivity.ts'
import { generalisationChapter } from './generalisation.ts'
import { learningChapter } from './learning.ts'
import { reluNetOf } from './recognise.ts'

export interface Diagnosis {
  readonly model: string
  readonly samples: number
  readonly classes: number
  readonly differentiable: boolean
  /** Its outputs are probabilities: the report looks at their logits. */
  readonly probabilities: boolean
  /** Why not, where it is not. */
  readonly reason?: string
  readonly chapters: readonly Chapter[]
}

/** Steps of a diagnosis, for progress. */
const STEPS = 11

/** Diagnoses a classifier. `onStep` is told what is done now, how many steps are done, and of how many. */
export async function diagnose(given: Subject, onStep: (what: string, done: number, total: number) => void = () => {}): Promise<Diagnosis> {
  check(given)
  let done = 0
  const tick = (what: string) => onStep(what, Math.min(done++, STEPS - 1), STEPS)
  tick('running the model')
  const s = { ...given, model: await withLogits(given.model, some(given.data.x, 64), given.runtime) }
  const logits = await s.model.logits(s.data.x)
  if (logits.some(r => r.some(v => !Number.isFinite(v))))
    throw new TheoryError('the model gives outputs that are not finite for some samples: check the scale of the data (--scale)')
  const trainLogits = s.train && (await s.model.logits(s.train.x))
  const net = await reluNetOf(s.model, some(s.data.x, 8))
  const findings: Findings = { logits, ...(trainLogits ? { trainLogits } : {}), ...(net ? { net } : {}) }
  tick('expressivity')
  const expressivity = await expressivityChapter(s, findings)
  const learning = await learningChapter(s, tick)
  tick('generalisation')
  const generalisation = await generalisationChapter(s, findings)
  const explanation = await explanationChapter(s, findings, tick)
  return {
    model: s.name,
    probabilities: s.model !== given.model,
    samples: s.data.y.length,
    classes: s.model.classes,
    differentiable: s.model.graph !== undefined,
    ...(s.reason ? { reason: s.reason } : {}),
    chapters: [expressivity, learning, generalisation, explanation],
  }
}

function check({ model, data, train }: Subject): void {
  for (const [name, set] of [
    ['the data', data],
    ['the training data', train],
  ] as const) {
    if (!set) continue
    if (set.y.length < 8) throw new TheoryError(`${name} are ${set.y.length} samples; a report needs at least 8`)
    const wrong = set.y.findIndex(v => !(Number.isInteger(v) && v >= 0 && v < model.classes))
    if (wrong >= 0)
      throw new TheoryError(
        `${name} have label ${set.y[wrong]} in row ${wrong + 1}; the model has ${model.classes} outputs, so labels are 0 to ${model.classes - 1}`,
      )
  }
}

/** The report in a few sentences. */
export function summary(d: Diagnosis): string[] {
  const facts = new Map(d.chapters.flatMap(c => c.facts.map(f => [f.name, f.value] as const)))
  const percent = (x: number) => `${(100 * x).toFixed(1)} %`
  const [error, ece, temperature] = [facts.get('error')!, facts.get('expected calibration error')!, facts.get('best temperature')!]
  const out = [
    `It gets ${percent(error)} of ${d.samples} samples wrong; with probability 0.95 its error is at most ${percent(facts.get('error with its uncertainty, at most')!)}.`,
  ]
  const gap = facts.get('true gap')
  if (gap !== undefined)
    out.push(`On its training samples it gets ${percent(facts.get('training error')!)} wrong: a gap of ${percent(gap)}.`)
  const trust =
    ece < 0.03
      ? 'Its probabilities can be taken at their word'
      : temperature > 1
        ? 'It is surer than it is right'
        : 'It is less sure than it could be'
  out.push(
    `${trust}: confidence and accuracy differ by ${percent(ece)} on average, and a temperature of ${temperature.toFixed(2)} would be best.`,
  )
  const sharpness = facts.get('sharpness λ_max')
  if (sharpness !== undefined)
    out.push(
      `The loss is curved by up to ${short(sharpness, 3)}: gradient descent with a rate above ${short(2 / sharpness, 3)} would leave this place.`,
    )
  const order = d.chapters.at(-1)!.tables[0]!
  out.push(`Of ${order.rows.length - 1} explanations, “${order.rows[0]![0]}” says best which numbers a decision needs.`)
  return out
}

/** The report as one HTML page. */
export function diagnosisPage(d: Diagnosis): string {
  const chapter = (c: Chapter) =>
    [
      `<h2 id="${c.name}">${escaped(c.title)}</h2>`,
      `<table>${c.facts.map(f => `<tr><td>${escaped(f.name)}</td><td class="n">${short(f.value)}</td><td>${escaped(f.meaning)}</td></tr>`).join('\n')}</table>`,
      ...c.pictures.map(p => `<figure>${p.svg}<figcaption>${escaped(p.caption)}</figcaption></figure>`),
      ...c.tables.map(tableHtml),
      ...c.missing.map(m => `<p class="why">${escaped(m)}</p>`),
    ].join('\n')
  return document(
    `Diagnosis of ${d.model}`,
    [
      `<h1>Diagnosis of ${escaped(d.model)}</h1>`,
      `<p class="facts">${d.classes} classes, ${d.samples} samples. ${d.differentiable ? 'The model can be differentiated.' : ''} ${d.probabilities ? 'It gives probabilities; what follows looks at their logits.' : ''}</p>`,
      ...(d.reason
        ? [
            `<p class="why">The model can only be run, not differentiated: ${escaped(d.reason)} The parts that need derivatives are left out.</p>`,
          ]
        : []),
      `<ul>${summary(d)
        .map(t => `<li>${escaped(t)}</li>`)
        .join('')}</ul>`,
      `<p class="facts">${d.chapters.map(c => `<a href="#${c.name}">${escaped(c.title)}</a>`).join(' · ')}</p>`,
      ...d.chapters.map(chapter),
    ].join('\n'),
  )
}
