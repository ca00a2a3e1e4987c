/** Code built by vite and run in headless Chromium, on a page that is cross-origin isolated or not. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const here = fileURLToPath(new URL('.', import.meta.url))
const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.html': 'text/html',
}

/** A Chromium, or undefined where there is none. */
export const browserPath = [process.env['DIORAMA_CHROMIUM'] ?? '/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync)

export interface Visit {
  /** Whether the page is cross-origin isolated. */
  readonly isolated: boolean
  readonly query?: string
}

export interface Ran {
  /** What the entry wrote into its page, as JSON. */
  readonly result: unknown
  /** Web workers that were alive when it was done. */
  readonly workers: number
}

/** The entry's runs, one a visit. It writes JSON into the body, then sets the title to "done". Under /ort/ lie onnxruntime's files as they come. */
export async function runInPages(entry: string, visits: readonly Visit[]): Promise<Ran[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tensor-page-'))
  const { build } = await import('vite')
  await build({
    root: here,
    base: './',
    logLevel: 'error',
    resolve: { conditions: ['@dioramic/source', 'module', 'browser', 'import', 'default'] },
    worker: { format: 'es' },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'esnext',
      rollupOptions: { input: join(here, entry), output: { entryFileNames: 'entry.js' } },
    },
  })
  const ort = fileURLToPath(new URL('.', import.meta.resolve('onnxruntime-web/wasm')))
  let isolate = false
  const server = createServer(async (request, response) => {
    const path = new URL(request.url!, 'http://localhost').pathname
    if (isolate) response.setHeader('Cross-Origin-Opener-Policy', 'same-origin').setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
    const page = '<!doctype html><title>running</title><body><script type="module" src="/entry.js"></script>'
    if (path === '/') return void response.setHeader('content-type', 'text/html').end(page)
    const file = await readFile(path.startsWith('/ort/') ? join(ort, path.slice(5)) : join(folder, path)).catch(() => null)
    if (file) response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream').end(file)
    else response.writeHead(404).end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const browser = await chromium.launch({
    executablePath: browserPath!,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--enable-precise-memory-info', '--js-flags=--expose-gc'],
  })
  try {
    const ran: Ran[] = []
    for (const { isolated, query = '' } of visits) {
      isolate = isolated
      const page = await browser.newPage()
      const said: string[] = []
      page.on('console', m => said.push(m.text()))
      page.on('pageerror', e => said.push(e.message))
      await page.goto(`http://127.0.0.1:${port}/${query}`)
      await page
        .waitForFunction(() => document.title !== 'running', undefined, { timeout: 280_000 })
        .catch(error => {
          throw new Error(`${error.message}\n${said.join('\n')}`)
        })
      const text = await page.evaluate(() => document.body.textContent ?? '')
      if ((await page.title()) !== 'done') throw new Error([text, ...said].join('\n'))
      ran.push({ result: JSON.parse(text), workers: page.workers().length })
      await page.close()
    }
    return ran
  } finally {
    await browser.close()
    server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
