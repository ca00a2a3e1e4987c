import { suggest } from '@dioramic/scene'
import { addAsset as add, inspectAsset } from '@dioramic/scene/node'
import pc from 'picocolors'
import { EXIT, UsageError } from '../fail.ts'
import { readAssets } from '../frame-settings.ts'
import { onTerminal } from '../progress.ts'
import { table } from '../units.ts'

const UNITS = ['m', 'cm', 'mm', 'in', 'ft'] as const
type Unit = (typeof UNITS)[number]

interface MeshOptions {
  readonly units?: string
  readonly up?: 'y' | 'z'
}

function meshOptions(o: MeshOptions) {
  if (o.units === undefined) return { up: o.up }
  const scale = Number(o.units)
  if (!UNITS.includes(o.units as Unit) && !(scale > 0 && Number.isFinite(scale)))
    throw new UsageError(`--units ${o.units}: ${suggest(o.units, UNITS)}; or the number of metres in one unit of the file`)
  return { up: o.up, units: UNITS.includes(o.units as Unit) ? (o.units as Unit) : scale }
}

const metres = (v: readonly number[]) => `${v.map(x => x.toFixed(4)).join(' x ')} m`

/** Says what the objects at a path are, as they would be used. */
export async function inspectAssets(path: string, o: MeshOptions): Promise<number> {
  const reports = await inspectAsset(path, meshOptions(o))
  if (reports.length === 0) {
    // Pictures are not objects, yet their reading says whether they are sound.
    const { assets } = await readAssets([path])
    const pictures = [...assets.hdris, ...assets.images]
    if (pictures.length === 0) throw new UsageError(`${path} holds no object and no picture`)
    for (const [id, { width, height }] of pictures)
      process.stdout.write(
        onTerminal() ? `${pc.bold(id)}  picture, ${width} x ${height}\n` : `${JSON.stringify({ event: 'picture', id, width, height })}\n`,
      )
  }
  for (const r of reports) {
    if (!onTerminal()) {
      process.stdout.write(`${JSON.stringify({ event: 'asset', ...r })}\n`)
      continue
    }
    const shut = r.watertight
      ? 'watertight'
      : `${r.boundaryEdges} open, ${r.nonManifoldEdges} non-manifold and ${r.misorientedEdges} misoriented edges: volume and mass are estimates`
    const rows = [
      ['  size', metres(r.size)],
      [
        '  units',
        `${r.units}${r.suggestedUnits ? `  (--units ${r.suggestedUnits} would make it a size one can hold)` : ''}, ${r.up} up in the file`,
      ],
      ['  origin', `at ${r.originInBounds.map(x => `${Math.round(100 * x)} %`).join(', ')} of its bounds (x, y, z)`],
      ['  mesh', `${r.triangles} triangles, ${r.vertices} vertices, ${r.parts} parts, ${r.components} pieces; ${shut}`],
      [
        '  mass',
        `${r.massAtWater.toPrecision(3)} kg at 1000 kg/m³, ${(1000 * r.volume).toPrecision(3)} litres, centre of mass ${metres(r.centerOfMass)}`,
      ],
      ['  hulls', `${r.hulls} with ${r.hullVertices} vertices`],
      ...(r.joints.length > 0 ? [['  joints', `${r.joints.length}: ${r.joints.join(', ')}`]] : []),
      ...(r.morphs.length > 0 ? [['  morphs', r.morphs.join(', ')]] : []),
      ...(r.clips.length > 0 ? [['  clips', r.clips.map(c => `${c.name} ${Number(c.seconds.toPrecision(3))} s`).join(', ')]] : []),
      ['  textures', r.textures.map(t => `${t.name} ${t.width} x ${t.height}`).join(', ') || 'none'],
      ['  licence', r.license],
    ]
    process.stdout.write(
      `${pc.bold(r.id)}  ${r.file}\n${table(rows)}\n${r.warnings.map(w => `  ${pc.yellow('warning')} ${w}\n`).join('')}\n`,
    )
  }
  return EXIT.ok
}

interface AddCommandOptions extends MeshOptions {
  readonly id?: string
  readonly license?: string
  readonly texture?: string
  readonly collision?: string
  readonly manifest: string
}

/** Adds a mesh to a manifest, after importing it to see that it is sound. */
export async function addAsset(file: string, o: AddCommandOptions): Promise<number> {
  const { id, license, texture, collision, manifest } = o
  const { entry, replaced, warnings } = await add(file, { ...meshOptions(o), manifestPath: manifest, id, license, texture, collision })
  for (const w of warnings) process.stderr.write(`${pc.yellow('warning')}: ${w}\n`)
  if (!onTerminal()) process.stdout.write(`${JSON.stringify({ event: 'added', manifest, replaced, entry, warnings })}\n`)
  else
    process.stdout.write(
      `${replaced ? 'replaced' : 'added'} ${entry.id} in ${manifest}; use it with: diorama generate tabletop --assets ${manifest}\n`,
    )
  return EXIT.ok
}
