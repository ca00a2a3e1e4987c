// Holds the architecture: imports between packages go one way, and `node:` stays in `src/node/` folders and the command.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const packages = fileURLToPath(new URL('../packages', import.meta.url))
const MAY_IMPORT: Record<string, readonly string[]> = {
  codec: [],
  scene: ['codec'],
  physics: ['scene'],
  render: ['scene', 'physics'],
  data: ['codec'],
  label: ['scene', 'physics', 'render', 'data'],
  worlds: ['scene', 'physics'],
  generate: ['codec', 'scene', 'physics', 'render', 'data', 'label', 'worlds'],
  cli: ['codec', 'scene', 'physics', 'render', 'data', 'label', 'worlds', 'generate', 'tensor', 'learn', 'lab'],
  tensor: [],
  learn: ['codec', 'scene', 'physics', 'render', 'data', 'tensor'],
  lab: ['codec', 'scene', 'physics', 'render', 'data', 'label', 'worlds', 'generate', 'tensor', 'learn'],
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(e =>
    e.isDirectory() ? sources(join(folder, e.name)) : e.name.endsWith('.ts') ? [join(folder, e.name)] : [],
  )
}

const imports = (text: string) => [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(m => m[1]!)

for (const name of readdirSync(packages)) {
  test(`${name} imports only what stands before it`, () => {
    const allowed = MAY_IMPORT[name]
    expect(allowed, `packages/${name} is not in the table of arrows`).toBeDefined()
    for (const file of sources(join(packages, name, 'src')).filter(f => !f.endsWith('.test.ts'))) {
      const where = relative(packages, file)
      for (const source of imports(readFileSync(file, 'utf8'))) {
        const target = /^@dioramic\/([a-z-]+)/.exec(source)?.[1]
        if (target) expect(allowed, `${where} imports ${source}`).toContain(target)
        if (source.startsWith('node:') && name !== 'cli') expect(where, `${where} imports ${source}`).toMatch(/[\\/]src[\\/]node[\\/]/)
      }
    }
  })
}
