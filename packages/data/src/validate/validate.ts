/** Checks a finished data set: bytes, schema, and the geometry that its layers and records must share, whoever made it. */
import { DataError } from '../error.ts'
import { findMovi, MoviReader, openMovi } from '../formats/movi/read.ts'
import { DATASET_FILE, SAMPLE_FILE } from '../layout/paths.ts'
import { openDataset, SampleReader } from '../layout/reader.ts'
import type { Sample } from '../schema/sample.ts'
import { type BlobStore, MissingBlob } from '../store/blob-store.ts'
import { blame, type Verdict } from './blame.ts'
import type { GeometryCheck, Judgement } from './check.ts'
import { GEOMETRY_CHECKS } from './checks/index.ts'
import { Clip } from './clip.ts'
import { DEFECTS, DEFECTS_DEFINITION, defects } from './defects.ts'
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

/** What a run of checks has found so far. */
class Findings {
  private readonly limit: number
  private readonly findings: Finding[] = []
  private readonly notes: Note[] = []
  private omitted = 0
  private readonly tables = new Map<
    string,
    { judged: number; failed: number; errors: Errors; margins: Errors; definition: string; unit: string }
  >()
  readonly damaged = new Set<string>()

  constructor(limit: number, checks: readonly Pick<GeometryCheck, 'name' | 'definition' | 'unit'>[]) {
    this.limit = limit
    for (const { name, definition, unit } of checks)
      this.tables.set(name, { judged: 0, failed: 0, errors: new Errors(), margins: new Errors(), definition, unit })
  }

  private add(finding: Finding): void {
    if (this.findings.length < this.limit) this.findings.push(finding)
    else this.omitted++
  }

  /** A file that is wrong by itself. */
  readonly report = (check: string, file: string, message: string, sample?: number): void => {
    this.damaged.add(file)
    this.tables.get(check)!.failed++
    this.add({ check, file, compared: [file], sample: sample ?? null, frame: null, message: `${file} ${message}` })
  }

  judged(check: string, n: number): void {
    this.tables.get(check)!.judged += n
  }

  geometry(sample: number, judged: Awaited<ReturnType<typeof checkGeometry>>): void {
    for (const { verdict, check, file } of judged) {
      const table = this.tables.get(check.name)!
      table.judged++
      table.errors.merge(verdict.judgement.errors)
      const { note, message, margin } = verdict.judgement
      if (margin !== undefined) table.margins.add(margin)
      if (note && this.notes.length < this.limit) this.notes.push({ check: check.name, sample, message: note })
      if (!file) continue
      table.failed++
      this.add({
        check: check.name,
        file,
        compared: verdict.judgement.compared,
        sample,
        frame: verdict.frame,
        message: `${file}: ${message}`,
      })
    }
  }

  summary(totals: Pick<Report, 'samples' | 'frames' | 'files' | 'bytes'>): Report {
    const checks: CheckSummary[] = [...this.tables].map(([name, { errors, margins, ...t }]) => ({
      name,
      ...t,
      errors: errors.statistics(),
      margins: margins.count > 0 ? margins.statistics() : null,
    }))
    const { findings, notes, omitted } = this
    return { ok: findings.length === 0, ...totals, checks, findings, notes, omitted }
  }
}

const bytesOnly = (names: readonly string[]) => names.map(name => ({ name, definition: BYTE_CHECKS[name]!, unit: 'files' }))

/**
 * Reads everything once (geometry: a few frames in memory at a time): a data set of this project, or folders as Kubric's MOVi workers leave them. Throws
 * `DataError` only when there is neither.
 */
export async function validateDataset(store: BlobStore, options: ValidateOptions = {}): Promise<Report> {
  if (!(await store.head(DATASET_FILE))) {
    const folders = await findMovi(store)
    if (folders.length > 0) return validateMovi(store, folders, options)
  }
  const found = new Findings(options.maxFindings ?? 1000, [...bytesOnly(Object.keys(BYTE_CHECKS)), ...GEOMETRY_CHECKS])
  const reader = await openDataset(store)
  await checkManifest(store, reader, found.report)
  const samples = new Map<number, Sample>()
  let frames = 0
  for (const entry of reader.entries) {
    const sample = await checkSample(reader, entry, found.report)
    if (!sample) continue
    samples.set(entry.index, sample)
    frames += sample.frames
    const clip = new SampleReader(reader.store, entry.path, sample, reader.dataset.layers)
    // Without their views, which is reported, other cameras cannot be looked at.
    const views = (sample.views?.length ?? 0) === sample.cameras.length - 1 ? clip.views : [clip]
    for (const view of views) await checkLayers(view, found.report)
    if (options.geometry === false) continue
    const progress = (frame: number) =>
      options.onProgress?.({ sample: entry.index, frame, frames: sample.frames, samples: reader.entries.length })
    found.geometry(
      entry.index,
      await checkGeometry(Clip.through(views, `${entry.path}/${SAMPLE_FILE}`), GEOMETRY_CHECKS, found.damaged, progress),
    )
  }
  const files = await checkExtra(store, reader, samples, found.report)
  for (const name of Object.keys(BYTE_CHECKS)) found.judged(name, files)
  return found.summary({ samples: reader.entries.length, frames, files, bytes: reader.dataset.totals.bytes })
}

/** Folders without hashes: what they hold decodes, is there for every frame, and agrees with itself. */
async function validateMovi(store: BlobStore, folders: readonly string[], options: ValidateOptions): Promise<Report> {
  const own = { name: DEFECTS, definition: DEFECTS_DEFINITION, unit: 'defects' }
  const found = new Findings(options.maxFindings ?? 1000, [...bytesOnly(['schema', 'missing-file']), own, ...GEOMETRY_CHECKS])
  let frames = 0
  for (const [index, folder] of folders.entries()) {
    const metadata = folder === '' ? 'metadata.json' : `${folder}/metadata.json`
    const reader = await openMovi(store, folder, index).catch(e => {
      if (!(e instanceof DataError)) throw e
      found.report('schema', metadata, e.message, index)
      return undefined
    })
    if (!reader) continue
    frames += reader.sample.frames
    await checkLayers(reader, found.report)
    if (options.geometry === false) continue
    const progress = (frame: number) =>
      options.onProgress?.({ sample: index, frame, frames: reader.sample.frames, samples: folders.length })
    const checks = [defects(reader), ...GEOMETRY_CHECKS]
    found.geometry(index, await checkGeometry(Clip.through([reader], metadata), checks, found.damaged, progress))
  }
  const files = (await store.list('')).filter(f => folders.some(d => f.path.startsWith(d)))
  for (const name of ['schema', 'missing-file']) found.judged(name, files.length)
  return found.summary({ samples: folders.length, frames, files: files.length, bytes: files.reduce((sum, f) => sum + f.bytes, 0) })
}

/** Every layer file decodes to the picture's size. That files of this project are there, their hashes say; of a foreign clip it is said here. */
async function checkLayers(
  clip: SampleReader,
  report: (check: 'schema' | 'missing-file', file: string, message: string, sample: number) => void,
): Promise<void> {
  const [width, height] = clip.sample.resolution
  for (const { name } of clip.layers) {
    for (let frame = 0; frame < clip.sample.frames; frame++) {
      const path = [clip.folder, clip.layerPath(name, frame)].filter(part => part !== '').join('/')
      try {
        const layer = await clip.layer(name, frame)
        if (layer.width !== width || layer.height !== height) {
          const exchanged = layer.width === height && layer.height === width ? ': width and height are exchanged' : ''
          throw new DataError(`is ${layer.width} × ${layer.height}, the clip is ${width} × ${height}${exchanged}`)
        }
      } catch (e) {
        if (e instanceof MissingBlob) {
          if (clip instanceof MoviReader) report('missing-file', path, 'is not there, though other frames of it are', clip.index)
        } else report('schema', path, (e as Error).message, clip.index)
      }
    }
  }
}

interface Judged extends Verdict {
  readonly judgement: Judgement
}

/** All checks of a clip through each of its cameras, frame by frame: neighbour frames and other cameras are at hand, the rest is forgotten. */
async function checkGeometry(
  views: readonly Clip[],
  all: readonly GeometryCheck[],
  damaged: ReadonlySet<string>,
  progress: (frame: number) => void,
) {
  const verdicts: Judged[] = []
  const checks: GeometryCheck[] = []
  for (let frame = 0; frame < views[0]!.frames; frame++) {
    for (const clip of views) clip.release(frame - 1)
    for (const clip of views) {
      for (const check of all) {
        for (const judgement of await check.judge(clip, frame)) {
          const { compared, message, suspects } = judgement
          verdicts.push({ frame: judgement.frame ?? frame, compared, failed: message !== undefined, suspects, judgement })
          checks.push(check)
        }
      }
    }
    progress(frame)
  }
  const guilty = blame(verdicts, damaged)
  return verdicts.map((verdict, i) => ({ verdict, check: checks[i]!, file: guilty[i] }))
}
