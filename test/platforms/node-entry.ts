/** Prints the hashes as JSON; run by another Node than the tests' own. */
import { loadKernel } from '@dioramic/render/node'
import { clipHashes } from './clip-hashes.ts'

console.log(JSON.stringify(await clipHashes(await loadKernel())))
