/** The worlds of Kubric's thirteen challenges and human pose, for the registry. */
import { entry } from '../entry.ts'
import { complexBrdfs } from './complex-brdfs.ts'
import { conditionalViews } from './conditional-views.ts'
import { controllableNerf } from './controllable-nerf.ts'
import { humanPose } from './human-pose.ts'
import { objectDiscovery, opticalFlow, pointTracking } from './moving-things.ts'
import { multiViewMatting } from './multi-view-matting.ts'
import { pretrainingViews, singleViewReconstruction } from './object-views.ts'
import { robustNerf } from './robust-nerf.ts'
import { semanticNerf } from './semantic-nerf.ts'
import { textureStructure } from './texture-structure.ts'
import { videoReconstruction } from './video-reconstruction.ts'

export const CHALLENGES = [
  entry(
    objectDiscovery,
    'up to 17 objects, 24 frames of 256 × 256',
    'diorama generate object-discovery --count 2 --labels kubric --config level=4 --out out/object-discovery',
  ),
  entry(
    opticalFlow,
    'up to 18 objects, 24 frames of 512 × 512 with motion blur',
    'diorama generate optical-flow --count 2 --labels flow,depth,segmentation --out out/optical-flow',
  ),
  entry(
    pointTracking,
    'up to 19 objects, 24 frames of 256 × 256',
    'diorama generate point-tracking --count 2 --labels tracking --out out/point-tracking',
  ),
  entry(
    textureStructure,
    '180 frames of 256 × 256 of thirty cubes',
    'diorama generate texture-structure --count 1 --labels segmentation,semantic,depth --format folder,nerf --out out/texture-structure',
  ),
  entry(
    pretrainingViews,
    '25 frames of 256 × 256 of one object',
    'diorama generate pretraining-views --count 4 --labels coverage,coverage-id,semantic --out out/pretraining-views',
  ),
  entry(
    robustNerf,
    '301 frames of 256 × 256',
    'diorama generate robust-nerf --count 1 --labels segmentation,semantic,depth --format folder,nerf --out out/robust-nerf',
  ),
  entry(
    multiViewMatting,
    '10 frames of 128 × 128',
    'diorama generate multi-view-matting --count 2 --labels segmentation,coverage,coverage-id --format folder,nerf --out out/matting',
  ),
  entry(
    complexBrdfs,
    '24 frames of 256 × 256 of one object',
    'diorama generate complex-brdfs --count 2 --quality high --labels segmentation,depth --format folder,nerf --out out/complex-brdfs',
  ),
  entry(
    singleViewReconstruction,
    '24 frames of 256 × 256 of one object',
    'diorama generate single-view-reconstruction --count 4 --labels segmentation,depth,normal --out out/single-view',
  ),
  entry(
    videoReconstruction,
    '30 frames of 256 × 256 of one object',
    'diorama generate video-reconstruction --count 2 --labels segmentation,flow,pose --out out/video-reconstruction',
  ),
  entry(
    semanticNerf,
    '60 frames of 256 × 256 of 4–12 objects',
    'diorama generate semantic-nerf --count 4 --labels segmentation,semantic,depth --format folder,nerf --out out/semantic-nerf',
  ),
  entry(
    conditionalViews,
    '8 frames of 256 × 256 of 16–32 objects at rest',
    'diorama generate conditional-views --count 4 --labels segmentation,depth --format folder,nerf --out out/conditional-views',
  ),
  entry(
    controllableNerf,
    '120 frames of 256 × 256 of three objects',
    'diorama generate controllable-nerf --count 1 --labels segmentation,depth --format folder,nerf --out out/controllable-nerf',
  ),
  entry(
    humanPose,
    '1–2 people of 23,000 vertices each, 8 frames of 256 × 256',
    'diorama generate human-pose --count 2 --labels detection,bodies --format folder,coco --out out/human-pose',
  ),
]
