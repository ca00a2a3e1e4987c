/** Labels against oracles that share no code with them: the test kit's closed forms and brute force. */
import { flowErrors } from '../../../packages/label/test/kit/lens-stage.ts'
import { LENSES } from '../../../packages/label/test/kit/lenses.ts'
import { BAND, compareVisibility } from '../../../packages/label/test/kit/visibility.ts'
import { PEAK, shift, warp } from '../../../packages/label/test/kit/warp.ts'
import { type Claim, figure, judge } from '../report.ts'

/** Flow behind every lens, turning, zooming, distorted, rolling; the picture warped by it; what hides what on `points` points. */
export async function truth(points: number): Promise<Claim[]> {
  const errors = LENSES.flatMap(lens =>
    [0, 0.06].flatMap(readout => ([1, -1] as const).flatMap(step => flowErrors(lens, readout, step))),
  ).sort((a, b) => a - b)
  const w = await warp()
  const { judged, wrong } = await compareVisibility(points)
  return [
    judge('labels', 'flow behind all lenses: mean error, px', errors.reduce((sum, e) => sum + e, 0) / errors.length, 'at most'),
    judge('labels', 'flow behind all lenses: 99.9 % of pixels within, px', errors[Math.floor(0.999 * errors.length)]!, 'at most'),
    figure('flow behind all lenses: pixels compared', errors.length),
    judge('labels', 'next picture warped back by the flow: shift, px', Math.max(shift(w, 0).pixels, shift(w, 1).pixels), 'at most'),
    judge('labels', 'next picture warped back by the flow: PSNR, dB', 20 * Math.log10(PEAK / w.difference(0, 0).rms), 'at least'),
    judge('labels', `points whose visibility is not brute force's, outside ${BAND} rad of outlines`, wrong, 'at most'),
    figure('points whose visibility was compared', judged),
  ]
}
