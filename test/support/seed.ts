/** Property tests draw the same cases on every run, so that a red run means a change; `--long` draws new ones. A failure prints its seed either way. */
import fc from 'fast-check'

const seed = process.env['DIORAMA_SEED'] ?? (process.env['DIORAMA_LONG'] ? String(Date.now() % 2 ** 31) : '20261124')
fc.configureGlobal({ seed: Number(seed) })
