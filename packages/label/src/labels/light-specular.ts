/** `light-specular`: f32 (H, W, 3), linear radiance: what the coat, the metal and the glass of the first surface mirror and refract to the camera. */
import { lightLabel } from '../light.ts'

export const lightSpecular = lightLabel('light-specular', 'specular')
