import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { pile } from '../test/pile.ts'
import { initPhysics } from './physics.ts'

const physics = await initPhysics()
const root = fileURLToPath(new URL('../../../', import.meta.url))

/** What a script beside this package's tests prints, in a process of its own. */
function output(script: string): string {
  const path = fileURLToPath(new URL(`../test/${script}`, import.meta.url))
  return execFileSync(process.execPath, ['--conditions=@dioramic/source', path], { cwd: root, encoding: 'utf8' }).trim()
}

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
    expect(output('digest.ts')).toBe(output('digest.ts'))
  })
})

it('300 simulations leave no WASM memory behind', () => {
  const [warm, after] = output('memory.ts').split(' ').map(Number)
  expect(warm).toBeGreaterThan(0)
  // Worlds that are not freed are 30 MB in 300 simulations.
  expect(after).toBe(warm)
})
