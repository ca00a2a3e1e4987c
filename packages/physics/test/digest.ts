/** Prints a hash of a pile's whole motion; a test runs it in fresh processes. */
import { createHash } from 'node:crypto'
import { initPhysics } from '../src/index.ts'
import { pile } from './pile.ts'

const scene = pile(10)
const motion = (await initPhysics()).simulate(scene)
const numbers = [...motion.stepTimes].flatMap(t =>
  scene.scene.objects.flatMap(o => [...motion.pose(o.id, t).position, ...motion.pose(o.id, t).rotation]),
)
console.log(
  createHash('sha256')
    .update(new Uint8Array(Float64Array.from(numbers).buffer))
    .update(JSON.stringify(motion.contacts))
    .digest('hex'),
)
