/** What may vary between clips of any world, and how far: severities from 0 (as the world has it) to 1 (far from it). */

export const FACTORS = ['lights', 'textures', 'pose', 'camera', 'distractors'] as const
export type Factor = (typeof FACTORS)[number]

/** The range that each factor's severity is drawn from; what is not named stays as the world has it. */
export type Variation = { readonly [F in Factor]?: readonly [number, number] | undefined }

const ALIASES: Readonly<Record<string, Factor>> = {
  light: 'lights',
  lighting: 'lights',
  texture: 'textures',
  poses: 'pose',
  cameras: 'camera',
  distractor: 'distractors',
}

/** The factor of a name, in singular or plural; throws with all names. */
export function factorOf(name: string): Factor {
  const factor = (FACTORS as readonly string[]).includes(name) ? (name as Factor) : ALIASES[name]
  if (!factor) throw new RangeError(`"${name}" is nothing that varies; there are ${FACTORS.join(', ')}`)
  return factor
}

/**
 * Ranges of severity: a factor that varies is drawn from all of [0, 1]; one that is shifted by s has exactly the severity s; one that is both is drawn from
 * [s, 1]. So a model trained with `vary` or without can be tested at known distances from its training data.
 *
 * @param vary names of factors
 * @param shift severities by name, 0–1
 */
export function variationOf(vary: readonly string[], shift: Readonly<Record<string, number>>): Variation {
  const out: { -readonly [F in Factor]?: readonly [number, number] } = {}
  for (const name of vary) out[factorOf(name)] = [0, 1]
  for (const [name, s] of Object.entries(shift)) {
    if (!(s >= 0 && s <= 1)) throw new RangeError(`a shift of ${s} in ${name} is not between 0 and 1`)
    const factor = factorOf(name)
    out[factor] = [s, out[factor] ? 1 : s]
  }
  return out
}
