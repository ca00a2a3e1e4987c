/**
 * `language` of the clip's record: captions, referring expressions and questions about its middle frame and its contacts, in the manner of CLEVR
 * (Johnson et al. 2017), each with a functional program whose run over the record gives the answer.
 */
import { gatherFacts, type Language } from '@dioramic/data'
import type { ClipContext, GlobalLabel } from '../label.ts'
import { compose } from '../language/compose.ts'
import { frameCamera } from '../pixels.ts'
import { visible } from '../visible.ts'

export const language: GlobalLabel = {
  kind: 'clip',
  name: 'language',
  with: ['visible-pixels', 'velocity', 'events'],
  definition:
    'frame (the middle one), captions, expressions, questions: sentences with text, program and answer (questions also kind). Captions are true, expressions name one object by id. A program is a list of steps {op, inputs, value}; the last one’s result is the answer. Things are objects that are no background and fill a thousandth of the picture; their attributes are the category and whatever the world tagged as <attribute>_label. Left, right, front and behind are meant as the camera sees them, on the level.',
}

export function clipLanguage(context: ClipContext): Language {
  const { resolved, motion, key } = context
  const { scene, objects } = resolved
  const frame = scene.frames >> 1
  const at = context.frame(frame)
  const camera = frameCamera(at)
  const { pixels } = visible(at)
  const facts = gatherFacts({
    frame,
    pixels: camera.width * camera.height,
    cameraRotation: camera.rotation,
    objects: scene.objects.map((object, k) => ({
      ...object,
      bounds: objects[k].bounds,
      position: motion.pose(object.id, at.time).position,
      velocity: motion.velocity(object.id, at.time).linear,
      visiblePixels: pixels[k],
    })),
    collisions: motion.contacts.filter(c => c.begin * scene.fps >= 0 && c.begin * scene.fps <= scene.frames - 1).map(c => c.objects),
  })
  return compose(facts, key.fork('language'))
}
