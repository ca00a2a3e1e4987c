import type { Scene } from '@dioramic/scene'
import type { Accessor, Animation, Document, GLTF, Node } from '@gltf-transform/core'

interface Place {
  readonly position: readonly [number, number, number]
  readonly rotation: readonly [number, number, number, number]
}

/** Samples what moves at the steps of the simulation; what stays gets no channel. */
export class Animator {
  private readonly document: Document
  private readonly times: Float32Array<ArrayBuffer>
  private animation: Animation | undefined
  private input_: Accessor | undefined

  constructor(document: Document, { frames, fps, stepRate }: Pick<Scene, 'frames' | 'fps' | 'stepRate'>) {
    this.document = document
    const steps = Math.max(1, Math.ceil((frames / fps) * stepRate))
    this.times = Float32Array.from({ length: steps + 1 }, (_, i) => Math.min(i / stepRate, frames / fps))
  }

  /** Position and rotation of a node at frame 0, and their channels. */
  pose(node: Node, at: (t: number) => Place): void {
    const first = at(0)
    node.setTranslation([...first.position]).setRotation([...first.rotation])
    this.channel(node, 'translation', 3, t => at(t).position)
    this.channel(node, 'rotation', 4, t => at(t).rotation)
  }

  /** A channel of a node, where its values change. Rotations keep to one side of the sphere, so that what lies between samples is the short way. */
  channel(node: Node, path: GLTF.AnimationChannelTargetPath, width: number, at: (t: number) => ArrayLike<number>): void {
    const values = new Float32Array(width * this.times.length)
    let moves = false
    this.times.forEach((t, i) => {
      const v = at(t)
      let dot = 0
      if (path === 'rotation' && i > 0) for (let k = 0; k < 4; k++) dot += v[k]! * values[4 * (i - 1) + k]!
      for (let k = 0; k < width; k++) {
        values[width * i + k] = dot < 0 ? -v[k]! : v[k]!
        if (values[width * i + k] !== values[k]) moves = true
      }
    })
    if (!moves) return
    this.animation ??= this.document.createAnimation('motion')
    const scalar = path === 'weights'
    const output = this.document
      .createAccessor()
      .setType(scalar ? 'SCALAR' : width === 3 ? 'VEC3' : 'VEC4')
      .setArray(values)
      .setBuffer(this.buffer)
    const sampler = this.document.createAnimationSampler().setInput(this.input).setOutput(output).setInterpolation('LINEAR')
    this.animation
      .addSampler(sampler)
      .addChannel(this.document.createAnimationChannel().setTargetNode(node).setTargetPath(path).setSampler(sampler))
  }

  private get buffer() {
    return this.document.getRoot().listBuffers()[0]!
  }

  /** One accessor of times for all channels. */
  private get input() {
    this.input_ ??= this.document.createAccessor('times').setType('SCALAR').setArray(this.times).setBuffer(this.buffer)
    return this.input_
  }
}
