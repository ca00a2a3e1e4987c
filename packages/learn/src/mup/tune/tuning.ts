/** What a user's module says of a search: the model by width and settings, how it is trained, and which settings there are. */
import type { Batches, Key, nn, optim, Tensor } from '@dioramic/tensor'
import { MupError } from '../error.ts'

/** Values to try: a list, or a range that is drawn from (by default evenly in the logarithm). */
export type Choice = readonly number[] | { readonly low: number; readonly high: number; readonly linear?: boolean }

export type Settings<K extends string = string> = { readonly [name in K]: number }

export interface Tuning<K extends string = string> {
  /** Width on which settings are tried, and width that gets the best. */
  readonly proxy: number
  readonly target: number
  /** Updates of a whole trial, and of the target (by default as many). */
  readonly updates: number
  readonly targetUpdates?: number
  /** Settings by name: a learning rate, an output multiplier, a schedule's warm-up: whatever `model` and `rule` take. */
  readonly space: { readonly [name in K]: Choice }
  /** The model, under `mup`: at the proxy's width it is the one that was tuned. */
  readonly model: (width: number, settings: Settings<K>) => nn.Layer
  /** With `optim.scaleUpdates(nn.factorsOf(model))` in it. */
  readonly rule: (model: nn.Layer, settings: Settings<K>, updates: number) => optim.Rule
  readonly loss: (output: Tensor, y: Tensor) => Tensor
  /** The same for every trial. */
  readonly batches: (key: Key) => Batches<{ readonly x: object; readonly y: object }>
  /** Times that the worse half of the trials is stopped, after ½, ¼ … of the updates. Default 2; 0 runs all to the end. */
  readonly halvings?: number
}

/** A search, checked. What a module for `diorama tune` exports by default. @throws MupError that names what is wrong */
export function defineTuning<K extends string>(tuning: Tuning<K>): Tuning {
  const whole = { proxy: tuning.proxy, target: tuning.target, updates: tuning.updates, targetUpdates: tuning.targetUpdates ?? 1 }
  for (const [name, n] of Object.entries(whole))
    if (!Number.isInteger(n) || n < 1) throw new MupError(`a search's ${name} is a whole number from 1, not ${n}`)
  const { halvings = 2 } = tuning
  if (!Number.isInteger(halvings) || halvings < 0 || tuning.updates < 2 ** halvings)
    throw new MupError(`halvings are a whole number from 0 whose power of 2 is at most the ${tuning.updates} updates, not ${halvings}`)
  const names = Object.keys(tuning.space) as K[]
  if (names.length === 0) throw new MupError('the space of a search has at least one setting, such as { lr: [0.001, 0.003, 0.01] }')
  for (const name of names) requireChoice(name, tuning.space[name])
  return tuning as unknown as Tuning
}

function requireChoice(name: string, choice: Choice): void {
  if (Array.isArray(choice)) {
    if (choice.length === 0 || !choice.every(Number.isFinite))
      throw new MupError(`the values of "${name}" are a list of one number or more, not [${choice}]`)
    return
  }
  const { low, high, linear = false } = choice as Exclude<Choice, readonly number[]>
  if (!(low < high && Number.isFinite(high - low)) || (!linear && !(low > 0)))
    throw new MupError(`the range of "${name}" is low < high, above 0 unless it is linear, not ${low} … ${high}`)
}
