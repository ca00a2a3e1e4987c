/** The common model of the intelligent decision maker (Sutton 2022): worlds, the four parts of an agent, planners, and their names in five disciplines. */
export { Agent, type AgentParts } from './agent.ts'
export type * from './contracts.ts'
export { Draws } from './draws.ts'
export { AgentError } from './error.ts'
export { dense, type Features, lookup, oneHot, type TileOptions, tileCoding, vectors } from './features.ts'
export { DISCIPLINES, type Discipline, GLOSSARY, type GlossaryEntry, glossaryTable } from './glossary.ts'
export { type Episode, type EpisodeOptions, learnEpisode, testEpisode } from './interact.ts'
export { solve } from './linear-solve.ts'
export { LinearModel, type LinearModelOptions } from './model/linear.ts'
export { type NetworkModel, type NetworkModelOptions, networkModel } from './model/network.ts'
export { Replay } from './model/replay.ts'
export { TableModel, type TableOptions } from './model/table.ts'
export type { Engine } from './network/engine.ts'
export { belief, type Gaussian, type HiddenMarkov, kalman, type LinearGaussian } from './perception/belief.ts'
export { encoded } from './perception/encoded.ts'
export { history, identity, type Past, withChange } from './perception/identity.ts'
export { type PicturePerception, type PicturePerceptionOptions, picturePerception } from './perception/picture.ts'
export { type RecurrentOptions, type RecurrentPerception, type Remembered, recurrentPerception } from './perception/recurrent.ts'
export { trace } from './perception/trace.ts'
export { type CrossEntropyParts, crossEntropy } from './planner/cross-entropy.ts'
export { type DynaParts, dyna } from './planner/dyna.ts'
export { type LookAheadParts, lookAhead } from './planner/look-ahead.ts'
export { type OnPolicyDynaParts, onPolicyDyna } from './planner/on-policy-dyna.ts'
export { prioritisedSweeping, type SweepingParts } from './planner/sweeping.ts'
export { greedy, greedyProbabilities } from './policy/greedy.ts'
export { random } from './policy/random.ts'
export { Softmax, type SoftmaxOptions } from './policy/softmax.ts'
export { type GaussianPolicy, type SacOptions, type SoftActorCritic, softActorCritic } from './sac.ts'
export { type ActionValueOptions, LinearActionValues } from './value/linear-action-values.ts'
export { LinearValue, type LinearValueOptions } from './value/linear-value.ts'
export { type NetworkActionValueOptions, type NetworkActionValues, networkActionValues } from './value/network-action-values.ts'
export { type NetworkValue, type NetworkValueOptions, networkValue } from './value/network-value.ts'
export { CartPole } from './worlds/cart-pole.ts'
export {
  BLOCKING_MAZE,
  type Cell,
  DYNA_MAZE,
  distances,
  enlarged,
  GridWorld,
  hittingTime,
  type Maze,
  SHORTCUT_MAZE,
} from './worlds/grid.ts'
export { Loop } from './worlds/loop.ts'
export { balance } from './worlds/physical/balance.ts'
export { labyrinth } from './worlds/physical/labyrinth.ts'
export { type Picture, type PixelOptions, PixelWorld } from './worlds/physical/pixels.ts'
export { push } from './worlds/physical/push.ts'
export { Recorded } from './worlds/physical/recorded.ts'
export { sort } from './worlds/physical/sort.ts'
export type { Judged, Placed, Task } from './worlds/physical/task.ts'
export { PhysicalWorld } from './worlds/physical/world.ts'
export { RandomWalk } from './worlds/random-walk.ts'
export { TMaze } from './worlds/t-maze.ts'
