import type { GeometryCheck } from '../check.ts'
import { boxes } from './boxes.ts'
import { correspondence } from './correspondence.ts'
import { depthDistance } from './depth-distance.ts'
import { edges } from './edges.ts'
import { events } from './events.ts'
import { flow } from './flow.ts'
import { flowCycle } from './flow-cycle.ts'
import { flowMasks } from './flow-masks.ts'
import { normalDepth } from './normal-depth.ts'
import { normalUnit } from './normals.ts'
import { objectCoordinates } from './object-coordinates.ts'
import { outlines } from './outlines.ts'
import { presence } from './presence.ts'
import { registration } from './registration.ts'
import { velocity } from './velocity.ts'
import { warp } from './warp.ts'

/** Every relation between the layers and records of a clip that validation knows. */
export const GEOMETRY_CHECKS: readonly GeometryCheck[] = [
  presence,
  depthDistance,
  objectCoordinates,
  normalUnit,
  normalDepth,
  flow,
  flowMasks,
  flowCycle,
  boxes,
  events,
  velocity,
  edges,
  outlines,
  warp,
  registration,
  correspondence,
]
