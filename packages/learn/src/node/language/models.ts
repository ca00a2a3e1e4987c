/** The kinds of models that a folder may hold, by name; each is loaded when it is asked for. Methods that have one of their own add a line. */
import { LanguageError, type ModelKind, transformerKind } from '../../language/index.ts'

const KINDS: Readonly<Record<string, () => Promise<ModelKind>>> = {
  transformer: async () => transformerKind,
  deepnet: async () => (await import('../../deepnorm/index.ts')).deepnetKind,
  'block-recurrent': async () => (await import('../../block-recurrent/index.ts')).blockRecurrentKind,
  smlp: async () => (await import('../../smlp/index.ts')).smlpKind,
}

/** Names of kinds. */
export const MODEL_KINDS = Object.keys(KINDS) as readonly string[]

/** A kind by name. @throws LanguageError that names those there are */
export async function modelKindOf(name: string): Promise<ModelKind> {
  const load = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined
  if (!load) throw new LanguageError(`there is no kind of model "${name}"; there are: ${MODEL_KINDS.join(', ')}`)
  return load()
}

/** A setting of a kind, for people. */
export interface ModelSetting {
  readonly name: string
  readonly standard: unknown
}

/** What may be set of a kind, and what it is where nothing is said. */
export async function settingsOfKind(name: string): Promise<readonly ModelSetting[]> {
  const { settings } = await modelKindOf(name)
  return Object.entries(settings.parse({}) as Record<string, unknown>).map(([key, standard]) => ({ name: key, standard }))
}
