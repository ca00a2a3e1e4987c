/** `light-indirect`: f32 (H, W, 3), linear radiance: light that two or more surfaces scattered; a pane of glass is a surface. */
import { lightLabel } from '../light.ts'

export const lightIndirect = lightLabel('light-indirect', 'indirect')
