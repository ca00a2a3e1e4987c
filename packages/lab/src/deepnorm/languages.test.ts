import { Key } from '@dioramic/tensor'
import { expect, test } from 'vitest'
import { languages, SOURCE, SOURCE_WORDS, shifted, TARGET, TARGET_WORDS } from './languages.ts'

test('a translation has a word for each word but articles, in another order, and agrees', () => {
  const translate = languages(Key.fromSeed(2))
  const nounOf = new Map<number, number>()
  const genderOf = new Map<number, number>()
  for (let i = 0; i < 300; i++) {
    const { source, target } = translate(Key.fromSeed(3).fork(i))
    expect([source.length, target.length]).toEqual([SOURCE, TARGET])
    expect(Math.max(...source)).toBeLessThan(SOURCE_WORDS)
    expect(Math.max(...target)).toBeLessThan(TARGET_WORDS)
    const words = source.filter(w => w > 2)
    const said = target.slice(0, target.indexOf(2))
    expect(said).toHaveLength(words.length)
    expect(shifted(target)).toEqual([1, ...target.slice(0, -1)])
    // The object is said first: the source's last word is its noun, and has one translation in each number.
    const [noun, many] = [Math.floor((said[0]! - 3) / 2), (said[0]! - 3) % 2]
    const own = words.at(-1)!
    expect(nounOf.get(own) ?? noun).toBe(noun)
    nounOf.set(own, noun)
    const article = source.findLastIndex(w => w === 1 || w === 2)
    expect(source[article]! - 1).toBe(many)
    // Its adjectives have its number, and a gender that is the noun's for good.
    const adjectives = words.slice(words.findIndex(w => w >= 27) + 1, -1)
    for (let k = 0; k < adjectives.length; k++) {
      const form = said[1 + k]! - 35
      expect(Math.floor(form / 3) % 2).toBe(many)
      expect(genderOf.get(own) ?? form % 3).toBe(form % 3)
      genderOf.set(own, form % 3)
    }
    // The verb comes last.
    expect(said.at(-1)).toBeGreaterThanOrEqual(83)
  }
  expect(nounOf.size).toBe(16)
  expect(new Set(nounOf.values()).size).toBe(16)
})
