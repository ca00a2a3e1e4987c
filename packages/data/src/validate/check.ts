import type { Clip } from './clip.ts'
import { Errors } from './report.ts'

/** Outcome of one check at one frame. `message` is set when it fails. */
export interface Judgement {
  /** Files compared, from the set's folder; each is a suspect when the check fails and cleared a little when it passes. */
  readonly compared: readonly string[]
  readonly errors: Errors
  /** Largest share of its limit that an error took; more than 1 where it fails. */
  readonly margin?: number
  /** What is wrong, or undefined. */
  readonly message: string | undefined
  /** Where it is another than the one asked for. */
  readonly frame?: number
  /** Those of `compared` that what is wrong points to. */
  readonly suspects?: readonly string[]
  /** What the check could not tell, and why. */
  readonly note?: string
}

/** One relation between files of a clip that holds in every true data set. */
export interface GeometryCheck {
  readonly name: string
  readonly definition: string
  readonly unit: string
  /** Judgements of a frame; none where layers are absent or there is too little to judge. */
  judge(clip: Clip, frame: number): Promise<readonly Judgement[]>
}

/** What may have happened: `holds` says of a pixel that fails whether it would not, had it. */
export interface Story {
  /** `its sign is flipped` */
  readonly name: string
  /** Files that would be at fault. */
  readonly files: readonly string[]
  holds(pixel: number): boolean
}

/** Share of the failing pixels that a story must explain. */
const EXPLAINED = 0.9

/** The story that explains most; the first of equals. */
function told(failing: readonly number[], stories: readonly Story[]): Story | undefined {
  let best: { readonly story?: Story; readonly share: number } = { share: EXPLAINED }
  for (const story of stories) {
    const share = failing.filter(p => story.holds(p)).length / failing.length
    if (share >= best.share && (!best.story || share > best.share)) best = { story, share }
  }
  return best.story
}

/** Counts pixels whose error passes a limit of their own. */
export class Tally {
  readonly errors = new Errors()
  over = 0
  first = -1
  /** Largest share of its limit that an error took. */
  margin = 0
  /** The first few thousand pixels over their limits. */
  readonly failing: number[] = []

  /** `error` in the check's unit, `limit` for this pixel. */
  add(pixel: number, error: number, limit: number): void {
    this.errors.add(error)
    this.margin = Math.max(this.margin, used(error, limit))
    if (!(error <= limit)) {
      this.over++
      if (this.first < 0) this.first = pixel
      if (this.failing.length < 4000) this.failing.push(pixel)
    }
  }

  /** A judgement that allows `allowed` pixels over their limits; `stories` are tried when there are more. Undefined when nothing was compared. */
  judge(compared: readonly string[], width: number, unit: string, allowed = 0, stories: readonly Story[] = []): Judgement | undefined {
    if (this.errors.count === 0) return undefined
    // Where some may be over, how many are is what counts.
    const margin = allowed > 0 ? this.over / allowed : this.margin
    if (this.over <= allowed) return { compared, errors: this.errors, margin, message: undefined }
    const s = this.errors.statistics()
    const story = told(this.failing, stories)
    const where = `first at column ${this.first % width}, row ${Math.floor(this.first / width)}`
    const much = `error median ${show(s.median)}, 95 % ${show(s.p95)}, max ${show(s.max)} ${unit}`
    const message = `${this.over} of ${s.count} pixels disagree, ${where}; ${much}${story ? `: ${story.name}` : ''}`
    return { compared, errors: this.errors, margin, message, ...(story ? { suspects: story.files } : {}) }
  }
}

export const show = (x: number): string => (x === 0 ? '0' : Number.isFinite(x) ? x.toPrecision(3) : 'infinite')

export const some = (j: Judgement | undefined): readonly Judgement[] => (j ? [j] : [])

/** Share of a limit; of a limit of 0, all or nothing. */
export const used = (error: number, limit: number): number => (error === 0 ? 0 : Math.abs(error) / limit)

/** Counts recorded numbers whose error passes a limit of their own; what each is, is said when it does. */
export class Comparison {
  readonly errors = new Errors()
  private margin = 0
  private readonly wrong: string[] = []
  private readonly compared: readonly string[]

  constructor(compared: readonly string[]) {
    this.compared = compared
  }

  add(error: number, limit: number, what: string): void {
    this.errors.add(error)
    this.margin = Math.max(this.margin, used(error, limit))
    if (!(Math.abs(error) <= limit)) this.wrong.push(`${what} is off by ${show(Math.abs(error))}`)
  }

  /** Undefined when nothing was compared. `why` says what may have happened. */
  judgement(frame: number, why = ''): Judgement | undefined {
    if (this.errors.count === 0) return undefined
    const more = this.wrong.length > 3 ? ` and ${this.wrong.length - 3} more` : ''
    return {
      compared: this.compared,
      errors: this.errors,
      margin: this.margin,
      message: this.wrong.length ? `frame ${frame}: ${this.wrong.slice(0, 3).join('; ')}${more}${why && `: ${why}`}` : undefined,
    }
  }
}
