/** The two functions that a GAN's training descends, from its architecture and its loss. */
import {
  add,
  div,
  flatten,
  fork,
  grad,
  mean,
  mul,
  neg,
  randomNormal,
  reshape,
  sqrt,
  sub,
  Tensor,
  type Tree,
  variance,
} from '@dioramic/tensor'
import type { Architecture, Latent, Loss, Pass, Samples, View } from '../contracts.ts'
import { GanError } from '../error.ts'

type Trees = Tree<Tensor>

/** A batch of data, and the other net as it stands. */
export interface Turn {
  readonly x: Tensor
  readonly y?: Tensor
  readonly progress: Tensor
  readonly other: { readonly params: Trees; readonly state: Trees }
}

/** Deviation of a batch's elements over its samples, root mean square. */
const deviation = (x: Tensor): Tensor => sqrt(mean(variance(reshape(x, [x.shape[0]!, -1]), 0)))

export function objectives(architecture: Architecture, loss: Loss) {
  const { generator, discriminator, classes, conditional = classes !== undefined } = architecture
  const passOf = (b: Turn, key: Tensor): Pass => ({ key, train: true, progress: b.progress })

  const generate = (params: Trees, state: Trees, b: Turn, key: Tensor): readonly [Samples, Trees] => {
    const n = b.x.shape[0]!
    const z = architecture.draw?.(fork(key, 'latent'), n) ?? randomNormal(fork(key, 'latent'), [n, architecture.latent])
    const latent: Latent = { z, labels: conditional ? b.y : undefined, real: b.x }
    return generator.apply(params, state, latent, passOf(b, fork(key, 'generator')))
  }
  const realOf = (params: Trees, b: Turn, key: Tensor): Samples => {
    const pass = passOf(b, fork(key, 'real'))
    const z = architecture.encode?.(params, b.x, pass)
    const plain: Samples = { x: b.x, labels: b.y, z }
    return architecture.present?.(plain, pass) ?? plain
  }
  /** A view by a discriminator of given parameters; its state after both batches comes beside it. */
  const look = (
    of: { readonly params: Trees; readonly state: Trees; readonly trained: Trees },
    sides: { readonly real: Samples; readonly fake: Samples; readonly again: (z: Tensor) => Samples },
    memory: Readonly<Record<string, Tensor>>,
    b: Turn,
    key: Tensor,
  ): readonly [View, Trees] => {
    const [onReal, s1] = discriminator.apply(of.params, of.state, sides.real, passOf(b, fork(key, 'on real')))
    const [onFake, s2] = discriminator.apply(of.params, s1, sides.fake, passOf(b, fork(key, 'on fake')))
    let judged = 0
    const view: View = {
      architecture,
      real: sides.real,
      fake: sides.fake,
      onReal,
      onFake,
      judge: samples => discriminator.apply(of.params, s2, samples, passOf(b, fork(fork(key, 'judge'), judged++)))[0],
      reconstruct: () => {
        if (!sides.real.z)
          throw new GanError(
            `the loss "${loss.name}" needs an encoder, which "${architecture.name}" does not have: use one that encodes, such as bigan`,
          )
        return sides.again(sides.real.z)
      },
      params: of.trained,
      memory,
      key: fork(key, 'view'),
    }
    return [view, s2]
  }
  const firstOf = (x: Tensor | readonly [Tensor, Readonly<Record<string, Tensor>>]): Tensor => (x instanceof Tensor ? x : x[0])
  const againBy = (params: Trees, state: Trees, b: Turn, key: Tensor) => (z: Tensor) =>
    generator.apply(params, state, { z, labels: conditional ? b.y : undefined, real: b.x }, passOf(b, fork(key, 'again')))[0]

  return {
    discriminator: (p: Trees, s: Trees, b: Turn, key: Tensor) => {
      const { net, memory } = s as { net: Trees; memory: Readonly<Record<string, Tensor>> }
      const { params, state } = b.other
      const [fake] = generate(params, state, b, key)
      const real = realOf(params, b, key)
      const [view, after] = look(
        { params: p, state: net, trained: p },
        { real, fake, again: againBy(params, state, b, key) },
        memory,
        b,
        key,
      )
      const said = loss.discriminator(view)
      const term = architecture.discriminatorTerm?.(view)
      const metrics = { real: mean(view.onReal.scores), fake: mean(view.onFake.scores), spread: div(deviation(fake.x), deviation(real.x)) }
      const total = term ? add(firstOf(said), term) : firstOf(said)
      return [total, { net: after, memory: said instanceof Tensor ? memory : said[1] }, metrics] as const
    },
    generator: (p: Trees, s: Trees, b: Turn & { readonly memory: Readonly<Record<string, Tensor>> }, key: Tensor) => {
      const [fake, after] = generate(p, s, b, key)
      const real = realOf(p, b, key)
      const sides = { real, fake, again: againBy(p, s, b, key) }
      const by = (params: Trees) => look({ params, state: b.other.state, trained: p }, sides, b.memory, b, key)[0]
      let opponent = b.other.params
      const { steps = 0, rate = 0 } = loss.lookAhead ?? {}
      for (let k = 0; k < steps; k++) {
        const slopes = grad((q: Trees) => firstOf(loss.discriminator({ ...by(q), params: q })))(opponent)
        const [own, slope] = [flatten<Tensor>(opponent), flatten<Tensor>(slopes).list]
        opponent = own.rebuild(own.list.map((t, i) => sub(t, mul(slope[i]!, rate))))
      }
      const view = by(opponent)
      const term = architecture.generatorTerm?.(view)
      // Where real samples are half its own work, it wants them taken for generated: their scores mirrored.
      const mirrored = { ...view, onFake: { ...view.onReal, scores: neg(view.onReal.scores) } }
      const own = architecture.bothSides ? add(loss.generator(view), loss.generator(mirrored)) : loss.generator(view)
      return [term ? add(own, term) : own, after] as const
    },
  }
}
