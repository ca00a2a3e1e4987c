/** The worlds of Kubric's thirteen challenges and human pose, for the registry. */
import { entry } from '../entry.ts'
import { humanPose } from './human-pose.ts'

export const CHALLENGES = [
  entry(
    humanPose,
    '1–2 people of 23,000 vertices each, 8 frames of 256 × 256',
    'diorama generate human-pose --count 2 --labels detection,bodies --format folder coco --out out/human-pose',
  ),
]
