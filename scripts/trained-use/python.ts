/** The Pythons that train and render. Making data needs neither; this check of it does. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const NEEDS = ['torch', 'numpy', 'cv2', 'pycocotools']

/** Versions of what the nets are trained and judged with, by a Python that has it all. */
export function pythonVersions(python: string): Record<string, string> {
  const program = `import importlib.metadata, importlib.util, json, sys
missing = [m for m in sys.argv[1:] if importlib.util.find_spec(m) is None]
if missing: sys.exit(" ".join(missing))
import torch, numpy
print(json.dumps({"torch": torch.__version__, "numpy": numpy.__version__, "pycocotools": importlib.metadata.version("pycocotools")}))`
  const { error, status, stdout, stderr } = spawnSync(python, ['-c', program, ...NEEDS], { encoding: 'utf8' })
  if (error) throw new Error(`no Python at ${python} (${error.message}); name one by DIORAMA_PYTHON`)
  if (status !== 0)
    throw new Error(
      `${python} lacks ${stderr.trim()}: pip install torch numpy opencv-python-headless pycocotools, or name another Python by DIORAMA_PYTHON`,
    )
  return JSON.parse(stdout) as Record<string, string>
}

/** Runs one of the scripts beside this file on one thread. */
export function runScript(python: string, script: string, args: readonly string[]): void {
  const file = fileURLToPath(new URL(script, import.meta.url))
  const run = spawnSync(python, [file, ...args], { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, OMP_NUM_THREADS: '1' } })
  if (run.status !== 0) throw new Error(`${script} did not end well; what went wrong stands above`)
}
