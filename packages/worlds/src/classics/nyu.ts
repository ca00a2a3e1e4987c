/**
 * RGB-D of rooms after NYU Depth v2 (Silberman et al., "Indoor segmentation and support inference from RGBD images", 2012): the furnished rooms of `rooms`,
 * filmed at the height of a hand through the first Kinect's camera: 640 × 480, a focal length of 580 pixels.
 *
 * Shows: what the Kinect measures (`depth-raw`), the same with its holes filled (`depth-filled`), the true depth, classes, instances, normals, and
 * who carries whom (`support`). The depth camera and the picture's are one: nothing is registered, and there is no parallax between them.
 * Cost: as `rooms`; the noise of a frame takes a second or two at 640 × 480.
 * Command: `diorama generate nyu --count 2 --size 320x240 --labels semantic,segmentation,normal,depth,depth-raw,depth-filled --out out/nyu`.
 */
import { z } from 'zod'
import { defineWorld } from '../world.ts'
import { furnished, ROOM_CONFIG } from './rooms/furnished.ts'

/** 580 pixels of 640, on a sensor 32 mm wide. */
const FOCAL = (580 * 32) / 640

export const nyu = defineWorld({
  name: 'nyu',
  description:
    'RGB-D of furnished rooms through a Kinect, after NYU Depth: raw and filled depth beside the true one (labels depth-raw, depth-filled)',
  config: z.strictObject(ROOM_CONFIG),
  build: ({ key, config }) => furnished(key, config, { height: [1.1, 1.5], focalLength: [FOCAL, FOCAL], resolution: [640, 480] }),
})
