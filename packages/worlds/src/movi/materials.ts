/** Metal and rubber of CLEVR, MOVi-A and MOVi-B. Densities in kg/m³ keep Kubric's ratio of 2.7 to 1.1. */
export const MATERIALS = {
  metal: { fields: { metallic: 1, roughness: 0.2, ior: 2.5 }, density: 2700, friction: 0.4, restitution: 0.3 },
  // Blender's "specular 0.33" is F0 = 0.0264, which is this ior; its own ior 1.25 only bends light that passes through.
  rubber: { fields: { metallic: 0, roughness: 0.7, ior: 1.388 }, density: 1100, friction: 0.8, restitution: 0.7 },
} as const
