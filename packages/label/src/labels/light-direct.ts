/** `light-direct`: f32 (H, W, 3), linear radiance: light that exactly one surface scattered between its source and the camera (glowing surfaces and the environment are sources). */
import { lightLabel } from '../light.ts'

export const lightDirect = lightLabel('light-direct', 'direct')
