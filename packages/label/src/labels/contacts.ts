/** `contacts`: every point of every contact in every step of the simulation, in `contacts.npz` beside `sample.json`; `events` are these, merged. */
import { cameraAt, project } from '@dioramic/scene'
import { type ArrayLabel, LabelError } from '../label.ts'

export const contacts: ArrayLabel = {
  kind: 'arrays',
  name: 'contacts',
  definition:
    'contacts.npz: every contact point of every step of the simulation, N in all, by time. time [N]: seconds, the step’s end, f64. instances [N, 2]: ids, ascending. position [N, 3]: metres, world. normal [N, 3]: unit, world, from the first to the second. force [N]: normal force, newtons, mean over the step (force / the scene’s step rate is its impulse). image_position [N, 2]: u, v, raster pixels, through the camera at that time; 0 where it has no image. in_frame [N]: whether that is inside the picture (something may still hide it).',
  compute({ resolved, motion, camera }) {
    const raw = motion.rawContacts
    if (!raw) throw new LabelError('contacts needs every step’s contact points: simulate the scene with rawContacts.')
    const n = raw.length
    const image = new Float32Array(2 * n)
    const inFrame = new Uint8Array(n)
    const lens = resolved.scene.cameras[camera]
    raw.forEach(({ time, point }, i) => {
      const state = cameraAt(lens, time)
      const { u, v, imaged } = project(state, point)
      if (!imaged) return
      image.set([u, v], 2 * i)
      inFrame[i] = u >= 0 && v >= 0 && u < state.width && v < state.height ? 1 : 0
    })
    return {
      time: { shape: [n], data: Float64Array.from(raw, c => c.time) },
      instances: { shape: [n, 2], data: Uint32Array.from(raw.flatMap(c => c.objects)) },
      position: { shape: [n, 3], data: Float32Array.from(raw.flatMap(c => c.point)) },
      normal: { shape: [n, 3], data: Float32Array.from(raw.flatMap(c => c.normal)) },
      force: { shape: [n], data: Float32Array.from(raw, c => c.force) },
      image_position: { shape: [n, 2], data: image },
      in_frame: { shape: [n], data: inFrame, dtype: 'bool' },
    }
  },
}
