/** What a scene needs from outside itself, already read and decoded: plain values, so that the same scene builds in a worker or a browser. */
import type { Rig } from './deformation/rig.ts'
import type { HdrImage, Image, Mesh } from './mesh.ts'
import type { Material } from './schema/material.ts'

/** An object that can be placed: visual mesh, its materials and pictures, collision hulls. */
export interface AssetObject {
  readonly id: string
  /** Metres, +Z up, as imported. */
  readonly mesh: Mesh
  /** By part material name; textures are named `<object id>/<picture>`. */
  readonly materials: Readonly<Record<string, Material>>
  /** Convex hulls for collision: x, y, z of each hull's vertices. */
  readonly hulls: readonly Float32Array[]
  /** What can deform the mesh; absent when nothing can. */
  readonly rig?: Rig
  /** SPDX id or the licence's own words. */
  readonly license: string
  /** Semantic class, where its manifest says one. */
  readonly category?: string
  /** Of the source files' bytes; enters the sample's recipe. */
  readonly sha256: string
}

export interface Assets {
  readonly objects: ReadonlyMap<string, AssetObject>
  /** Texture pictures by id. */
  readonly images: ReadonlyMap<string, Image>
  /** Environment pictures by id. */
  readonly hdris: ReadonlyMap<string, HdrImage>
}

export const NO_ASSETS: Assets = { objects: new Map(), images: new Map(), hdris: new Map() }
