/** Fields of a calibration file: found under any of their names, checked, and named in errors. */
import { CalibrationError, type Matrix, type Tree, type Value } from './tree.ts'

export interface Fields {
  readonly file: string
  readonly tree: Tree
}

const list = (names: readonly string[]) => names.join(' or ')

/** The first of `names` that the file has. */
function find({ tree }: Fields, names: readonly string[]): { readonly name: string; readonly value: Value } | undefined {
  const name = names.find(n => tree[n] !== undefined && tree[n] !== null)
  return name === undefined ? undefined : { name, value: tree[name]! }
}

export const hasField = (fields: Fields, names: readonly string[]): boolean => find(fields, names) !== undefined

/** Numbers of a matrix or a list. Throws for anything else. */
function numbers(value: Value, where: string): readonly number[] {
  const data = Array.isArray(value) ? value : (value as Matrix).data
  const flat = Array.isArray(data) ? (data as readonly Value[]).flat(2) : undefined
  if (!flat?.every(x => typeof x === 'number' && Number.isFinite(x)))
    throw new CalibrationError(`${where} must be a matrix or a list of finite numbers`)
  const { rows, cols } = value as Matrix
  if (rows !== undefined && cols !== undefined && rows * cols !== flat.length)
    throw new CalibrationError(`${where} says ${rows} × ${cols}, but has ${flat.length} numbers`)
  return flat as readonly number[]
}

/** A matrix of so many numbers. Throws `CalibrationError` where it is absent or of another size. */
export function matrixField(fields: Fields, names: readonly string[], length: number | readonly number[]): readonly number[] {
  const found = optionalMatrix(fields, names)
  if (!found) throw new CalibrationError(`${fields.file} has no ${list(names)}`)
  const lengths = [length].flat()
  if (!lengths.includes(found.data.length))
    throw new CalibrationError(`${fields.file}: ${found.name} has ${found.data.length} numbers, not ${lengths.join(', ')}`)
  return found.data
}

export function optionalMatrix(
  fields: Fields,
  names: readonly string[],
): { readonly name: string; readonly data: readonly number[] } | undefined {
  const found = find(fields, names)
  return found && { name: found.name, data: numbers(found.value, `${fields.file}: ${found.name}`) }
}

/** A positive integer; undefined where it is absent. */
export function sizeField(fields: Fields, names: readonly string[]): number | undefined {
  const found = find(fields, names)
  if (!found) return undefined
  if (typeof found.value !== 'number' || !Number.isInteger(found.value) || found.value < 1)
    throw new CalibrationError(`${fields.file}: ${found.name} is ${JSON.stringify(found.value)}; it must be a positive number of pixels`)
  return found.value
}

export function textField(fields: Fields, names: readonly string[]): string | undefined {
  const found = find(fields, names)
  return found && String(found.value)
}
