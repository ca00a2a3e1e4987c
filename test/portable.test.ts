// Holds "same seed, same bytes": no engine-dependent maths, global randomness or clock where bytes are made (DESIGN 4).
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const packages = fileURLToPath(new URL('../packages', import.meta.url))
const BYTE_BEARING = ['codec', 'scene', 'physics', 'render', 'data', 'label', 'worlds', 'generate']
const BANNED =
  /\bMath\.(sin|cos|tan|asin|acos|atan|atan2|exp|expm1|log|log2|log10|log1p|pow|cbrt|hypot|sinh|cosh|tanh|random)\b|\*\*|\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b/

/** Folders without bytes: `node` reads and writes what others make, `validate` judges it. */
function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(e =>
    e.isDirectory()
      ? e.name === 'node' || e.name === 'validate'
        ? []
        : sources(join(folder, e.name))
      : e.name.endsWith('.ts') && !e.name.endsWith('.test.ts')
        ? [join(folder, e.name)]
        : [],
  )
}

for (const name of BYTE_BEARING) {
  test(`${name} is portable`, () => {
    for (const file of sources(join(packages, name, 'src'))) {
      readFileSync(file, 'utf8')
        .split('\n')
        .forEach((line, i) => {
          const code = line
            .replace(/^\s*(\/?\*.*|\/\/.*)$/, '')
            .replace(/\/\/.*$/, '')
            .replace(/\/\*.*?\*\//g, '')
          const found = BANNED.exec(code)
          expect(found?.[0], `${relative(packages, file)}:${i + 1} uses ${found?.[0]}; see CONTRIBUTING.md`).toBeUndefined()
        })
    }
  })
}
