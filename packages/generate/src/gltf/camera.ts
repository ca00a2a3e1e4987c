import { type Camera, cameraAt, isKeyframes, portable } from '@dioramic/scene'
import type { Document, Node } from '@gltf-transform/core'
import type { Animator } from './animator.ts'

const NEAR = 0.01
const FAR = 10_000

/** A camera of glTF: perspective or parallel, its pose animated. Zoom, lens and sensor effects are beyond the format: `note` is told. */
export function exportCamera(document: Document, camera: Camera, animator: Animator, note: (text: string) => void): Node {
  const state = cameraAt(camera, 0)
  const [width, height] = camera.resolution
  const out = document.createCamera(camera.name).setZNear(NEAR).setZFar(FAR)
  const who = `camera "${camera.name}"`
  if (camera.type === 'orthographic') {
    const across = width / state.fx
    out
      .setType('orthographic')
      .setXMag(across / 2)
      .setYMag((across * height * state.fx) / (width * state.fy) / 2)
  } else {
    // The vertical angle and the pictures' shape; where pixels are not square the shape is that of the field seen.
    out
      .setType('perspective')
      .setYFov(2 * portable.atan(height / (2 * state.fy)))
      .setAspectRatio((width * state.fy) / (height * state.fx))
    if (camera.type !== 'pinhole')
      note(`${who} is ${camera.type}: glTF has only perspective and parallel cameras, so it sees straight ahead in perspective`)
    else {
      if (camera.distortion) note(`${who}: its distortion is left out`)
      if (isKeyframes(camera.focalLength)) note(`${who}: it keeps the focal length of frame 0`)
      if (state.aperture > 0) note(`${who}: depth of field is left out`)
    }
  }
  if (camera.type !== 'equirectangular' && (camera.principalOffset[0] !== 0 || camera.principalOffset[1] !== 0))
    note(`${who}: its principal point is put in the middle`)
  const node = document.createNode(camera.name).setCamera(out).setExtras({ diorama: { camera } })
  animator.pose(node, t => cameraAt(camera, t))
  return node
}
