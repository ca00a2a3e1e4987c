/** All chosen labels of one frame. */
import type { Layer } from '@dioramic/data'
import type { Fields, FrameContext, Label } from './label.ts'
import { type CameraRecord, cameraRecord } from './labels/camera.ts'
import { lightRecords, lights } from './labels/lights.ts'

/** One object in one frame: its id and the fields of the chosen labels. */
export type InstanceRecord = Fields & { readonly id: number }

export interface FrameLabels {
  /** In the order of `labels`. */
  readonly layers: readonly Layer[]
  /** One an object, in the scene's order, visible or not. */
  readonly instances: readonly InstanceRecord[]
  /** Always: depth and flow mean nothing without it. */
  readonly camera: CameraRecord
  /** Null when `lights` was not chosen. */
  readonly lights: readonly Fields[] | null
}

/** Computes the chosen labels; what is not chosen costs nothing. Throws `LabelError` where a label cannot hold the scene (ids past 65535). */
export function labelFrame(context: FrameContext, labels: readonly Label[]): FrameLabels {
  const instances = context.resolved.scene.objects.map(object => ({ id: object.id }) as { id: number } & Record<string, unknown>)
  const layers: Layer[] = []
  for (const label of labels) {
    if (label.kind === 'pixels') layers.push(label.compute(context))
    else if (label.kind === 'instances') {
      label.compute(context).forEach((fields, k) => {
        Object.assign(instances[k], fields)
      })
    }
  }
  return { layers, instances, camera: cameraRecord(context), lights: labels.includes(lights) ? lightRecords(context) : null }
}
