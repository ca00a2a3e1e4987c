/**
 * The two contracts of a GAN. An `Architecture` is a generator and a discriminator; a `Loss` is what each of them minimises. Any loss trains any architecture, by the
 * one trainer; what a kind of GAN adds to that (a class, a code, an encoder) is a term of its architecture, what a loss adds (a gradient penalty) a term of the loss.
 */
import type { nn, Shape, Tensor, Tree } from '@dioramic/tensor'

/** What a generator is given. */
export interface Latent {
  /** [n, latent]. */
  readonly z: Tensor
  /** i64 [n]; there where the architecture has classes. */
  readonly labels?: Tensor | undefined
  /** The real batch, in training only: for what is generated on top of real coarse pictures. */
  readonly real?: Tensor | undefined
}

/** A batch of samples, real or generated: what a discriminator judges. */
export interface Samples {
  /** [n, …shape]. */
  readonly x: Tensor
  /** i64 [n]; there where the architecture has classes. −1: not known. */
  readonly labels?: Tensor | undefined
  /** [n, latent]: what it was generated from, or what the encoder says of a real one. */
  readonly z?: Tensor | undefined
  /** The same pictures at other sizes, coarse first, where the architecture generates them. */
  readonly scales?: readonly Tensor[] | undefined
}

/** What a discriminator says of a batch. */
export interface Verdict {
  /** [n, outputs]: raw scores, the greater the more real; what a loss of more outputs makes of them is its own. */
  readonly scores: Tensor
  /** [n, d]: the last features, where there are any. */
  readonly features?: Tensor | undefined
  /** [n, classes], where it classifies. */
  readonly logits?: Tensor | undefined
  /** [n, codes]: its guess of the structured code, where there is one. */
  readonly code?: Tensor | undefined
}

/** How a net is passed through. */
export interface Pass {
  /** i64 [2]. Absent: nothing random is wanted, as in evaluation. */
  readonly key?: Tensor | undefined
  /** Batch statistics, power iterations and noise are those of training. */
  readonly train: boolean
  /** Share of the planned training that is done, f32 scalar in [0, 1]: for nets that grow. */
  readonly progress: Tensor
  /** Of truncation where the net itself has it: 1 or absent is none (Karras et al. 2019). */
  readonly truncation?: Tensor | undefined
}

/** A net with inputs and outputs of any form: what `nn.Layer` is for one tensor. */
export interface Net<In, Out> {
  readonly parameters: Tree<nn.Parameter>
  readonly state: Tree<nn.Parameter>
  apply(params: Tree<Tensor>, state: Tree<Tensor>, input: In, pass: Pass): readonly [Out, Tree<Tensor>]
}

/** Contract one: what plays. */
export interface Architecture {
  readonly name: string
  /** Of one sample: [channels, height, width] with values in [−1, 1], or [d]. */
  readonly shape: Shape
  readonly latent: number
  /** Of the scores, what the loss asks for. */
  readonly outputs: number
  /** Number of classes; absent where samples have none. */
  readonly classes?: number
  /** Whether the generator is told the class; else labels serve the discriminator alone. Default: it is where there are classes. */
  readonly conditional?: boolean
  readonly generator: Net<Latent, Samples>
  readonly discriminator: Net<Samples, Verdict>
  /** Latents [n, latent]; by default standard normal. */
  readonly draw?: (key: Tensor, n: number) => Tensor
  /** Latents of real samples, by the generator's parameters. */
  readonly encode?: (params: Tree<Tensor>, x: Tensor, pass: Pass) => Tensor
  /** Real samples as the discriminator is to see them, where that is not as they are. */
  readonly present?: (real: Samples, pass: Pass) => Samples
  /** The generator's parameters make the real side too (an encoder), so the generator plays against both. */
  readonly bothSides?: boolean
  /** Added to what the discriminator minimises. */
  readonly discriminatorTerm?: (view: View) => Tensor
  /** Added to what the generator minimises. */
  readonly generatorTerm?: (view: View) => Tensor
}

/** What the sum of a step is made of: seen by losses, penalties and terms. In a step of the discriminator, what is generated is a constant. */
export interface View {
  readonly architecture: Architecture
  readonly real: Samples
  readonly fake: Samples
  readonly onReal: Verdict
  readonly onFake: Verdict
  /** The same discriminator on other samples. */
  judge(samples: Samples): Verdict
  /** G(E(x)) of the real batch. @throws GanError where the architecture has no encoder */
  reconstruct(): Samples
  /** The parameters that the step trains. */
  readonly params: Tree<Tensor>
  /** What the loss remembers. */
  readonly memory: Readonly<Record<string, Tensor>>
  /** i64 [2]. */
  readonly key: Tensor
}

/** Contract two: what each side minimises, f32 scalars. */
export interface Loss {
  readonly name: string
  /** Scores of a sample that it wants. Default 1. */
  readonly outputs?: number
  /** May return what it will remember, too. */
  discriminator(view: View): Tensor | readonly [Tensor, Readonly<Record<string, Tensor>>]
  generator(view: View): Tensor
  /** The discriminator's weights are held to ±clip after each of its updates (Arjovsky et al. 2017). */
  readonly clip?: number
  /** The generator plays against the discriminator as it will be after so many steps of plain descent (Metz et al. 2017). */
  readonly lookAhead?: { readonly steps: number; readonly rate: number }
  /** First values of scalars that it remembers from step to step. */
  readonly memory?: Readonly<Record<string, number>>
}

/** Added to what a side minimises. */
export type Penalty = (view: View) => Tensor
