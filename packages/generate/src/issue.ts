/** What a schema has to say, as one line. */
import type { z } from 'zod'

type Issue = z.core.$ZodIssue

/** The issue that went deepest: in a union, that of the alternative that came closest. */
function deepest(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue
  const inner = issue.errors.flatMap(alternative => (alternative.length > 0 ? [deepest(alternative[0]!)] : []))
  const best = inner.reduce<Issue | undefined>((a, b) => (a === undefined || b.path.length > a.path.length ? b : a), undefined)
  return best === undefined ? issue : { ...best, path: [...issue.path, ...best.path] }
}

/** `objects.1.position.keys: …`, and how many more there are. */
export function issueText(error: z.ZodError): string {
  const issue = deepest(error.issues[0]!)
  const more = error.issues.length - 1
  return `${issue.path.join('.') || 'the scene'}: ${issue.message}${more > 0 ? ` (and ${more} more)` : ''}`
}
