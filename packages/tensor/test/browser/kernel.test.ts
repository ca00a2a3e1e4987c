// The kernel in headless Chromium makes Node's bits: with two threads on an isolated page, with one elsewhere.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { expect, test } from 'vitest'
import { createArena } from '../../src/node/kernel.ts'
import { kernelWork } from './kernel-work.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const browserPath = [process.env['DIORAMA_CHROMIUM'] ?? '/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync)
const TYPES: Record<string, string> = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.html': 'text/html' }

test('the same bits as in Node', async ({ skip }) => {
  if (!browserPath) return skip('no Chromium here: set DIORAMA_CHROMIUM to one')
  const folder = mkdtempSync(join(tmpdir(), 'tensor-kernel-'))
  const { build } = await import('vite')
  await build({
    root: here,
    base: './',
    logLevel: 'error',
    worker: { format: 'es' },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'esnext',
      rollupOptions: { input: join(here, 'kernel-entry.ts'), output: { entryFileNames: 'entry.js' } },
    },
  })
  let isolated = false
  const server = createServer(async (request, response) => {
    const path = new URL(request.url!, 'http://localhost').pathname
    if (isolated) response.setHeader('Cross-Origin-Opener-Policy', 'same-origin').setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
    const page = '<!doctype html><title>running</title><body><script type="module" src="/entry.js"></script>'
    if (path === '/') return void response.setHeader('content-type', 'text/html').end(page)
    const file = await readFile(join(folder, path)).catch(() => null)
    if (file) response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream').end(file)
    else response.writeHead(404).end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] })
  const arena = await createArena(8 << 20)
  const expected = await kernelWork(arena)
  try {
    for (const threads of ['1', '2']) {
      isolated = threads === '2'
      const page = await browser.newPage()
      await page.goto(`http://127.0.0.1:${port}/`)
      await page.waitForFunction(() => document.title !== 'running', undefined, { timeout: 100_000 })
      const text = await page.evaluate(() => document.body.textContent ?? '')
      expect(await page.title(), text).toBe('done')
      expect(JSON.parse(text)).toEqual({ ...expected, threads })
      await page.close()
    }
  } finally {
    await browser.close()
    server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}, 200_000)
