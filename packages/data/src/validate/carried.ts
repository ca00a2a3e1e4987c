/** What of one frame can be looked for in the next: what its depth shows there, too, at about the same size. */
import type { Clip } from './clip.ts'
import { type Motion, predictMotion } from './motion.ts'
import { pointsOf } from './points.ts'

/** A place whose four pixels are all nearer by this fraction is hidden; a whole view from behind is hidden by more. */
const NEARER = 0.005
/** Least and greatest that two neighbouring pixels may be apart there: views far apart squeeze and stretch what both see, and a pixel of one is no pixel of the other. */
const LEAST = 0.6
const MOST = 1.6
/** Share of a frame that the next one of a film shows, too. */
const FILM = 0.5

/** 1 where the content of a pixel shows in the next frame. Undefined where its depth is not recorded. */
export const carriedTo = (clip: Clip, frame: number, motion: Motion): Promise<Uint8Array | undefined> =>
  clip.note(
    'carried',
    async () => {
      const there = await pointsOf(clip, frame + 1)
      return there && Uint8Array.from(motion.u, (_, p) => (shown(clip, motion, there.distance, p) && even(clip, motion, p) ? 1 : 0))
    },
    frame,
  )

/**
 * Whether frame `frame` and the next one are pictures of a film: the second shows most of the first. Views from all sides of a thing are none; what shines and what is lit differ
 * between them, and light from elsewhere is another. Where nothing is known of the motion, they are.
 */
export const filmed = (clip: Clip, frame: number): Promise<boolean> => clip.note(`filmed ${frame}`, () => showsMost(clip, frame))

async function showsMost(clip: Clip, frame: number): Promise<boolean> {
  const motion = await predictMotion(clip, frame, 1)
  const carried = motion && (await carriedTo(clip, frame, motion))
  if (!carried) return true
  let [all, seen] = [0, 0]
  for (const [p, d] of motion.distance.entries()) {
    // The sky is the same from all sides.
    if (!(d > 0 && d < Infinity)) continue
    all++
    seen += carried[p]!
  }
  return seen >= FILM * all
}

function shown({ width, height }: Clip, motion: Motion, distance: Float64Array, p: number): boolean {
  const [x, y] = [Math.floor(motion.u[p]! - 0.5), Math.floor(motion.v[p]! - 0.5)]
  if (!(x >= 0 && y >= 0 && x < width - 1 && y < height - 1)) return false
  const q = y * width + x
  const farthest = Math.max(distance[q]!, distance[q + 1]!, distance[q + width]!, distance[q + width + 1]!)
  return motion.distance[p]! <= farthest * (1 + NEARER)
}

/** Whether the pixels beside and below arrive beside and below, about one pixel off. */
function even({ width, height }: Clip, { u, v }: Motion, p: number): boolean {
  const x = p % width
  const right = x + 1 < width ? p + 1 : p - 1
  const below = p + width < width * height ? p + width : p - width
  const apart = (q: number, along: Float64Array) => (along[q]! - along[p]!) * (q > p ? 1 : -1)
  return [apart(right, u), apart(below, v)].every(d => d > LEAST && d < MOST)
}
