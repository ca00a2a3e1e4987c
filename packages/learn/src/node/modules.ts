/** Modules of the user's own. */
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

/** Imports a module that may stand anywhere: `@dioramic/*` that its own folder does not have comes from here. @throws Error that names the file and why it does not load */
export async function importBeside(file: string): Promise<unknown> {
  const hooks = registerHooks({
    resolve: (name, context, next) => {
      const own = name.startsWith('@dioramic/') && context.parentURL === pathToFileURL(file).href
      return next(name, own ? { ...context, parentURL: import.meta.url } : context)
    },
  })
  try {
    return await import(pathToFileURL(file).href)
  } catch (e) {
    throw new Error(`${file} could not be loaded: ${(e as Error).message}`, { cause: e })
  } finally {
    hooks.deregister()
  }
}
