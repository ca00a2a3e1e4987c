/** CPU seconds (user and system) of this process while `work` runs: a neighbour on the core hardly shows. */
export function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const used = process.cpuUsage(before)
  return (used.user + used.system) / 1e6
}
