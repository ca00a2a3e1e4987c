/** Lays the lights of a frame in the arena: those weighed one by one, then many lamps as one tree, then the emissive triangles as another. */
import type { Kernel } from './kernel.ts'
import * as L from './layout.ts'
import type { LightBounds, LightTree } from './light-tree.ts'
import { type LightRecord, lampBounds, writeLight } from './lights.ts'

/** Lamps that are weighed one by one, each by its own formula; more of them become a tree. */
export const FEW = 12

interface Tree {
  readonly nodes: number
  readonly leaves: number
}

export function writeLightList(
  kernel: Kernel,
  records: readonly LightRecord[],
  emitters: Tree | null,
  treeOf: (lights: readonly LightBounds[]) => LightTree,
): void {
  const isLamp = ({ type }: LightRecord) => type !== L.LIGHT_ENVIRONMENT && type !== L.LIGHT_SUN
  const lamps = records.filter(isLamp)
  const trees = lamps.length > FEW
  const listed = trees ? records.filter(r => !isLamp(r)) : records
  const count = listed.length + (trees ? 1 : 0) + (emitters ? 1 : 0)
  const at = kernel.alloc(Math.max(1, count) * L.LIGHT_BYTES, 'lights')
  listed.forEach((r, i) => {
    writeLight(kernel, at + i * L.LIGHT_BYTES, r)
  })
  let next = at + listed.length * L.LIGHT_BYTES
  if (trees) {
    const visible = lamps.some(l => l.visible)
    writeTree(kernel, next, L.LIGHT_LAMPS, visible, writeLamps(kernel, lamps, treeOf(lamps.map(lampBounds))))
    next += L.LIGHT_BYTES
  }
  if (emitters) writeTree(kernel, next, L.LIGHT_EMITTERS, false, emitters)
  kernel.setU32(L.P_EMITTERS, emitters ? next : 0)
  kernel.setU32(L.P_LIGHTS, at)
  kernel.setU32(L.P_LIGHT_COUNT, count)
}

function writeTree(kernel: Kernel, at: number, type: number, visible: boolean, { nodes, leaves }: Tree): void {
  kernel.setU32(at + L.LIGHT_TYPE, type)
  kernel.setU32(at + L.LIGHT_VISIBLE, visible ? 1 : 0)
  kernel.setU32(at + L.LIGHT_NODES, nodes)
  kernel.setU32(at + L.LIGHT_LEAVES, leaves)
}

function writeLamps(kernel: Kernel, lamps: readonly LightRecord[], tree: LightTree): Tree {
  const records = kernel.alloc(lamps.length * L.LIGHT_BYTES, 'lights')
  const leaves = kernel.alloc(lamps.length * L.LEAF_BYTES, 'lights')
  lamps.forEach((lamp, i) => {
    writeLight(kernel, records + i * L.LIGHT_BYTES, lamp)
    kernel.setU32(leaves + i * L.LEAF_BYTES + L.LEAF_OF, records + i * L.LIGHT_BYTES)
    kernel.setU32(leaves + i * L.LEAF_BYTES + L.LEAF_PRIMITIVE, -1)
  })
  return { nodes: kernel.put(tree.nodes, 'the tree of lights'), leaves }
}
