/** Mazes on a grid: four moves, a reward of 1 at the goal. */
import type { Outcome, World } from '../contracts.ts'
import { AgentError } from '../error.ts'
import { solve } from '../linear-solve.ts'

export type Cell = readonly [row: number, column: number]

export interface Maze {
  readonly name: string
  readonly rows: number
  readonly columns: number
  readonly start: Cell
  readonly goal: Cell
  readonly walls: readonly Cell[]
  /** From the `at`-th step of the world's life on, other walls. */
  readonly change?: { readonly at: number; readonly walls: readonly Cell[] }
}

/** Row and column steps of the actions up, down, left, right. */
export const MOVES: readonly Cell[] = [
  [-1, 0],
  [1, 0],
  [0, -1],
  [0, 1],
]

const row = (r: number, from: number, to: number): Cell[] => Array.from({ length: to - from + 1 }, (_, i) => [r, from + i])

/** Sutton & Barto 2018, example 8.1; shortest path 14. */
export const DYNA_MAZE: Maze = {
  name: 'dyna-maze',
  rows: 6,
  columns: 9,
  start: [2, 0],
  goal: [0, 8],
  walls: [
    [1, 2],
    [2, 2],
    [3, 2],
    [0, 7],
    [1, 7],
    [2, 7],
    [4, 5],
  ],
}
/** Example 8.2: the short way is closed after 1000 steps, a longer one opened. */
export const BLOCKING_MAZE: Maze = {
  name: 'blocking-maze',
  rows: 6,
  columns: 9,
  start: [5, 3],
  goal: [0, 8],
  walls: row(3, 0, 7),
  change: { at: 1000, walls: row(3, 1, 8) },
}
/** Example 8.3: a short way opens after 3000 steps; the old one stays. */
export const SHORTCUT_MAZE: Maze = {
  ...BLOCKING_MAZE,
  name: 'shortcut-maze',
  walls: row(3, 1, 8),
  change: { at: 3000, walls: row(3, 1, 7) },
}

/** The same maze with every cell cut into factor × factor; start and goal in the middle of theirs, so the way grows with the factor. */
export function enlarged(maze: Maze, factor: number): Maze {
  const grow = (cells: readonly Cell[]): Cell[] =>
    cells.flatMap(([r, c]) =>
      Array.from({ length: factor * factor }, (_, i): Cell => [r * factor + Math.floor(i / factor), c * factor + (i % factor)]),
    )
  const middle = ([r, c]: Cell): Cell => [r * factor + (factor >> 1), c * factor + (factor >> 1)]
  return {
    name: `${maze.name}-${factor}`,
    rows: maze.rows * factor,
    columns: maze.columns * factor,
    start: middle(maze.start),
    goal: middle(maze.goal),
    walls: grow(maze.walls),
  }
}

/** States are row · columns + column. A move into a wall or over the edge leaves the state as it is. */
export class GridWorld implements World<number, number> {
  readonly name: string
  readonly actions = { type: 'discrete', count: 4 } as const
  readonly maze: Maze
  readonly start: number
  readonly goal: number
  #walls: ReadonlySet<number>
  #state = -1
  #time = 0

  constructor(maze: Maze) {
    this.name = maze.name
    this.maze = maze
    this.start = this.#index(maze.start)
    this.goal = this.#index(maze.goal)
    this.#walls = new Set(maze.walls.map(c => this.#index(c)))
    if (this.#walls.has(this.start) || this.#walls.has(this.goal)) throw new AgentError(`${maze.name}: start or goal is a wall`)
  }

  get states(): number {
    return this.maze.rows * this.maze.columns
  }

  isWall(state: number): boolean {
    return this.#walls.has(state)
  }

  /** Where a move leads, without making it. */
  after(state: number, action: number): number {
    const move = MOVES[action]
    if (!move) throw new AgentError(`${this.name}: actions are 0 up, 1 down, 2 left, 3 right, not ${action}`)
    const { rows, columns } = this.maze
    const [r, c] = [Math.floor(state / columns) + move[0], (state % columns) + move[1]]
    if (r < 0 || r >= rows || c < 0 || c >= columns) return state
    const next = r * columns + c
    return this.#walls.has(next) ? state : next
  }

  reset(): number {
    this.#state = this.start
    return this.#state
  }

  step(action: number): Outcome<number> {
    if (this.#state < 0) throw new AgentError(`${this.name}: the episode is over or has not begun; call reset(key)`)
    this.#state = this.after(this.#state, action)
    this.#time++
    const { change } = this.maze
    if (change && this.#time === change.at) this.#walls = new Set(change.walls.map(c => this.#index(c)))
    const observation = this.#state
    const terminal = observation === this.goal
    if (terminal) this.#state = -1
    return { observation, reward: terminal ? 1 : 0, terminal, truncated: false }
  }

  #index([r, c]: Cell): number {
    return r * this.maze.columns + c
  }
}

/** Steps of the shortest way to the goal from every state; Infinity where there is none. */
export function distances(world: GridWorld): Float64Array {
  const d = new Float64Array(world.states).fill(Number.POSITIVE_INFINITY)
  d[world.goal] = 0
  // Moves can be undone, so the way from the goal is as long as the way to it.
  const queue = [world.goal]
  for (const s of queue) {
    for (let a = 0; a < 4; a++) {
      const n = world.after(s, a)
      if (d[n]! === Number.POSITIVE_INFINITY) {
        d[n] = d[s]! + 1
        queue.push(n)
      }
    }
  }
  return d
}

/** Expected steps of random moves from the start to the goal, by solving h(s) = 1 + Σₐ h(s'ₐ)/4, h(goal) = 0. */
export function hittingTime(world: GridWorld): number {
  const reach = distances(world)
  const open = Array.from({ length: world.states }, (_, s) => s).filter(s => s !== world.goal && Number.isFinite(reach[s]!))
  const place = new Map(open.map((s, i) => [s, i]))
  const A = open.map((s, i) => {
    const line = new Float64Array(open.length)
    line[i]! += 1
    for (let a = 0; a < 4; a++) {
      const j = place.get(world.after(s, a))
      if (j !== undefined) line[j]! -= 0.25
    }
    return line
  })
  return solve(A, new Float64Array(open.length).fill(1))[place.get(world.start)!]!
}
