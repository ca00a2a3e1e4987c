/** Checks a finished data set: bytes, schema, and the geometry that its layers and records must share, whoever made it. */
import { DataError } from '../error.ts'
import { decodeLayer } from '../layer/encode.ts'
import { layerFile, SAMPLE_FILE } from '../layout/paths.ts'
import { openDataset, SampleReader } from '../layout/reader.ts'
import type { Sample } from '../schema/sample.ts'
import type { BlobStore } from '../store/blob-store.ts'
import { blame } from './blame.ts'
import type { GeometryCheck, Judgement } from './check.ts'
import { GEOMETRY_CHECKS } from './checks/index.ts'
import { Clip } from './clip.ts'
import { checkExtra, checkManifest, checkSample } from './files.ts'
import { type CheckSummary, Errors, type Finding, type Note, type Report } from './report.ts'

export interface ValidateOptions {
  /** Called after each frame of geometry. */
  readonly onProgress?: (done: {
    readonly sample: number
    readonly frame: number
    readonly frames: number
    readonly samples: number
  }) => void
  /** Bytes and schema only. */
  readonly geometry?: boolean
  /** Findings to list; the rest is counted. */
  readonly maxFindings?: number
}

const BYTE_CHECKS: Readonly<Record<string, string>> = {
  hash: 'every listed file has its sha256',
  schema: 'every record and layer file is what its schema says',
  'missing-file': 'every listed file is there',
  'extra-file': 'every file is listed',
  manifest: 'dataset.json follows from the recipe and the samples',
}

/** Reads everything once (geometry: a few frames in memory at a time). Throws `DataError` only when there is no data set to check. */
export async function validateDataset(store: BlobStore, options: ValidateOptions = {}): Promise<Report> {
  const limit = options.maxFindings ?? 1000
  const findings: Finding[] = []
  const notes: Note[] = []
  let omitted = 0
  const tables = new Map<string, { judged: number; failed: number; errors: Errors; check: { definition: string; unit: string } }>()
  for (const [name, definition] of Object.entries(BYTE_CHECKS))
    tables.set(name, { judged: 0, failed: 0, errors: new Errors(), check: { definition, unit: 'files' } })
  for (const check of GEOMETRY_CHECKS) tables.set(check.name, { judged: 0, failed: 0, errors: new Errors(), check })
  const add = (f: Finding) => (findings.length < limit ? findings.push(f) : omitted++)
  const damaged = new Set<string>()
  const report = (check: string, file: string, message: string, sample?: number) => {
    damaged.add(file)
    tables.get(check)!.failed++
    add({ check, file, compared: [file], sample: sample ?? null, frame: null, message: `${file} ${message}` })
  }
  const reader = await openDataset(store)
  await checkManifest(store, reader, report)
  const samples = new Map<number, Sample>()
  let frames = 0
  for (const entry of reader.entries) {
    const sample = await checkSample(reader, entry, report)
    if (!sample) continue
    samples.set(entry.index, sample)
    frames += sample.frames
    const clip = new SampleReader(reader.store, entry.path, sample, reader.dataset.layers)
    // Without their views, which is reported, other cameras cannot be looked at.
    const views = (sample.views?.length ?? 0) === sample.cameras.length - 1 ? clip.views : [clip]
    for (const view of views) await checkLayers(view, report)
    if (options.geometry === false) continue
    const judged = await checkGeometry(Clip.through(views, `${entry.path}/${SAMPLE_FILE}`), damaged, frame =>
      options.onProgress?.({ sample: entry.index, frame, frames: sample.frames, samples: reader.entries.length }),
    )
    for (const { verdict, check, file } of judged) {
      const table = tables.get(check.name)!
      table.judged++
      table.errors.merge(verdict.judgement.errors)
      const { note } = verdict.judgement
      if (note && notes.length < limit) notes.push({ check: check.name, sample: entry.index, message: note })
      if (!file) continue
      table.failed++
      add({
        check: check.name,
        file,
        compared: verdict.judgement.compared,
        sample: entry.index,
        frame: verdict.frame,
        message: `${file}: ${verdict.judgement.message}`,
      })
    }
  }
  const files = await checkExtra(store, reader, samples, report)
  for (const name of Object.keys(BYTE_CHECKS)) tables.get(name)!.judged = files
  const checks: CheckSummary[] = [...tables].map(([name, t]) => ({
    name,
    definition: t.check.definition,
    unit: t.check.unit,
    judged: t.judged,
    failed: t.failed,
    errors: t.errors.statistics(),
  }))
  return {
    ok: findings.length === 0,
    samples: reader.entries.length,
    frames,
    files,
    bytes: reader.dataset.totals.bytes,
    checks,
    findings,
    notes,
    omitted,
  }
}

/** Every layer file decodes to the picture's size. */
async function checkLayers(
  clip: SampleReader,
  report: (check: 'schema', file: string, message: string, sample: number) => void,
): Promise<void> {
  const [width, height] = clip.sample.resolution
  for (const spec of clip.layers) {
    for (let frame = 0; frame < clip.sample.frames; frame++) {
      const path = layerFile(spec.name, frame, spec.encoding)
      const bytes = await clip.file(path).catch(() => undefined)
      if (!bytes) continue
      try {
        const layer = decodeLayer(spec, bytes)
        if (layer.width !== width || layer.height !== height)
          throw new DataError(`is ${layer.width} × ${layer.height}, the clip is ${width} × ${height}`)
      } catch (e) {
        report('schema', `${clip.folder}/${path}`, (e as Error).message, clip.index)
      }
    }
  }
}

interface Judged {
  readonly frame: number
  readonly compared: readonly string[]
  readonly failed: boolean
  readonly judgement: Judgement
}

/** All checks of a clip through each of its cameras, frame by frame: neighbour frames and other cameras are at hand, the rest is forgotten. */
async function checkGeometry(views: readonly Clip[], damaged: ReadonlySet<string>, progress: (frame: number) => void) {
  const verdicts: Judged[] = []
  const checks: GeometryCheck[] = []
  for (let frame = 0; frame < views[0]!.frames; frame++) {
    for (const clip of views) clip.release(frame - 1)
    for (const clip of views) {
      for (const check of GEOMETRY_CHECKS) {
        for (const judgement of await check.judge(clip, frame)) {
          verdicts.push({
            frame: judgement.frame ?? frame,
            compared: judgement.compared,
            failed: judgement.message !== undefined,
            judgement,
          })
          checks.push(check)
        }
      }
    }
    progress(frame)
  }
  const guilty = blame(verdicts, damaged)
  return verdicts.map((verdict, i) => ({ verdict, check: checks[i]!, file: guilty[i] }))
}
