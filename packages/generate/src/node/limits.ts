/** How much of this machine, or of this container, a run may use. */
import { readFileSync } from 'node:fs'
import { availableParallelism, freemem } from 'node:os'

const read = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return null
  }
}

/** CPUs that this process may keep busy: affinity and the cgroup's quota, v2 or v1; at least 1. */
export function cpuLimit(): number {
  let limit = availableParallelism()
  const [quota, period] = (read('/sys/fs/cgroup/cpu.max') ?? '').split(' ')
  if (quota && period && quota !== 'max') limit = Math.min(limit, Number(quota) / Number(period))
  const v1 = Number(read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us') ?? '-1')
  const v1Period = Number(read('/sys/fs/cgroup/cpu/cpu.cfs_period_us') ?? '0')
  if (v1 > 0 && v1Period > 0) limit = Math.min(limit, v1 / v1Period)
  return Math.max(1, Math.floor(limit + 1e-9) || 1)
}

/** Bytes of memory that this process may still take: free memory, bounded by the cgroup's limit. */
export function memoryLimit(): number {
  const constrained = process.constrainedMemory()
  const free = Math.max(freemem(), process.availableMemory())
  return constrained > 0 && constrained < 2 ** 60 ? Math.min(free, constrained - process.memoryUsage.rss()) : free
}

/** Bytes to count on for a worker: Node itself, physics, decoded textures with mips, the kernel's arenas. */
export const WORKER_BYTES = 350 * 2 ** 20

/** Workers for a run: what was asked for, else one a CPU, and never more than memory or the number of frames allows. */
export function workerCount(asked: number | undefined, frames: number, perWorker: number = WORKER_BYTES): number {
  const byMemory = Math.max(1, Math.floor((memoryLimit() * 0.8) / perWorker))
  return Math.max(1, Math.min(asked ?? cpuLimit(), byMemory, Math.max(1, frames)))
}
