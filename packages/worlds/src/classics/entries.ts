/** The specialised pipelines that came before, for the registry. */
import { entry } from '../entry.ts'
import { clevr } from './clevr.ts'
import { flyingThings } from './flying-things.ts'
import { nyu } from './nyu.ts'
import { rooms } from './rooms.ts'
import { synthia } from './synthia.ts'
import { virtualKitti } from './virtual-kitti.ts'

export const CLASSICS = [
  entry(
    clevr,
    '3–10 objects, one frame of 480 × 320; questions with --labels kubric,language',
    'diorama generate clevr --count 10 --labels kubric,language --out out/clevr',
  ),
  entry(
    flyingThings,
    '15–30 objects, 10 frames of 960 × 540 from two cameras',
    'diorama generate flying-things --count 2 --size 480x270 --labels flow,scene-flow,disparity,segmentation,depth --out out/flying',
  ),
  entry(
    nyu,
    '60–110 objects of furniture, 16 frames of 640 × 480; a clip builds and settles in 1–3 s',
    'diorama generate nyu --count 2 --size 320x240 --labels semantic,segmentation,normal,depth,depth-raw,depth-filled --out out/nyu',
  ),
  entry(
    rooms,
    '20–40 objects of furniture, 16 frames of 256 × 256; a clip builds and settles in 1–3 s',
    'diorama generate rooms --count 2 --config room=kitchen --out out/rooms',
  ),
  entry(
    virtualKitti,
    '120–160 objects, half a million triangles, 20 frames of 1242 × 375 from two cameras',
    'diorama generate virtual-kitti --count 1 --size 621x188 --config weather=sunset --labels kubric,disparity --out out/vkitti',
  ),
  entry(
    synthia,
    '120–160 objects, half a million triangles, 8 frames of 1280 × 760 a direction',
    'diorama generate synthia --count 2 --size 320x190 --config season=autumn --labels semantic,depth,segmentation --out out/synthia',
  ),
]
