/** `joint-keypoints`: the joints of deforming bodies as named keypoints, with their image and visibility. */
import { jointMatricesAt } from '@dioramic/scene'
import { INVALID, OUT_OF_FRAME } from '../flow.ts'
import { carriedTriangles } from '../joints.ts'
import type { InstanceLabel } from '../label.ts'
import { seeMoving } from '../points.ts'

export const jointKeypoints: InstanceLabel = {
  kind: 'instances',
  name: 'joint-keypoints',
  definition:
    'jointKeypoints, of deforming bodies with joints: one [u, v, visibility] a joint of skeleton, raster pixels. Visibility as COCO has it: 2 seen, 1 in the picture but hidden, 0 out of the picture or behind the camera (u and v are 0 then). A joint lies inside its body: it is seen when what the ray to it meets first, if anything, is a triangle of its own body with a corner that it moves (or, for a joint that moves none, the nearest joint above it); so another limb, like another object, hides it. With skeleton, which has the names.',
  with: ['skeleton'],
  compute(context) {
    const { objects } = context.resolved
    const list = objects.flatMap(({ deformation }, k) => deformation?.joints.map((_, j) => [k, j] as const) ?? [])
    const carried = objects.map(({ deformation, mesh }) => (deformation ? carriedTriangles(deformation.rig, mesh) : []))
    const { raster, flags } = seeMoving(context, {
      instance: list.map(([k]) => k),
      place(i, t) {
        const [k, j] = list[i]
        const m = jointMatricesAt(objects[k].deformation!, t)
        return [m[12 * j + 3], m[12 * j + 7], m[12 * j + 11]]
      },
      shows: (i, triangle) => carried[list[i][0]][list[i][1]][triangle] === 1,
    })
    const records = objects.map((): [number, number, number][] => [])
    list.forEach(([k], i) => {
      const out = (flags[i] & (OUT_OF_FRAME | INVALID)) !== 0
      records[k].push(out ? [0, 0, 0] : [raster[2 * i], raster[2 * i + 1], flags[i] === 0 ? 2 : 1])
    })
    return records.map(r => (r.length > 0 ? { jointKeypoints: r } : {}))
  },
}
