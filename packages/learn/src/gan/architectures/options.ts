/** What every architecture is built with. */
import type { Shape } from '@dioramic/tensor'
import type { Architecture } from '../contracts.ts'

export interface BuildOptions {
  /** Of one sample. */
  readonly shape: Shape
  /** Numbers of a latent. */
  readonly latent?: number
  /** Scores of a sample, as the loss wants. Default 1. */
  readonly outputs?: number
  readonly classes?: number
  /** Features or channels of hidden layers. */
  readonly width?: number
}

/** Makes an architecture for samples of a shape. */
export type Build<O extends BuildOptions = BuildOptions> = (options: O) => Architecture
