/** Pictures as glTF packs them. */
import type { Image, TextureRef } from '@dioramic/scene'

const CHANNELS = { r: 0, g: 1, b: 2, a: 3 } as const

/** One channel of a picture, or the same number everywhere. */
export type Plane = { readonly image: Image; readonly channel: TextureRef['channel'] } | { readonly value: number }

/** The plane's byte at the centre of pixel (x, y) of a picture of width × height: the nearest texel. */
function byte(plane: Plane, x: number, y: number, width: number, height: number): number {
  if ('value' in plane) return Math.round(255 * plane.value)
  const { image, channel } = plane
  const column = Math.floor(((x + 0.5) / width) * image.width)
  const row = Math.floor(((y + 0.5) / height) * image.height)
  return image.data[4 * (row * image.width + column) + CHANNELS[channel]]!
}

/** A picture with the alpha of another, or opaque. */
export function withAlpha(image: Image, alpha?: Plane): Image {
  const { width, height } = image
  const data = Uint8Array.from(image.data)
  for (let i = 0; i < width * height; i++) data[4 * i + 3] = alpha ? byte(alpha, i % width, Math.floor(i / width), width, height) : 255
  return { width, height, data }
}

/** Roughness in green, metallic in blue; as large as the larger of the two pictures. */
export function packed(roughness: Plane, metallic: Plane): Image {
  const sizes = [roughness, metallic].flatMap(p => ('image' in p ? [p.image] : []))
  const [width, height] = [Math.max(...sizes.map(i => i.width)), Math.max(...sizes.map(i => i.height))]
  const data = new Uint8Array(4 * width * height).fill(255)
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)]
    data[4 * i + 1] = byte(roughness, x, y, width, height)
    data[4 * i + 2] = byte(metallic, x, y, width, height)
  }
  return { width, height, data }
}

/** A plane in one channel, where glTF looks for it; the others are full. */
export function spread(plane: Plane & { readonly image: Image }, to: TextureRef['channel']): Image {
  const { width, height } = plane.image
  const data = new Uint8Array(4 * width * height).fill(255)
  for (let i = 0; i < width * height; i++) data[4 * i + CHANNELS[to]] = byte(plane, i % width, Math.floor(i / width), width, height)
  return { width, height, data }
}
