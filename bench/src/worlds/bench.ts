/**
 * MOVi's worlds: clips an hour (`movi-a`, `movi-c`, `movi-f`), and MOVi-A beside Kubric's way, which needs DIORAMA_CYCLES_PYTHON (bpy, pybullet, OpenEXR, pypng). `npm run bench -- worlds` does
 * all of it, about an hour; parts are named: `worlds error`, `worlds clips 0 1 frames=8` with seeds and length of the clips. Equal error needs both.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Claim, writeReport } from '../report.ts'
import { setting } from '../setting.ts'
import { clips, equalError } from './kubric.ts'
import { RATED, rate } from './rates.ts'

const SEEDS = [0, 1, 2]

export async function run({
  quick,
  json,
  only,
}: {
  readonly quick: boolean
  readonly json: string | undefined
  readonly only: readonly string[]
}): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'diorama-worlds-'))
  const claims: Claim[] = []
  const details: Record<string, unknown> = {}
  const add = (name: string, part: { claims: readonly Claim[]; details: unknown }) => {
    claims.push(...part.claims)
    details[name] = part.details
  }
  const asked = (name: string) => only.length === 0 || only.includes(name)
  try {
    const told = setting('frames', only)
    const frames = told === undefined ? undefined : Number(told)
    for (const name of RATED) if (asked(name)) add(name, await rate(name, quick, folder, frames))
    const python = process.env['DIORAMA_CYCLES_PYTHON']
    if (!python) console.error('DIORAMA_CYCLES_PYTHON is not set: nothing beside Kubric')
    else {
      const found = asked('error') ? await equalError({ quick, folder, python }) : null
      if (found) add('error', found)
      const seeds = only.filter(o => /^\d+$/.test(o)).map(Number)
      if (asked('clips'))
        add('clips', await clips({ quick, folder, python }, seeds.length > 0 ? seeds : SEEDS, found?.frame ?? null, frames))
    }
    writeReport('worlds', claims, details, json)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
