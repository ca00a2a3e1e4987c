import type { z } from 'zod'
import { DataError } from '../error.ts'

/** Parses with a schema; a `DataError` names the file, the field and the fault. */
export function check<T extends z.ZodType>(schema: T, value: unknown, where: string): z.infer<T> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  const more = result.error.issues.length - 1
  throw new DataError(`${where}: ${issue.path.map(String).join('.') || 'value'}: ${issue.message}${more > 0 ? ` (and ${more} more)` : ''}`)
}
