/** Static shards: shard i of n makes the clips i, i + n, i + 2n, …; merged they are one run, byte for byte. */
import { GenerateError } from '../error.ts'

export interface Shard {
  /** 0 … count − 1. */
  readonly index: number
  readonly count: number
}

export const WHOLE: Shard = { index: 0, count: 1 }

/** Index and count variables of the schedulers that start one process a shard, and whether their index starts at 1. */
const SCHEDULERS = [
  { name: 'Kubernetes Indexed Job', index: 'JOB_COMPLETION_INDEX', count: ['JOB_COMPLETIONS', 'DIORAMA_SHARDS'] },
  { name: 'AWS Batch array job', index: 'AWS_BATCH_JOB_ARRAY_INDEX', count: ['AWS_BATCH_JOB_ARRAY_SIZE', 'DIORAMA_SHARDS'] },
  {
    name: 'SLURM array job',
    index: 'SLURM_ARRAY_TASK_ID',
    count: ['SLURM_ARRAY_TASK_COUNT', 'DIORAMA_SHARDS'],
    first: 'SLURM_ARRAY_TASK_MIN',
  },
  { name: 'Cloud Run job', index: 'CLOUD_RUN_TASK_INDEX', count: ['CLOUD_RUN_TASK_COUNT', 'DIORAMA_SHARDS'] },
] as const

const natural = (text: string | undefined): number | null => (text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null)

/**
 * `i/n` (i from 0), or `auto`: the index and count that the scheduler put into the environment (Kubernetes gives no count, so
 * `JOB_COMPLETIONS` or `DIORAMA_SHARDS` must be set beside it).
 */
export function parseShard(text: string, env: Readonly<Record<string, string | undefined>>): Shard {
  if (text === 'auto') return fromEnvironment(env)
  const m = /^(\d{1,9})\/(\d{1,9})$/.exec(text)
  const shard = m && { index: Number(m[1]), count: Number(m[2]) }
  if (!shard || shard.count < 1 || shard.index >= shard.count) {
    throw new GenerateError(`--shard ${text}: write i/n with 0 <= i < n, such as 0/4 … 3/4, or auto`)
  }
  return shard
}

function fromEnvironment(env: Readonly<Record<string, string | undefined>>): Shard {
  for (const s of SCHEDULERS) {
    if (env[s.index] === undefined) continue
    const raw = natural(env[s.index])
    const count = s.count.map(name => natural(env[name])).find(n => n !== null && n > 0)
    const first = 'first' in s ? (natural(env[s.first]) ?? 0) : 0
    if (raw === null) throw new GenerateError(`--shard auto: ${s.index}=${env[s.index]} is not an index; expected an integer from 0`)
    if (!count)
      throw new GenerateError(
        `--shard auto: this is a ${s.name} (${s.index}=${raw}), but the number of shards is missing; set ${s.count.join(' or ')}`,
      )
    if (raw - first < 0 || raw - first >= count)
      throw new GenerateError(
        `--shard auto: ${s.index}=${raw} is outside the ${count} shards of ${s.count[0]}; shard indices start at ${first}`,
      )
    return { index: raw - first, count }
  }
  throw new GenerateError(`--shard auto: none of ${SCHEDULERS.map(s => s.index).join(', ')} is set; write --shard i/n instead`)
}

/** Indices of a run of `count` clips that belong to a shard. */
export function* shardIndices(shard: Shard, count: number): Generator<number> {
  for (let i = shard.index; i < count; i += shard.count) yield i
}
