/** What of the language models needs Node: texts from packages, files and folders, and trained models as folders. */
export { loadCorpus } from './corpus.ts'
export {
  evaluateLanguage,
  type FolderEvents,
  type FolderSettings,
  type OpenLanguage,
  openLanguageFolder,
  trainLanguageFolder,
} from './folder.ts'
export { MODEL_KINDS, type ModelSetting, modelKindOf, settingsOfKind } from './models.ts'
export { SOURCES, type Source } from './sources.ts'
