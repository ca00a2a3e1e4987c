import { CodecError } from '../error.ts'
import type { Reader } from '../reader.ts'
import { Reader as Cursor } from '../reader.ts'
import type { ChannelInfo, ExrType } from './picture.ts'

export type Scheme = 'plain' | 'lossy' | 'runs'

interface Rule {
  readonly suffix: string
  readonly scheme: Scheme
  readonly type: ExrType
  /** 0 red, 1 green, 2 blue of a triple coded together, −1 none. */
  readonly colour: number
  readonly anyCase: boolean
}

const SCHEMES: readonly Scheme[] = ['plain', 'lossy', 'runs']
const TYPES: readonly ExrType[] = ['uint', 'half', 'float']

/** Rules of files before version 2, which carry none. */
const OLD_RULES: readonly Rule[] = [
  ...(['half', 'float'] as const).flatMap(type =>
    [
      ['r', 0],
      ['red', 0],
      ['g', 1],
      ['grn', 1],
      ['green', 1],
      ['b', 2],
      ['blu', 2],
      ['blue', 2],
      ['y', -1],
      ['by', -1],
      ['ry', -1],
    ].map(([suffix, colour]): Rule => ({ suffix: suffix as string, scheme: 'lossy', type, colour: colour as number, anyCase: true })),
  ),
  ...TYPES.map((type): Rule => ({ suffix: 'a', scheme: 'runs', type, colour: -1, anyCase: true })),
]

export interface Classes {
  /** One for each channel. */
  readonly schemes: readonly Scheme[]
  /** Channel numbers of red, green and blue that are coded together. */
  readonly triples: readonly (readonly [number, number, number])[]
}

/** Reads the block's rules and says how each channel is kept: the first rule with its type and the last part of its name counts. */
export function classify(reader: Reader, version: number, channels: readonly ChannelInfo[]): Classes {
  const rules = version < 2 ? OLD_RULES : readRules(reader)
  const layers = new Map<string, number[]>()
  const schemes = channels.map((channel, index): Scheme => {
    const dot = channel.name.lastIndexOf('.')
    const suffix = channel.name.slice(dot + 1)
    const rule = rules.find(
      r => r.type === channel.type && (r.anyCase ? r.suffix.toLowerCase() === suffix.toLowerCase() : r.suffix === suffix),
    )
    if (rule && rule.colour >= 0 && rule.scheme === 'lossy') {
      const prefix = channel.name.slice(0, dot + 1)
      const triple = layers.get(prefix) ?? [-1, -1, -1]
      triple[rule.colour] = index
      layers.set(prefix, triple)
    }
    return rule?.scheme ?? 'plain'
  })
  const whole = [...layers].filter(([, t]) => t.every(i => i >= 0)).sort(([a], [b]) => (a < b ? -1 : 1))
  return { schemes, triples: whole.map(([, t]) => t as [number, number, number]) }
}

function readRules(reader: Reader): Rule[] {
  const length = reader.u16('the DWA rules')
  const inner = new Cursor(reader.slice(length - 2, 'the DWA rules'), 'exr')
  const rules: Rule[] = []
  while (inner.left > 0) {
    const suffix = inner.cstring('a DWA rule', 128)
    const value = inner.u8('a DWA rule')
    const scheme = SCHEMES[(value >> 2) & 3]
    const type = TYPES[inner.u8('a DWA rule')]
    const colour = (value >> 4) - 1
    if (!scheme || !type || colour > 2 || (scheme === 'lossy' && type === 'uint'))
      throw new CodecError('exr.corrupt', 'a DWA rule is unknown', undefined, 'The file is corrupt: fetch or export it again')
    rules.push({ suffix, scheme, type, colour, anyCase: (value & 1) === 1 })
  }
  return rules
}
