/** Random values of a JSON schema: whatever the scene's schema allows is drawn, so a field that is added there is drawn from then on. */
import type { Key } from '@dioramic/scene'

/** The part of JSON Schema (2020-12) that zod writes. */
export interface Schema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly prefixItems?: readonly Schema[]
  readonly items?: Schema | false
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
}

export interface Drawing {
  /** Chance that a number lies at an end of what is allowed, or far out. */
  readonly wild: number
  /** Fields that are never left out to chance: values must fit something that the schema does not say (unit quaternions, names of textures), or cost time. */
  readonly fields: Readonly<Record<string, (key: Key, schema: Schema, drawing: Drawing) => unknown>>
}

/** A value that the schema allows. Half of the time a field that may be left out is. */
export function draw(key: Key, schema: Schema, drawing: Drawing): unknown {
  if ('const' in schema) return schema.const
  if (schema.enum) return key.choice(schema.enum)
  const alternatives = schema.oneOf ?? schema.anyOf
  if (alternatives) return draw(key.fork('value'), key.fork('which').choice(alternatives), drawing)
  switch (schema.type) {
    case 'object':
      return drawObject(key, schema, drawing)
    case 'array':
      return drawArray(key, schema, drawing)
    case 'number':
    case 'integer':
      return drawNumber(key, schema, drawing.wild)
    case 'boolean':
      return key.uniform() < 0.5
    case 'string':
      return key.fork('name').choice(['a', 'lamp', 'Z_9-x'])
    default:
      throw new TypeError(`the fuzzer draws no value of the schema ${JSON.stringify(schema)}; teach it in ${import.meta.url}`)
  }
}

function drawObject(key: Key, { properties = {}, required = [] }: Schema, drawing: Drawing): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(properties)) {
    const k = key.fork(name)
    const special = drawing.fields[name]
    const skip = !special && k.fork('skip').uniform() < 0.5
    if (skip && ('default' in field || !required.includes(name))) continue
    const value = (special ?? draw)(k, field, drawing)
    if (value !== undefined) out[name] = value
  }
  // Times of keyframes increase.
  const { keys } = out
  if (Array.isArray(keys)) out['keys'] = keys.map(([, value], i) => [i * key.fork('step').uniform(0.01, 0.3) - 0.1, value])
  if (Array.isArray(keys) && Array.isArray(out['tangents'])) out['tangents'] = keys.map(([, v]) => [v, v])
  return out
}

function drawArray(key: Key, { prefixItems, items, minItems = 0, maxItems = minItems + 3 }: Schema, drawing: Drawing): unknown[] {
  if (prefixItems) return prefixItems.map((s, i) => draw(key.fork(i), s, drawing))
  if (!items) return []
  return Array.from({ length: key.fork('length').int(minItems, maxItems) }, (_, i) => draw(key.fork(i), items, drawing))
}

/** Magnitudes at which single precision, squares of lengths or doubles end. */
const FAR_OUT = [5e-324, 1e-300, 1e-45, 1e-38, 1e-20, 1e-12, 1e-6, 1e6, 1e9, 1e15, 1e19, 1e20, 3.4e38, 3.5e38, 1e150, 1.7e308]

const WIDE = 1e7

function drawNumber(key: Key, schema: Schema, wild: number): number {
  const { exclusiveMinimum, exclusiveMaximum } = schema
  const low = Math.max(schema.minimum ?? -Infinity, exclusiveMinimum ?? -Infinity)
  const high = Math.min(schema.maximum ?? Infinity, exclusiveMaximum ?? Infinity)
  if (schema.type === 'integer') {
    const from = Math.max(low, -8)
    return key.int(from, Math.min(high, from + 8))
  }
  const inside = (x: number) => x >= low && x <= high && x !== exclusiveMinimum && x !== exclusiveMaximum
  const plain = () => {
    // Where a range is as wide as single precision, nothing in it but what is far out would ever be drawn.
    if (high - low < WIDE) return key.fork('plain').uniform(low, high)
    const size = 10 ** key.fork('size').uniform(-2, 1)
    return low >= 0 ? Math.min(high, Math.max(low, size)) : key.fork('sign').choice([-size, size])
  }
  if (key.fork('wild').uniform() >= wild) return plain()
  const x = key.fork('far').choice([low, high, 0, -0, 1, ...FAR_OUT, ...FAR_OUT.map(m => -m)].filter(inside))
  return Number.isFinite(x) ? x : plain()
}
