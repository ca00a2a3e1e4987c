import { existsSync, statSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { type DatasetReader, labelPage, labelSheet, openDataset, type Sample, sampleSchema } from '@dioramic/data'
import { FolderStore } from '@dioramic/data/node'
import { readScene } from '@dioramic/generate/node'
import { isKeyframes, type Scene } from '@dioramic/scene'
import pc from 'picocolors'
import { EXIT, UsageError } from '../fail.ts'
import { bytes, table } from '../units.ts'

export interface InspectOptions {
  readonly picture?: string
  readonly frame?: number
}

/** Every label of a frame of the sample in `folder`, as a PNG or a page. */
async function drawSample(folder: string, file: string, frame: number | undefined): Promise<void> {
  const kind = /\.(png|html)$/i.exec(file)?.[1]?.toLowerCase()
  if (!kind) throw new UsageError(`--picture ${file}: labels are drawn as a PNG or as an HTML page; end the name with .png or .html`)
  const reader = await openDataset(new FolderStore(dirname(dirname(folder))))
  const clip = await reader.sample(Number(basename(folder)))
  const { frames, world, index } = clip.sample
  if (frame !== undefined && frame >= frames) throw new UsageError(`--frame ${frame}: the sample has frames 0 to ${frames - 1}`)
  const shown = frame ?? frames >> 1
  await writeFile(
    file,
    kind === 'png' ? await labelSheet(clip, shown) : await labelPage(clip, shown, reader.recipe, `Labels of ${world} ${index}`),
  )
}

/** Says what a path holds. */
export async function inspect(path: string, options: InspectOptions = {}): Promise<number> {
  const at = resolve(path)
  if (!existsSync(at)) throw new UsageError(`there is nothing at ${at}; give a data set, a sample or a scene file`)
  if (statSync(at).isDirectory()) {
    if (existsSync(join(at, 'sample.json'))) {
      // The picture first: a reader like head may close early.
      if (options.picture !== undefined) await drawSample(at, options.picture, options.frame)
      await inspectSample(join(at, 'sample.json'))
      return EXIT.ok
    }
    if (options.picture !== undefined)
      throw new UsageError(`--picture draws one sample; give its folder, such as ${join(path, 'samples', '000000')}`)
    inspectDataset(await openDataset(new FolderStore(at)), at)
  } else if (basename(at) === 'sample.json') await inspectSample(at)
  else if (basename(at) === 'dataset.json' || basename(at) === 'recipe.json')
    inspectDataset(await openDataset(new FolderStore(dirname(at))), dirname(at))
  else if (at.endsWith('.json')) inspectScene(readScene(at) as Scene)
  else throw new UsageError(`${at} is not a data set, a sample or a scene (.json); meshes are shown by: diorama assets inspect ${path}`)
  return EXIT.ok
}

const out = (text: string) => process.stdout.write(`${text}\n`)

function inspectDataset({ dataset }: DatasetReader, at: string): void {
  const { recipe, totals, quarantined, missing, layers } = dataset
  out(`${pc.bold(at)}`)
  out(
    `world ${recipe.world}, seed ${recipe.seed}, ${totals.samples} of ${recipe.count} clips, ${totals.frames} frames, ${bytes(totals.bytes)}`,
  )
  if (totals.samples > 0) out(`${bytes(totals.bytes / totals.samples)} a clip, ${bytes(totals.bytes / totals.frames)} a frame`)
  out(`config    ${JSON.stringify(recipe.world === 'scene' ? '(a scene file)' : recipe.config)}`)
  out(`settings  ${JSON.stringify(recipe.settings)}`)
  out(`epoch ${recipe.bytesEpoch}, plan ${recipe.planHash.slice(0, 16)}, formats ${recipe.formats.join(', ')}\n`)
  out(
    table([
      ['layer', 'type', 'file', 'unit', 'meaning'],
      ...layers.map(l => [l.name, `${l.dtype} x ${l.channels}`, l.encoding, l.unit, l.definition]),
    ]),
  )
  if (quarantined.length > 0) out(`\nquarantined:\n${quarantined.map(q => `  ${q.index}: ${q.reason}`).join('\n')}`)
  if (missing.length > 0) out(`\n${missing.length} clips are missing (other shards, or an interrupted run)`)
}

async function inspectSample(file: string): Promise<void> {
  let value: unknown
  try {
    value = JSON.parse(await readFile(file, 'utf8'))
  } catch (e) {
    throw new UsageError(`${file} could not be read as JSON: ${(e as Error).message}`)
  }
  const parsed = sampleSchema.safeParse(value)
  if (!parsed.success)
    throw new UsageError(`${file} is not a sample: ${parsed.error.issues[0]!.path.join('.')}: ${parsed.error.issues[0]!.message}`)
  const s: Sample = parsed.data
  out(
    `${pc.bold(`${s.world} ${s.index}`)}  seed ${s.seed}, ${s.frames} frames at ${s.fps} fps, ${s.resolution.join(' x ')}, ${s.events.collisions.length} contacts`,
  )
  for (const c of s.cameras) {
    const lens = (c as { lens?: { model: string } }).lens?.model ?? 'pinhole'
    out(`camera ${c.name}: ${lens}, ${c.width} x ${c.height}${c === s.cameras[0] ? '' : `, files in views/${c.name}/`}`)
  }
  const rows = s.instances.map(i => [
    String(i.id),
    i.name,
    i.category,
    i.isBackground ? 'background' : '',
    i.mass === undefined || i.mass === null ? '-' : `${i.mass.toPrecision(3)} kg`,
    i.visiblePixels ? `${Math.max(...i.visiblePixels)} px` : '',
  ])
  out(table([['id', 'name', 'category', '', 'mass', 'most visible'], ...rows]))
  out(`${Object.keys(s.files).length} files, ${bytes(Object.values(s.files).reduce((n, f) => n + f.bytes, 0))}`)
}

function inspectScene(scene: Scene): void {
  const place = (v: unknown) => (isKeyframes(v as never) ? 'keyframes' : (v as number[]).map(x => x.toFixed(2)).join(', '))
  out(`${pc.bold('scene')}  ${scene.frames} frames at ${scene.fps} fps, gravity ${scene.gravity.join(', ')} m/s²`)
  for (const c of scene.cameras) out(`camera ${c.name}: ${c.type}, ${c.resolution.join(' x ')}, at ${place(c.position)}`)
  for (const l of scene.lights) out(`light ${l.name}: ${l.type}`)
  if (scene.environment) out(`environment: ${JSON.stringify(scene.environment.light)}`)
  const rows = scene.objects.map(o => [String(o.id), o.name, o.category, o.body.type, place(o.position)])
  out(table([['id', 'name', 'category', 'body', 'position'], ...rows]))
}
