import { describe, expect, it } from 'vitest'
import { BLOCKING_MAZE, DYNA_MAZE, distances, enlarged, GridWorld, hittingTime, SHORTCUT_MAZE } from './grid.ts'

const maze = () => new GridWorld(DYNA_MAZE)

describe('mazes', () => {
  it('the Dyna maze has a shortest way of 14 steps, and random moves need 868.7254', () => {
    const world = maze()
    expect(distances(world)[world.start]).toBe(14)
    expect(Math.abs(hittingTime(world) - 868.7254)).toBeLessThan(1e-4)
  })

  it('walls and edges leave the state as it is', () => {
    const world = maze()
    const [start, up, down, left, right] = [world.start, 0, 1, 2, 3]
    expect(world.after(start, left)).toBe(start)
    expect(world.after(start, up)).toBe(9)
    expect(world.after(start, down)).toBe(27)
    expect(world.after(start, right)).toBe(19)
    expect(world.after(19, right)).toBe(19)
  })

  it('pays 1 at the goal, once, and then wants a reset', () => {
    const world = maze()
    world.reset()
    const way = [1, 3, 3, 3, 3, 3]
    const rewards = way.map(a => world.step(a).reward)
    expect(rewards.every(r => r === 0)).toBe(true)
    expect(() => world.step(7)).toThrow('actions are 0 up')
    expect(() => maze().step(0)).toThrow('call reset')
  })

  it('changes its walls when its time comes: the short way is blocked, the shortcut opens', () => {
    for (const [m, before, after] of [
      [BLOCKING_MAZE, 10, 16],
      [SHORTCUT_MAZE, 16, 10],
    ] as const) {
      const world = new GridWorld(m)
      world.reset()
      expect(distances(world)[world.start]).toBe(before)
      for (let i = 0; i < m.change!.at; i++) world.step(1)
      expect(distances(world)[world.start]).toBe(after)
    }
  })

  it('an enlarged maze keeps its shape', () => {
    const big = new GridWorld(enlarged(DYNA_MAZE, 3))
    expect(big.states).toBe(9 * 54)
    // 3 · 14 less what cutting corners saves.
    expect(distances(big)[big.start]).toBe(40)
  })
})
