/** The renderer's tricks, each with the change of the kernel's source that turns it off. All leave the mean of a picture as it is. */
import type { Change } from '../../../packages/render/scripts/compile-kernel.ts'

export interface Switch {
  readonly name: string
  /** What is done where it is off. */
  readonly without: string
  /** The scenes where it has something to do; all unless said. */
  readonly scenes?: readonly string[]
  readonly changes: readonly Change[]
}

const change = (file: string, find: string, replace: string): Change => ({ file: `kernel/${file}.ts`, find, replace })

/** The limit of indirect light would hide what rare bright paths cost, and each kernel would lose another share of its light to it. */
export const NO_CLAMP = change('path', 'if (bounce < 1 || limit <= 0) return light', 'if (bounce < 1 || limit > 0) return light')

export const SWITCHES: readonly Switch[] = [
  {
    name: 'Owen-scrambled Sobol points',
    without: 'independent random numbers',
    changes: [
      change('sampler', 'const i = reverse(scramble(reverse(index), seed))\n', 'const i = mix(seed ^ mix(index + 0x9e3779b9))\n'),
      change('sampler', 'drawU = <f32>(reverse(scramble(i, mix(seed ^ 0xa511e9b3))) >> 8)', 'drawU = <f32>(mix(i ^ 0xa511e9b3) >> 8)'),
      change(
        'sampler',
        'drawV = <f32>(reverse(scramble(pascal(i), mix(seed ^ 0x63d83595))) >> 8)',
        'drawV = <f32>(mix(i ^ 0x63d83595) >> 8)',
      ),
    ],
  },
  {
    name: 'a ray towards a light at each hit',
    without: 'scattering alone',
    changes: [change('lights', '  totalImportance = total\n', '  totalImportance = 0\n')],
  },
  {
    name: 'multiple importance sampling',
    without: 'rays towards lights alone',
    changes: [
      change('path', 'lightIsDelta ? <f32>1 / lightPdf : lightPdf / (lightPdf * lightPdf + bsdfPdf * bsdfPdf)', '<f32>1 / lightPdf'),
      change('lights', 'return a2 + b2 > 0 ? a2 / (a2 + b2) : 0', 'return b2 > 0 ? 0 : a2 > 0 ? 1 : 0'),
    ],
  },
  {
    name: 'lights chosen by what they could bring',
    without: 'all alike',
    changes: [
      change(
        'lights',
        'function importance(light: usize, p: v128, n: v128, side: i32): f32 {\n',
        'function importance(light: usize, p: v128, n: v128, side: i32): f32 { return importanceOf(light, p, n, side) > 0 ? 1 : 0 }\nfunction importanceOf(light: usize, p: v128, n: v128, side: i32): f32 {\n',
      ),
    ],
  },
  {
    name: 'the tree of lights, by distance and direction',
    without: 'by power alone',
    scenes: ['lamps'],
    changes: [
      change(
        'light-tree',
        'export function nodeImportance(node: usize, p: v128, n: v128, side: i32): f32 {\n',
        'export function nodeImportance(node: usize, p: v128, n: v128, side: i32): f32 { return load<f32>(node, TREE_POWER) }\nfunction bound(node: usize, p: v128, n: v128, side: i32): f32 {\n',
      ),
    ],
  },
  {
    name: 'directions to the environment by its light',
    without: 'all directions alike',
    scenes: ['textured-hdr'],
    changes: [
      change('environment', '  const mass = (load', '  return 0.0795774715\n  const mass = (load'),
      change(
        'environment',
        'export function sampleEnvironment(a: f32, b: f32): v128 {\n',
        `export function sampleEnvironment(a: f32, b: f32): v128 {
  const z: f32 = <f32>1 - <f32>2 * b
  const s = safeSqrt(<f32>1 - z * z)
  turn(a)
  const direction = vec(s * cosTurn, s * sinTurn, z)
  envRadiance = environmentAt(direction)
  return direction
}
function byTable(a: f32, b: f32): v128 {
`,
      ),
    ],
  },
  {
    name: 'Russian roulette',
    without: 'all paths go on to the twelfth bounce',
    changes: [change('path', 'if (bounce >= 2 && most < 1) {', 'if (bounce >= 1000) {')],
  },
]
