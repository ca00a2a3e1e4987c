/** Pictures in the kernel's memory: reductions by halves once a picture and reading, a record once a use with its own placement. */
import { type Image, isTexture, type Material, placementOf, type ResolvedScene, type TextureRef } from '@dioramic/scene'
import { RenderError } from './errors.ts'
import type { Kernel } from './kernel.ts'
import * as L from './layout.ts'

/** Number of the record of a use; `colour` decodes from sRGB. */
export type TextureNumbers = (ref: TextureRef, mapping: Material['mapping'], colour: boolean) => number

/** Fields whose pictures are colours. */
const COLOURS = new Set(['baseColor', 'emission', 'sheenColor', 'specularTint'])
/** Fields whose pictures are read as they are: a mean of normals, heights or cut-outs does not scatter as the parts do on average. */
const UNREDUCED = new Set(['normalMap', 'clearcoatNormalMap', 'bumpMap', 'anisotropyMap', 'opacity'])

interface Use {
  readonly ref: TextureRef
  readonly colour: boolean
  readonly reduced: boolean
}

/** What a material reads. */
export const textureUses = (material: Material): Use[] =>
  Object.entries(material).flatMap(([field, ref]) =>
    isTexture(ref) ? [{ ref, colour: COLOURS.has(field), reduced: !UNREDUCED.has(field) }] : [],
  )

const WRAPS = { repeat: 0, clamp: 1, mirror: 2 } as const

export function uploadTextures(kernel: Kernel, resolved: ResolvedScene): { readonly textureOf: TextureNumbers; readonly textures: number } {
  const numbers = new Map<string, number>()
  const key = (ref: TextureRef, mapping: Material['mapping'], colour: boolean) =>
    JSON.stringify([ref.texture, colour, ref.wrap, placementOf(ref, mapping)])
  const used: { readonly ref: TextureRef; readonly mapping: Material['mapping']; readonly colour: boolean }[] = []
  const reduced = new Set<string>()
  const chain = (name: string, colour: boolean) => `${colour ? 'colour' : 'data'} ${name}`
  for (const material of new Set(resolved.objects.flatMap(o => o.materials))) {
    const { mapping } = material
    for (const use of textureUses(material)) {
      const id = key(use.ref, mapping, use.colour)
      if (use.reduced) reduced.add(chain(use.ref.texture, use.colour))
      if (numbers.has(id)) continue
      numbers.set(id, used.length)
      used.push({ ...use, mapping })
    }
  }
  const pictures = new Map<string, number>()
  const chains = new Map<string, { readonly at: number; readonly count: number }>()
  const textures = kernel.alloc(Math.max(1, used.length) * L.TEXTURE_BYTES, 'textures')
  used.forEach(({ ref, mapping, colour }, i) => {
    const name = ref.texture
    const image = imageOf(resolved, name)
    if (!pictures.has(name)) pictures.set(name, kernel.put(image.data, `texture "${name}"`))
    const id = chain(name, colour)
    if (!chains.has(id)) chains.set(id, putLevels(kernel, image, pictures.get(name)!, colour, reduced.has(id), `texture "${name}"`))
    const { at, count } = chains.get(id)!
    const record = textures + i * L.TEXTURE_BYTES
    kernel.setU32(record + L.TEXTURE_LEVELS, at)
    kernel.setU32(record + L.TEXTURE_LEVEL_COUNT, count)
    const m = placementOf(ref, mapping)
    m.forEach((x, k) => {
      kernel.setF32(record + L.TEXTURE_MATRIX + 4 * k, x)
    })
    kernel.setF32(record + L.TEXTURE_TEXELS, Math.sqrt(Math.abs(m[0] * m[4] - m[1] * m[3]) * image.width * image.height))
    const [u, v] = ref.wrap ?? ['repeat', 'repeat']
    kernel.setU32(record + L.TEXTURE_WRAP, WRAPS[u] + 4 * WRAPS[v])
  })
  return { textureOf: (ref, mapping, colour) => numbers.get(key(ref, mapping, colour))!, textures }
}

function imageOf(resolved: ResolvedScene, name: string): Image {
  const image = resolved.images.get(name)
  if (!image) throw new RenderError(`a material reads the texture "${name}", which the resolved scene lacks. Add it to scene.textures.`)
  if (image.data.length !== image.width * image.height * 4) {
    throw new RenderError(
      `texture "${name}" is ${image.width} × ${image.height} but has ${image.data.length} bytes; RGBA needs ${image.width * image.height * 4}.`,
    )
  }
  return image
}

/** Level records of a picture: itself, and where `reduced` its halves down to one texel, a third of its memory. */
function putLevels(kernel: Kernel, image: Image, picture: number, colour: boolean, reduced: boolean, what: string) {
  const levels = [{ at: picture, width: image.width, height: image.height }]
  for (let last = levels[0]!; reduced && (last.width > 1 || last.height > 1); last = levels.at(-1)!) {
    const [width, height] = [Math.max(1, last.width >> 1), Math.max(1, last.height >> 1)]
    const at = kernel.alloc(width * height * 4, what)
    kernel.call.reduce(last.at, last.width, last.height, at, width, height, colour ? 1 : 0)
    levels.push({ at, width, height })
  }
  const at = kernel.alloc(levels.length * L.LEVEL_BYTES, what)
  levels.forEach((l, i) => {
    kernel.setU32(at + i * L.LEVEL_BYTES, l.at)
    kernel.setU32(at + i * L.LEVEL_BYTES + 4, l.width)
    kernel.setU32(at + i * L.LEVEL_BYTES + 8, l.height)
  })
  return { at, count: levels.length }
}
