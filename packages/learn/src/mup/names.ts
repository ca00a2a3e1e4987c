import { MupError } from './error.ts'

/** @throws MupError that names the parameters which only one of the base model and another has */
export function requireSameNames(base: readonly string[], other: readonly string[], who: string): void {
  const [lacks, has] = [base.filter(n => !other.includes(n)), other.filter(n => !base.includes(n))]
  if (lacks.length + has.length === 0) return
  const few = (names: readonly string[]) => `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`
  throw new MupError(
    [
      `${who} and the base model are not of one architecture:`,
      ...(lacks.length > 0 ? [`it lacks ${few(lacks)}`] : []),
      ...(has.length > 0 ? [`${lacks.length > 0 ? 'and ' : ''}it has ${few(has)}, which the base does not`] : []),
    ].join(' '),
  )
}
