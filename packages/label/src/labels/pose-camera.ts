/** `pose-camera`: the object's pose in the camera's frame, for pose estimation: `cameraPosition` (metres) and `cameraRotation` (x, y, z, w; camera from object). */
import { cameraFromWorld, quat } from '@dioramic/scene'
import type { InstanceLabel } from '../label.ts'
import { frameCamera } from '../pixels.ts'

export const poseCamera: InstanceLabel = {
  kind: 'instances',
  name: 'pose-camera',
  definition:
    "cameraPosition: metres, of the object's origin in the camera's frame (+X right, +Y up, looking along −Z). cameraRotation: quaternion x, y, z, w, camera from object. For the axes of OpenCV and BOP (+Y down, +Z forward) turn both by half a turn about X.",
  compute(context) {
    const camera = frameCamera(context)
    return context.resolved.scene.objects.map(({ id }) => {
      const { position, rotation } = context.motion.pose(id, context.time)
      return {
        cameraPosition: [...cameraFromWorld(camera, position)],
        cameraRotation: [...quat.multiply(quat.conjugate(camera.rotation), rotation)],
      }
    })
  },
}
