/** DeepNet (Wang et al. 2022): transformers of a thousand layers that train, and what to look at when one does not. */
export { withoutBlocks } from './blocks.ts'
export { type Constants, type Depth, type Depths, deepnormConstants } from './constants.ts'
export { DepthError } from './error.ts'
export { deepnetKind } from './kind.ts'
export { type ProfileCurve, profilePlot } from './plots.ts'
export { depthProfile, type Profile, type ProfileOptions } from './profile.ts'
export { deepnorm, residualStream, type Scheme, type Stream } from './stream.ts'
export { functionUpdate, updateBound } from './update.ts'
