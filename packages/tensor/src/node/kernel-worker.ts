/** A thread of an arena: see src/kernel/helper.ts. */
import { parentPort, workerData } from 'node:worker_threads'
import { type HelperSetup, serve } from '../kernel/helper.ts'

parentPort!.postMessage('ready')
serve(workerData as HelperSetup)
