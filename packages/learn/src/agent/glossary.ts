/** One idea, five vocabularies: the terms of the common model and what the disciplines call them (after Sutton 2022; extended). */
import { AgentError } from './error.ts'

export const DISCIPLINES = ['psychology', 'ai', 'economics', 'control', 'neuroscience'] as const
export type Discipline = (typeof DISCIPLINES)[number]

const TITLES: Record<Discipline, string> = {
  psychology: 'psychology',
  ai: 'AI',
  economics: 'economics',
  control: 'control',
  neuroscience: 'neuroscience',
}

export type GlossaryEntry = {
  readonly term: string
  /** Plain words. */
  readonly meaning: string
  /** The contract or type that stands for it here, where there is one. */
  readonly code?: string
} & {
  /** Names in a discipline, the commonest first; empty where it has none of its own. */
  readonly [D in Discipline]: readonly string[]
}

type Row = readonly [
  term: string,
  code: string | undefined,
  meaning: string,
  psychology: string,
  ai: string,
  economics: string,
  control: string,
  neuroscience: string,
]

const ROWS: readonly Row[] = [
  [
    'agent',
    'Agent',
    'what decides',
    'organism, subject, animal',
    'agent, learner',
    'decision maker, economic agent',
    'controller, regulator',
    'brain, animal',
  ],
  [
    'world',
    'World',
    'all that is not the agent',
    'environment, apparatus',
    'environment',
    'market, nature, system',
    'plant, process, system',
    'body and external world',
  ],
  [
    'observation',
    'Outcome.observation',
    'what the world shows at each step',
    'stimulus, sensation, cue',
    'observation, percept, input',
    'information, signal',
    'measurement, output',
    'sensory input, afferents',
  ],
  [
    'action',
    'World.actions',
    'what the agent does at each step',
    'response, behaviour, operant',
    'action, move',
    'decision, choice',
    'control signal, input u',
    'motor command, efferents',
  ],
  [
    'reward',
    'Outcome.reward',
    'a number that the world sends, to be had more of',
    'reinforcer, unconditioned stimulus',
    'reward',
    'payoff, utility, profit',
    'negative stage cost',
    'reward',
  ],
  [
    'goal',
    'ValueFunction',
    'the sum of reward over time',
    'drive reduction, motivation',
    'return, reward hypothesis',
    'expected utility, present value',
    'cost functional, performance index',
    'homeostasis',
  ],
  [
    'subjective state',
    'S',
    "the agent's summary of what has happened",
    'internal representation, context',
    'agent state, belief state, features',
    'information state, beliefs',
    'state estimate',
    'neural state, cortical representation',
  ],
  [
    'perception',
    'Perception',
    'makes the subjective state',
    'perception, attention',
    'state update, filtering, recurrent encoder',
    'Bayesian updating',
    'observer, Kalman filter',
    'sensory processing',
  ],
  [
    'reactive policy',
    'ReactivePolicy',
    'state to action, without deliberation',
    'habit, stimulus–response association, System 1',
    'policy, actor',
    'decision rule, strategy',
    'control law, feedback law',
    'dorsolateral striatum, motor circuits',
  ],
  [
    'value function',
    'ValueFunction, ActionValueFunction',
    'predicts the reward to come',
    'secondary reinforcement, incentive salience, expectancy',
    'value function, critic, evaluation function',
    'value function, indirect utility',
    'cost-to-go, Bellman function',
    'value coding in ventral striatum and orbitofrontal cortex',
  ],
  [
    'value error',
    'Critic.learn',
    'the moment-to-moment change of what is expected',
    'prediction error, surprise',
    'temporal-difference error',
    '',
    'Bellman residual',
    'phasic dopamine',
  ],
  [
    'transition model',
    'TransitionModel',
    'predicts state and reward after an action',
    'cognitive map, expectancies',
    'world model, dynamics model, forward model',
    'structural model, causal model',
    'plant model, system identification',
    'hippocampal map, cerebellar forward model',
  ],
  [
    'planning',
    'Planner',
    'uses the model to better policy and value, or to choose now',
    'deliberation, vicarious trial and error, System 2',
    'planning, search, Dyna',
    'dynamic programming, backward induction',
    'model predictive control, trajectory optimisation',
    'replay, preplay',
  ],
  [
    'discounting',
    'discount',
    'less weight for later reward',
    'delay discounting',
    'discount factor γ',
    'time preference, interest rate',
    'receding horizon',
    '',
  ],
  [
    'exploration',
    'ε, curiosity, entropy',
    'acting to learn rather than to earn',
    'curiosity, novelty seeking',
    'exploration, ε-greedy, exploration bonus',
    'experimentation, bandit problem',
    'persistent excitation, dual control',
    'novelty responses of dopamine',
  ],
  [
    'temporal abstraction',
    undefined,
    'actions that last',
    'chunking, skills',
    'options, macro-actions',
    'contracts, plans',
    'motion primitives',
    'motor programmes',
  ],
]

const names = (text: string) => (text === '' ? [] : text.split(', '))

export const GLOSSARY: readonly GlossaryEntry[] = ROWS.map(([term, code, meaning, psychology, ai, economics, control, neuroscience]) => ({
  term,
  meaning,
  ...(code === undefined ? {} : { code }),
  psychology: names(psychology),
  ai: names(ai),
  economics: names(economics),
  control: names(control),
  neuroscience: names(neuroscience),
}))

/**
 * The glossary as a table in Markdown: all disciplines, or one beside the neutral terms.
 *
 * @throws AgentError for a discipline that is not there
 */
export function glossaryTable(discipline?: string): string {
  if (discipline !== undefined && !DISCIPLINES.includes(discipline as Discipline))
    throw new AgentError(`there is no discipline "${discipline}"; there are ${DISCIPLINES.join(', ')}`)
  const columns = discipline === undefined ? DISCIPLINES : [discipline as Discipline]
  const cells = GLOSSARY.map(e => [e.term, e.meaning, ...columns.map(d => e[d].join(', ') || '–')])
  const head = ['common model', 'meaning', ...columns.map(d => TITLES[d])]
  const width = head.map((h, i) => Math.max(h.length, ...cells.map(c => c[i]!.length)))
  const line = (c: readonly string[]) => `| ${c.map((x, i) => x.padEnd(width[i]!)).join(' | ')} |`
  return [line(head), `| ${width.map(w => '-'.repeat(w)).join(' | ')} |`, ...cells.map(line)].join('\n')
}
