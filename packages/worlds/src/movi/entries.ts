/** Kubric's MOVi worlds, for the registry. */
import { entry } from '../entry.ts'
import { moviA } from './movi-a.ts'

export const MOVI = [
  entry(
    moviA,
    '3–10 objects, 24 frames of 256 × 256; the cheapest world',
    'diorama generate movi-a --count 2 --seed 7 --size 256x256 --out out/movi-a',
  ),
]
