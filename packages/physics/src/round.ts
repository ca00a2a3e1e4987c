/**
 * Round shapes as polyhedra. Rapier's own cylinder and cone gain speed as they roll (measured: one at 5 cm/s reaches 16 cm/s in five
 * seconds), and it has no ellipsoid; polyhedra roll with a loss and come to rest.
 */
import { portable } from '@dioramic/scene'

/** Sides of a cylinder or cone: its surface is within 0.15 % of the radius of the true one. */
const SIDES = 48
const POINTS = 256

/** Around +Z from z = −halfHeight to +halfHeight; the cross-section has the circle's area. An apex instead of the upper ring for a cone. */
export function roundHull(kind: 'cylinder' | 'cone', radius: number, halfHeight: number): Float32Array {
  const wedge = (2 * Math.PI) / SIDES
  const r = radius * Math.sqrt(wedge / portable.sin(wedge))
  const out: number[] = kind === 'cone' ? [0, 0, halfHeight] : []
  for (let i = 0; i < SIDES; i++) {
    const [x, y] = [r * portable.cos(wedge * i), r * portable.sin(wedge * i)]
    out.push(x, y, -halfHeight)
    if (kind === 'cylinder') out.push(x, y, halfHeight)
  }
  return new Float32Array(out)
}

/** 256 points of a Fibonacci lattice, pushed out by 1.81 / n so that their hull has the ellipsoid's volume; within 0.8 % of its radii. */
export function ellipsoidHull(half: readonly [number, number, number]): Float32Array {
  const out: number[] = []
  const golden = Math.PI * (3 - Math.sqrt(5))
  const grow = 1 + 1.81 / POINTS
  for (let i = 0; i < POINTS; i++) {
    const z = 1 - (2 * i + 1) / POINTS
    const r = Math.sqrt(1 - z * z)
    out.push(grow * half[0] * r * portable.cos(golden * i), grow * half[1] * r * portable.sin(golden * i), grow * half[2] * z)
  }
  return new Float32Array(out)
}
