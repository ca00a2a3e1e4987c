/** `symmetry` of the clip's instance record: the turns after which the shape, its texture aside, looks as before. Known for the shapes of this project. */
import { portable, type Quat, quat, type ShapeName, type Vec3 } from '@dioramic/scene'
import type { ConstantLabel } from '../label.ts'

const [X, Y, Z]: readonly Vec3[] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
]

interface Symmetry {
  /** Axes, object frame, about which any turn is one. */
  readonly continuous: readonly Vec3[]
  /** Turns x, y, z, w, object frame; the identity is left out. Together with the continuous ones they generate all. */
  readonly discrete: readonly Quat[]
}

const turns = (axis: Vec3, n: number): Quat[] =>
  Array.from({ length: n - 1 }, (_, k) => {
    const half = (Math.PI * (k + 1)) / n
    const s = portable.sin(half)
    return [axis[0] * s, axis[1] * s, axis[2] * s, portable.cos(half)]
  })

/** All products of the turns. */
function closure(generators: readonly Quat[]): Quat[] {
  const same = (a: Quat, b: Quat) => Math.abs(a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3]) > 1 - 1e-9
  const all: Quat[] = [quat.IDENTITY]
  for (let i = 0; i < all.length; i++) {
    for (const g of generators) {
      const next = quat.normalize(quat.multiply(g, all[i]))
      if (!all.some(q => same(q, next))) all.push(next)
    }
  }
  return all.slice(1)
}

const alike = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.max(a, b)

/** Turns of a box: halves about every axis, quarters about those whose other two sides are alike. */
function boxTurns(scale: readonly number[]): Quat[] {
  return closure([X, Y, Z].flatMap((axis, a) => turns(axis, alike(scale[(a + 1) % 3], scale[(a + 2) % 3]) ? 4 : 2)))
}

/** Solids of revolution about Z: any turn while X and Y are scaled alike, else half a turn; `flips` when both ends are alike. */
function revolved(scale: readonly number[], flips: boolean): Symmetry {
  const round = alike(scale[0], scale[1])
  if (round) return { continuous: [Z], discrete: flips ? turns(X, 2) : [] }
  return { continuous: [], discrete: closure([...turns(Z, 2), ...(flips ? turns(X, 2) : [])]) }
}

function symmetryOf(shape: ShapeName, scale: readonly number[]): Symmetry {
  const round = alike(scale[0], scale[1])
  switch (shape) {
    case 'cube':
    case 'sponge':
      return { continuous: [], discrete: boxTurns(scale) }
    case 'plane':
      return { continuous: [], discrete: closure([...turns(Z, round ? 4 : 2), ...turns(X, 2)]) }
    case 'sphere': {
      if (round && alike(scale[1], scale[2])) return { continuous: [X, Y, Z], discrete: [] }
      const axis = [X, Y, Z].find((_, a) => alike(scale[(a + 1) % 3], scale[(a + 2) % 3]))
      if (!axis) return { continuous: [], discrete: boxTurns(scale) }
      return { continuous: [axis], discrete: turns(axis === X ? Y : X, 2) }
    }
    case 'cylinder':
    case 'torus':
      return revolved(scale, true)
    case 'cone':
      return revolved(scale, false)
    case 'gear':
      return { continuous: [], discrete: round ? closure([...turns(Z, 12), ...turns(X, 2)]) : closure([...turns(Z, 2), ...turns(X, 2)]) }
    case 'torus-knot':
      return { continuous: [], discrete: closure([...turns(X, 2), ...(round ? turns(Z, 3) : [])]) }
    default:
      return { continuous: [], discrete: [] }
  }
}

export const symmetry: ConstantLabel = {
  kind: 'constants',
  name: 'symmetry',
  definition:
    'symmetry: {continuous, discrete} turns in the object frame after which the shape looks as before, whatever its texture: axes [x, y, z] about which any turn is one, and quaternions x, y, z, w (the identity left out). Scale is taken into account. null for meshes and assets, whose symmetry is not known.',
  compute: ({ scene }) =>
    scene.objects.map(object => {
      const geometry = scene.geometries[object.geometry]
      return { symmetry: geometry.type === 'shape' ? symmetryOf(geometry.shape, object.scale) : null }
    }),
}
