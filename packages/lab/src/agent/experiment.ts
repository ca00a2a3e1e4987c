/** The laboratory of the decision maker (Sutton 2022, "The Quest for a Common Model of the Intelligent Decision Maker"). */
import type { Experiment } from '../experiment.ts'
import { ablation } from './ablation.ts'
import { balancing } from './balance.ts'
import { changingMazes } from './changing-mazes.ts'
import { dynaMaze } from './dyna-maze.ts'
import { labyrinthPlanning } from './labyrinth.ts'
import { linearPlanning } from './linear-dyna.ts'
import { rollouts } from './rollouts.ts'
import { sortingFromPixels } from './sort-pixels.ts'
import { sweeping } from './sweeping.ts'
import { tMaze } from './t-maze.ts'

export const agent: Experiment = {
  name: 'agent',
  title: 'The common model of the decision maker',
  about: 'Perception, policy, value function and transition model as parts of one agent: what each is for, and what planning saves.',
  code: ['lab/src/agent', 'learn/src/agent', 'physics/src'],
  parts: [dynaMaze, changingMazes, sweeping, linearPlanning, ablation, tMaze, labyrinthPlanning, balancing, sortingFromPixels, rollouts],
}
