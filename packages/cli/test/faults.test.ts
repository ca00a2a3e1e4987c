// Worlds that misbehave: what is wrong with the clip is quarantined, what is wrong with the machine is tried again.
import { writeFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { diorama, events, scratch, TINY } from './diorama.ts'

const s = scratch()
afterAll(s.clean)

/** A world whose build runs `code` in front of an ordinary scene; `index` counts builds of this thread. */
function world(name: string, code: string): string {
  writeFileSync(
    s.at(`${name}.ts`),
    `import { camera, defineWorld, scene, shape } from '@dioramic/worlds'
import { existsSync, writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
export default defineWorld({
  async build({ key }) {
    const first = (file: string) => !existsSync(file) && (writeFileSync(file, ''), true)
    void [isMainThread, first, key]
    ${code}
    return scene().add(camera({ position: [0, -3, 1] }), shape('cube'))
  },
})
`,
  )
  return s.at(`${name}.ts`)
}

const run = (file: string, ...more: string[]) =>
  diorama(['generate', file, ...TINY, '--workers', '1', '--out', `${file}.out`, ...more], { cwd: s.folder })
const quarantined = (out: string) => events(out).filter(e => e.event === 'quarantined')

describe('a world', () => {
  test('that throws: quarantined at once, with its own words and the place in its file', async () => {
    const { code, out } = await run(world('throws', "throw new RangeError('the moon is full')"))
    expect(quarantined(out)).toEqual([
      { event: 'quarantined', index: 0, code: 'world', reason: 'world throws failed at throws.ts:8: the moon is full' },
    ])
    expect(code).toBe(1)
  })

  test('that makes an invalid scene: quarantined, naming the field', async () => {
    const { code, out } = await run(world('invalid', 'return { cameras: [] }'))
    expect(quarantined(out)[0]).toMatchObject({ code: 'scene' })
    expect(quarantined(out)[0]!['reason']).toMatch(/cameras/)
    expect(code).toBe(1)
  })

  test('that kills its thread every time: tried twice, then quarantined; other clips are made', async () => {
    const { code, out } = await run(world('dies', "if (key.fork('odd').uniform() < 0.5) process.exit(3)"), '--count', '4', '--seed', '1')
    const holes = quarantined(out)
    expect(holes.length).toBeGreaterThan(0)
    expect(holes.length).toBeLessThan(4)
    for (const h of holes)
      expect(h).toMatchObject({ code: 'crash', reason: expect.stringMatching(/its worker died twice while it was built/) })
    expect(events(out).at(-1)).toMatchObject({ event: 'done', samples: 4 - holes.length })
    expect(code).toBe(1)
  })

  test('that kills its thread once: made on the second try', async () => {
    const { code, out } = await run(world('dies-once', "if (first('died')) process.exit(3)"))
    expect(quarantined(out)).toEqual([])
    expect(code).toBe(0)
  })

  test('that traps WebAssembly: a new thread, then quarantined as a trap', async () => {
    const trap =
      'new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,8,1,0,10,5,1,3,0,0,11)))'
    const { code, out } = await run(world('traps', trap))
    expect(quarantined(out)[0]).toMatchObject({ code: 'kernel-trap' })
    expect(code).toBe(1)
  })

  test('that never ends: no quarantine, the shard fails with exit code 75', async () => {
    const { code, out, err } = await run(world('hangs', 'for (;;);'), '--timeout', '1')
    expect(err).toMatch(/building clip 0 took longer than 1 s twice; raise --timeout/)
    expect(quarantined(out)).toEqual([])
    expect(code).toBe(75)
  })

  test('that takes all memory: no quarantine, the shard fails with exit code 75', async () => {
    const { code, out, err } = await run(world('greedy', 'new ArrayBuffer(2 ** 52)'))
    expect(err).toMatch(/memory/)
    expect(quarantined(out)).toEqual([])
    expect(code).toBe(75)
  })
})
