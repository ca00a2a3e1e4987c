/** `npm ci` of npm 11 refuses a lock file that lacks any platform's package, needed here or not; npm writes such locks where a registry hides some. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Locked {
  readonly dependencies?: Record<string, string>
  readonly optionalDependencies?: Record<string, string>
}

test('the lock file holds every dependency, those of other platforms too', () => {
  const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
    packages: Record<string, Locked>
  }
  const missing: string[] = []
  for (const [path, p] of Object.entries(packages)) {
    for (const name of Object.keys({ ...p.dependencies, ...p.optionalDependencies })) {
      // A package is looked for beside its user, then in every folder above, as Node does.
      const above = path.split('/node_modules/').map((_, i, parts) => parts.slice(0, parts.length - i).join('/node_modules/'))
      const places = [...above.map(a => `${a}/node_modules/${name}`), `node_modules/${name}`]
      if (!places.some(place => place in packages)) missing.push(`${name}, of ${path || 'the root'}`)
    }
  }
  expect(missing).toEqual([])
})
