import type { Up } from '../assets/normalise.ts'
import { suggestUnits, type Units, unitName } from '../assets/units.ts'
import type { Vec3 } from '../maths/vec3.ts'
import { bounds, boundsSize } from '../mesh/bounds.ts'
import { massProperties } from '../mesh/mass-properties.ts'
import { watertightness } from '../mesh/watertightness.ts'
import { importSource, type LoadOptions } from './library.ts'
import { type ObjectSource, sourcesAt } from './sources.ts'

/** What an object is, in metres and +Z up, as it would be used. */
export interface AssetReport {
  readonly id: string
  readonly file: string
  readonly triangles: number
  readonly vertices: number
  readonly parts: number
  /** Metres. */
  readonly bounds: { readonly min: Vec3; readonly max: Vec3 }
  readonly size: Vec3
  /** How the file's numbers were read: a unit's name, or `<n> m`. */
  readonly units: string
  /** The unit that would make its size sensible, when that is another one. */
  readonly suggestedUnits: string | null
  readonly up: Up
  /** Where the file's origin lies in the bounds, per axis: 0 at the low side, 1 at the high side; outside [0, 1] it is outside them. */
  readonly originInBounds: Vec3
  readonly watertight: boolean
  readonly boundaryEdges: number
  readonly nonManifoldEdges: number
  readonly misorientedEdges: number
  readonly components: number
  /** m³; meaningless unless watertight. */
  readonly volume: number
  /** Kilograms at 1000 kg/m³. */
  readonly massAtWater: number
  readonly centerOfMass: Vec3
  readonly hulls: number
  readonly hullVertices: number
  /** Names of its joints, of its morph targets, and its clips with their seconds; empty for what nothing moves. */
  readonly joints: readonly string[]
  readonly morphs: readonly string[]
  readonly clips: readonly { readonly name: string; readonly seconds: number }[]
  readonly textures: readonly { readonly name: string; readonly width: number; readonly height: number }[]
  readonly license: string
  readonly sha256: string
  readonly warnings: readonly string[]
}

export interface InspectOptions extends LoadOptions {
  /** Override what the file or manifest says. */
  readonly units?: Units | undefined
  readonly up?: Up | undefined
}

async function report(source: ObjectSource, options: InspectOptions): Promise<AssetReport> {
  const imported = await importSource(
    { ...source, units: options.units ?? source.units, up: options.up ?? source.up },
    { cacheDir: options.cacheDir },
  )
  const { mesh, rig, hulls, license, sha256 } = imported.object
  const b = bounds(mesh.positions)
  const size = boundsSize(b)
  const topology = watertightness(mesh)
  const mass = massProperties(mesh)
  const guess = suggestUnits(Math.max(...size) / imported.metresPerUnit)
  const units = unitName(imported.metresPerUnit)
  const warnings = [...imported.warnings]
  if (topology.watertight && mass.volume < 0)
    warnings.push(`asset "${source.id}": its faces look inwards: flip its winding where it was made`)
  return {
    id: source.id,
    file: source.visual,
    triangles: mesh.indices.length / 3,
    vertices: mesh.positions.length / 3,
    parts: mesh.parts.length,
    bounds: b,
    size,
    units,
    suggestedUnits: guess === null || guess === units ? null : guess,
    up: imported.up,
    originInBounds: [0, 1, 2].map(k => (size[k]! > 0 ? -b.min[k]! / size[k]! : 0.5)) as unknown as Vec3,
    watertight: topology.watertight,
    boundaryEdges: topology.boundaryEdges,
    nonManifoldEdges: topology.nonManifoldEdges,
    misorientedEdges: topology.misorientedEdges,
    components: topology.components,
    volume: mass.volume,
    massAtWater: Math.abs(mass.volume) * 1000,
    centerOfMass: mass.centerOfMass,
    hulls: hulls.length,
    hullVertices: hulls.reduce((n, h) => n + h.length / 3, 0),
    joints: rig?.joints.map(j => j.name) ?? [],
    morphs: rig?.morphs.map(m => m.name) ?? [],
    clips: [...(rig?.clips ?? [])].map(([name, { duration }]) => ({ name, seconds: duration })),
    textures: [...imported.images].map(([name, { width, height }]) => ({ name, width, height })),
    license,
    sha256,
    warnings,
  }
}

/** Reports on every object at a path (file, folder or manifest). Throws `AssetError`. */
export async function inspectAsset(path: string, options: InspectOptions = {}): Promise<AssetReport[]> {
  const { objects } = await sourcesAt(path)
  const reports: AssetReport[] = []
  for (const source of objects) reports.push(await report(source, options))
  return reports
}
