/**
 * What nets learn from our renders and do on Cycles': the numbers, tables and pictures of docs/trained-use.md.
 *
 *     DIORAMA_CYCLES_PYTHON=blender/bin/python DIORAMA_PYTHON=python3 \
 *       node --conditions=@dioramic/source scripts/trained-use.ts --assets scans/manifest.json [--out out/trained-use] [--parts segmentation,keypoints,detector]
 *
 * An hour of one core, two gigabytes of memory, half a gigabyte of disk. A run that was stopped goes on where it was.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { findCycles } from '@dioramic/generate/node'
import { writeSection } from './section.ts'
import { makeSets } from './trained-use/make-sets.ts'
import { pythonVersions, runScript } from './trained-use/python.ts'
import { HELD_OUT_POSES, PARTS, setsOf } from './trained-use/sets.ts'
import { type Scored, type TrainedUse, tablesOf } from './trained-use/tables.ts'

const { values } = parseArgs({
  options: {
    assets: { type: 'string' },
    out: { type: 'string', default: 'out/trained-use' },
    parts: { type: 'string', default: PARTS.join(',') },
  },
})
const parts = values.parts.split(',').map(name => {
  const part = PARTS.find(p => p === name)
  if (!part) throw new Error(`--parts has "${name}"; there are ${PARTS.join(', ')}`)
  return part
})
if (!values.assets && parts.includes('detector'))
  throw new Error('--assets is missing: the manifest of the scanned objects that the detector is to find')
const root = fileURLToPath(new URL('..', import.meta.url))
const out = resolve(values.out)
const python = process.env['DIORAMA_PYTHON'] || 'python3'
const versions = pythonVersions(python)
const cycles = findCycles()
console.log(`${parts.join(', ')}: up to an hour on one core; sets and numbers are kept in ${out}`)

const page = join(root, 'docs', 'trained-use.md')
const file = join(root, 'docs', 'evidence', 'trained-use.json')
const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as TrainedUse).parts : {}
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
const about = {
  version: `0.1.0 (${commit})`,
  machine: { cpu: cpus()[0]!.model, threads: 1, node: process.version, blender: cycles.version, ...versions },
}
const sets = setsOf(resolve(values.assets ?? ''))
const measured = parts.map(part => {
  makeSets(
    sets.filter(s => s.part === part),
    out,
  )
  runScript(python, `${part}.py`, [out, ...(part === 'keypoints' ? HELD_OUT_POSES : [])])
  const scored = JSON.parse(readFileSync(join(out, 'results', `${part}.json`), 'utf8')) as Scored
  return [part, { ...about, ...scored }] as const
})
const evidence: TrainedUse = {
  command: 'node --conditions=@dioramic/source scripts/trained-use.ts',
  parts: { ...before, ...Object.fromEntries(measured) },
}
writeFileSync(file, `${JSON.stringify(evidence, null, 2)}\n`)
for (const [name, table] of tablesOf(evidence)) writeSection(page, name, `${table}\n`)
runScript(python, 'draw.py', [out, join(root, 'docs', 'pictures', 'trained-use'), ...parts])
