import { type GeometryCheck, type Judgement, some, Tally } from '../check.ts'

const SUMS = [
  ['light-emission', 'light-diffuse', 'light-specular'],
  ['light-emission', 'light-direct', 'light-indirect'],
] as const
/** Four numbers rounded to halves (2⁻¹¹ of each; half of the smallest half), and the filter's own rounding. */
const RELATIVE = 9.9e-4
const ABSOLUTE = 1e-6

export const light: GeometryCheck = {
  name: 'light',
  definition: 'light-emission + light-diffuse + light-specular and light-emission + light-direct + light-indirect are rgb-linear',
  unit: 'relative',
  async judge(clip, frame) {
    const whole = await clip.values('rgb-linear', frame)
    if (!whole) return []
    const out: Judgement[] = []
    for (const names of SUMS) {
      const parts = await Promise.all(names.map(name => clip.values(name, frame)))
      if (parts.some(part => !part)) continue
      const tally = new Tally()
      for (let i = 0; i < whole.data.length; i++) {
        const value = whole.data[i]!
        // Past what a half float holds there is nothing to add up.
        if (!Number.isFinite(value)) continue
        const sum = parts.reduce((s, part) => s + part!.data[i]!, 0)
        const scale = Math.max(Math.abs(value), ABSOLUTE / RELATIVE)
        tally.add(Math.floor(i / 3), Math.abs(sum - value) / scale, RELATIVE)
      }
      out.push(...some(tally.judge(clip.files(frame, ...names, 'rgb-linear'), clip.width, this.unit)))
    }
    return out
  },
}
