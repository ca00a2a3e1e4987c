import { boxCorners, cellSurface } from './boxes.ts'
import { boxUvs, type Shape } from './surface.ts'

const isHole = (x: number, y: number, z: number) => (x === 1 ? 1 : 0) + (y === 1 ? 1 : 0) + (z === 1 ? 1 : 0) >= 2

/** Whether a cell of the 9³ grid is in the Menger sponge of level 2 (400 of 729 are). */
const inSponge = (x: number, y: number, z: number) =>
  !isHole(x % 3, y % 3, z % 3) && !isHole(Math.floor(x / 3), Math.floor(y / 3), Math.floor(z / 3))

/** Menger sponge of level 2. Its hulls are the twelve bars of level 1: the large tunnels are open, the small ones filled. */
export function sponge(): Shape {
  const [a, b, c, d] = [-1 / 2, -1 / 6, 1 / 6, 1 / 2]
  const outer = [
    [a, b],
    [c, d],
  ] as const
  const hulls = []
  for (const [y0, y1] of outer) {
    for (const [x0, x1] of outer) hulls.push(boxCorners([x0, y0, a], [x1, y1, d]))
    for (const [z0, z1] of outer) hulls.push(boxCorners([b, y0, z0], [c, y1, z1]))
  }
  for (const [x0, x1] of outer) for (const [z0, z1] of outer) hulls.push(boxCorners([x0, b, z0], [x1, c, z1]))
  return { surface: boxUvs(cellSurface(9, inSponge)), hulls }
}
