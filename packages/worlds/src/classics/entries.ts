/** The specialised pipelines that came before, for the registry. */
import { entry } from '../entry.ts'
import { rooms } from './rooms.ts'

export const CLASSICS = [
  entry(
    rooms,
    '20–40 objects of furniture, 16 frames of 256 × 256; a clip builds and settles in 1–3 s',
    'diorama generate rooms --count 2 --config room=kitchen --out out/rooms',
  ),
]
