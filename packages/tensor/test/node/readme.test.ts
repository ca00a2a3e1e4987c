/** The README's blocks are one program, and what they print is what they say. */
import { execFile } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it('teaches what holds', async () => {
  const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const blocks = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(m => m[1]!)
  expect(blocks.length).toBeGreaterThan(7)
  const file = fileURLToPath(new URL(`./README-blocks-${process.pid}.ts`, import.meta.url))
  writeFileSync(file, `// biome-ignore-all lint: made of the README\n${blocks.join('\n')}`)
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@dioramic/source', file])
    const lines = stdout.trim().split('\n')
    expect(lines[0]).toMatch(/^4\.66\d+ \[ 0\.66\d+, 1\.33\d+, 2 \]$/)
    expect(lines[1]).toBe('3818')
    expect(lines[2]).toBe('10 [ 32, 1, 8, 8 ]')
    expect(stdout).toMatch(/60 \{\s+loss: 0\.0[\s\S]*accuracy: (1|0\.99\d*)/)
    expect(stdout).toMatch(/true log \S*README-blocks-\d+\.ts:\d+:\d+/)
    expect(stdout).toContain('32 of 32')
    expect(stdout).toContain('[ 5, 10 ] [ 8, 1, 3, 3 ]')
    expect(stdout).toContain('the quick brown fox jumps over')
    expect(lines.at(-1)).toBe('0.5')
  } finally {
    rmSync(file, { force: true })
  }
})
