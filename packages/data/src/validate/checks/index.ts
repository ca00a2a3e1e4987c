import type { GeometryCheck } from '../check.ts'
import { amodal } from './amodal.ts'
import { behind } from './behind.ts'
import { boxes } from './boxes.ts'
import { contacts } from './contacts.ts'
import { correspondence } from './correspondence.ts'
import { coverage } from './coverage.ts'
import { deforming } from './deforming.ts'
import { depthDistance } from './depth-distance.ts'
import { dynamics } from './dynamics.ts'
import { edges } from './edges.ts'
import { events } from './events.ts'
import { flow } from './flow.ts'
import { flowCycle } from './flow-cycle.ts'
import { flowMasks } from './flow-masks.ts'
import { language } from './language.ts'
import { light } from './light.ts'
import { materials } from './materials.ts'
import { normalDepth } from './normal-depth.ts'
import { normalUnit } from './normals.ts'
import { objectCoordinates } from './object-coordinates.ts'
import { outlines } from './outlines.ts'
import { parts } from './parts.ts'
import { presence } from './presence.ts'
import { records } from './records.ts'
import { registration } from './registration.ts'
import { sceneFlow } from './scene-flow.ts'
import { semantic } from './semantic.ts'
import { support } from './support.ts'
import { tracks } from './tracks.ts'
import { truncation } from './truncation.ts'
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
  sceneFlow,
  boxes,
  deforming,
  amodal,
  truncation,
  coverage,
  parts,
  semantic,
  materials,
  behind,
  records,
  events,
  contacts,
  support,
  dynamics,
  velocity,
  tracks,
  language,
  light,
  edges,
  outlines,
  warp,
  registration,
  correspondence,
]
