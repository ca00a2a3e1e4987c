/** A process that runs trials of one module, one after another. */

import { loadTuning } from './module.ts'
import { runTrial, type TrialJob } from './trial.ts'

const tuning = await loadTuning(process.argv[2]!)
process.on('message', (job: TrialJob) => {
  runTrial(tuning, job).then(
    record => process.send!({ record }),
    (e: Error) => process.send!({ error: e.message, name: e.name }),
  )
})
process.on('disconnect', () => process.exit(0))
process.send!({ ready: true })
