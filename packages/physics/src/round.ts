/**
 * Round shapes as polyhedra. Rapier's own cylinder and cone gain speed as they roll (measured: one at 5 cm/s reaches 16 cm/s in five
 * seconds), and it has no ellipsoid; polyhedra roll with a loss and come to rest.
 */
import { portable } from '@dioramic/scene'

/** Sides of a cylinder or cone: its surface is within 0.15 % of the radius of the true one. */
const SIDES = 48
/**
 * Wedges that a cylinder or cone is cut into. Rapier keeps four points of the contact of two faces, and of a face of 48 corners it keeps
 * other points each step: a third of the cans that stood in one piece drifted at 2 cm/s, of those in four pieces none.
 */
const WEDGES = 4
const POINTS = 256

/** Pieces around +Z from z = −half to +half; the cross-section has the ellipse's area. A cone has its apex where a cylinder has its upper ring. */
export function roundHulls(kind: 'cylinder' | 'cone', [hx, hy, hz]: readonly [number, number, number]): Float32Array[] {
  const step = (2 * Math.PI) / SIDES
  const grow = Math.sqrt(step / portable.sin(step))
  return Array.from({ length: WEDGES }, (_, wedge) => {
    const out = [0, 0, -hz, 0, 0, hz]
    for (let j = 0; j <= SIDES / WEDGES; j++) {
      const angle = step * (((wedge * SIDES) / WEDGES + j) % SIDES)
      const [x, y] = [hx * grow * portable.cos(angle), hy * grow * portable.sin(angle)]
      out.push(x, y, -hz)
      if (kind === 'cylinder') out.push(x, y, hz)
    }
    return new Float32Array(out)
  })
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
