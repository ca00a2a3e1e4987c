/** Known defects of Kubric's output, each by its name: what a folder of it says of itself that cannot be so. */
import type { MoviReader } from '../formats/movi/read.ts'
import { pictureFrame } from '../formats/movi/read.ts'
import { viewAt } from './camera/exposure.ts'
import { see, type View } from './camera/view.ts'
import { type GeometryCheck, type Judgement, show } from './check.ts'
import type { Clip } from './clip.ts'
import { Errors } from './report.ts'

export const DEFECTS = 'kubric-defects'
export const DEFECTS_DEFINITION =
  'metadata.json, events.json and data_ranges.json are free of the defects that Kubric is known for: each is told by its name'

interface Defect {
  readonly name: string
  readonly what: string
}

/** Ids that an 8-bit palette holds. */
const MOST = 255

/** Whole clip at once, at frame 0; only of MOVi folders. */
export const defects = (reader: MoviReader): GeometryCheck => ({
  name: DEFECTS,
  definition: DEFECTS_DEFINITION,
  unit: 'defects',
  async judge(clip, frame) {
    if (frame !== 0) return []
    const found: readonly (readonly [file: string, check: Iterable<Defect>])[] = [
      ['metadata.json', metadata(reader)],
      ['data_ranges.json', ranges(reader)],
      ['events.json', events(reader, clip)],
    ]
    return found.map(([file, list]): Judgement => {
      const errors = new Errors()
      const all = [...list]
      errors.add(all.length)
      const told = all.map(d => `${d.name}: ${d.what}`).join('; ')
      return { compared: [reader.path(file)], errors, message: all.length > 0 ? told : undefined }
    })
  },
})

function* metadata({ metadata: m }: MoviReader): Generator<Defect> {
  const { camera, instances } = m
  const [width, height] = m.metadata.resolution
  const frames = m.metadata.num_frames
  const fov = 2 * Math.atan2(camera.sensor_width / 2, camera.focal_length)
  const stated = camera.field_of_view
  if (stated !== undefined && Math.abs(stated - fov) > 1e-3) {
    const degrees = Math.abs(stated - (180 / Math.PI) * fov) < 0.1
    yield degrees
      ? { name: 'field-of-view-in-degrees', what: `field_of_view is ${show(stated)}°; MOVi has radians, ${show(fov)}` }
      : { name: 'field-of-view', what: `field_of_view is ${show(stated)}, focal_length and sensor_width give ${show(fov)} radians` }
  }
  const f = camera.focal_length / camera.sensor_width
  const k = camera.K
  if (k && Math.max(Math.abs(k[0]![0]! - f), Math.abs(k[1]![1]! + f * (width / height)), Math.abs(k[0]![2]! + 0.5)) > 1e-3)
    yield Math.abs(k[1]![1]! + f * (height / width)) < 1e-3 && width !== height
      ? { name: 'width-and-height-exchanged', what: 'K has the sensor’s height of a picture with width and height exchanged' }
      : { name: 'intrinsics', what: 'K is not that of focal_length and sensor_width (no lens shift, no zoom is recorded a frame)' }
  const moves = camera.positions.some(p => p.some((x, i) => Math.abs(x - camera.positions[0]![i]!) > 1e-6))
  const last = camera.positions[frames - 1]
  const r = camera.R
  if (r && last && Math.max(...[0, 1, 2].map(i => Math.abs(r[i]![3]! - last[i]!))) > 1e-3 && !moves)
    yield { name: 'camera-matrix', what: 'R is not the pose of the camera, which rests' }
  const lengths = [...instances.flatMap(o => o.quaternions), ...camera.quaternions].map(q =>
    Math.abs(Math.sqrt(q.reduce((s, x) => s + x * x, 0)) - 1),
  )
  const worst = Math.max(...lengths)
  if (worst > 1e-3)
    yield {
      name: 'quaternions-not-normalised',
      what: `a quaternion’s length is off by ${show(worst)}: interpolated component by component`,
    }
  if (instances.length > MOST)
    yield { name: 'palette-wrap', what: `${instances.length} instances in an 8-bit palette: ids over ${MOST} start again at 0` }
  if (m.metadata.num_instances !== undefined && m.metadata.num_instances !== instances.length)
    yield { name: 'num-instances', what: `num_instances is ${m.metadata.num_instances}, there are ${instances.length}` }
  for (const [i, o] of instances.entries())
    for (const [key, list] of Object.entries({
      positions: o.positions,
      quaternions: o.quaternions,
      velocities: o.velocities,
      visibility: o.visibility,
    }))
      if (list && list.length !== frames)
        yield { name: 'frames', what: `${key} of instance ${i} has ${list.length} entries for ${frames} frames` }
  const totals = instances.map(o => (o.visibility ?? []).reduce((a, b) => a + b, 0))
  if (totals.some((t, i) => i > 0 && t > totals[i - 1]!))
    yield { name: 'order', what: 'instances are not in order of visible pixels, so ids may not be their places' }
}

function* ranges({ ranges: r, layers }: MoviReader): Generator<Defect> {
  for (const [file, layer] of [
    ['forward_flow', 'flow-forward'],
    ['backward_flow', 'flow-backward'],
  ] as const) {
    if (!layers.some(l => l.name === layer)) continue
    const range = r[file]
    if (!range) yield { name: 'flow-without-range', what: `there are pictures of ${file} but no range to read them by` }
    else if (!(range.max > range.min) && (range.min !== 0 || range.max !== 0))
      yield { name: 'flow-range-empty', what: `${file} has min = max = ${show(range.min)}: written by a division by zero` }
  }
}

/** Pixels. */
const NEAR = 0.05

function* events(reader: MoviReader, clip: Clip): Generator<Defect> {
  const { metadata: m } = reader
  const [width, height] = m.metadata.resolution
  const last = clip.camera(clip.frames - 1)
  if (reader.events.collisions.some(c => c.instances.includes(65535)))
    yield {
      name: 'collision-with-65535',
      what: 'collisions name instance 65535: −1 (floor, dome, what is never seen) that went through 16 bits',
    }
  let [own, final, judged] = [0, 0, 0]
  for (const c of reader.events.collisions) {
    const at = pictureFrame(c.frame, m)
    const view = at >= 0 && at <= clip.frames - 1 ? viewAt(clip, at) : undefined
    if (!view || !last || !c.image_position) continue
    const off = (v: View) => {
      const q = see(v, c.position)
      return Math.max(Math.abs(q.u - c.image_position![0] * width), Math.abs(q.v - c.image_position![1] * height))
    }
    judged++
    if (off(view) < NEAR) own++
    if (off(last) < NEAR) final++
  }
  if (judged > 0 && own < 0.9 * judged)
    yield final >= 0.9 * judged
      ? {
          name: 'collision-image-position-of-the-last-camera',
          what: `image_position of ${judged - own} of ${judged} collisions is through the camera’s last pose, not that of their time`,
        }
      : {
          name: 'collision-image-position',
          what: `image_position of ${judged - own} of ${judged} collisions is not the projection of its position`,
        }
}
