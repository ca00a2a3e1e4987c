/** What of the methods needs Node. */

export { encodeSamples, encodeSheet, type GanRun, openGanFolder, rangeOf, scaledSet, trainGanFolder } from './gan.ts'
export { type GymnasiumOptions, type GymnasiumWorld, gymnasiumWorld } from './gymnasium.ts'
export { type LoadedClassifier, type LoadOptions, loadClassifier, loadParameters } from './models.ts'
export { loadPictures } from './pictures.ts'
export { loadRows, type RowOptions } from './rows.ts'
export { loadTable, type Predictions, predictTable } from './tabular.ts'
