import type { MeshData } from './mesh.ts'

/** A Wavefront OBJ with groups and materials; numbers in their shortest exact form. `materialLibrary`: the file `mtllib` shall name. */
export function writeObj(mesh: MeshData, materialLibrary?: string): string {
  const { positions, normals, uvs, indices, groups } = mesh
  const lines: string[] = materialLibrary ? [`mtllib ${materialLibrary}`] : []
  for (let i = 0; i < positions.length; i += 3) lines.push(`v ${positions[i]} ${positions[i + 1]} ${positions[i + 2]}`)
  if (uvs) for (let i = 0; i < uvs.length; i += 2) lines.push(`vt ${uvs[i]} ${uvs[i + 1]}`)
  if (normals) for (let i = 0; i < normals.length; i += 3) lines.push(`vn ${normals[i]} ${normals[i + 1]} ${normals[i + 2]}`)
  const corner = (i: number) => (normals ? `${i}/${uvs ? i : ''}/${i}` : uvs ? `${i}/${i}` : `${i}`)
  for (const group of groups) {
    if (group.name) lines.push(`g ${group.name}`)
    if (group.material) lines.push(`usemtl ${group.material}`)
    for (let t = group.firstTriangle; t < group.firstTriangle + group.triangles; t++)
      lines.push(`f ${[0, 1, 2].map(k => corner(indices[3 * t + k]! + 1)).join(' ')}`)
  }
  return `${lines.join('\n')}\n`
}
