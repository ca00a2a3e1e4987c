/** A thread that makes frames. It keeps the last clip it was given, so that the next frame of it starts at once. */
import { parentPort, workerData } from 'node:worker_threads'
import { type Label, selectLabels } from '@dioramic/label'
import { createRenderer, type LoadedScene, type Renderer } from '@dioramic/render'
import { type Clip, makeClip, requireRepeatable } from '../clip.ts'
import { isOutOfMemory, quarantineCode, reasonOf } from '../error.ts'
import { frameRadiance, makeFrame } from '../frame.ts'
import { clipHead } from '../record.ts'
import type { Source } from '../source.ts'
import { calibrate } from './calibrate.ts'
import { cyclesBeauty } from './cycles/cycles.ts'
import { oidnDenoiser } from './oidn/oidn.ts'
import type { FrameFailure, FromWorker, ToWorker, WorkerSetup } from './protocol.ts'
import { share } from './share.ts'
import { loadSource } from './sources.ts'

const setup = workerData as WorkerSetup
const port = parentPort!
const labels: readonly Label[] = selectLabels(setup.settings.labels.join(',') || 'none')
const beauty = setup.cycles && cyclesBeauty(setup.cycles)
const denoiser = setup.oidn && oidnDenoiser(setup.oidn)
let source: Promise<Source> | null = null
let renderer: Promise<Renderer> | null = null
let current: { readonly clip: Clip; readonly loaded: LoadedScene } | null = null

const send = (m: FromWorker, transfer: readonly ArrayBuffer[] = []) => port.postMessage(m, transfer)

async function open(index: number): Promise<{ readonly clip: Clip; readonly loaded: LoadedScene }> {
  if (current?.clip.index === index) return current
  current = null
  source ??= loadSource(setup.source)
  renderer ??= createRenderer(setup.kernel)
  const clip = await makeClip({ source: await source, seed: setup.seed, index, settings: setup.settings, assets: setup.assets })
  current = { clip, loaded: (await renderer).load(clip.resolved, clip.motion) }
  return current
}

function failure(e: unknown): FrameFailure {
  const reason = reasonOf(e)
  if (isOutOfMemory(e))
    return { kind: 'machine', code: 'out-of-memory', reason: `${reason}; use fewer --workers, or a machine with more memory` }
  return { kind: e instanceof WebAssembly.RuntimeError ? 'trap' : 'clip', code: quarantineCode(e), reason }
}

async function work(m: ToWorker): Promise<void> {
  try {
    const { clip, loaded } = await open(m.clip)
    if (m.type === 'open') {
      // Built-in worlds are held to this by their tests.
      if (setup.source.kind === 'file') await requireRepeatable(clip, setup.assets)
      const calibration = m.calibrate ? calibrate(clip, loaded, labels) : null
      return send({ type: 'opened', clip: m.clip, head: clipHead(clip, loaded, labels), calibration })
    }
    if (m.type === 'light')
      return send({ type: 'light', clip: m.clip, frame: m.frame, light: share(frameRadiance(clip, loaded, m.frame, labels)) })
    const result = makeFrame(clip, loaded, m.frame, labels, {
      beauty,
      denoiser,
      lightOf: f => m.light.get(f) ?? frameRadiance(clip, loaded, f, labels),
    })
    send({ type: 'frame', clip: m.clip, result }, [...new Set(result.files.map(f => f.bytes.buffer as ArrayBuffer))])
  } catch (e) {
    current = null
    send({ type: 'failed', clip: m.clip, failure: failure(e) })
  }
}

port.on('message', (m: ToWorker) => void work(m))
