/** Profiles as pictures. */
import { plot } from '@dioramic/tensor'
import type { Profile } from './profile.ts'

/** What is drawn of a profile: see there. */
export type ProfileCurve = Exclude<keyof Profile, 'layers'>

const TITLES: Readonly<Record<ProfileCurve, string>> = {
  stream: 'Root mean square of the stream',
  cosine: 'Cosine to what entered the stack',
  pairwise: 'Cosine between positions',
  normInputs: 'Root mean square before the norms',
  gradient: 'Gradient by the blocks’ parameters',
  streamGradient: 'Gradient by the stream',
}

/** One curve of some models' profiles over depth, 0 the first block and 1 the last; norms and gradients on a logarithmic axis. SVG. */
export function profilePlot(profiles: Readonly<Record<string, Profile>>, curve: ProfileCurve): string {
  const points = (y: readonly number[]) => y.map((v, i) => [i / Math.max(1, y.length - 1), v] as const)
  return plot(
    Object.entries(profiles).map(([name, p]) => {
      // A block's norms one after another, as the stream meets them.
      const values = curve === 'normInputs' ? Array.from({ length: p.layers }, (_, l) => p.normInputs.map(n => n[l]!)).flat() : p[curve]
      return { name, points: points(values) }
    }),
    {
      title: TITLES[curve],
      x: 'depth',
      y: curve === 'cosine' || curve === 'pairwise' ? 'cosine' : 'norm',
      logY: curve !== 'cosine' && curve !== 'pairwise',
    },
  )
}
