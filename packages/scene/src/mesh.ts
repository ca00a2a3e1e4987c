/** Triangles in an object's own frame, ready for physics, rendering and labels. */
export interface Mesh {
  /** x, y, z of every vertex, metres before the object's scale. */
  readonly positions: Float32Array
  /** Three vertices a triangle, counter-clockwise seen from outside. */
  readonly indices: Uint32Array
  /** Unit vertex normals, or null for flat faces. */
  readonly normals: Float32Array | null
  /** u, v of every vertex (v up), or null. */
  readonly uvs: Float32Array | null
  /** Consecutive runs of triangles, one for each material slot; they cover all triangles. */
  readonly parts: readonly { readonly firstTriangle: number; readonly triangles: number; readonly material: string | null }[]
}

/** 8-bit RGBA, row 0 at the top. */
export interface Image {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** Linear RGB radiance, three floats a pixel, row 0 at the top (zenith of a lat-long environment). */
export interface HdrImage {
  readonly width: number
  readonly height: number
  readonly data: Float32Array
}
