// Soups of files: bits, formats, what is refused, what is remembered.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodePiece, f32, i64, Key, type NDArray, openSafetensors, type SafetensorsItem, writeSafetensors } from '@dioramic/tensor'
import { createArena, loadPart, nodeRuntime, saveStateFile, withFile, writeFileAtomic } from '@dioramic/tensor/node'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { roundOnce } from '../../soups/merge/round.ts'
import { normals } from '../../theory/algebra/random.ts'
import { parseScore } from './command.ts'
import { makeSoup, type SoupEvent, type SoupOptions } from './soup.ts'

const folder = mkdtempSync(join(tmpdir(), 'diorama-soups-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string) => join(folder, name)
const save = (name: string, items: readonly SafetensorsItem[]) => writeFileAtomic(at(name), sink => writeSafetensors(sink, items))
const read = (path: string) =>
  withFile(path, async source => {
    const file = await openSafetensors(source)
    const out: Record<string, NDArray> = {}
    for (const name of file.entries.keys()) out[name] = await file.array(name)
    return { arrays: out, metadata: file.metadata, dtypes: [...file.entries.values()].map(e => e.dtype) }
  })
const soup = (o: Partial<SoupOptions> & Pick<SoupOptions, 'paths'>) =>
  makeSoup({
    recipe: 'uniform',
    cache: at('cache'),
    engine: async () => ({ runtime: nodeRuntime({ threads: 1 }), arena: createArena }),
    ...o,
  })
const key = Key.fromSeed(11)
const matrix = (k: Key, n = 100): NDArray => f32(normals(k, n), [n / 10, 10])

test('the mean of f32, f16 and bf16 files is a float64 sum in the order of the files, rounded once', async () => {
  const out = at('bits.safetensors')
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('f32' as const, 'f16' as const, 'bf16' as const),
      fc.array(fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, max: 60000, min: -60000 }), { minLength: 9, maxLength: 9 }), {
        minLength: 1,
        maxLength: 5,
      }),
      async (as, models) => {
        for (const [i, m] of models.entries()) await save(`bits-${i}.safetensors`, [{ name: 'w', array: f32(m), as }])
        const stored = await Promise.all(models.map((_, i) => read(at(`bits-${i}.safetensors`))))
        await soup({ paths: models.map((_, i) => at(`bits-${i}.safetensors`)), out })
        const mean = Float64Array.from(
          { length: 9 },
          (_, j) => stored.reduce((s, m) => s + Number(m.arrays['w']!.data[j]), 0) / models.length,
        )
        const got = await read(out)
        expect(got.dtypes).toEqual([as])
        const bytes = Uint8Array.from(roundOnce(mean, as))
        const expected = new Float32Array(9)
        decodePiece(bytes, as, expected, 0, 'mean')
        expect(got.arrays['w']!.data).toEqual(expected)
      },
    ),
    { numRuns: 25 },
  )
})

describe('formats', () => {
  const model = (i: number): SafetensorsItem[] => [
    { name: 'w', array: matrix(key.fork(i)) },
    { name: 'v', array: matrix(key.fork('v').fork(i)), as: 'f16' },
    { name: 'n', array: i64([i, 2]) },
  ]

  test('shards are one checkpoint; integers are the first one’s; the file says what it is of', async () => {
    for (const i of [0, 1]) {
      await save(`whole-${i}.safetensors`, model(i))
      await save(`a-${i}.safetensors`, [model(i)[0]!])
      await save(`b-${i}.safetensors`, model(i).slice(1))
      const weight_map = { w: `a-${i}.safetensors`, v: `b-${i}.safetensors`, n: `b-${i}.safetensors` }
      writeFileSync(at(`${i}.index.json`), JSON.stringify({ weight_map }))
    }
    const whole = await soup({ paths: [at('whole-0.safetensors'), at('whole-1.safetensors')], out: at('whole.safetensors') })
    const parts = await soup({ paths: [at('0.index.json'), at('whole-1.safetensors')], out: at('parts.safetensors') })
    expect((await read(at('parts.safetensors'))).arrays).toEqual((await read(at('whole.safetensors'))).arrays)
    expect(parts.ingredients.map(i => i.hash)).toEqual(whole.ingredients.map(i => i.hash))
    expect(whole.differing).toEqual(['n'])
    const { arrays, metadata } = await read(at('whole.safetensors'))
    expect([...arrays['n']!.data]).toEqual([0n, 2n])
    expect(metadata.get('format')).toBe('pt')
    expect(JSON.parse(metadata.get('dioramic.soup')!)).toMatchObject({ recipe: 'uniform', shares: [0.5, 0.5] })
    writeFileSync(at('bad.index.json'), JSON.stringify({ weight_map: { w: 'a-0.safetensors', q: 'a-0.safetensors' } }))
    await expect(soup({ paths: [at('bad.index.json')] })).rejects.toThrow('"q" should be in a-0.safetensors')
    writeFileSync(at('no.index.json'), '{}')
    await expect(soup({ paths: [at('no.index.json')] })).rejects.toThrow('no weight_map')
  })

  test('checkpoints of this library’s training: parameters and state, without the optimiser', async () => {
    const origin = { library: '0', onnxruntime: '1', threads: 1 }
    for (const i of [0, 1]) {
      const arrays = { params: { w: f32([i, 4]) }, state: { mean: f32([2 * i]) }, optimiser: { moment: f32([9, 9]) } }
      await saveStateFile(at(`state-${i}.safetensors`), { arrays, record: { step: i }, origin })
    }
    await soup({ paths: [0, 1].map(i => at(`state-${i}.safetensors`)), out: at('state.safetensors') })
    const { arrays } = await read(at('state.safetensors'))
    expect(Object.keys(arrays)).toEqual(['params/w', 'state/mean'])
    expect(await loadPart(at('state.safetensors'), 'params', { w: f32([0, 0]) })).toEqual({ w: f32([0.5, 4]) })
  })

  test('what torch.save wrote: views, ties, halves, integers', async () => {
    const pt = join(import.meta.dirname, '../../../../tensor/test/fixtures/torch-2.15.pt')
    const { differing } = await soup({ paths: [pt], out: at('torch.safetensors') })
    expect(differing).toEqual([])
    const { arrays } = await read(at('torch.safetensors'))
    expect([...arrays['model.turned']!.data]).toEqual([0, 3, 1, 4, 2, 5])
    expect([...arrays['model.tied']!.data]).toEqual([0, 1, 2, 3, 4, 5])
    expect([...arrays['model.half']!.data]).toEqual([0.5, -2])
    // A safetensors file of the same model has a tied array once.
    const names = ['weight', 'bias', 'turned', 'half', 'count'].map(n => `model.${n}`)
    await save(
      'once.safetensors',
      names.map(name => ({ name, array: arrays[name]!, ...(name === 'model.half' ? { as: 'f16' as const } : {}) })),
    )
    await soup({ paths: [at('once.safetensors'), pt], out: at('tied.safetensors') })
    expect(Object.keys((await read(at('tied.safetensors'))).arrays).sort()).toEqual(names.sort())
    await soup({ paths: [pt, at('once.safetensors')], out: at('tied.safetensors') })
    const both = (await read(at('tied.safetensors'))).arrays
    expect(both['model.tied']!.data).toEqual(both['model.weight']!.data)
    const bytes = readFileSync(pt)
    bytes[bytes.indexOf(Buffer.from(Float32Array.of(0, 1, 2, 3).buffer)) + 4]! ^= 1
    writeFileSync(at('torn.pt'), bytes)
    await expect(soup({ paths: [at('torn.pt')] })).rejects.toThrow('CRC-32')
  })
})

describe('what is refused, and nothing is written', () => {
  const out = at('refused.safetensors')
  const refused = async (o: Partial<SoupOptions> & Pick<SoupOptions, 'paths'>): Promise<string> => {
    const error = await soup({ out, ...o }).catch((e: Error) => e)
    expect(error).toBeInstanceOf(Error)
    expect(existsSync(out)).toBe(false)
    expect(readdirSync(folder).filter(n => n.includes('.~') || n.includes('candidate'))).toEqual([])
    return (error as Error).message
  }
  beforeAll(async () => {
    await save('fit.safetensors', [{ name: 'w', array: f32([1, 2]) }, { name: 'b', array: f32([1]) }])
    await save('names.safetensors', [{ name: 'w', array: f32([1, 2]) }, { name: 'c', array: f32([1]) }])
    await save('shape.safetensors', [{ name: 'w', array: f32([1, 2, 3]) }, { name: 'b', array: f32([1]) }])
    await save('half.safetensors', [{ name: 'w', array: f32([1, 2]), as: 'f16' }, { name: 'b', array: f32([1]) }])
    await save('nan.safetensors', [{ name: 'w', array: f32([1, Number.NaN]) }, { name: 'b', array: f32([1]) }])
    await save('up.safetensors', [{ name: 'w', array: f32([Infinity, 2]) }, { name: 'b', array: f32([1]) }])
    await save('down.safetensors', [{ name: 'w', array: f32([-Infinity, 2]) }, { name: 'b', array: f32([1]) }])
  }) // biome-ignore format: cases

  test('files that do not fit, by name', async () => {
    const fit = at('fit.safetensors')
    expect(await refused({ paths: [] })).toContain('no checkpoints')
    expect(await refused({ paths: [at('gone.safetensors')] })).toContain('no such file')
    expect(await refused({ paths: [fit, at('names.safetensors')] })).toMatch(/names\.safetensors does not fit.*lacks: b; only it has: c/)
    expect(await refused({ paths: [fit, at('shape.safetensors')] })).toContain('w is [3] and not [2]')
    expect(await refused({ paths: [fit, at('half.safetensors')] })).toContain('w is f16 and not f32')
    expect(await refused({ paths: [fit, at('nan.safetensors')] })).toMatch(/nan\.safetensors: "w" is NaN at element 1/)
    expect(await refused({ paths: [at('up.safetensors'), at('down.safetensors')] })).toContain('the sum of "w" is NaN')
  })

  test('recipes that lack something', async () => {
    const paths = [at('fit.safetensors'), at('fit.safetensors')]
    expect(await refused({ paths, recipe: 'greedy' })).toContain('add --eval')
    expect(await refused({ paths, recipe: 'wise-ft' })).toContain('--alpha')
    expect(await refused({ paths: [...paths, paths[0]!], recipe: 'wise-ft', alpha: 0.5 })).toContain('3 were given')
    expect(await refused({ paths, recipe: 'learned', evaluation: 'echo 1;#' })).toContain('needs gradients')
  })

  test('evaluations that fail, or print no score', async () => {
    const paths = [at('fit.safetensors'), at('up.safetensors')]
    expect(await refused({ paths, recipe: 'greedy', evaluation: 'echo oh >&2; exit 3;#' })).toMatch(/failed \(exit code 3\).*\n {2}oh/)
    expect(await refused({ paths, recipe: 'greedy', evaluation: 'true' })).toContain('printed nothing')
    expect(await refused({ paths, recipe: 'greedy', evaluation: 'echo accuracy: .5;#' })).toContain('printed no number but "accuracy: .5"')
    for (const text of ['nan', '{"accuracy": 1}', '{"score": 1, "loss": 2}', '{"loss": NaN}', '[1]', 'null', '"7"'])
      expect(() => parseScore(`x\n${text}\n`, 'c')).toThrow('the evaluation printed')
    expect(parseScore('log\n0.5\n\n', 'c')).toEqual({ score: 0.5, values: {} })
    expect(parseScore('{"loss": 2, "ood": 0.1, "name": "x"}', 'c')).toEqual({ score: -2, values: { loss: 2, ood: 0.1 } })
  })
})

/** A command that scores −|mean of w| of a file, and notes that it was asked. */
const scorer = () => {
  const file = at('score.mjs')
  writeFileSync(
    file,
    `import { appendFileSync, readFileSync } from 'node:fs'
const b = readFileSync(process.argv[2])
const from = 8 + Number(b.readBigUInt64LE(0))
const header = JSON.parse(b.subarray(8, from))
const [begin, end] = header.w.data_offsets
let sum = 0
for (let i = begin; i < end; i += 4) sum += b.readFloatLE(from + i)
appendFileSync(process.argv[3], 'x')
console.log(JSON.stringify({ score: -Math.abs(sum), sum }))
`,
  )
  return `"${process.execPath}" "${file}" {} "${at('asked')}"`
}
const asked = () => (existsSync(at('asked')) ? readFileSync(at('asked'), 'utf8').length : 0)

describe('with a command', () => {
  const paths = [-4.1, 3, -2, 1].map((_, i) => at(`line-${i}.safetensors`))
  beforeAll(async () => {
    for (const [i, v] of [-4.1, 3, -2, 1].entries()) await save(`line-${i}.safetensors`, [{ name: 'w', array: f32([v]) }])
  })

  test('greedy picks what helps, and a stopped run goes on where it was', async () => {
    const evaluation = scorer()
    const stopped = await soup({
      paths,
      recipe: 'greedy',
      evaluation,
      out: at('line.safetensors'),
      onEvent: e => {
        if (e.type === 'score' && asked() >= 5) throw new Error('killed')
      },
    }).catch((e: Error) => e.message)
    expect(stopped).toBe('killed')
    expect([asked(), existsSync(at('line.safetensors'))]).toEqual([5, false])
    const events: SoupEvent[] = []
    const report = await soup({ paths, recipe: 'greedy', evaluation, out: at('line.safetensors'), onEvent: e => events.push(e) })
    expect(asked()).toBe(7)
    expect(report.steps.map(s => [s.ingredient, s.accepted])).toEqual([[3, true], [2, true], [1, false], [0, false]]) // biome-ignore format: steps
    expect([report.score, report.values['sum']]).toEqual([-0.5, -0.5])
    expect(report.ingredients.map(i => i.weight)).toEqual([0, 0, 0.5, 0.5])
    expect([...(await read(at('line.safetensors'))).arrays['w']!.data]).toEqual([-0.5])
    expect(events.filter(e => e.type === 'scored').map(e => e.known)).toEqual([true, true, true, true, true, false, false])
    expect(readdirSync(folder).some(n => n.includes('candidate'))).toBe(false)
    // Another recipe knows the ingredients already.
    await soup({ paths, recipe: 'uniform', evaluation, out: at('line.safetensors') })
    expect(asked()).toBe(8)
  })

  test('the line between two: its best point, its barrier, or a point of one’s own', async () => {
    const two = [paths[2]!, paths[3]!]
    const best = await soup({ paths: two, recipe: 'wise-ft', evaluation: scorer(), points: 4, out: at('wise.safetensors') })
    expect(best.line!.best.alpha).toBeCloseTo(2 / 3, 12)
    expect(best.line!.points).toHaveLength(4)
    expect([...(await read(at('wise.safetensors'))).arrays['w']!.data]).toEqual([Math.fround((1 - 2 / 3) * -2 + 2 / 3)])
    const given = await soup({ paths: two, recipe: 'wise-ft', alpha: 0.25, out: at('wise.safetensors') })
    expect(given.ingredients.map(i => i.weight)).toEqual([0.75, 0.25])
    expect([...(await read(at('wise.safetensors'))).arrays['w']!.data]).toEqual([-1.25])
  })
})

test('ingredients of different initialisations, and fresh heads, are warned of', async () => {
  const near = (k: string) => {
    const m = matrix(key.fork('base'), 1000)
    return f32(
      Float32Array.from(m.data as Float32Array, (v, i) => v + 0.1 * normals(key.fork(k).fork(i), 1)[0]!),
      m.shape,
    )
  }
  const head = (k: string) => matrix(key.fork('head').fork(k))
  await save('base.safetensors', [{ name: 'body', array: near('a') }, { name: 'head', array: head('a') }]) // biome-ignore format: short
  await save('fresh.safetensors', [{ name: 'body', array: near('b') }, { name: 'head', array: head('b') }]) // biome-ignore format: short
  await save('other.safetensors', [{ name: 'body', array: matrix(key.fork('c'), 1000) }, { name: 'head', array: head('c') }]) // biome-ignore format: short
  const report = await soup({ paths: ['base', 'fresh', 'other'].map(n => at(`${n}.safetensors`)), out: at('warned.safetensors') })
  expect(report.warnings).toHaveLength(2)
  expect(report.warnings[0]).toMatch(/of .*fresh\.safetensors some arrays look as if drawn anew.*head \(/)
  expect(report.warnings[1]).toMatch(/other\.safetensors and .*base\.safetensors do not seem to share an initialisation: 100 %/)
  expect(report.ingredients[1]!.correlation).toBeGreaterThan(0.8)
  const fine = await soup({ paths: [at('base.safetensors'), at('base.safetensors')], out: at('warned.safetensors') })
  expect(fine.warnings).toEqual([])
})
