/** What of the methods needs Node. */
export { type GymnasiumOptions, type GymnasiumWorld, gymnasiumWorld } from './gymnasium.ts'
