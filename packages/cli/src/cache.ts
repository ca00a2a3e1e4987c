/** Where things are kept that only save time: convex decompositions of meshes. */
import { homedir } from 'node:os'
import { join } from 'node:path'

/** `$DIORAMA_CACHE`, else the user's cache folder. Safe to delete at any time. */
export const cacheFolder = (): string =>
  process.env['DIORAMA_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'diorama')
