/** All labels by name, and the named groups of them. */
import type { Label } from './label.ts'
import { labelName } from './label.ts'
import { box2d } from './labels/box-2d.ts'
import { box3d } from './labels/box-3d.ts'
import { boxAmodal } from './labels/box-amodal.ts'
import { camera } from './labels/camera.ts'
import { center2d } from './labels/center-2d.ts'
import { depth } from './labels/depth.ts'
import { distance } from './labels/distance.ts'
import { events } from './labels/events.ts'
import { flowBackward } from './labels/flow-backward.ts'
import { flowBackwardMask } from './labels/flow-backward-mask.ts'
import { flowForward } from './labels/flow-forward.ts'
import { flowForwardMask } from './labels/flow-forward-mask.ts'
import { friction } from './labels/friction.ts'
import { inertia } from './labels/inertia.ts'
import { lights } from './labels/lights.ts'
import { mass } from './labels/mass.ts'
import { normal } from './labels/normal.ts'
import { normalCamera } from './labels/normal-camera.ts'
import { normalShading } from './labels/normal-shading.ts'
import { objectCoordinates } from './labels/object-coordinates.ts'
import { pose } from './labels/pose.ts'
import { restitution } from './labels/restitution.ts'
import { segmentation } from './labels/segmentation.ts'
import { uv } from './labels/uv.ts'
import { velocity } from './labels/velocity.ts'
import { visiblePixels } from './labels/visible-pixels.ts'

const all: readonly Label[] = [
  segmentation,
  depth,
  distance,
  normal,
  normalShading,
  normalCamera,
  objectCoordinates,
  uv,
  flowForward,
  flowForwardMask,
  flowBackward,
  flowBackwardMask,
  visiblePixels,
  box2d,
  boxAmodal,
  box3d,
  center2d,
  pose,
  velocity,
  mass,
  friction,
  restitution,
  inertia,
  camera,
  lights,
  events,
]

/** Every label by name. Iteration order is the order of layers and fields in a data set. */
export const LABELS: ReadonlyMap<string, Label> = new Map(all.map(label => [labelName(label), label]))

const flow = ['flow-forward', 'flow-forward-mask', 'flow-backward', 'flow-backward-mask']
const boxes = ['box-2d', 'box-amodal', 'box-3d']
const physics = ['pose', 'velocity', 'mass', 'friction', 'restitution', 'inertia', 'events']

/** Names that stand for several labels. `kubric` is the default: all that Kubric writes, and flow masks, uv, amodal boxes, inertia and lights besides. */
export const PRESETS: Readonly<Record<string, readonly string[]>> = {
  kubric: [
    'segmentation',
    'depth',
    'distance',
    'normal',
    'object-coordinates',
    'uv',
    ...flow,
    'visible-pixels',
    ...boxes,
    'center-2d',
    ...physics,
    'camera',
    'lights',
  ],
  all: all.map(labelName),
  none: [],
  flow,
  boxes,
  physics,
}

export const DEFAULT_LABELS = 'kubric'
