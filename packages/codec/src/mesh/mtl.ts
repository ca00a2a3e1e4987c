import { CodecError } from '../error.ts'

type Rgb = readonly [number, number, number]

/** A Wavefront material; absent where the file says nothing. Pictures are paths as written. */
export interface MtlMaterial {
  readonly name: string
  /** Kd */
  readonly diffuse?: Rgb
  /** Ks */
  readonly specular?: Rgb
  /** Ke */
  readonly emission?: Rgb
  /** Ns, Phong exponent. */
  readonly shininess?: number
  /** d, or 1 − Tr. */
  readonly opacity?: number
  /** Ni */
  readonly ior?: number
  /** Pr */
  readonly roughness?: number
  /** Pm */
  readonly metallic?: number
  readonly diffuseMap?: string
  readonly specularMap?: string
  readonly emissionMap?: string
  readonly opacityMap?: string
  readonly bumpMap?: string
  readonly normalMap?: string
  readonly roughnessMap?: string
  readonly metallicMap?: string
}

const COLOURS: Record<string, string> = { kd: 'diffuse', ks: 'specular', ke: 'emission' }
const NUMBERS: Record<string, string> = { ns: 'shininess', d: 'opacity', tr: 'opacity', ni: 'ior', pr: 'roughness', pm: 'metallic' }
const MAPS: Record<string, string> = {
  map_kd: 'diffuseMap',
  map_ks: 'specularMap',
  map_ke: 'emissionMap',
  map_d: 'opacityMap',
  map_bump: 'bumpMap',
  bump: 'bumpMap',
  norm: 'normalMap',
  map_pr: 'roughnessMap',
  map_pm: 'metallicMap',
}
/** How many words may follow a picture's option. */
const OPTIONS: Record<string, number> = {
  '-blendu': 1,
  '-blendv': 1,
  '-cc': 1,
  '-clamp': 1,
  '-texres': 1,
  '-bm': 1,
  '-boost': 1,
  '-imfchan': 1,
  '-type': 1,
  '-mm': 2,
  '-o': 3,
  '-s': 3,
  '-t': 3,
}

/** Reads a Wavefront MTL with its usual extensions; unknown statements are passed over. Throws CodecError with the line. */
export function parseMtl(text: string): Map<string, MtlMaterial> {
  const out = new Map<string, MtlMaterial>()
  let current: Record<string, unknown> | undefined
  text.split('\n').forEach((full, i) => {
    const line = full.trim()
    const words = line.split(/\s+/)
    const key = words[0]!.toLowerCase()
    if (line === '' || key.startsWith('#')) return
    const fail = (what: string, hint: string) => new CodecError('mtl.syntax', what, `line ${i + 1}`, hint)
    if (key === 'newmtl') {
      const name = line.slice(6).trim()
      current = { name }
      out.set(name, current as unknown as MtlMaterial)
      return
    }
    const numbers = (count: number) =>
      Array.from({ length: count }, (_, k) => {
        // One number of a colour stands for all three.
        const value = Number(words[k + 1] ?? (k > 0 ? words[1] : Number.NaN))
        if (!Number.isFinite(value)) throw fail(`"${words[0]}" wants ${count} finite numbers, there is "${line}"`, 'Correct the line')
        return value
      })
    const property = COLOURS[key] ?? NUMBERS[key] ?? MAPS[key]
    if (!property) return
    if (!current) throw fail(`"${words[0]}" comes before any newmtl`, 'Begin the material with newmtl')
    if (COLOURS[key]) {
      if (words[1] === 'spectral' || words[1] === 'xyz') throw fail(`"${words[0]} ${words[1]}" is not read`, 'Give red, green and blue')
      current[property] = numbers(3)
    } else if (NUMBERS[key]) {
      const value = numbers(words[1] === '-halo' ? 2 : 1)[0]!
      current[property] = key === 'tr' ? 1 - value : value
    } else current[property] = pictureOf(words)
  })
  return out
}

/** The path after the options; it may hold spaces. */
function pictureOf(words: readonly string[]): string {
  let at = 1
  while (at < words.length - 1 && Object.hasOwn(OPTIONS, words[at]!)) {
    const most = OPTIONS[words[at]!]!
    at++
    for (let k = 0; k < most && at < words.length - 1 && (k === 0 || Number.isFinite(Number(words[at]))); k++) at++
  }
  return words.slice(at).join(' ')
}
