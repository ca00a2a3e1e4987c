/** Every texture generator by its name. */
import type { Generator } from './generator.ts'
import { checker } from './generators/checker.ts'

export const GENERATORS: ReadonlyMap<string, Generator> = new Map([checker].map(g => [g.name, g]))
