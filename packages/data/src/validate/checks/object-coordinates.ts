import { type GeometryCheck, some, Tally } from '../check.ts'
import { applyTransposed, ray } from '../maths.ts'

const F32 = 1.2e-7

export const objectCoordinates: GeometryCheck = {
  name: 'object-coordinates',
  definition:
    'depth, unprojected through the camera and brought into the frame of the object that segmentation names, is its object coordinate',
  unit: 'steps of 1/65535',
  async judge(clip, frame) {
    const depth = await clip.values('depth', frame)
    const seg = await clip.values('segmentation', frame)
    const coordinates = await clip.values('object-coordinates', frame)
    const camera = clip.camera(frame)
    if (!depth || !seg || !coordinates || !camera) return []
    const tally = new Tally()
    for (let p = 0; p < depth.data.length; p++) {
      const id = seg.data[p]!
      const object = id > 0 ? clip.byId.get(id) : undefined
      const pose = object && clip.pose(id, frame)
      // The coordinates of a deforming body are those at rest.
      if (clip.deforms(id)) continue
      if (!object || !pose) {
        if (id === 0)
          tally.add(p, 65535 * Math.max(coordinates.data[3 * p]!, coordinates.data[3 * p + 1]!, coordinates.data[3 * p + 2]!), 0)
        continue
      }
      const z = depth.data[p]!
      const d = ray(camera, (p % clip.width) + 0.5, Math.floor(p / clip.width) + 0.5)
      const local = applyTransposed(
        pose.r,
        camera.position[0] + d[0] * z - pose.position[0],
        camera.position[1] + d[1] * z - pose.position[1],
        camera.position[2] + d[2] * z - pose.position[2],
      )
      // Metres that the rounding of depth, of the mesh and of the matrices may move the point.
      const blur =
        F32 * (z * Math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]) + Math.abs(local[0]) + Math.abs(local[1]) + Math.abs(local[2]))
      let worst = 0
      let limit = 0
      for (let k = 0; k < 3; k++) {
        const min = object.bounds.min[k]!
        const extent = object.bounds.max[k]! - min
        const scale = object.scale[k]!
        const stored = coordinates.data[3 * p + k]!
        const flat = !(extent > 0)
        const step = flat ? 1e-4 : (extent * scale) / 65535
        const error = flat
          ? Math.abs(local[k]! - min * scale) / step + 65535 * stored
          : Math.abs(local[k]! - (min + stored * extent) * scale) / step
        const allowed = (flat ? 0.05 : 0.55) + (4 * blur) / step
        if (error - allowed > worst - limit || k === 0) {
          worst = error
          limit = allowed
        }
      }
      tally.add(p, worst, limit)
    }
    const compared = ['depth', 'segmentation', 'object-coordinates'].map(l => clip.file(l, frame))
    return some(tally.judge([...compared, clip.record], clip.width, this.unit))
  },
}
