// Choice among many lights: a binary tree whose nodes bound where lights are and where they shine to, walked down by importance and back up
// for the probability of a leaf (Conty Estevez and Kulla, "Importance sampling of many lights with adaptive tree splitting", HPG 2018).
import {
  LEAF_BYTES, LIGHT_LEAVES, LIGHT_NODES, TREE_AXIS, TREE_BOTH, TREE_BYTES, TREE_CENTRE, TREE_CHILD, TREE_PARENT, TREE_POWER, TREE_RADIUS2, TREE_REACH_COS, TREE_SPREAD_COS,
  TREE_SPREAD_SIN,
} from '../src/layout'
import { safeSqrt } from './maths'
import { dot, sub } from './vec'

/** What receives light: a surface, from above; a surface, from both sides; a point of fog, from all around. */
export const ABOVE = 0
export const BOTH = 1
export const AROUND = 2

/** Room for rounding at the edge of a cone. */
const SLACK: f32 = 1e-4

/** cos of max(0, a − b), by the angles' cosines and sines. */
@inline function cosLess(cosA: f32, sinA: f32, cosB: f32, sinB: f32): f32 { return cosA > cosB ? <f32>1 : cosA * cosB + sinA * sinB }
@inline function sineOf(cos: f32): f32 { return safeSqrt(<f32>1 - cos * cos) }

/** A bound of the irradiance that the lights of a node could bring to p, whose normal is n; 0 only where they can bring none. */
export function nodeImportance(node: usize, p: v128, n: v128, side: i32): f32 {
  const d = sub(p, v128.load(node, TREE_CENTRE))
  const d2 = dot(d, d)
  const r2 = load<f32>(node, TREE_RADIUS2)
  const power = load<f32>(node, TREE_POWER)
  // Within the ball any direction is possible.
  if (d2 <= r2) return power / max<f32>(r2, 1e-9)
  const inv = <f32>1 / sqrt<f32>(d2)
  // Half of the angle that the ball takes.
  const sinBall = sqrt<f32>(r2) * inv
  const cosBall = sineOf(sinBall)
  let away = dot(v128.load(node, TREE_AXIS), d) * inv
  if (load<i32>(node, TREE_BOTH) != 0) away = abs(away)
  const cosSpread = load<f32>(node, TREE_SPREAD_COS)
  let c = cosLess(away, sineOf(away), cosSpread, load<f32>(node, TREE_SPREAD_SIN))
  c = cosLess(c, sineOf(c), cosBall, sinBall)
  if (c <= load<f32>(node, TREE_REACH_COS) - SLACK) return 0
  let weight = power / max<f32>(d2, 1e-9) * max<f32>(c, SLACK)
  if (side != AROUND) {
    let up = -dot(n, d) * inv
    if (side == BOTH) up = abs(up)
    up = cosLess(up, sineOf(up), cosBall, sinBall)
    if (up <= -SLACK) return 0
    weight *= max<f32>(up, SLACK)
  }
  return weight
}

/** What is left of the number that chose the leaf, [0, 1), and the probability of the choice. */
export let treeRest: f32 = 0
export let treeProbability: f32 = 0

/** Address of a leaf chosen by importance, or 0. */
export function chooseLeaf(tree: usize, p: v128, n: v128, side: i32, u: f32): usize {
  const nodes = load<usize>(tree, LIGHT_NODES)
  let node = nodes
  let probability: f32 = 1
  let child = load<i32>(node, TREE_CHILD)
  while (child >= 0) {
    const left = nodes + <usize>child * TREE_BYTES
    const a = nodeImportance(left, p, n, side)
    const b = nodeImportance(left + TREE_BYTES, p, n, side)
    const sum = a + b
    if (!(sum > 0)) return 0
    const share = a / sum
    if (u < share) {
      node = left
      u /= share
      probability *= share
    } else {
      node = left + TREE_BYTES
      u = (u - share) / (<f32>1 - share)
      probability *= b / sum
    }
    u = min<f32>(0.99999994, u)
    child = load<i32>(node, TREE_CHILD)
  }
  treeRest = u
  treeProbability = probability
  return load<usize>(tree, LIGHT_LEAVES) + <usize>~child * LEAF_BYTES
}

/** Probability with which `chooseLeaf` comes to the node of a leaf. */
export function leafProbability(tree: usize, number: i32, p: v128, n: v128, side: i32): f32 {
  const nodes = load<usize>(tree, LIGHT_NODES)
  let probability: f32 = 1
  while (number > 0) {
    const own = nodeImportance(nodes + <usize>number * TREE_BYTES, p, n, side)
    if (own <= 0) return 0
    probability *= own / (own + nodeImportance(nodes + <usize>(number ^ 1) * TREE_BYTES, p, n, side))
    number = load<i32>(nodes + <usize>number * TREE_BYTES, TREE_PARENT)
  }
  return probability
}

/** Whether a ray (unit direction) may meet the ball of a node. */
@inline export function meetsNode(node: usize, origin: v128, direction: v128): bool {
  const d = sub(v128.load(node, TREE_CENTRE), origin)
  const along = dot(d, direction)
  const r2 = load<f32>(node, TREE_RADIUS2)
  const d2 = dot(d, d)
  // Slack: the difference of squares is rounded.
  return d2 - along * along <= r2 + d2 * <f32>1e-6 && (along >= 0 || d2 <= r2)
}
