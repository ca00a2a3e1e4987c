import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { pile } from '../test/pile.ts'
import { initPhysics } from './physics.ts'

const physics = await initPhysics()
const root = fileURLToPath(new URL('../../../', import.meta.url))

function digest(): string {
  const motion = physics.simulate(pile(10), { rawContacts: true })
  const numbers = [...motion.stepTimes].flatMap(t =>
    pile(10).scene.objects.flatMap(o => {
      const pose = motion.pose(o.id, t)
      const twist = motion.velocity(o.id, t)
      return [...pose.position, ...pose.rotation, ...twist.linear, ...twist.angular]
    }),
  )
  return createHash('sha256')
    .update(new Uint8Array(Float64Array.from(numbers).buffer))
    .update(JSON.stringify([motion.contacts, motion.rawContacts]))
    .digest('hex')
}

describe('the same scene gives the same bytes', () => {
  it('twice in a process, and after other simulations', () => {
    const first = digest()
    physics.simulate(pile(4))
    expect(digest()).toBe(first)
  })

  it('in a fresh process', () => {
    const script = fileURLToPath(new URL('../test/digest.ts', import.meta.url))
    const node = (): string =>
      execFileSync(process.execPath, ['--conditions=@dioramic/source', script], { cwd: root, encoding: 'utf8' }).trim()
    expect(node()).toBe(node())
  })
})

it('300 simulations leave no WASM memory behind', () => {
  const scene = pile(6, 2)
  const bytes = () => {
    physics.simulate(scene)
    return process.memoryUsage().rss
  }
  for (let i = 0; i < 40; i++) bytes()
  const before = bytes()
  for (let i = 0; i < 300; i++) bytes()
  // One world of this size holds some 150 KiB: 300 leaked ones would be 40 MiB and more.
  expect(bytes() - before).toBeLessThan(24 * 2 ** 20)
})
