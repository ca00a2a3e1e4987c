import { AgentError } from './error.ts'

/** Solves A x = b by elimination with the largest pivot; A and b are used up. */
export function solve(A: readonly Float64Array[], b: Float64Array): Float64Array {
  const n = b.length
  const rows = [...A]
  for (let k = 0; k < n; k++) {
    let pivot = k
    for (let i = k + 1; i < n; i++) if (Math.abs(rows[i]![k]!) > Math.abs(rows[pivot]![k]!)) pivot = i
    ;[rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!]
    ;[b[k], b[pivot]] = [b[pivot]!, b[k]!]
    if (rows[k]![k] === 0) throw new AgentError('solve: the matrix is singular')
    for (let i = k + 1; i < n; i++) {
      const f = rows[i]![k]! / rows[k]![k]!
      if (f === 0) continue
      for (let j = k; j < n; j++) rows[i]![j]! -= f * rows[k]![j]!
      b[i]! -= f * b[k]!
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    let sum = b[k]!
    for (let j = k + 1; j < n; j++) sum -= rows[k]![j]! * b[j]!
    b[k] = sum / rows[k]![k]!
  }
  return b
}
