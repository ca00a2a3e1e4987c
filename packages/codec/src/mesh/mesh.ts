/** A run of triangles with one name and material. */
export interface MeshGroup {
  /** Group or object name, '' where the file names none. */
  readonly name: string
  /** Material name, or null. */
  readonly material: string | null
  readonly firstTriangle: number
  readonly triangles: number
}

/** Triangles with one index for all attributes; units, axes and winding as in the file. */
export interface MeshData {
  /** x, y, z of every vertex. */
  readonly positions: Float64Array | Float32Array
  /** Three vertices a triangle. */
  readonly indices: Uint32Array
  /** Vertex normals as in the file; absent where any vertex has none. */
  readonly normals?: Float32Array
  /** u, v of every vertex, v up; 0, 0 where a vertex has none. */
  readonly uvs?: Float32Array
  /** 8-bit RGBA of every vertex. */
  readonly colors?: Uint8Array
  /** Runs that cover all triangles in order. */
  readonly groups: readonly MeshGroup[]
}
