// `diorama soup` as a person runs it: files to a soup with its report, modules, memory, and what is wrong said.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { f32, fillNormal, Key, openSafetensors, streamSafetensors, writeSafetensors } from '@dioramic/tensor'
import { withFile, writeFileAtomic } from '@dioramic/tensor/node'
import { afterAll, describe, expect, test } from 'vitest'
import { diorama, events, main, scratch } from './diorama.ts'

const s = scratch()
afterAll(s.clean)
const env = { DIORAMA_CACHE: s.at('cache') }
const run = (...args: readonly string[]) => diorama(['soup', ...args], { cwd: s.folder, env })
const normals = (key: Key, n: number) => {
  const out = new Float32Array(n)
  fillNormal(out, key.words)
  return out
}
const key = Key.fromSeed(4)
const report = (name: string) => JSON.parse(readFileSync(s.at(`${name}.json`), 'utf8'))

describe('modules', () => {
  const paths = [0, 1, 2].map(i => s.at(`task-${i}.safetensors`))

  test('a function scores weights; a task learns a soup, and ensembles stand beside', async () => {
    for (const [i, path] of paths.entries()) {
      const noise = normals(key.fork(i), 8)
      const w = f32(
        Float32Array.from(noise, (v, j) => [1, 0, 0, 1, -1, 1, 1, -1][j]! + 0.9 * v),
        [4, 2],
      )
      await writeFileAtomic(path, sink => writeSafetensors(sink, [{ name: 'w', array: w }]))
    }
    const norm = 'export default (weights: any) => ({ loss: weights.w.data.reduce((s: number, v: number) => s + v * v, 0) })\n'
    writeFileSync(s.at('norm.ts'), norm)
    const scored = await run(...paths, '--recipe', 'uniform', '--eval', 'norm.ts', '-o', 'norm.safetensors')
    expect(scored.err).toBe('')
    // The mean of vectors is shorter than the longest.
    expect(report('norm').score).toBeGreaterThan(Math.min(...report('norm').ingredients.map((i: { score: number }) => i.score)))

    const x = [...normals(key.fork('x'), 800)].map(v => v.toFixed(4))
    writeFileSync(
      s.at('task.ts'),
      `import { f32, i64, matmul } from '@dioramic/tensor'
const x = f32([${x}], [200, 4])
const at = (i: number, j: number) => x.data[i * 4 + j] as number
const y = i64(Array.from({ length: 200 }, (_, i) => Number(at(i, 0) - 2 * at(i, 2) < at(i, 1))))
export default { logits: (w: any, rows: any) => matmul(rows, w.w), x, y }
`,
    )
    const learned = await run(...paths, '--recipe', 'learned', '--eval', 'task.ts', '-o', 'learned.safetensors')
    expect(learned.err).toBe('')
    const r = report('learned')
    expect(r.ingredients.reduce((sum: number, i: { weight: number }) => sum + i.weight, 0)).toBeCloseTo(1, 9)
    expect(r.beta).toBeGreaterThan(0)
    expect(r.beside.map((b: { name: string; members: number }) => `${b.name.split(' ')[0]} ${b.members}`)).toEqual([
      'logit 3',
      expect.stringMatching(/^greedy [123]$/),
      'calibrated 3',
    ])
    expect(readFileSync(s.at('learned.html'), 'utf8')).toContain('Beside the soup')
    const uniform = await run(...paths, '--recipe', 'uniform', '--eval', 'task.ts', '-o', 'uniform.safetensors')
    expect(uniform.err).toBe('')
    // A model that is linear in its weights: soup and logit ensemble are one.
    expect(report('uniform').score).toBe(report('uniform').beside[0].score)
    expect(r.values.loss).toBeLessThan(report('uniform').values.loss)
    const byArray = await run(...paths, '--recipe', 'learned', '--by-array', '--eval', 'task.ts', '-o', 'arrays.safetensors')
    expect(byArray.code).toBe(0)
    expect(report('arrays').ingredients[0].weight).toBe(null)

    const line = await run('barrier', paths[0]!, paths[1]!, '--eval', 'task.ts', '--points', '5', '-o', 'line.html')
    expect(line.err).toBe('')
    expect(events(line.out).at(-1)).toMatchObject({ event: 'barrier', barrier: report('line').line.barrier })
    expect(readFileSync(s.at('line.html'), 'utf8')).toContain('<svg')
  })

  test('what is wrong is said, and nothing is written', async () => {
    writeFileSync(s.at('seven.ts'), 'export default 7\n')
    writeFileSync(s.at('lacks.ts'), 'export default { logits: (w: any) => w }\n')
    writeFileSync(s.at('broken.ts'), "throw new Error('not today')\n")
    const wrong = async (...args: readonly string[]) => {
      const { code, err } = await run(...args, '-o', 'wrong.safetensors')
      expect([code, existsSync(s.at('wrong.safetensors'))]).toEqual([2, false])
      return err
    }
    expect(await wrong(...paths, '--eval', 'seven.ts')).toContain('exports no evaluation')
    expect(await wrong(...paths, '--eval', 'lacks.ts')).toContain('x is no array')
    expect(await wrong(...paths, '--eval', 'broken.ts')).toContain('broken.ts could not be loaded: not today')
    expect(await wrong(...paths, '--alpha', '2')).toContain('--alpha 2: write a number from 0 to 1')
    expect((await run(...paths, '-o', 'soup.pt')).err).toContain('.safetensors')
    expect((await run(...paths, '-o', paths[0]!)).err).toContain('one of the ingredients')
  })
})

const long = process.env['DIORAMA_LONG'] !== undefined

test(`two checkpoints of ${long ? '2 GB' : '67 MB'} are merged in less than 200 MB`, async () => {
  const [rows, layers] = long ? [1 << 13, 16] : [1 << 13, 1]
  const width = long ? 4096 : 2048
  const paths = [0, 1].map(i => s.at(`large-${i}.safetensors`))
  for (const [i, path] of paths.entries()) {
    const block = normals(key.fork('large'), width).map((v, j) => v + 1e-3 * i * (j % 7))
    const bytes = new Uint8Array(block.buffer)
    await writeFileAtomic(path, sink =>
      streamSafetensors(
        sink,
        Array.from({ length: layers }, (_, l) => ({
          name: `layer.${l}.weight`,
          dtype: 'f32' as const,
          shape: [rows, width],
          pieces: function* () {
            for (let r = 0; r < rows; r++) yield bytes
          },
        })),
      ),
    )
  }
  // What the system says of a process begins with what its parent held when it was started; Linux also keeps the peak of the process's own memory.
  const peak = `process.on('exit', () => {
    const own = process.getBuiltinModule('fs').existsSync('/proc/self/status') ? /VmHWM:\\s*(\\d+)/.exec(process.getBuiltinModule('fs').readFileSync('/proc/self/status', 'utf8'))[1] : process.resourceUsage().maxRSS
    process.stderr.write('peak ' + own)
  })`
  const child = spawn(
    process.execPath,
    [
      '--conditions=@dioramic/source',
      `--import=data:text/javascript,${encodeURIComponent(peak)}`,
      main,
      'soup',
      ...paths,
      '-o',
      s.at('large.safetensors'),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let err = ''
  child.stderr.on('data', d => (err += d))
  expect(await new Promise(resolve => child.on('close', resolve))).toBe(0)
  const mebibytes = Number(/peak (\d+)/.exec(err)![1]) / 1024
  console.log(`two files of ${(statSync(paths[0]!).size / 1e6).toFixed(0)} MB: peak resident ${mebibytes.toFixed(0)} MiB`)
  expect(mebibytes * 1.048576).toBeLessThan(200)
  await withFile(s.at('large.safetensors'), async source => {
    const file = await openSafetensors(source)
    const got = new Float32Array(width)
    await file.read(`layer.${layers - 1}.weight`, (rows - 1) * width, new Uint8Array(got.buffer))
    const base = normals(key.fork('large'), width)
    expect(got).toEqual(base.map((v, j) => (v + Math.fround(v + 1e-3 * (j % 7))) / 2))
  })
  for (const p of [...paths, s.at('large.safetensors')]) rmSync(p)
}, 1_800_000)
