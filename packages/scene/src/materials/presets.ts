/**
 * The library of materials. Roughness and indices of refraction are those of the usual references for principled materials (Burley,
 * "Physically based shading at Disney", 2012; ior: water 1.333, plastics and lacquers 1.46–1.58, glass 1.52, glazes near glass), metals in metals.ts.
 * Reflectances of everyday things stay between 0.02 and 0.85 (linear).
 */
import { clevrMetal, clevrRubber } from './clevr.ts'
import { METAL_F0 } from './metals.ts'
import { flat, type Preset, type Rgb, textured } from './preset.ts'

const metal = (f0: Rgb, roughness: number) => ({ baseColor: [f0[0], f0[1], f0[2]] as [number, number, number], metallic: 1, roughness })
const clear = { transmission: 1, baseColor: [1, 1, 1] as [number, number, number] }
const wood = (light: number[], dark: number[], rings: number, roughness: number) => ({
  parameters: { light, dark, rings, roughness },
  slots: { light: 1, dark: 0.4 },
  material: { ior: 1.5 },
})

export const PRESETS = {
  // Metals
  aluminium: flat('Satin aluminium', metal(METAL_F0.aluminium, 0.35)),
  brass: flat('Polished brass', metal(METAL_F0.brass, 0.2)),
  chrome: flat('Mirror-bright chromium plate', metal(METAL_F0.chromium, 0.06)),
  copper: flat('Copper', metal(METAL_F0.copper, 0.22)),
  gold: flat('Gold', metal(METAL_F0.gold, 0.18)),
  'cast-iron': flat('Rough cast iron', metal(METAL_F0.iron, 0.62)),
  silver: flat('Silver', metal(METAL_F0.silver, 0.14)),
  titanium: flat('Blasted titanium', metal(METAL_F0.titanium, 0.45)),
  'brushed-steel': textured('Steel brushed in one direction', 'brushed-metal', 0.25, {
    material: { metallic: 1 },
    parameters: { color: [0.56, 0.565, 0.575] },
    slots: { color: 1 },
  }),
  'brushed-aluminium': flat('Aluminium brushed along the mesh’s u, too fine to see the strokes', {
    ...metal(METAL_F0.aluminium, 0.28),
    anisotropy: 0.65,
  }),
  rust: textured('Steel eaten by rust', 'rust', 0.6, { slots: { bright: 1, dark: 0.3 }, maps: ['color', 'roughness', 'metallic'] }),

  // CLEVR's two
  'clevr-metal': flat('The metal of CLEVR and MOVi', clevrMetal),
  'clevr-rubber': flat('The rubber of CLEVR and MOVi', clevrRubber),

  // Rubber, plastics, paint
  rubber: flat('Black rubber', { baseColor: [0.022, 0.022, 0.023], roughness: 0.72, ior: 1.52 }),
  'plastic-glossy': flat('Injection-moulded glossy plastic', { baseColor: [0.55, 0.035, 0.03], roughness: 0.16, ior: 1.53 }),
  'plastic-matte': flat('Textured matte plastic', { baseColor: [0.045, 0.17, 0.42], roughness: 0.48, ior: 1.5 }),
  'plastic-clear': flat('Clear acrylic', { ...clear, roughness: 0.03, ior: 1.49 }),
  'car-paint': flat('Metallic car paint under clear lacquer', {
    baseColor: [0.32, 0.012, 0.02],
    metallic: 0.6,
    roughness: 0.42,
    clearcoat: 1,
    clearcoatRoughness: 0.03,
  }),
  'carbon-fibre': textured('Carbon fibre twill under resin', 'carbon-fibre', 0.06, {
    material: { roughness: 0.5, clearcoat: 1, clearcoatRoughness: 0.04 },
    slots: { light: 1, dark: 0.2 },
  }),

  // Ceramics
  porcelain: flat('White glazed porcelain', { baseColor: [0.82, 0.8, 0.76], roughness: 0.08, ior: 1.52 }),
  'ceramic-glaze': flat('Coloured glaze', { baseColor: [0.03, 0.19, 0.2], roughness: 0.1, ior: 1.54 }),
  terracotta: textured('Unglazed fired clay', 'noise', 0.3, {
    parameters: { a: [0.33, 0.105, 0.05], b: [0.45, 0.17, 0.085], scale: 6, octaves: 6, gain: 0.65, roughness: 0.88 },
    slots: { a: 0.75, b: 1 },
  }),
  'ceramic-tiles': textured('Glazed tiles with grout', 'tiles', 0.9, { material: { ior: 1.54 }, slots: { a: 1, b: 0.5 } }),

  // Woods
  oak: textured('Oak board', 'wood', 0.4, wood([0.5, 0.31, 0.145], [0.2, 0.095, 0.036], 10, 0.45)),
  pine: textured('Pine board', 'wood', 0.4, wood([0.68, 0.46, 0.22], [0.44, 0.23, 0.08], 7, 0.5)),
  walnut: textured('Walnut board, oiled', 'wood', 0.4, wood([0.2, 0.105, 0.055], [0.055, 0.026, 0.014], 12, 0.38)),
  'wood-planks': textured('Floor boards', 'planks', 1.6, { material: { ior: 1.5 }, slots: { light: 1, dark: 0.4 } }),
  parquet: textured('Block parquet, lacquered', 'parquet', 1.2, { material: { ior: 1.5 }, slots: { light: 1, dark: 0.4 } }),

  // Stone and walls
  marble: textured('White polished marble', 'marble', 1, { material: { ior: 1.5 }, slots: { base: 1, cloud: 0.75, vein: 0.25 } }),
  'marble-black': textured('Black polished marble with white veins', 'marble', 1, {
    material: { ior: 1.5 },
    parameters: { base: [0.012, 0.012, 0.014], cloud: [0.03, 0.03, 0.033], vein: [0.6, 0.57, 0.52], veins: 0.8 },
    slots: { base: 1, cloud: 1.6 },
  }),
  granite: textured('Polished granite', 'granite', 0.5, { material: { ior: 1.5 }, slots: { feldspar: 1 } }),
  terrazzo: textured('Polished terrazzo', 'terrazzo', 0.8, { material: { ior: 1.5 }, slots: { base: 1 } }),
  concrete: textured('Cast concrete', 'concrete', 1.5, { slots: { light: 1, dark: 0.6 } }),
  plaster: textured('Trowelled plaster', 'plaster', 1.5, { slots: { light: 1, dark: 0.75 } }),
  brick: textured('Brick wall', 'brick', 0.9, { slots: { brick: 1, dark: 0.45 } }),
  cobblestone: textured('Cobblestone paving', 'cobblestone', 1.2, { slots: { light: 1, dark: 0.4 } }),
  asphalt: textured('Road asphalt', 'asphalt', 0.8, { slots: { light: 1, dark: 0.4 } }),
  sand: textured('Dry sand', 'sand', 0.8, { slots: { light: 1, dark: 0.5 } }),

  // Cloth and other soft things
  denim: textured('Denim twill', 'fabric', 0.06, {
    parameters: { pattern: 'twill', warp: [0.025, 0.055, 0.14], weft: [0.32, 0.34, 0.38] },
    slots: { warp: 1 },
    material: { specular: 0.5 },
  }),
  velvet: flat('Velvet, dark head on and bright along its edges', {
    baseColor: [0.09, 0.006, 0.02],
    roughness: 0.95,
    specular: 0.2,
    sheenColor: [0.62, 0.12, 0.2],
    sheenRoughness: 0.35,
  }),
  satin: flat('Satin weave, shining across its threads', {
    baseColor: [0.16, 0.19, 0.42],
    roughness: 0.42,
    anisotropy: 0.5,
    specularTint: [2.2, 2.4, 3],
    sheenColor: [0.1, 0.11, 0.2],
    sheenRoughness: 0.4,
  }),
  linen: textured('Unbleached linen canvas', 'canvas', 0.08, { slots: { light: 1, dark: 0.55 }, material: { specular: 0.5 } }),
  felt: textured('Wool felt', 'felt', 0.2, { slots: { light: 1, dark: 0.4 }, material: { specular: 0.3 } }),
  leather: textured('Grained leather', 'leather', 0.12, { slots: { light: 1, dark: 0.35 } }),
  grass: textured('Short lawn', 'grass', 0.6, { slots: { light: 1, dark: 0.25 }, material: { specular: 0.5 } }),

  // Paper and cork
  paper: textured('Uncoated paper', 'paper', 0.2, { slots: { light: 1, dark: 0.8 } }),
  cardboard: textured('Brown board', 'paper', 0.25, {
    parameters: { light: [0.42, 0.27, 0.15], dark: [0.32, 0.2, 0.105], fibres: 2500, fibreContrast: 0.8, roughness: 0.9 },
    slots: { light: 1, dark: 0.75 },
  }),
  cork: textured('Agglomerated cork', 'cork', 0.25, { slots: { light: 1, dark: 0.5 } }),

  // Glass and light
  glass: flat('Clear window glass', { ...clear, roughness: 0, ior: 1.52 }),
  'glass-frosted': flat('Frosted glass', { ...clear, roughness: 0.35, ior: 1.52 }),
  'glass-green': flat('Bottle glass', { ...clear, baseColor: [0.22, 0.62, 0.3], roughness: 0.01, ior: 1.52 }),
  'glass-amber': flat('Amber, darker the thicker it is', {
    ...clear,
    roughness: 0.02,
    ior: 1.54,
    attenuationColor: [0.92, 0.5, 0.08],
    attenuationDistance: 0.05,
  }),
  'window-pane': flat('A pane of glass modelled as a sheet', { ...clear, roughness: 0, ior: 1.52, thinWalled: true }),
  'light-panel': {
    description: 'White panel that shines, radiance 8',
    material: { baseColor: [0.8, 0.8, 0.8], roughness: 0.6, emission: [1, 0.96, 0.9], emissionStrength: 8 },
    tint: 'emission',
  },
  checker: textured('Checkerboard', 'checker', 1, { slots: { a: 1, b: 0.1 } }),
} satisfies Record<string, Preset>
