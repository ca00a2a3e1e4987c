/** One thread of rows.ts. */
import { parentPort, workerData } from 'node:worker_threads'
import { initPhysics } from '@dioramic/physics'
import { createRenderer } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import type { Setup, Work } from './rows.ts'
import { subject } from './subjects.ts'

const { name, size } = workerData as Setup
const { resolved, motion } = subject(name, size, await initPhysics())
const loaded = (await createRenderer(await loadKernel())).load(resolved, motion)
const colors = ({ spp, seed, rows }: Work) => loaded.radiance({ camera: 0, frame: 0, spp, seed: [seed, 1], rows }).color
// The compiler's second tier takes over during this one.
colors({ spp: 8, seed: 99, rows: [0, size] })
parentPort!.on('message', (work: Work) => parentPort!.postMessage(colors(work)))
parentPort!.postMessage(new Float32Array())
