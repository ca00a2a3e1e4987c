/** `light-emission`: f32 (H, W, 3), linear radiance: what reaches the camera unscattered: the glow of the first surface, visible lamps, the background. */
import { lightLabel } from '../light.ts'

export const lightEmission = lightLabel('light-emission', 'emission')
