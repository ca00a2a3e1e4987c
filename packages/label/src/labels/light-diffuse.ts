/** `light-diffuse`: f32 (H, W, 3), linear radiance: what the Lambertian base of the first surface scatters to the camera. */
import { lightLabel } from '../light.ts'

export const lightDiffuse = lightLabel('light-diffuse', 'diffuse')
