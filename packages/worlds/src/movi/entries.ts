/** Kubric's MOVi worlds, for the registry. */
import { entry } from '../entry.ts'
import { moviA } from './movi-a.ts'
import { moviB } from './movi-b.ts'
import { moviC } from './movi-c.ts'
import { moviD } from './movi-d.ts'
import { moviE } from './movi-e.ts'
import { moviF } from './movi-f.ts'

export const MOVI = [
  entry(
    moviA,
    '3–10 objects, 24 frames of 256 × 256; the cheapest world',
    'diorama generate movi-a --count 2 --seed 7 --size 256x256 --out out/movi-a',
  ),
  entry(moviB, '3–10 objects, 24 frames of 256 × 256', 'diorama generate movi-b --count 2 --out out/movi-b'),
  entry(
    moviC,
    '3–10 textured objects, 24 frames of 256 × 256',
    'diorama generate movi-c --count 2 --assets gso/manifest.json --out out/movi-c',
  ),
  entry(
    moviD,
    '11–23 textured objects, 24 frames of 256 × 256; each clip settles for 8 s before it begins',
    'diorama generate movi-d --count 2 --config split=test --out out/movi-d',
  ),
  entry(moviE, 'as movi-d', 'diorama generate movi-e --count 2 --config camera=panning --labels kubric,tracks --out out/movi-e'),
  entry(moviF, 'as movi-d, 24 frames of 512 × 512', 'diorama generate movi-f --count 1 --out out/movi-f'),
]
