/** Ids of objects as pixel layers store them. */
import { type FrameContext, LabelError } from './label.ts'

/** The id of every object, in the scene's order. Throws `LabelError` for one that 16 bits cannot hold. */
export const storedIds = (context: FrameContext): Uint16Array =>
  Uint16Array.from(context.resolved.scene.objects, object => {
    if (object.id > 65535)
      throw new LabelError(`Object "${object.name}" has id ${object.id}, but segmentation stores ids up to 65535: give it a smaller id.`)
    return object.id
  })
