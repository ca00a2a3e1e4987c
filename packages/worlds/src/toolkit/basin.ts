/** Where a mesh could hold something: the widest hollow seen from above, found by letting water run off its top surface. */
import type { Mesh } from '@dioramic/scene'

export interface Basin {
  /** The spot of the floor farthest from the walls, object frame, metres. */
  readonly center: readonly [number, number, number]
  /** Free radius about it, metres. */
  readonly radius: number
  /** Depth of water it would hold there, metres. */
  readonly depth: number
}

const N = 72

/**
 * The widest basin of a mesh whose +Z is up, or null when it holds no more than `minDepth` metres of water anywhere.
 *
 * The top surface is sampled on a grid over its bounds; the water level of each cell is the lowest rim on its way out (priority flood,
 * Barnes et al. 2014), so handles and holes are understood.
 */
export function basinOf(mesh: Mesh, minDepth = 0.008): Basin | null {
  const { positions: p, indices } = mesh
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let i = 0; i < p.length; i += 3) {
    x0 = Math.min(x0, p[i]!)
    x1 = Math.max(x1, p[i]!)
    y0 = Math.min(y0, p[i + 1]!)
    y1 = Math.max(y1, p[i + 1]!)
  }
  const cell = Math.max(x1 - x0, y1 - y0) / (N - 2)
  if (!(cell > 0)) return null
  // One ring of empty cells outside, where water leaves.
  const left = (x0 + x1) / 2 - (N / 2) * cell
  const bottom = (y0 + y1) / 2 - (N / 2) * cell
  const top = heightField(p, indices, left, bottom, cell)
  const level = flood(top)
  const wet = Uint8Array.from(top, (z, i) => (level[i]! - z > minDepth ? 1 : 0))
  const clear = distanceToDry(wet)
  let best = -1
  for (let i = 0; i < N * N; i++) if (wet[i] && (best < 0 || clear[i]! > clear[best]!)) best = i
  if (best < 0) return null
  return {
    center: [left + ((best % N) + 0.5) * cell, bottom + (Math.floor(best / N) + 0.5) * cell, top[best]!],
    radius: clear[best]! * cell,
    depth: level[best]! - top[best]!,
  }
}

/** Highest z over each cell's centre; −∞ where there is nothing. */
function heightField(p: Float32Array, indices: Uint32Array, left: number, bottom: number, cell: number): Float64Array {
  const out = new Float64Array(N * N).fill(-Infinity)
  for (let t = 0; t < indices.length; t += 3) {
    const [a, b, c] = [indices[t]! * 3, indices[t + 1]! * 3, indices[t + 2]! * 3] as const
    const [ax, ay, bx, by, cx, cy] = [p[a]!, p[a + 1]!, p[b]!, p[b + 1]!, p[c]!, p[c + 1]!] as const
    const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
    if (area === 0) continue
    const i0 = Math.max(0, Math.floor((Math.min(ax, bx, cx) - left) / cell - 0.5))
    const i1 = Math.min(N - 1, Math.ceil((Math.max(ax, bx, cx) - left) / cell - 0.5))
    const j0 = Math.max(0, Math.floor((Math.min(ay, by, cy) - bottom) / cell - 0.5))
    const j1 = Math.min(N - 1, Math.ceil((Math.max(ay, by, cy) - bottom) / cell - 0.5))
    for (let j = j0; j <= j1; j++) {
      for (let i = i0; i <= i1; i++) {
        const x = left + (i + 0.5) * cell
        const y = bottom + (j + 0.5) * cell
        const u = ((bx - x) * (cy - y) - (cx - x) * (by - y)) / area
        const v = ((cx - x) * (ay - y) - (ax - x) * (cy - y)) / area
        if (u < 0 || v < 0 || u + v > 1) continue
        const z = u * p[a + 2]! + v * p[b + 2]! + (1 - u - v) * p[c + 2]!
        if (z > out[j * N + i]!) out[j * N + i] = z
      }
    }
  }
  return out
}

const neighbours = (i: number): number[] => {
  const [x, y] = [i % N, Math.floor(i / N)]
  return [x > 0 ? i - 1 : -1, x < N - 1 ? i + 1 : -1, y > 0 ? i - N : -1, y < N - 1 ? i + N : -1].filter(j => j >= 0)
}

/** Water level of every cell: the lowest barrier on any way out. */
function flood(top: Float64Array): Float64Array {
  const level = new Float64Array(N * N).fill(Infinity)
  const heap: number[] = []
  const push = (i: number) => {
    let k = heap.push(i) - 1
    while (k > 0 && level[heap[(k - 1) >> 1]!]! > level[i]!) {
      heap[k] = heap[(k - 1) >> 1]!
      k = (k - 1) >> 1
    }
    heap[k] = i
  }
  const pop = (): number => {
    const first = heap[0]!
    const last = heap.pop()!
    if (heap.length > 0) {
      let k = 0
      for (;;) {
        let c = 2 * k + 1
        if (c >= heap.length) break
        if (c + 1 < heap.length && level[heap[c + 1]!]! < level[heap[c]!]!) c++
        if (level[heap[c]!]! >= level[last]!) break
        heap[k] = heap[c]!
        k = c
      }
      heap[k] = last
    }
    return first
  }
  for (let i = 0; i < N * N; i++) {
    // Water leaves at the border and through holes.
    if (neighbours(i).length < 4 || top[i] === -Infinity) {
      level[i] = top[i]!
      push(i)
    }
  }
  while (heap.length > 0) {
    const i = pop()
    for (const j of neighbours(i)) {
      if (level[j] !== Infinity) continue
      level[j] = Math.max(top[j]!, level[i]!)
      push(j)
    }
  }
  return level
}

/** Cells to the nearest dry cell, exact (the grid is small). */
function distanceToDry(wet: Uint8Array): Float64Array {
  const shore: number[] = []
  for (let i = 0; i < N * N; i++) if (!wet[i] && neighbours(i).some(j => wet[j])) shore.push(i)
  return Float64Array.from(wet, (w, i) => {
    if (!w) return 0
    let best = Infinity
    for (const s of shore) {
      const dx = (s % N) - (i % N)
      const dy = Math.floor(s / N) - Math.floor(i / N)
      best = Math.min(best, dx * dx + dy * dy)
    }
    return Math.max(0, Math.sqrt(best) - 0.5)
  })
}
