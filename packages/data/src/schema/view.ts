/** A sample as another of its cameras sees it. */
import { DataError } from '../error.ts'
import { parseView } from '../layout/paths.ts'
import type { Sample } from './sample.ts'

/** The sample with `camera` first: its resolution, image-space columns, projections of events, and files (paths from its own folder). Throws `DataError`. */
export function viewSample(sample: Sample, camera: string): Sample {
  const track = sample.cameras.find(c => c.name === camera)
  const { views: _views, language: _language, ...rest } = sample
  const view = sample.views?.find(v => v.camera === camera)
  if (!track || !view)
    throw new DataError(`sample ${sample.index} has no camera "${camera}"; it has: ${sample.cameras.map(c => c.name).join(', ')}`)
  const mine = new Map(view.instances.map(i => [i.id, i]))
  return {
    ...rest,
    resolution: view.resolution,
    cameras: [track, ...sample.cameras.filter(c => c !== track)],
    instances: sample.instances.map(i => ({ ...i, ...mine.get(i.id) })),
    events: { collisions: sample.events.collisions.map((c, k) => ({ ...c, ...view.collisions[k] })) },
    files: Object.fromEntries(
      Object.entries(sample.files).flatMap(([path, entry]) => {
        const found = parseView(path)
        return found?.camera === camera ? [[found.path, entry]] : []
      }),
    ),
  }
}
