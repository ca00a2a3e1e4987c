/** `inertia`: `inertia` (principal moments, kg m²), `inertiaFrame` (their axes) and `centerOfMass` (metres, scaled object frame) of the clip's instance record; null when no force moves it. */
import type { ConstantLabel } from '../label.ts'

export const inertia: ConstantLabel = {
  kind: 'constants',
  name: 'inertia',
  definition:
    "inertia: principal moments about the centre of mass, kg m². inertiaFrame: quaternion x, y, z, w that turns the principal axes into the object's frame. centerOfMass: metres in the object's frame after scale. All null for an object that forces do not move.",
  compute: (resolved, motion) =>
    resolved.scene.objects.map(object => {
      const body = motion.body(object.id)
      const moved = body !== undefined && Number.isFinite(body.mass)
      return {
        inertia: moved ? [...body.inertia] : null,
        inertiaFrame: moved ? [...body.inertiaFrame] : null,
        centerOfMass: moved ? [...body.centerOfMass] : null,
      }
    }),
}
