/** Pictures from Blender's Cycles in the place of our own, through a Python that has the module `bpy`. Labels stay ours. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodeNpy } from '@dioramic/codec'
import { GenerateError } from '../../error.ts'
import { type Beauty, radianceSeed } from '../../frame.ts'
import { exportForCycles } from './export.ts'

/** The script that renders what `exportForCycles` writes; it is not compiled, so it stands in `src`. */
const CYCLES_SCRIPT: string = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './render.py' : '../../../src/node/cycles/render.py', import.meta.url),
)
/** As our own picture's (`FILTER_WIDTH` of the renderer). */
const FILTER_WIDTH = 3

export interface Cycles {
  readonly python: string
  /** Blender's. */
  readonly version: string
}

/**
 * Asks a Python for its `bpy`: `python`, or what DIORAMA_CYCLES_PYTHON names, or python3.
 *
 * @throws GenerateError that says how to get one
 */
export function findCycles(python = process.env['DIORAMA_CYCLES_PYTHON'] || 'python3'): Cycles {
  const { error, status, stdout, stderr } = spawnSync(python, ['-c', 'import bpy; print("bpy", bpy.app.version_string)'], {
    encoding: 'utf8',
  })
  const version = /^bpy (\S+)/m.exec(stdout ?? '')?.[1]
  if (!error && status === 0 && version) return { python, version }
  const why = error ? error.message : (stderr.trim().split('\n').at(-1) ?? `it stopped with code ${status}`)
  throw new GenerateError(
    `--renderer cycles needs a Python with Blender's module bpy, and ${python} has none (${why}); make one, such as python3.11 -m venv blender && blender/bin/pip install bpy==5.0.1, and name it: --cycles-python blender/bin/python, or DIORAMA_CYCLES_PYTHON`,
  )
}

/** What render.py says of a folder. */
export interface CyclesRun {
  /** Blender's. */
  readonly version: string
  /** In the order that render.py's head tells; `picture` is linear RGB, row-major, row 0 at the top. */
  readonly renders: readonly {
    readonly spp: number
    readonly cpuSeconds: number
    readonly wallSeconds: number
    readonly picture: Float32Array
  }[]
}

/** Renders a folder that `exportForCycles` wrote, with options of render.py. Throws the process's error, which has its `stderr`. */
export function runCycles(python: string, folder: string, options: readonly (string | number)[]): CyclesRun {
  const stdout = execFileSync(python, [CYCLES_SCRIPT, folder, ...options.map(String)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 26,
  })
  const { version, renders } = JSON.parse(stdout.trim().split('\n').at(-1)!) as {
    version: string
    renders: readonly { spp: number; cpuSeconds: number; wallSeconds: number; file: string }[]
  }
  return { version, renders: renders.map(({ file, ...r }) => ({ ...r, picture: decodeNpy(readFileSync(file)).data as Float32Array })) }
}

/** Linear light of frames as Cycles makes it, on one thread; denoised by its own denoiser where the clip's settings say so. */
export const cyclesBeauty =
  ({ python }: Cycles): Beauty =>
  (clip, camera, frame) => {
    const { scene, settings, resolved, motion } = clip
    const folder = mkdtempSync(join(tmpdir(), 'diorama-cycles-'))
    try {
      exportForCycles({ resolved, motion, camera, time: frame / scene.fps, filterWidth: FILTER_WIDTH, folder })
      const [seed] = radianceSeed(clip, camera, frame)
      const options = [
        '--spp',
        settings.spp,
        '--seed',
        seed & 0x7fff_ffff,
        '--bounces',
        settings.maxBounces,
        '--filter-glossy',
        settings.filterGlossy ?? 0,
        '--plain',
      ]
      return runCycles(python, folder, settings.denoise ? [...options, '--denoise'] : options).renders[0]!.picture
    } catch (error) {
      if (error instanceof GenerateError) throw error
      const said = (error as { stderr?: string }).stderr?.trim().split('\n').slice(-3).join(' ') ?? ''
      throw new GenerateError(`Cycles failed in frame ${frame} of clip ${clip.index}: ${said || (error as Error).message}`)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
