/** All labels by name, and the named groups of them. */
import type { Label } from './label.ts'
import { labelName } from './label.ts'
import { albedo } from './labels/albedo.ts'
import { behindDepth } from './labels/behind-depth.ts'
import { behindNormal } from './labels/behind-normal.ts'
import { behindSegmentation } from './labels/behind-segmentation.ts'
import { box2d } from './labels/box-2d.ts'
import { box3d } from './labels/box-3d.ts'
import { boxAmodal } from './labels/box-amodal.ts'
import { camera } from './labels/camera.ts'
import { category } from './labels/category.ts'
import { center2d } from './labels/center-2d.ts'
import { contacts } from './labels/contacts.ts'
import { coverage } from './labels/coverage.ts'
import { coverageId } from './labels/coverage-id.ts'
import { depth } from './labels/depth.ts'
import { depthFilled } from './labels/depth-filled.ts'
import { depthRaw } from './labels/depth-raw.ts'
import { disparity, disparityMask } from './labels/disparity.ts'
import { distance } from './labels/distance.ts'
import { dynamics } from './labels/dynamics.ts'
import { emission } from './labels/emission.ts'
import { events } from './labels/events.ts'
import { flowBackward } from './labels/flow-backward.ts'
import { flowBackwardMask } from './labels/flow-backward-mask.ts'
import { flowForward } from './labels/flow-forward.ts'
import { flowForwardMask } from './labels/flow-forward-mask.ts'
import { flowTo } from './labels/flow-to.ts'
import { friction } from './labels/friction.ts'
import { inertia } from './labels/inertia.ts'
import { jointKeypoints } from './labels/joint-keypoints.ts'
import { joints } from './labels/joints.ts'
import { keypoints } from './labels/keypoints.ts'
import { language } from './labels/language.ts'
import { lightDiffuse } from './labels/light-diffuse.ts'
import { lightDirect } from './labels/light-direct.ts'
import { lightEmission } from './labels/light-emission.ts'
import { lightIndirect } from './labels/light-indirect.ts'
import { lightSpecular } from './labels/light-specular.ts'
import { lights } from './labels/lights.ts'
import { maskAmodal } from './labels/mask-amodal.ts'
import { mass } from './labels/mass.ts'
import { material } from './labels/material.ts'
import { meshes } from './labels/meshes.ts'
import { metallic } from './labels/metallic.ts'
import { normal } from './labels/normal.ts'
import { normalCamera } from './labels/normal-camera.ts'
import { normalShading } from './labels/normal-shading.ts'
import { objectCoordinates } from './labels/object-coordinates.ts'
import { occlusion } from './labels/occlusion.ts'
import { part } from './labels/part.ts'
import { parts } from './labels/parts.ts'
import { pose } from './labels/pose.ts'
import { poseCamera } from './labels/pose-camera.ts'
import { restitution } from './labels/restitution.ts'
import { roughness } from './labels/roughness.ts'
import { sceneFlowBackward } from './labels/scene-flow-backward.ts'
import { sceneFlowForward } from './labels/scene-flow-forward.ts'
import { segmentation } from './labels/segmentation.ts'
import { semantic } from './labels/semantic.ts'
import { shadow } from './labels/shadow.ts'
import { skeleton } from './labels/skeleton.ts'
import { stereoTo } from './labels/stereo-to.ts'
import { support } from './labels/support.ts'
import { symmetry } from './labels/symmetry.ts'
import { tracks } from './labels/tracks.ts'
import { truncation } from './labels/truncation.ts'
import { uv } from './labels/uv.ts'
import { velocity } from './labels/velocity.ts'
import { visiblePixels } from './labels/visible-pixels.ts'

const all: readonly Label[] = [
  segmentation,
  semantic,
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
  sceneFlowForward,
  sceneFlowBackward,
  part,
  material,
  albedo,
  roughness,
  metallic,
  emission,
  lightEmission,
  lightDiffuse,
  lightSpecular,
  lightDirect,
  lightIndirect,
  shadow,
  coverage,
  coverageId,
  behindDepth,
  behindNormal,
  behindSegmentation,
  visiblePixels,
  box2d,
  boxAmodal,
  truncation,
  box3d,
  maskAmodal,
  occlusion,
  center2d,
  keypoints,
  jointKeypoints,
  pose,
  joints,
  poseCamera,
  velocity,
  dynamics,
  support,
  mass,
  friction,
  restitution,
  inertia,
  symmetry,
  category,
  parts,
  skeleton,
  tracks('tracks')!,
  meshes,
  contacts,
  camera,
  lights,
  events,
  language,
]

/** Every label by name. Iteration order is the order of layers and fields in a data set. */
export const LABELS: ReadonlyMap<string, Label> = new Map(all.map(label => [labelName(label), label]))

/** Labels of plain pinholes alone, and of rectified pairs alone, so not in `all`. */
const ofDepthSensors = new Map([depthRaw, depthFilled].map(label => [labelName(label), label]))
const ofPairs = new Map([disparity, disparityMask].map(label => [labelName(label), label]))

/** Names that stand for a family of labels, each with one of the family. */
export const FAMILIES: ReadonlyMap<string, Label> = new Map<string, Label>([
  ['flow-to-<frame>', flowTo('flow-to-12')!],
  ['flow-to-<frame>-mask', flowTo('flow-to-12-mask')!],
  ['stereo-to-<camera>', stereoTo('stereo-to-right')!],
  ['stereo-to-<camera>-mask', stereoTo('stereo-to-right-mask')!],
  ...ofDepthSensors,
  ...ofPairs,
  ['tracks-<count>', tracks('tracks-2048')!],
])

/** The label of a name, families of labels included; undefined when there is none. */
export const findLabel = (name: string): Label | undefined =>
  LABELS.get(name) ?? ofDepthSensors.get(name) ?? ofPairs.get(name) ?? flowTo(name) ?? stereoTo(name) ?? tracks(name)

const flow = ['flow-forward', 'flow-forward-mask', 'flow-backward', 'flow-backward-mask']
const sceneFlow = ['scene-flow-forward', 'scene-flow-backward']
/** What BOP's folders are made of (`--format bop`). */
const bop = [
  'segmentation',
  'depth',
  'visible-pixels',
  'box-amodal',
  'truncation',
  'mask-amodal',
  'occlusion',
  'pose',
  'pose-camera',
  'symmetry',
  'meshes',
]
const boxes = ['box-2d', 'box-amodal', 'box-3d']
const bodies = ['skeleton', 'joints', 'joint-keypoints']
const physics = ['pose', 'velocity', 'dynamics', 'support', 'mass', 'friction', 'restitution', 'inertia', 'events']
const materials = ['part', 'material', 'albedo', 'roughness', 'metallic', 'emission', 'parts']
const light = ['light-emission', 'light-diffuse', 'light-specular', 'light-direct', 'light-indirect', 'shadow']
const behind = ['behind-depth', 'behind-normal', 'behind-segmentation']

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
    'pose',
    'skeleton',
    'joints',
    'velocity',
    'mass',
    'friction',
    'restitution',
    'inertia',
    'events',
    'camera',
    'lights',
  ],
  detection: [
    'segmentation',
    'semantic',
    'coverage',
    'coverage-id',
    'visible-pixels',
    ...boxes,
    'truncation',
    'mask-amodal',
    'occlusion',
    'center-2d',
    'keypoints',
    ...bodies,
    'pose',
    'pose-camera',
    'symmetry',
  ],
  tracking: [
    'tracks',
    'segmentation',
    'depth',
    ...flow,
    ...sceneFlow,
    'visible-pixels',
    'box-2d',
    'occlusion',
    'center-2d',
    'pose',
    'velocity',
  ],
  geometry: [
    'segmentation',
    'depth',
    'distance',
    'normal',
    'normal-shading',
    'normal-camera',
    'object-coordinates',
    'uv',
    ...sceneFlow,
    ...behind,
    'box-3d',
    'pose',
  ],
  all: all.map(labelName),
  none: [],
  flow,
  'scene-flow': sceneFlow,
  bop,
  boxes,
  bodies,
  physics,
  materials,
  light,
  behind,
}

export const DEFAULT_LABELS = 'kubric'
