/** The report of a fit, as data and as one page. */
import { plot } from '@dioramic/tensor'
import { bars, document, escaped, short, type Table, tableHtml } from '../report/index.ts'
import { calibration } from '../theory/generalisation/calibration.ts'
import type { TabularFit } from './fit.ts'
import type { Judged, Metric } from './metrics.ts'

/** What `report.json` holds. */
export function reportOf(f: TabularFit) {
  const { target, code, members } = f.model
  return {
    source: f.source,
    target: target.name,
    task: target.kind === 'regression' ? 'regression' : 'classification',
    ...(target.kind === 'classes' ? { classes: target.classes } : {}),
    rows: f.rows,
    columns: { numbers: code.numbers.map(c => c.name), categories: code.categories.map(c => ({ name: c.name, values: c.values.length })) },
    warnings: f.warnings,
    settings: f.settings,
    trials: f.trials,
    metrics: f.metrics,
    baseline: f.baseline,
    calibration: calibrationOf(f.judged),
    importance: f.importance,
    members: members.map(m => ({
      epochs: m.history.length,
      validation: m.best,
      seconds: m.seconds,
      history: m.history.map(h => [h.train, h.validation]),
    })),
    seconds: f.seconds,
  }
}

interface Bin {
  readonly predicted: number
  readonly observed: number
  readonly count: number
}

/** Predicted beside observed: of classes in bins of confidence, with the expected calibration error; of numbers in tenths of the predictions. */
export function calibrationOf({ outputs, predictions, y }: Judged): { readonly error?: number; readonly bins: readonly Bin[] } {
  if (outputs.kind === 'classes') {
    const rows = Array.from(y, (_, i) => predictions.subarray(i * outputs.classes, (i + 1) * outputs.classes))
    const c = calibration(rows, y)
    return { error: c.ece, bins: c.bins.map(b => ({ predicted: b.confidence, observed: b.accuracy, count: b.count })) }
  }
  const order = Uint32Array.from(y, (_, i) => i).sort((a, b) => predictions[a]! - predictions[b]!)
  const size = Math.max(1, Math.ceil(order.length / 10))
  const bins: Bin[] = []
  for (let i = 0; i < order.length; i += size) {
    const part = order.subarray(i, i + size)
    const mean = (of: Float64Array) => part.reduce((s, k) => s + of[k]!, 0) / part.length
    bins.push({ predicted: mean(predictions), observed: mean(y), count: part.length })
  }
  return { bins }
}

const metricText = (m: Metric): string => `${short(m.value)} [${short(m.interval[0])}, ${short(m.interval[1])}]`

/** The page. */
export function reportPage(f: TabularFit): string {
  const { target, members, code } = f.model
  const { bins, error } = calibrationOf(f.judged)
  const ends = bins.flatMap(b => [b.predicted, b.observed])
  const [low, high] = [Math.min(...ends), Math.max(...ends)]
  const epochs = members.flatMap((m, k) => [
    { name: members.length > 1 ? `training ${k + 1}` : 'training', points: m.history.map(h => [h.epoch, h.train] as const) },
    { name: members.length > 1 ? `validation ${k + 1}` : 'validation', points: m.history.map(h => [h.epoch, h.validation] as const) },
  ])
  const { model, training } = f.settings
  const metrics: Table = {
    caption: `On ${f.rows.test} test rows, with 95 % intervals (bootstrap). The guess looks at no column.`,
    head: ['', 'this model', 'guess', 'better is'],
    rows: f.metrics.map((m, i) => [m.name, metricText(m), metricText(f.baseline[i]!), m.better]),
  }
  const loss = target.kind === 'regression' ? 'squared error (standardised)' : 'log loss'
  const figure = (svg: string, caption: string) => `<figure>${svg}<figcaption>${escaped(caption)}</figcaption></figure>`
  return document(
    `${target.name} of ${f.source}`,
    [
      `<h1>${escaped(target.name)}</h1>`,
      `<p class="facts">${escaped(f.source)}: ${f.rows.train} rows to train, ${f.rows.validation} to stop by, ${f.rows.test} to test; ${code.numbers.length} numbers, ${code.categories.length} categories. ${members.length} ${members.length === 1 ? 'model' : 'models, averaged'}: ${escaped(nameOf(f))}, ${f.seconds.toFixed(0)} s.</p>`,
      ...f.warnings.map(w => `<p class="why">${escaped(w)}</p>`),
      tableHtml(metrics),
      '<h2>Importance</h2>',
      figure(
        bars(f.importance.slice(0, 24).map(i => ({ name: i.name, value: i.value, interval: i.interval }))),
        `How much the ${target.kind === 'regression' ? 'squared error' : 'log loss'} on test rows rises when a column is shuffled, as a share of the guess's (mean and 95 % interval over shuffles). Columns that say the same share it.`,
      ),
      '<h2>Calibration</h2>',
      figure(
        plot(
          [
            { name: 'rows', points: bins.map(b => [b.predicted, b.observed] as const) },
            { name: 'ideal', points: [[low, low] as const, [high, high] as const] },
          ],
          target.kind === 'regression'
            ? { x: 'mean prediction of a tenth of the rows', y: 'mean truth' }
            : { x: 'confidence', y: 'share that is right' },
        ),
        error === undefined
          ? 'Predictions in tenths beside what was true of them.'
          : `Confidence and accuracy differ by ${(100 * error).toFixed(1)} % on average (expected calibration error).`,
      ),
      '<h2>Learning</h2>',
      figure(plot(epochs, { x: 'epoch', y: loss }), 'The epoch with the lowest validation loss is kept.'),
      '<h2>Settings</h2>',
      tableHtml({
        caption: 'What the model is.',
        head: ['setting', 'value'],
        rows: [
          ['model', nameOf(f)],
          ['backbone', JSON.stringify(model.backbone)],
          ['embedding', JSON.stringify({ ...model.embeddingOptions, bins: model.bins })],
          ['training', JSON.stringify(training)],
        ],
      }),
      ...(f.trials.length > 0
        ? [
            tableHtml({
              caption: 'Trials by validation loss.',
              head: ['embedding', 'backbone', 'rate', 'validation loss'],
              rows: [...f.trials]
                .sort((a, b) => a.validation - b.validation)
                .map(t => [t.settings.model.embedding, JSON.stringify(t.settings.model.backbone), t.settings.training.lr, t.validation]),
            }),
          ]
        : []),
    ].join('\n'),
  )
}

const KINDS = { mlp: 'MLP', resnet: 'ResNet', transformer: 'Transformer' }
const nameOf = ({ settings: { model } }: TabularFit): string =>
  `${KINDS[model.backbone.kind]}${model.embedding === 'none' ? '' : `-${model.embedding}`}`
