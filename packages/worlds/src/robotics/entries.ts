/** Worlds of robots' cells, for the registry. */
import { entry } from '../entry.ts'
import { binPicking } from './bin-picking.ts'
import { conveyor } from './conveyor.ts'

export const ROBOTICS = [
  entry(
    binPicking,
    '10–18 parts, one frame of 640 × 480 from two cameras; a heap settles in a few seconds',
    'diorama generate bin-picking --count 4 --labels kubric,bop,disparity --format folder,bop --out out/bin',
  ),
  entry(
    conveyor,
    '9 parts, 20 frames of 256 × 256',
    'diorama generate conveyor --count 2 --labels kubric,velocity,tracks --out out/conveyor',
  ),
]
