/** `shadow`: f32 (H, W), 0–1, share of the irradiance of lamps, suns and environment that something hides from the first surface. */
import { lightLabel } from '../light.ts'

export const shadow = lightLabel('shadow', 'shadow')
