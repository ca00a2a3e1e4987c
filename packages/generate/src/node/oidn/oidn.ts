/**
 * Intel's Open Image Denoise in the place of our own denoiser, through its program oidnDenoise: linear light with albedo and normal of what is seen first as guides, frame by frame, on one thread. A network of
 * 1.8 million weights that are not ours; its bits depend on the processor.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GenerateError } from '../../error.ts'
import type { Denoiser } from '../../frame.ts'
import { decodePfm, encodePfm } from './pfm.ts'

export interface Oidn {
  readonly program: string
  /** The library's. */
  readonly version: string
}

/**
 * Asks an oidnDenoise for its version: `program`, or what DIORAMA_OIDN names, or oidnDenoise on the PATH.
 *
 * @throws GenerateError that says how to get one
 */
export function findOidn(program = process.env['DIORAMA_OIDN'] || 'oidnDenoise'): Oidn {
  const { error, status, stdout, stderr } = spawnSync(program, ['--device', 'cpu', '--verbose', '2'], { encoding: 'utf8' })
  // Without a picture it says which version it is, and that a picture is missing.
  const version = /Open Image Denoise (\d[\w.]*)|version=(\d[\w.]*)/.exec(stdout ?? '')
  if (!error && version) return { program, version: (version[1] ?? version[2])! }
  const why = error ? error.message : (stderr.trim().split('\n').at(-1) ?? `it stopped with code ${status}`)
  throw new GenerateError(
    `--denoiser oidn needs Open Image Denoise's program oidnDenoise, and ${program} is none (${why}); take it from a release of github.com/RenderKit/oidn, or pip install pyoidn (it lies in pyoidn/oidn/bin there), and name it: --oidn path/to/oidnDenoise, or DIORAMA_OIDN`,
  )
}

/** Denoises a frame's colour. */
export const oidnDenoiser =
  ({ program }: Oidn): Denoiser =>
  ({ width, height, color, albedo, normal }) => {
    const folder = mkdtempSync(join(tmpdir(), 'diorama-oidn-'))
    const file = (name: string) => join(folder, `${name}.pfm`)
    try {
      for (const [name, data] of Object.entries({ color, albedo, normal })) writeFileSync(file(name), encodePfm(width, height, data))
      const inputs = ['--hdr', file('color'), '--alb', file('albedo'), '--nrm', file('normal')]
      execFileSync(program, [...inputs, '--output', file('out'), '--device', 'cpu', '--threads', '1'], {
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      return { color: decodePfm(readFileSync(file('out'))).data }
    } catch (error) {
      const said = (error as { stderr?: Buffer }).stderr?.toString().trim().split('\n').slice(-2).join(' ')
      throw new GenerateError(`Open Image Denoise failed: ${said || (error as Error).message}`)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
