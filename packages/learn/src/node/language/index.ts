/** What of the language models needs Node: texts from packages, files and folders. */
export { loadCorpus } from './corpus.ts'
export { SOURCES, type Source } from './sources.ts'
