import type { MeshGroup } from './mesh.ts'

/** Collects runs of triangles while a file is read. */
export class GroupList {
  readonly #groups: MeshGroup[] = []
  #triangles = 0

  add(name: string, material: string | null, triangles: number): void {
    const last = this.#groups.at(-1)
    if (last && last.name === name && last.material === material)
      this.#groups[this.#groups.length - 1] = { ...last, triangles: last.triangles + triangles }
    else this.#groups.push({ name, material, firstTriangle: this.#triangles, triangles })
    this.#triangles += triangles
  }

  get all(): readonly MeshGroup[] {
    return this.#groups
  }
}
