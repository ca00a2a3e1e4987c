import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['@dioramic/source'] },
  ssr: { resolve: { conditions: ['@dioramic/source', 'node', 'import', 'module', 'default'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'test/**/*.test.ts', 'bench/src/**/*.test.ts'],
    setupFiles: ['test/support/seed.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Files share two processes, so that meshes, bodies and compiled code are made once; a test that changes its process (memory, globals) runs a script of its own.
    isolate: false,
    // Processes and threads that tests start need not compile again what others have: half of their start, where the command keeps it, too.
    env: { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(tmpdir(), 'node-compile-cache') },
    // Time is never what a test is about: this only ends one that hangs, on a busy machine too.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
