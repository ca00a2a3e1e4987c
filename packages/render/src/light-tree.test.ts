import { type Vec3, vec3 } from '@dioramic/scene'
import { expect, test } from 'vitest'
import { random } from '../test/reference/random.ts'
import * as L from './layout.ts'
import { buildLightTree, type Cone, type LightBounds, rememberTree, union } from './light-tree.ts'

const next = random(3)
const direction = (): Vec3 => vec3.normalize([next() - 0.5, next() - 0.5, next() - 0.5])
const angle = (a: Vec3, b: Vec3) => Math.acos(Math.min(1, Math.max(-1, vec3.dot(a, b))))

test('the cone around two holds both, and is no wider than it must be (seed 3)', () => {
  for (let i = 0; i < 500; i++) {
    const cone = (): Cone => ({ axis: direction(), spread: next() * (i % 5 === 0 ? 3 : 0.8), reach: next() })
    const [a, b] = [cone(), cone()]
    const u = union(a, b, false)
    expect(u.reach).toBe(Math.max(a.reach, b.reach))
    for (const c of [a, b]) expect(Math.min(Math.PI, angle(u.axis, c.axis) + c.spread)).toBeLessThanOrEqual(u.spread + 1e-6)
    expect(u.spread).toBeLessThanOrEqual(
      Math.max(a.spread, b.spread, Math.min(Math.PI, (a.spread + b.spread + angle(a.axis, b.axis)) / 2)) + 1e-6,
    )
  }
  const up: Cone = { axis: [0, 0, 1], spread: 0, reach: 1 }
  const down: Cone = { axis: [0, 0, -1], spread: 0, reach: 1 }
  expect(union(up, down, true).spread).toBeCloseTo(0, 9)
  expect(union(up, down, false).spread).toBe(Math.PI)
})

test.each(['anywhere', 'in a row', 'at one place'])('every node bounds the lights below it: %s (seed 3)', where => {
  const lights = Array.from({ length: 97 }, (_, i): LightBounds => {
    const p: Vec3 = where === 'anywhere' ? [next() * 9, next() * 5, next()] : where === 'in a row' ? [i * i, 0, 0] : [1, 2, 3]
    const size = next() * 0.2
    return {
      min: vec3.sub(p, [size, size, size]),
      max: vec3.add(p, [size, 0, size]),
      power: next() ** 4 + 1e-6,
      cone: { axis: direction(), spread: 0, reach: Math.PI / 2 },
      both: i % 2 === 0,
    }
  })
  const { nodes, nodeOf } = buildLightTree(lights)
  const view = new DataView(nodes.buffer)
  const f32 = (node: number, at: number) => view.getFloat32(node * L.TREE_BYTES + at, true)
  const vec = (node: number, at: number): Vec3 => [f32(node, at), f32(node, at + 4), f32(node, at + 8)]
  const i32 = (node: number, at: number) => view.getInt32(node * L.TREE_BYTES + at, true)
  expect(f32(0, L.TREE_POWER)).toBeCloseTo(
    lights.reduce((s, l) => s + l.power, 0),
    3,
  )
  const depths = lights.map((light, i) => {
    let depth = 0
    expect(i32(nodeOf[i]!, L.TREE_CHILD)).toBe(~i)
    for (let node = nodeOf[i]!; ; node = i32(node, L.TREE_PARENT), depth++) {
      const radius = Math.sqrt(f32(node, L.TREE_RADIUS2))
      for (const corner of [light.min, light.max]) expect(vec3.distance(corner, vec(node, L.TREE_CENTRE))).toBeLessThan(radius + 2e-3)
      const spread = Math.acos(Math.max(-1, f32(node, L.TREE_SPREAD_COS)))
      const off = angle(vec(node, L.TREE_AXIS), light.cone.axis)
      expect(i32(node, L.TREE_BOTH) ? Math.min(off, Math.PI - off) : off).toBeLessThan(spread + 1e-3)
      if (node === 0) return depth
      expect(i32(i32(node, L.TREE_PARENT), L.TREE_CHILD) >> 1).toBe(node >> 1)
    }
  })
  expect(Math.max(...depths)).toBeLessThan(40)
})

test('equal lights get the tree that is there, others a new one', () => {
  const light = (x: number): LightBounds => ({
    min: [x, 0, 0],
    max: [x, 1, 0],
    power: 1,
    cone: { axis: [0, 0, 1], spread: 0, reach: 1 },
    both: true,
  })
  const treeOf = rememberTree()
  const first = treeOf([light(0), light(1)])
  expect(treeOf([light(0), light(1)])).toBe(first)
  expect(treeOf([light(0), light(2)])).not.toBe(first)
  expect(treeOf([light(0), light(1)])).toEqual(first)
})
