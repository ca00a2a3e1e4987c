/** `inertia`: `inertia` (principal moments, kg m²) and `centerOfMass` (metres, scaled object frame) of the clip's instance record; null when no force moves it. */
import type { ConstantLabel } from '../label.ts'

export const inertia: ConstantLabel = {
  kind: 'constants',
  name: 'inertia',
  definition:
    "inertia: principal moments in kg m². centerOfMass: metres in the object's frame after scale. Both null for an object that forces do not move.",
  compute: (resolved, motion) =>
    resolved.scene.objects.map(object => {
      const body = motion.body(object.id)
      const moved = body !== undefined && Number.isFinite(body.mass)
      return { inertia: moved ? [...body.inertia] : null, centerOfMass: moved ? [...body.centerOfMass] : null }
    }),
}
