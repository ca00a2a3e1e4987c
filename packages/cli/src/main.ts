#!/usr/bin/env node
/** The `diorama` command. Nothing but the version check is loaded before the arguments are read. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `diorama: this is Node ${process.versions.node}, and Diorama needs Node 22.18 or later. Install it from https://nodejs.org, or, in a clone, use: npm run diorama -- <command>\n`,
  )
  process.exit(2)
}
// Half of the time that a command and each of its threads need to start is reading TypeScript: what was read stays in the system's folder of temporary files. Threads look into the environment.
const [{ enableCompileCache }, { tmpdir }, { join }] = await Promise.all([import('node:module'), import('node:os'), import('node:path')])
process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'node-compile-cache')
enableCompileCache(process.env['NODE_COMPILE_CACHE'])
const { run } = await import('./program.ts')
process.exitCode = await run(process.argv.slice(2))

export {}
