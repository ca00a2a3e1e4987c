/** Searches by µTransfer, in processes and files. */
export { type TuneEvent, type TuneOptions, tune } from './tune.ts'
