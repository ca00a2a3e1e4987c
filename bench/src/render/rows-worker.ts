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
const rows = (spp: number, seed: number, band: readonly [number, number]) =>
  loaded.radiance({ camera: 0, frame: 0, spp, seed: [seed, 1], rows: band }).color
// The compiler's second tier takes over during this one.
rows(8, 99, [0, size])
parentPort!.on('message', ({ spp, seed, bands }: Work) => parentPort!.postMessage(bands.map(band => rows(spp, seed, band))))
parentPort!.postMessage([])
